use core::fmt::{self, Write};

use sha2::Sha256;
use sha2::digest::array::Array;
use sha2::digest::block_api::{Buffer, CoreProxy, FixedOutputCore as _, UpdateCore as _};

use super::encoding::Encoding;
use super::tag::{TAG_BYTES, Tag};

/// SHA-256 of a payload that arrives in chunks, in lower-case hex: the last part of a deduplication key.
///
/// ```
/// use hookproof::PayloadDigest;
///
/// let mut digest = PayloadDigest::default();
/// digest.update(b"abc");
/// let hex = digest.finish().to_string();
/// assert!(hex.starts_with("ba7816bf") && hex.len() == 64); // FIPS 180-4, the example "abc"
/// ```
#[derive(Clone, Default)]
pub struct PayloadDigest(Hash);

impl PayloadDigest {
    /// Hashes the next chunk of the payload.
    pub fn update(&mut self, chunk: &[u8]) {
        self.0.update(chunk);
    }

    /// Ends the payload.
    pub fn finish(mut self) -> HexDigest {
        HexDigest(Tag(self.0.finish()))
    }
}

// It holds up to a block of the payload.
impl fmt::Debug for PayloadDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PayloadDigest([elided])")
    }
}

/// A digest that is written in lower-case hex.
pub struct HexDigest(Tag);

impl HexDigest {
    /// Writes the digest without `core::fmt`'s formatting machinery.
    ///
    /// # Errors
    /// Returned by `out`.
    pub fn write(&self, out: &mut impl Write) -> fmt::Result {
        self.0.write(Encoding::Hex, out)
    }
}

impl fmt::Display for HexDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl fmt::Debug for HexDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

/// The bytes that do not fill a block yet.
pub(super) type Rest = Buffer<State>;

/// SHA-256 after whole blocks.
pub(super) type State = <Sha256 as CoreProxy>::Core;

/// A running SHA-256. All hashes but a MAC's go through these two functions, which are not copied into their
/// callers.
#[derive(Clone, Default)]
pub(super) struct Hash {
    core: State,
    rest: Rest,
}

impl Hash {
    #[inline(never)]
    pub(super) fn update(&mut self, bytes: &[u8]) {
        let Self { core, rest } = self;
        rest.digest_blocks(bytes, |blocks| core.update_blocks(blocks));
    }

    #[inline(never)]
    pub(super) fn finish(&mut self) -> [u8; TAG_BYTES] {
        let mut digest = Array([0; TAG_BYTES]);
        self.core.finalize_fixed_core(&mut self.rest, &mut digest);
        digest.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_payload() {
        let mut digest = PayloadDigest::default();
        digest.update(b"a payload");
        assert_eq!(std::format!("{digest:?}"), "PayloadDigest([elided])");
    }
}
