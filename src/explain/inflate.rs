//! Inflates what is compressed (RFC 1950 to 1952). No checksum is looked at: where it matters, the signature is
//! one.

use alloc::vec::Vec;

/// The most bytes a compressed payload may inflate to.
const MAX_INFLATED_BYTES: usize = 8 * 1024 * 1024;

/// The longest code of a symbol, in bits.
const MAX_CODE_BITS: u8 = 15;

/// In which order the lengths of the codes that spell lengths stand.
const LENGTHS_ORDER: [usize; 19] =
    [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Inflates gzip or zlib, up to a bound.
pub(super) fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let rest = match bytes {
        [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] => after_gzip_header(*flags, rest)?,
        [0x78, flags, rest @ ..] if is_zlib_header(*flags) => rest,
        _ => return None,
    };
    let mut inflater = Inflater { rest, held: 0, held_bits: 0, out: Vec::new() };
    while !inflater.block()? {}
    Some(inflater.out)
}

/// Whether the header's check is right, and it needs no dictionary.
fn is_zlib_header(flags: u8) -> bool {
    flags & 0x20 == 0 && u16::from_be_bytes([0x78, flags]).is_multiple_of(31)
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

struct Inflater<'p> {
    rest: &'p [u8],
    /// Bits that were read and not used yet, the next one lowest.
    held: u32,
    held_bits: u32,
    out: Vec<u8>,
}

impl Inflater<'_> {
    /// Inflates a block, and says whether it was the last.
    fn block(&mut self) -> Option<bool> {
        let is_last = self.bits(1)? == 1;
        match self.bits(2)? {
            0 => self.stored()?,
            1 => {
                let mut lengths = Vec::new();
                for (end, bits) in [(144, 8), (256, 9), (280, 7), (288, 8)] {
                    lengths.resize(end, bits);
                }
                self.symbols(&Codes::new(&lengths), &Codes::new(&[5; 30]))?;
            }
            2 => {
                let [literals, distances, spelling] = [(5, 257), (5, 1), (4, 4)]
                    .map(|(bits, least)| Some(self.bits(bits)?.saturating_add(least)));
                let (literals, distances) = (literals?, distances?);
                let mut lengths = [0; 19];
                for at in LENGTHS_ORDER.into_iter().take(spelling?) {
                    *lengths.get_mut(at)? = u8::try_from(self.bits(3)?).ok()?;
                }
                let lengths =
                    self.lengths(&Codes::new(&lengths), literals.saturating_add(distances))?;
                let (literals, distances) = lengths.split_at_checked(literals)?;
                self.symbols(&Codes::new(literals), &Codes::new(distances))?;
            }
            _ => return None,
        }
        Some(is_last)
    }

    fn stored(&mut self) -> Option<()> {
        // What is left of the byte is no data.
        self.held_bits = 0;
        self.held = 0;
        let ([low, high, ..], rest) = self.rest.split_first_chunk::<4>()?;
        let (data, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes([*low, *high])))?;
        self.rest = rest;
        self.out.extend(data);
        self.check_bound()
    }

    /// The lengths of so many codes, which repeat.
    fn lengths(&mut self, codes: &Codes, count: usize) -> Option<Vec<u8>> {
        let mut lengths = Vec::new();
        while lengths.len() < count {
            let (length, times) = match self.symbol(codes)? {
                16 => (*lengths.last()?, self.bits(2)?.saturating_add(3)),
                17 => (0, self.bits(3)?.saturating_add(3)),
                18 => (0, self.bits(7)?.saturating_add(11)),
                length => (u8::try_from(length).ok()?, 1),
            };
            lengths.resize(lengths.len().saturating_add(times), length);
        }
        (lengths.len() == count).then_some(lengths)
    }

    /// Bytes, and what repeats bytes before it, up to the symbol that ends the block.
    fn symbols(&mut self, literals: &Codes, distances: &Codes) -> Option<()> {
        loop {
            let symbol = self.symbol(literals)?;
            let length = match symbol.checked_sub(256) {
                None => {
                    self.out.push(u8::try_from(symbol).ok()?);
                    continue;
                }
                Some(0) => return Some(()),
                Some(29) => 258,
                Some(symbol @ 1..29) => self.spread(symbol.saturating_sub(1), 2)?.saturating_add(3),
                _ => return None,
            };
            let distance = match self.symbol(distances)? {
                symbol @ 0..30 => self.spread(symbol, 1)?.saturating_add(1),
                _ => return None,
            };
            let start = self.out.len().checked_sub(distance)?;
            for at in start..start.saturating_add(length) {
                self.out.push(*self.out.get(at)?);
            }
            self.check_bound()?;
        }
    }

    /// A number that a symbol stands for: of the larger ones it has the first bits, and the others follow.
    fn spread(&mut self, symbol: usize, bits: u32) -> Option<usize> {
        let first = 1 << bits;
        let more = u32::try_from(symbol >> bits).ok()?.saturating_sub(1);
        let high = if symbol < first { symbol } else { first | (symbol & first.saturating_sub(1)) };
        Some(high << more | self.bits(more)?)
    }

    fn symbol(&mut self, codes: &Codes) -> Option<usize> {
        // Codes of one length are numbers that follow each other; those of the next length begin behind them.
        let (mut code, mut first, mut index) = (0_usize, 0_usize, 0_usize);
        for count in codes.counts {
            code = code << 1 | self.bits(1)?;
            first <<= 1;
            if let Some(at) = code.checked_sub(first).filter(|at| *at < count) {
                return codes.symbols.get(index.saturating_add(at)).copied();
            }
            first = first.saturating_add(count);
            index = index.saturating_add(count);
        }
        None
    }

    fn bits(&mut self, count: u32) -> Option<usize> {
        while self.held_bits < count {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            self.held |= u32::from(*byte) << self.held_bits;
            self.held_bits = self.held_bits.saturating_add(8);
        }
        let bits = self.held & !(u32::MAX << count);
        self.held >>= count;
        self.held_bits = self.held_bits.saturating_sub(count);
        usize::try_from(bits).ok()
    }

    fn check_bound(&self) -> Option<()> {
        (self.out.len() <= MAX_INFLATED_BYTES).then_some(())
    }
}

/// A code for each symbol: how many have one bit, two, and so on, and the symbols in the order of their codes.
struct Codes {
    counts: [usize; 15],
    symbols: Vec<usize>,
}

impl Codes {
    fn new(lengths: &[u8]) -> Self {
        let mut codes = Self { counts: [0; 15], symbols: Vec::new() };
        for (length, count) in (1..=MAX_CODE_BITS).zip(&mut codes.counts) {
            let of_length = lengths.iter().enumerate().filter(|(_, each)| **each == length);
            let before = codes.symbols.len();
            codes.symbols.extend(of_length.map(|(symbol, _)| symbol));
            *count = codes.symbols.len().saturating_sub(before);
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8], level: u8) -> Vec<u8> {
        let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0];
        [&header[..], &compress_to_vec(bytes, level), &[0; 8]].concat()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

        #[test]
        fn what_was_compressed_comes_back(
            words in proptest::collection::vec("[a-z]{0,12}|[\\x00-\\x7fé😀]{0,40}", 0..400),
            noise in proptest::collection::vec(any::<u8>(), 0..2000),
            level in 0_u8..10,
        ) {
            let bytes = [words.concat().repeat(3).as_bytes(), &noise].concat();
            prop_assert_eq!(inflate(&gzip(&bytes, level)), Some(bytes.clone()));
            prop_assert_eq!(inflate(&compress_to_vec_zlib(&bytes, level)), Some(bytes));
        }

        #[test]
        fn what_is_damaged_ends(
            bytes in proptest::collection::vec(any::<u8>(), 0..600),
            level in 0_u8..10,
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
        ) {
            let mut damaged = compress_to_vec(&bytes.repeat(3), level);
            let at = at.index(damaged.len());
            damaged[at] = byte;
            let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0];
            let theirs = miniz_oxide::inflate::decompress_to_vec(&damaged);
            let ours = inflate(&[&header[..], &damaged].concat());
            if let Ok(theirs) = theirs {
                prop_assert_eq!(ours, Some(theirs));
            }
        }
    }

    #[test]
    fn a_bomb_is_left_alone() {
        let most = alloc::vec![0; MAX_INFLATED_BYTES];
        assert_eq!(inflate(&gzip(&most, 9)), Some(most.clone()));
        assert_eq!(inflate(&gzip(&[most, alloc::vec![0]].concat(), 9)), None);
    }

    #[test]
    fn what_is_not_compressed_is_none() {
        for bytes in [&b""[..], b"{}", b"xyz", b"\x78\x9c", b"\x1f\x8b\x08\0\0\0\0\0\0\0"] {
            assert_eq!(inflate(bytes), None);
        }
    }
}
