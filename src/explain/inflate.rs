//! Inflates what is compressed (RFC 1950 to 1952). No checksum is looked at: where it matters, the signature is
//! one.

use alloc::vec::Vec;

use miniz_oxide::inflate::{decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};

/// The most bytes a compressed payload may inflate to.
const MAX_INFLATED_BYTES: usize = 8 * 1024 * 1024;

/// Inflates gzip or zlib, up to a bound.
pub(super) fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    match bytes {
        [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] => {
            decompress_to_vec_with_limit(after_gzip_header(*flags, rest)?, MAX_INFLATED_BYTES).ok()
        }
        [0x78, ..] => decompress_to_vec_zlib_with_limit(bytes, MAX_INFLATED_BYTES).ok(),
        _ => None,
    }
}

/// Skips what RFC 1952 lets stand between gzip's fixed header and the data.
fn after_gzip_header(flags: u8, mut rest: &[u8]) -> Option<&[u8]> {
    let [crc, extra, name, comment] = [2, 4, 8, 16].map(|bit| flags & bit != 0);
    if extra {
        let (length, after) = rest.split_first_chunk()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [name, comment] {
        if text {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end.checked_add(1)?..)?;
        }
    }
    if crc { rest.get(2..) } else { Some(rest) }
}
