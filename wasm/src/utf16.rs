//! UTF-16, as runtimes keep a text, to the UTF-8 that is hashed.
//!
//! Node encodes text that goes beyond Latin-1 unit by unit, which takes longer than hashing it by the processor; its
//! units are copied in a tenth of that.

use core::arch::wasm32::{
    u8x16_narrow_i16x8, u8x16_shuffle, u16x8_add, u16x8_eq, u16x8_extract_lane, u16x8_gt, u16x8_lt,
    u16x8_shl, u16x8_shr, u16x8_splat as all, u16x8_sub, u64x2_extract_lane, v128, v128_and,
    v128_andnot, v128_any_true, v128_bitselect, v128_or, v128_xor,
};

use crate::lanes::lanes;

/// What a step may write: eight units, of three bytes at most and the last of them as four.
const STEP_BYTES: usize = 25;

/// What there must be behind the units: zeros that are taken with the last of them, and room for a last step.
pub(crate) const SPARE_BYTES: usize = 32;

/// Writes UTF-8 at the beginning of an area, of so many units that lie before its last [`SPARE_BYTES`], and says how
/// many bytes.
///
/// Each unit becomes three bytes at most, and is read before what is written reaches it, as long as there is room for
/// three bytes a unit and one more unit. `None` where there is not that much, and for half a surrogate pair.
pub(crate) fn encode(area: &mut [u8], units: usize) -> Option<usize> {
    let end = area.len().checked_sub(SPARE_BYTES)?;
    end.checked_sub(units.checked_add(1)?.checked_mul(3)?)?;
    area.get_mut(end..)?.fill(0);
    let mut from = end - 2 * units;
    let mut at = 0;
    while from < end {
        let eight = Eight(lanes(area.get(from..)?.first_chunk()?));
        let free = area.get_mut(at..)?.first_chunk_mut()?;
        let (taken, bytes) =
            if eight.are_ascii() { eight.write_ascii(free) } else { eight.write(free)? };
        from += 2 * taken;
        at += bytes;
    }
    // Zeros that were taken became as many bytes.
    Some(at - (from - end) / 2)
}

/// Eight units, all taken in the same steps: which kind comes next cannot be guessed.
struct Eight(v128);

impl Eight {
    #[inline(always)]
    fn are_ascii(&self) -> bool {
        !v128_any_true(v128_and(self.0, all(0xff80)))
    }

    /// Writes units that are ASCII, and says how many and as how many bytes.
    #[inline(always)]
    fn write_ascii(&self, free: &mut [u8; STEP_BYTES]) -> (usize, usize) {
        let (start, _) = free.split_at_mut(8);
        start.copy_from_slice(&bytes_of(self.0).to_le_bytes());
        (8, 8)
    }

    /// The same of any units. A pair that only begins here is left for later; `None` for half a pair.
    #[inline(always)]
    fn write(&self, free: &mut [u8; STEP_BYTES]) -> Option<(usize, usize)> {
        let units = self.0;
        let last_bits = v128_and(units, all(0x3f));

        // The first two bytes of what each unit becomes, and its third.
        let is_ascii = u16x8_lt(units, all(0x80));
        let top_bits = u16x8_shr(units, 11);
        let has_no_third = u16x8_eq(top_bits, all(0));
        let two = v128_or(u16x8_shr(units, 6), u16x8_shl(last_bits, 8));
        let three = v128_or(u16x8_shr(units, 12), behind(u16x8_shl(units, 2)));
        let marks = v128_bitselect(all(0x80c0), all(0x80e0), has_no_third);
        let more = v128_or(v128_bitselect(two, three, has_no_third), marks);
        let mut start = v128_bitselect(units, more, is_ascii);
        let third = v128_or(last_bits, all(0x80));
        // How many less than three there are.
        let mut less = u16x8_add(is_ascii, has_no_third);

        let half = u16x8_eq(top_bits, all(0x1b));
        let mut is_parted = false;
        if v128_any_true(half) {
            // Of a pair's four bytes each half gives two.
            let low = v128_and(half, u16x8_gt(units, all(0xdbff)));
            let high = v128_andnot(half, low);
            if v128_any_true(v128_xor(low, one_later(high))) {
                return None;
            }
            let bits = u16x8_add(v128_and(units, all(0x3ff)), all(0x40));
            let first_two = v128_or(u16x8_shr(bits, 8), behind(u16x8_shl(bits, 6)));
            let first_two = v128_or(first_two, all(0x80f0));
            let carried = u16x8_shl(v128_and(one_later(units), all(3)), 4);
            let third_bits = v128_or(carried, v128_and(u16x8_shr(units, 6), all(0xf)));
            let last_two = v128_or(v128_or(third_bits, u16x8_shl(last_bits, 8)), all(0x8080));
            start = v128_bitselect(first_two, v128_bitselect(last_two, start, low), high);
            less = u16x8_add(less, half);
            is_parted = u16x8_extract_lane::<7>(high) != 0;
        }

        let four = u8x16_shuffle::<0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23>;
        let more = u8x16_shuffle::<8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31>;
        let (four, more) = (four(start, third), more(start, third));
        let mut out =
            Out { free, at: 0, counts: 0x0303_0303_0303_0303 - bytes_of(u16x8_sub(all(0), less)) };
        // No loop: compiled for size it would stay one, and take twice as long.
        out.put_two(u64x2_extract_lane::<0>(four))?;
        out.put_two(u64x2_extract_lane::<1>(four))?;
        out.put_two(u64x2_extract_lane::<0>(more))?;
        out.put_two(u64x2_extract_lane::<1>(more))?;
        Some(if is_parted { (7, out.at - 2) } else { (8, out.at) })
    }
}

/// Where the next unit's bytes go, and how many are its own, a byte for each unit.
struct Out<'a> {
    free: &'a mut [u8; STEP_BYTES],
    at: usize,
    counts: u64,
}

impl Out<'_> {
    /// Writes four bytes for each of two units, each behind the last one's own.
    #[inline(always)]
    fn put_two(&mut self, words: u64) -> Option<()> {
        self.put(words as u32)?;
        // The compiler knows from a 3 that there is room for all.
        self.at += (self.counts & 3) as usize;
        self.put((words >> 32) as u32)?;
        self.at += (self.counts >> 8 & 3) as usize;
        self.counts >>= 16;
        Some(())
    }

    #[inline(always)]
    fn put(&mut self, word: u32) -> Option<()> {
        *self.free.get_mut(self.at..)?.first_chunk_mut()? = word.to_le_bytes();
        Some(())
    }
}

/// Six bits of each lane's high byte.
#[inline(always)]
fn behind(lanes: v128) -> v128 {
    v128_and(lanes, all(0x3f00))
}

/// Each lane where the next one was.
#[inline(always)]
fn one_later(lanes: v128) -> v128 {
    u8x16_shuffle::<0, 1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29>(all(0), lanes)
}

/// The low byte of each lane, of which none is above 255.
#[inline(always)]
fn bytes_of(lanes: v128) -> u64 {
    u64x2_extract_lane::<0>(u8x16_narrow_i16x8(lanes, lanes))
}
