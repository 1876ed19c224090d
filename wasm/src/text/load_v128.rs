use core::arch::wasm32::{u64x2, v128};

/// Sixteen bytes, the first in the lowest lane. The instruction that loads them is not available in safe Rust; this
/// compiles to it.
#[inline(always)]
pub(crate) fn load_v128(bytes: &[u8; 16]) -> v128 {
    let both = u128::from_le_bytes(*bytes);
    u64x2(both as u64, (both >> 64) as u64)
}
