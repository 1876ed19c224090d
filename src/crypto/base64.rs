//! Base64 of signatures. A signature is public, so decoding it need not take constant time, and takes a third of it.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Not the value of any character.
const INVALID: u8 = 0x80;

/// The value of each byte as a character.
#[allow(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    reason = "the compiler makes the table, so a fault fails the build"
)]
const VALUES: [u8; 256] = {
    let mut values = [INVALID; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        values[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// Decodes all of `text` into all of `out`: padded standard base64 in its one spelling, without white space and with
/// zeros in the unused bits. Returns false for anything else, and for a text of another length.
pub(super) fn decode(text: &[u8], out: &mut [u8]) -> bool {
    let padding: &[u8] = match out.len() % 3 {
        0 => b"",
        1 => b"==",
        _ => b"=",
    };
    let Some(characters) = text.strip_suffix(padding) else { return false };
    if text.len() != out.len().div_ceil(3).saturating_mul(4) {
        return false;
    }
    // One bit for each character that has no value, and the unused bits.
    let (mut invalid, mut unused) = (0, 0);
    for (group, bytes) in characters.chunks(4).zip(out.chunks_mut(3)) {
        let mut word = 0_u32;
        for (character, shift) in group.iter().zip([18, 12, 6, 0]) {
            let value = VALUES.get(usize::from(*character)).copied().unwrap_or(INVALID);
            invalid |= value & INVALID;
            word |= u32::from(value) << shift;
        }
        let [_, decoded @ ..] = word.to_be_bytes();
        let (decoded, rest) = decoded.split_at(bytes.len());
        bytes.copy_from_slice(decoded);
        unused |= rest.iter().fold(0, |all, byte| all | byte);
    }
    invalid | unused == 0
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding as _};

    use std::vec;

    use super::*;

    /// Compares the two decoders. base64ct decides how many bytes a text has; this one is asked for each number that a
    /// text of this length may stand for.
    fn compare(text: &[u8]) {
        let mut expected = [0; 8];
        let expected = Base64::decode(text, &mut expected).ok();
        let most = text.len() / 4 * 3;
        for bytes in most.saturating_sub(2)..=most {
            let mut out = [0; 7];
            let decoded = decode(text, &mut out[..bytes]).then_some(&out[..bytes]);
            assert_eq!(decoded, expected.filter(|expected| expected.len() == bytes), "{text:?}");
        }
        assert!(
            expected.is_none_or(|bytes| (most.saturating_sub(2)..=most).contains(&bytes.len()))
        );
    }

    /// Calls `visit` with every text that has one of these characters in each place.
    fn every(places: &[&[u8]], visit: impl Fn(&[u8])) {
        let mut text = [0; 8];
        for mut number in 0..places.iter().map(|characters| characters.len()).product() {
            for (place, characters) in text.iter_mut().zip(places) {
                *place = characters[number % characters.len()];
                number /= characters.len();
            }
            visit(&text[..places.len()]);
        }
    }

    // Both decoders look at a character only for its value, and at a group of four only for the values and its place.
    // So every text of up to 8 characters behaves like one that these three tests try: every byte in every place, next
    // to characters of each kind; and every sequence of kinds.

    #[test]
    fn every_byte_in_every_place_decodes_as_in_base64ct() {
        for around in [*b"AAAAAAAA", *b"////////", *b"QEgwQEgw", *b"AAAAAAA=", *b"AAAAAA=="] {
            for length in 0..=8 {
                for (place, byte) in
                    (0..length).flat_map(|place| (0..=255).map(move |byte| (place, byte)))
                {
                    let mut text = around;
                    text[8 - length..][place] = byte;
                    compare(&text[8 - length..]);
                }
            }
        }
    }

    #[test]
    fn every_pair_of_characters_ends_a_text_as_in_base64ct() {
        for (first, second) in
            (0..=255).flat_map(|first| (0..=255).map(move |second| (first, second)))
        {
            for text in [
                [b'Z', b'9', first, second],
                [first, second, b'=', b'='],
                [b'+', first, second, b'='],
            ] {
                compare(&text);
            }
        }
    }

    #[test]
    fn every_sequence_of_kinds_decodes_as_in_base64ct() {
        // Values with and without bits in the lowest two and four, padding, and no value.
        let last: &[u8] = b"AEQ/=!";
        for length in 0..8 {
            every(&vec![last; length], compare);
        }
        // Only the last group has unused bits.
        let first: &[u8] = b"A/=!";
        every(&[first, first, first, first, last, last, last, last], compare);
    }

    #[test]
    fn the_encoded_form_of_any_bytes_is_decoded() {
        let bytes: [u8; 96] = core::array::from_fn(|at| (at * 91) as u8);
        for length in 0..bytes.len() {
            let (mut text, mut decoded) = ([0; 128], [0; 97]);
            let text = Base64::encode(&bytes[..length], &mut text).unwrap();
            assert!(decode(text.as_bytes(), &mut decoded[..length]));
            assert_eq!(decoded[..length], bytes[..length]);
            // A text of another length than the bytes have.
            assert!(!decode(text.as_bytes(), &mut decoded[..length + 1]));
            assert!(length == 0 || !decode(text.as_bytes(), &mut decoded[..length - 1]));
        }
    }
}
