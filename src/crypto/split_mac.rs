use core::fmt;

use zeroize::Zeroizing;

use super::block::{BLOCK_BYTES, KeyBlock};
use super::digest::Hash;
use super::tag::{TAG_BYTES, Tag};

/// HMAC's two hashes apart, for a caller whose runtime hashes faster than this code does.
///
/// HMAC is `H(outer block ‖ H(inner block ‖ content))` (RFC 2104, section 2). The caller hashes the inner block
/// and the content with its own SHA-256. The outer hash is made here, by hand, because the hmac crate cannot
/// start from a digest that it did not make. The resulting tag is compared with the candidates like any other. A
/// caller who passes a wrong digest gets a wrong tag, which matches nothing that a sender without the key could
/// have sent.
///
/// The inner block is as secret as the key. Both halves are wiped on drop. `Debug` shows nothing.
///
/// ```
/// use hookproof::{Key, scheme::SecretFormat};
///
/// let (_, split) = Key::with_split_hmac(b"Jefe", SecretFormat::Utf8)?;
/// assert_eq!(split.inner_block()[0], b'J' ^ 0x36);
/// # Ok::<(), hookproof::Error<'static>>(())
/// ```
pub struct SplitHmac {
    inner_block: KeyBlock,
    outer: Hash,
}

impl SplitHmac {
    pub(crate) fn new(block: &KeyBlock) -> Self {
        let mut inner_block = Zeroizing::new(block.map(|byte| byte ^ 0x5c));
        let mut outer = Hash::default();
        outer.update(inner_block.as_slice());
        inner_block.iter_mut().for_each(|byte| *byte ^= 0x5c ^ 0x36);
        Self { inner_block, outer }
    }

    /// The block to hash before the content. Whoever has it can sign, so wipe every copy.
    pub fn inner_block(&self) -> &[u8; BLOCK_BYTES] {
        &self.inner_block
    }

    /// Makes the tag from the digest of inner block and content.
    pub fn tag(&self, inner_digest: &[u8; TAG_BYTES]) -> Tag {
        let mut outer = self.outer.clone();
        outer.update(inner_digest);
        Tag(outer.finish())
    }
}

impl fmt::Debug for SplitHmac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SplitHmac([elided])")
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::super::block::with_key_block;
    use super::super::mac::Mac;
    use super::*;

    #[test]
    fn split_hmac_and_mac_make_the_same_tag() {
        for key_bytes in 0..200 {
            let key = std::vec![0xa7; key_bytes];
            let content = std::vec![0x5b; 3 * key_bytes];
            let (mac, split) =
                with_key_block(&key, |block| (Mac::new(block), SplitHmac::new(block)));
            let inner =
                Sha256::new_with_prefix(split.inner_block()).chain_update(&content).finalize();
            let tag = split.tag(&inner.into());
            let parts = content.split_at(key_bytes);
            assert_eq!(tag.0, mac.tag([parts.0, parts.1]).0, "a key of {key_bytes} bytes");
        }
    }
}
