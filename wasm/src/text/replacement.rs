//! U+FFFD in UTF-8: EF BF BD.

use core::arch::wasm32::{u8x16_eq, u8x16_splat, u64x2_splat, v128_and, v128_any_true, v128_or};

use super::load_v128::load_v128;

/// Whether bytes may contain a replacement character. It may be true without one, but is never false with one. Encoders
/// write one for an unpaired surrogate, so a text without one was well-formed.
#[expect(
    clippy::manual_contains,
    reason = "a search made for long slices is 300 bytes of the module"
)]
pub(crate) fn may_be_in(bytes: &[u8]) -> bool {
    // Its first two bytes, at any place: each block is compared with the block that begins a byte later.
    let (blocks, _) = bytes.as_chunks();
    let (later, _) = bytes.get(1..).unwrap_or_default().as_chunks();
    let mut found = u64x2_splat(0);
    for (here, next) in blocks.iter().zip(later) {
        let first = u8x16_eq(load_v128(here), u8x16_splat(0xef));
        let second = u8x16_eq(load_v128(next), u8x16_splat(0xbf));
        found = v128_or(found, v128_and(first, second));
    }
    // The rest is shorter than two blocks.
    let rest = bytes.get(later.len() * 16..).unwrap_or_default();
    v128_any_true(found) || rest.iter().any(|byte| *byte == 0xef)
}
