//! UTF-16, as runtimes keep a text, to the UTF-8 that is hashed.
//!
//! Node encodes text that goes beyond Latin-1 unit by unit, which takes as long as hashing it by the processor;
//! its units are copied in a tenth of that.

/// Writes UTF-8 at the beginning of an area, of so many units that lie at its end, and says how many bytes.
///
/// Each unit becomes three bytes at most, and is read before what is written reaches it, as long as the area has
/// room for three bytes a unit and one more unit. `None` where there is not that much room, and for a text that
/// holds half a surrogate pair.
pub(crate) fn encode(area: &mut [u8], units: usize) -> Option<usize> {
    area.len().checked_sub(units.checked_add(1)?.checked_mul(3)?)?;
    let mut from = area.len() - 2 * units;
    let mut at = 0;
    while from < area.len() {
        #[cfg(target_arch = "wasm32")]
        if let Some(bytes) = area.get(from..).and_then(|rest| rest.first_chunk()) {
            let eight = lanes::Eight::new(bytes);
            let beyond_ascii = eight.beyond_ascii();
            if beyond_ascii == u8::MAX
                && let Some([front, middle, back]) = eight.three_bytes_each()
            {
                put(area, at, front)?;
                put(area, at + 8, middle)?;
                put(area, at + 16, back)?;
                at += 24;
                from += 16;
                continue;
            }
            put(area, at, eight.one_byte_each())?;
            if beyond_ascii == 0 {
                at += 8;
                from += 16;
                continue;
            }
            let ascii = beyond_ascii.trailing_zeros() as usize;
            at += ascii;
            from += 2 * ascii;
        }
        let unit = unit(area, from)?;
        let (bytes, count) = match unit {
            0..0x80 => (unit, 1),
            0x80..0x800 => (0x80c0 | unit >> 6 | rest(unit, 1), 2),
            0xd800..0xe000 => {
                from += 2;
                (pair(unit, self::unit(area, from)?)?, 4)
            }
            _ => (0x80_80e0 | unit >> 12 | rest(unit >> 6, 1) | rest(unit, 2), 3),
        };
        put(area, at, bytes.to_le_bytes())?;
        at += count;
        from += 2;
    }
    Some(at)
}

/// The unit at a place, little endian.
#[inline(always)]
fn unit(area: &[u8], at: usize) -> Option<u32> {
    Some(u16::from_le_bytes(*area.get(at..)?.first_chunk()?).into())
}

/// The last six bits, as the byte of this number of what is written.
#[inline(always)]
fn rest(bits: u32, byte: usize) -> u32 {
    (bits & 0x3f) << (8 * byte)
}

/// The four bytes of a surrogate pair.
#[inline(always)]
fn pair(high: u32, low: u32) -> Option<u32> {
    if !(0xd800..0xdc00).contains(&high) || !(0xdc00..0xe000).contains(&low) {
        return None;
    }
    let bits = 0x1_0000 + ((high & 0x3ff) << 10 | low & 0x3ff);
    Some(0x8080_80f0 | bits >> 18 | rest(bits >> 12, 1) | rest(bits >> 6, 2) | rest(bits, 3))
}

#[inline(always)]
fn put<const BYTES: usize>(area: &mut [u8], at: usize, bytes: [u8; BYTES]) -> Option<()> {
    *area.get_mut(at..)?.first_chunk_mut()? = bytes;
    Some(())
}

/// Eight units at once, for most of a text is runs of ASCII or of characters of three bytes.
#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::{
        u8x16_narrow_i16x8, u8x16_shuffle, u16x8_bitmask, u16x8_eq, u16x8_gt, u16x8_lt, u16x8_shl,
        u16x8_shr, u16x8_splat, u64x2, u64x2_extract_lane, v128, v128_and, v128_any_true, v128_or,
    };

    pub(super) struct Eight(v128);

    impl Eight {
        #[inline(always)]
        pub(super) fn new(bytes: &[u8; 16]) -> Self {
            let both = u128::from_le_bytes(*bytes);
            Self(u64x2(both as u64, (both >> 64) as u64))
        }

        /// A bit for each unit that is not ASCII, the first unit's the lowest.
        #[inline(always)]
        pub(super) fn beyond_ascii(&self) -> u8 {
            u16x8_bitmask(u16x8_gt(self.0, u16x8_splat(0x7f)))
        }

        /// ASCII's bytes; the others have no meaning.
        #[inline(always)]
        pub(super) fn one_byte_each(&self) -> [u8; 8] {
            u64x2_extract_lane::<0>(u8x16_narrow_i16x8(self.0, self.0)).to_le_bytes()
        }

        /// `None` where one of the units takes fewer bytes, or is half of a pair.
        #[inline(always)]
        pub(super) fn three_bytes_each(&self) -> Option<[[u8; 8]; 3]> {
            let few = u16x8_lt(self.0, u16x8_splat(0x800));
            let half = u16x8_eq(v128_and(self.0, u16x8_splat(0xf800)), u16x8_splat(0xd800));
            if v128_any_true(v128_or(few, half)) {
                return None;
            }
            let rest = |bits| v128_or(v128_and(bits, u16x8_splat(0x3f)), u16x8_splat(0x80));
            let first = v128_or(u16x8_shr(self.0, 12), u16x8_splat(0xe0));
            let two = v128_or(first, u16x8_shl(rest(u16x8_shr(self.0, 6)), 8));
            let third = rest(self.0);
            let front =
                u8x16_shuffle::<0, 1, 16, 2, 3, 18, 4, 5, 20, 6, 7, 22, 8, 9, 24, 10>(two, third);
            let back =
                u8x16_shuffle::<11, 26, 12, 13, 28, 14, 15, 30, 0, 0, 0, 0, 0, 0, 0, 0>(two, third);
            Some([
                u64x2_extract_lane::<0>(front).to_le_bytes(),
                u64x2_extract_lane::<1>(front).to_le_bytes(),
                u64x2_extract_lane::<0>(back).to_le_bytes(),
            ])
        }
    }
}
