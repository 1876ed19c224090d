use zeroize::Zeroizing;

use super::digest::Hash;
use super::tag::TAG_BYTES;

pub(super) const BLOCK_BYTES: usize = 64;

/// A key padded to one block of SHA-256. It is wiped on drop.
pub(crate) type KeyBlock = Zeroizing<[u8; BLOCK_BYTES]>;

/// Pads a key with zeros and passes the block to `use_block`. A key that is longer than a block is hashed first
/// (RFC 2104, section 2).
///
/// The block is passed to a closure instead of returned, because each move could leave an unwiped copy on the
/// stack. Leaks the key's length.
pub(crate) fn with_key_block<T>(key: &[u8], use_block: impl FnOnce(&KeyBlock) -> T) -> T {
    let mut block = Zeroizing::new([0; BLOCK_BYTES]);
    match block.get_mut(..key.len()) {
        Some(start) => start.copy_from_slice(key),
        None => {
            let mut hash = Hash::default();
            hash.update(key);
            block.split_at_mut(TAG_BYTES).0.copy_from_slice(&hash.finish());
            // Overwrites the end of the key, which is still in the hash's buffer.
            hash.update(&[0; BLOCK_BYTES - 1]);
        }
    }
    use_block(&block)
}
