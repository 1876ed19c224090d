//! Texts that stand for bytes, read as loosely as people write them: nothing here verifies anything.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64Unpadded, Encoding as _};

/// Base64 in either alphabet, padded or not, with or without line breaks.
pub(crate) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let is_part = |byte: &u8| {
        byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/-_=".contains(byte)
    };
    if !text.iter().all(is_part) {
        return None;
    }
    let joined: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let text = core::str::from_utf8(&joined).ok()?.trim_end_matches('=');
    let is_url = text.contains(['-', '_']);
    if text.is_empty() || (is_url && text.contains(['+', '/'])) {
        return None;
    }
    Base64Unpadded::decode_vec(&text.replace('-', "+").replace('_', "/")).ok()
}

pub(crate) fn to_base64(bytes: &[u8]) -> Vec<u8> {
    let mut text = Base64Unpadded::encode_string(bytes).into_bytes();
    text.resize(text.len().next_multiple_of(4), b'=');
    text
}

pub(crate) fn to_base64url(bytes: &[u8]) -> Vec<u8> {
    let text = Base64Unpadded::encode_string(bytes);
    text.replace('+', "-").replace('/', "_").into_bytes()
}

/// Hex in either case.
pub(crate) fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let pairs = text.chunks_exact(2);
    if text.is_empty() || !pairs.remainder().is_empty() {
        return None;
    }
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)?.checked_mul(16)?.checked_add(digit(*low)?)?),
            _ => None,
        })
        .collect()
}

pub(crate) fn to_hex(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| digits(*byte)).collect()
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

/// The characters of Windows-1252 at 0x80 to 0x9f, where it differs from Latin-1. Zero where it has none.
const WINDOWS_1252: [u16; 32] = [
    0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc,
    0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
];

/// The bytes that, read as Latin-1 (or Windows-1252), gave this text. `None` where none would.
pub(crate) fn to_latin1(text: &[u8], windows: bool) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(text).ok()?;
    let byte = |c: char| {
        let code = u32::from(c);
        if c.is_ascii() {
            return u8::try_from(code).ok();
        }
        let special = WINDOWS_1252.iter().position(|each| u32::from(*each) == code && code != 0);
        match special.filter(|_| windows) {
            Some(index) => u8::try_from(index.checked_add(0x80)?).ok(),
            None => u8::try_from(code).ok(),
        }
    };
    text.chars().map(byte).collect()
}

/// The text that these bytes are in Latin-1.
pub(crate) fn from_latin1(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().map(char::from).collect::<String>().into_bytes()
}
