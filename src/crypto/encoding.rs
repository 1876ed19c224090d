use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

use super::base64;

named! {
    /// The text form of a tag.
    pub enum Encoding {
        /// Two hexadecimal digits a byte, in either case.
        Hex = "hex",
        /// Standard base64, padded and canonical.
        Base64 = "base64",
    }
}

impl Encoding {
    /// Whether `character` is in the alphabet, padding included.
    pub(crate) fn has(self, character: char) -> bool {
        match self {
            Self::Hex => character.is_ascii_hexdigit(),
            Self::Base64 => {
                character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '=')
            }
        }
    }

    /// The number of characters that `bytes` bytes take: 64 or 44 for a whole tag.
    pub const fn chars(self, bytes: usize) -> usize {
        match self {
            Self::Hex => bytes.saturating_mul(2),
            Self::Base64 => bytes.div_ceil(3).saturating_mul(4),
        }
    }

    /// Decodes all of `text` into all of `out`. Returns false for a text of another length, and for any
    /// spelling but the one that [`encode`](Self::encode) writes (hex digits may be in either case).
    ///
    /// Candidates are public, so the time that this takes may depend on the text.
    pub(crate) fn decode(self, text: &[u8], out: &mut [u8]) -> bool {
        text.len() == self.chars(out.len())
            && match self {
                Self::Hex => hex::decode_to_slice(text, out).is_ok(),
                Self::Base64 => base64::decode(text, out),
            }
    }

    /// Writes `bytes` at the beginning of `out`. `None` where `out` is too short.
    pub(crate) fn encode<'o>(self, bytes: &[u8], out: &'o mut [u8]) -> Option<&'o str> {
        let text = out.get_mut(..self.chars(bytes.len()))?;
        match self {
            Self::Hex => {
                hex::encode_to_slice(bytes, text).ok()?;
                core::str::from_utf8(text).ok()
            }
            Self::Base64 => Base64::encode(bytes, text).ok(),
        }
    }
}

/// Decodes a secret's canonical, padded, standard base64 and passes its bytes to `use_bytes`. `None` where
/// the text is anything else, or has more than `MAX_BYTES` bytes.
///
/// Decoding takes constant time for a text of one length; it leaks the length, and whether the text was
/// decoded. The bytes are passed to a closure and wiped afterwards, because each move could leave an unwiped
/// copy on the stack.
pub(crate) fn with_base64<const MAX_BYTES: usize, T>(
    text: &[u8],
    use_bytes: impl FnOnce(&[u8]) -> T,
) -> Option<T> {
    let mut buffer = Zeroizing::new([0; MAX_BYTES]);
    decode_base64(text, buffer.as_mut_slice()).map(use_bytes)
}

/// Decodes canonical, padded, standard base64 to the beginning of `out`.
// Not copied into its callers, because the decoder is large.
#[inline(never)]
pub(crate) fn decode_base64<'o>(text: &[u8], out: &'o mut [u8]) -> Option<&'o [u8]> {
    Base64::decode(text, out).ok()
}

/// Encodes bytes as canonical, padded, standard base64.
#[cfg(feature = "explain")]
pub(crate) fn encode_base64(bytes: &[u8]) -> alloc::vec::Vec<u8> {
    Base64::encode_string(bytes).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_writes_its_alphabet_and_its_length() {
        let bytes: [u8; 96] = core::array::from_fn(|at| (at * 37) as u8);
        for encoding in Encoding::ALL {
            for length in 0..bytes.len() {
                let (mut text, mut decoded) = ([0; 192], [0; 96]);
                let text = encoding.encode(&bytes[..length], &mut text).unwrap();
                assert_eq!(text.len(), encoding.chars(length));
                assert!(text.chars().all(|character| encoding.has(character)), "{text}");
                assert!(encoding.decode(text.as_bytes(), &mut decoded[..length]), "{text}");
                assert_eq!(decoded[..length], bytes[..length]);
            }
            assert_eq!(encoding.encode(&bytes, &mut [0; 100]), None);
        }
    }
}
