//! The fast forms of this folder in the plainest code. The tests compare the two.

/// As [`utf16::encode`](super::utf16::encode), to bytes of its own.
pub(crate) fn encode(units: &[u16]) -> Option<Vec<u8>> {
    let characters = char::decode_utf16(units.iter().copied());
    let text: Result<String, _> = characters.collect();
    text.ok().map(String::into_bytes)
}

/// Whether the replacement character is in these bytes. [`replacement::may_be_in`](super::replacement::may_be_in) must
/// be true wherever this is.
pub(crate) fn holds_replacement(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|window| window == "\u{fffd}".as_bytes())
}
