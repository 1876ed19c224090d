//! UTF-16, as runtimes keep a text, to the UTF-8 that is hashed.
//!
//! Node encodes a text beyond Latin-1 unit by unit, which takes longer than hashing it by the processor. Copying its
//! units takes a tenth of that, and encoding them here less than the rest.

use core::arch::wasm32::{
    i16x8_extract_lane, u8x16_bitmask, u8x16_shuffle, u16x8_add, u16x8_eq, u16x8_shl, u16x8_shr,
    u16x8_splat, u64x2_extract_lane, v128, v128_and, v128_andnot, v128_bitselect, v128_or,
    v128_xor,
};
use core::hint::black_box;

use super::load_v128::load_v128;

/// The bytes that a step may write to: four at each of 32 places, of which it uses 22.
const STEP_BYTES: usize = 35;

/// The bytes that must follow the units: zeros that the last step reads with them, and room for it to write.
pub(crate) const SPARE_BYTES: usize = 32;

/// Writes UTF-8 at the beginning of `area`, from `units` units that end where its last [`SPARE_BYTES`] begin, and gives
/// the number of bytes. `None` for an unpaired surrogate, and where there is not room for three bytes a unit and one more
/// unit.
///
/// A unit becomes three bytes at most, so with that room each unit is read before the written bytes reach it.
pub(crate) fn encode(area: &mut [u8], units: usize) -> Option<usize> {
    let end = area.len().checked_sub(SPARE_BYTES)?;
    end.checked_sub(units.checked_add(1)?.checked_mul(3)?)?;
    area.get_mut(end..)?.fill(0);
    let step = Step { zeros: black_box(u16x8_splat(0)) };
    let mut from = end - 2 * units;
    let mut at = 0;
    while from < end {
        let eight = load_v128(area.get(from..)?.first_chunk()?);
        let (taken, bytes) = step.write(eight, area.get_mut(at..)?.first_chunk_mut()?)?;
        from += 2 * taken;
        at += bytes;
    }
    // Each zero that was read after the units became one byte.
    Some(at - (from - end) / 2)
}

/// Encodes eight units at a time, all with the same instructions, because the kind of the next unit cannot be predicted.
struct Step {
    /// Opaque zeros (`black_box`), so that constants derived from them stay in registers.
    zeros: v128,
}

impl Step {
    /// The same value in each lane. An engine makes a constant again at each use, by three instructions. A value that
    /// depends on [`Self::zeros`] is made before the first step and kept, which takes a third off the time.
    #[inline(always)]
    fn all(&self, value: u16) -> v128 {
        v128_or(u16x8_splat(value), self.zeros)
    }

    /// Encodes the units, and gives how many were read and how many bytes were written. A pair that only begins here is
    /// left for the next step. `None` for an unpaired surrogate.
    #[inline(always)]
    fn write(&self, units: v128, free: &mut [u8; STEP_BYTES]) -> Option<(usize, usize)> {
        let is_ascii = u16x8_eq(v128_and(units, self.all(0xff80)), u16x8_splat(0));
        if u8x16_bitmask(is_ascii) == 0xffff {
            let low = u8x16_shuffle::<0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14>;
            *free.first_chunk_mut()? = u64x2_extract_lane::<0>(low(units, units)).to_le_bytes();
            return Some((8, 8));
        }

        // For each unit the first two bytes, the third, and the number of bytes.
        let last_bits = v128_and(units, self.all(0x3f));
        let top_bits = u16x8_shr(units, 11);
        let has_no_third = u16x8_eq(top_bits, u16x8_splat(0));
        let two = v128_or(u16x8_shr(units, 6), u16x8_shl(last_bits, 8));
        let three = v128_or(u16x8_shr(units, 12), self.behind(u16x8_shl(units, 2)));
        let two = v128_or(two, self.all(0x80c0));
        let three = v128_or(three, self.all(0x80e0));
        let more = v128_bitselect(two, three, has_no_third);
        let mut start = v128_bitselect(units, more, is_ascii);
        let third = v128_or(last_bits, self.all(0x80));
        let mut counts = u16x8_add(self.all(3), u16x8_add(is_ascii, has_no_third));

        let half = u16x8_eq(top_bits, self.all(0x1b));
        // Minus one where the last unit begins a pair.
        let mut parted = 0;
        if u8x16_bitmask(half) != 0 {
            // Each half of a pair gives two of its four bytes.
            let is_high = u16x8_eq(v128_and(units, self.all(0x400)), u16x8_splat(0));
            let high = v128_and(half, is_high);
            let low = v128_andnot(half, high);
            if u8x16_bitmask(v128_xor(low, one_later(high))) != 0 {
                return None;
            }
            let bits = u16x8_add(v128_and(units, self.all(0x3ff)), self.all(0x40));
            let first_two = v128_or(u16x8_shr(bits, 8), self.behind(u16x8_shl(bits, 6)));
            let first_two = v128_or(first_two, self.all(0x80f0));
            let carried = u16x8_shl(v128_and(one_later(units), self.all(3)), 4);
            let third_bits = v128_or(carried, v128_and(u16x8_shr(units, 6), self.all(0xf)));
            let last_two = v128_or(third_bits, u16x8_shl(last_bits, 8));
            let last_two = v128_or(last_two, self.all(0x8080));
            start = v128_bitselect(first_two, v128_bitselect(last_two, start, low), high);
            counts = u16x8_add(counts, half);
            parted = isize::from(i16x8_extract_lane::<7>(high));
        }

        let four = u8x16_shuffle::<0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23>;
        let more = u8x16_shuffle::<8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31>;
        let (four, more) = (four(start, third), more(start, third));
        // The bytes of a unit begin after those of all units before it. One multiplication adds up four counts.
        let sums = u64x2_extract_lane::<0>(counts).wrapping_mul(ONE_IN_EACH);
        let rest = u64x2_extract_lane::<1>(counts) + (sums >> 48);
        let more_sums = rest.wrapping_mul(ONE_IN_EACH);
        // Not a loop: compiled for size it would stay one, and take twice as long.
        put_two(free, 0, sums, u64x2_extract_lane::<0>(four))?;
        put_two(free, sums >> 16, sums >> 32, u64x2_extract_lane::<1>(four))?;
        put_two(free, sums >> 48, more_sums, u64x2_extract_lane::<0>(more))?;
        put_two(free, more_sums >> 16, more_sums >> 32, u64x2_extract_lane::<1>(more))?;
        let bytes = (more_sums >> 48) as isize;
        Some(((8 + parted) as usize, (bytes + 2 * parted) as usize))
    }

    /// Six bits of each lane's high byte.
    #[inline(always)]
    fn behind(&self, lanes: v128) -> v128 {
        v128_and(lanes, self.all(0x3f00))
    }
}

const ONE_IN_EACH: u64 = 0x0001_0001_0001_0001;

/// Writes four bytes for each of two units, each at its place. The next unit overwrites what was too much.
#[inline(always)]
fn put_two(free: &mut [u8; STEP_BYTES], place: u64, next: u64, words: u64) -> Option<()> {
    put(free, place, words as u32)?;
    put(free, next, (words >> 32) as u32)
}

#[inline(always)]
fn put(free: &mut [u8; STEP_BYTES], place: u64, word: u32) -> Option<()> {
    // The mask shows the compiler that there is room.
    let place = (place & 31) as usize;
    *free.get_mut(place..)?.first_chunk_mut()? = word.to_le_bytes();
    Some(())
}

/// Each lane moved to the place of the next.
#[inline(always)]
fn one_later(lanes: v128) -> v128 {
    let zeros = u16x8_splat(0);
    u8x16_shuffle::<14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29>(zeros, lanes)
}
