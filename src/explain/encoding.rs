//! Texts that stand for bytes, read as loosely as people write them: nothing here verifies anything.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::crypto::{decode_base64, encode_base64};

/// Base64 in either alphabet, padded or not, with or without line breaks.
pub(crate) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let has = |signs: [u8; 2]| text.iter().any(|byte| signs.contains(byte));
    if has([b'-', b'_']) && has([b'+', b'/']) {
        return None;
    }
    let mut text: Vec<u8> =
        text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    text.truncate(text.iter().rposition(|byte| *byte != b'=')?.saturating_add(1));
    replace(&mut text, [(b'-', b'+'), (b'_', b'/')]);
    text.resize(text.len().next_multiple_of(4), b'=');
    let mut bytes = vec![0; text.len()];
    let decoded = decode_base64(&text, &mut bytes)?.len();
    bytes.truncate(decoded);
    Some(bytes)
}

pub(crate) fn to_base64(bytes: &[u8]) -> Vec<u8> {
    encode_base64(bytes)
}

pub(crate) fn to_base64url(bytes: &[u8]) -> Vec<u8> {
    let mut text = to_base64(bytes);
    text.retain(|byte| *byte != b'=');
    replace(&mut text, [(b'+', b'-'), (b'/', b'_')]);
    text
}

fn replace(text: &mut [u8], pairs: [(u8, u8); 2]) {
    for byte in text {
        for (old, new) in pairs {
            if *byte == old {
                *byte = new;
            }
        }
    }
}

/// Hex in either case.
pub(crate) fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for pair in text.chunks(2) {
        let [high, low] = pair else {
            return None;
        };
        bytes.push(digit(*high)? << 4 | digit(*low)?);
    }
    (!bytes.is_empty()).then_some(bytes)
}

pub(crate) fn to_hex(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len().saturating_mul(2));
    bytes.iter().for_each(|byte| text.extend(digits(*byte)));
    text
}

/// The two hex digits of a byte, in small letters.
fn digits(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|half| {
        let digit = char::from_digit(half.into(), 16).unwrap_or_default();
        u8::try_from(digit).unwrap_or_default()
    })
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The number that these digits are, in this base: `None` for none.
pub(crate) fn number(digits: &str, base: u32) -> Option<u64> {
    let mut number = None;
    for digit in digits.chars() {
        let digit = u64::from(digit.to_digit(base)?);
        number = Some(number.unwrap_or(0_u64).checked_mul(base.into())?.checked_add(digit)?);
    }
    number
}

/// How a space is percent-encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// As a plus sign, as forms do.
    Plus,
    /// As `%20`, as `encodeURIComponent` does.
    Percent,
}

/// Undoes percent-encoding. `None` where there is none, or a percent sign that begins no byte.
pub(crate) fn from_percent(text: &[u8], space: Space) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'%' => {
                let (pair, after) = rest.split_at_checked(2)?;
                out.extend(from_hex(pair)?);
                rest = after;
                changed = true;
            }
            b'+' if space == Space::Plus => {
                out.push(b' ');
                changed = true;
            }
            byte => out.push(*byte),
        }
    }
    changed.then_some(out)
}

/// Percent-encodes everything but what these two kinds of encoder leave alone.
pub(crate) fn to_percent(bytes: &[u8], space: Space) -> Vec<u8> {
    let kept: &[u8] = match space {
        Space::Plus => b"-._*",
        Space::Percent => b"-_.!~*'()",
    };
    let mut out = Vec::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b' ' if space == Space::Plus => out.push(b'+'),
            byte if byte.is_ascii_alphanumeric() || kept.contains(byte) => out.push(*byte),
            byte => {
                out.push(b'%');
                out.extend(digits(*byte).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
    out
}

/// Names and values as a form.
pub(crate) fn form_of(fields: &[(String, String)], space: Space) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, value) in fields {
        if !form.is_empty() {
            form.push(b'&');
        }
        form.extend(to_percent(name.as_bytes(), space));
        form.push(b'=');
        form.extend(to_percent(value.as_bytes(), space));
    }
    form
}

/// The characters of Windows-1252 at 0x80 to 0x9f, where it differs from Latin-1. Zero where it has none.
const WINDOWS_1252: [u16; 32] = [
    0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc,
    0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
];

/// The bytes that, read as Latin-1 (or Windows-1252), gave this text. `None` where none would.
pub(crate) fn to_latin1(text: &[u8], windows: bool) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(text).ok()?;
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        let code = u32::from(c);
        let at = WINDOWS_1252.iter().position(|each| u32::from(*each) == code);
        let special = at.filter(|_| windows && code != 0).and_then(|at| at.checked_add(0x80));
        bytes.push(match special {
            Some(byte) => u8::try_from(byte).ok()?,
            None => u8::try_from(code).ok()?,
        });
    }
    Some(bytes)
}

/// The text that these bytes are in Latin-1.
pub(crate) fn from_latin1(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().map(char::from).collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use base64ct::Encoding as _;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn base64_is_read_and_written_as_others_do(bytes in proptest::collection::vec(any::<u8>(), 1..50)) {
            let padded = base64ct::Base64::encode_string(&bytes);
            let url = base64ct::Base64UrlUnpadded::encode_string(&bytes);
            prop_assert_eq!(to_base64(&bytes), padded.as_bytes());
            prop_assert_eq!(to_base64url(&bytes), url.as_bytes());
            for text in [padded.trim_end_matches('='), &padded, &url] {
                prop_assert_eq!(from_base64(text.as_bytes()), Some(bytes.clone()));
            }
        }

        #[test]
        fn what_is_no_base64_is_none(text in "[A-D+/_ \n-]{0,9}=?") {
            let plain: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            let plain = plain.trim_end_matches('=');
            let standard = base64ct::Base64Unpadded::decode_vec(plain).ok();
            let theirs = standard.or_else(|| base64ct::Base64UrlUnpadded::decode_vec(plain).ok());
            prop_assert_eq!(from_base64(text.as_bytes()), theirs.filter(|bytes| !bytes.is_empty()));
        }
    }
}
