use core::fmt;

use sha2::digest::block_api::UpdateCore as _;
use sha2::digest::common::hazmat::{SerializableState as _, SerializedState};
use zeroize::{Zeroize as _, Zeroizing};

use super::block::{BLOCK_BYTES, KeyBlock};
use super::digest::State;
use super::mac::{Mac, Macs, end_outer};
use super::tag::{TAG_BYTES, Tag};

/// The hash states of one key, as bytes that a caller keeps and writes back: the key is made once, however many other
/// keys are used in between.
///
/// They are the states of HMAC's inner and outer hash after the key, and the inner block. The inner block is for a
/// caller whose runtime hashes faster than this code: the caller hashes it and the content, and
/// [`tag_of_digest`](Self::tag_of_digest) makes the tag from the digest. A caller who passes a wrong digest gets a
/// wrong tag, which matches nothing that a sender without the key could have sent.
///
/// The bytes equal the key: whoever has them can sign, and whoever writes them chooses the key. They must never come
/// from outside. They are not wiped on drop, because the caller keeps them; [`clear`](Self::clear) wipes them. `Debug`
/// shows nothing.
///
/// ```
/// use hookproof::parts::KeyStates;
/// use hookproof::scheme::SecretFormat;
///
/// let mut states = KeyStates::none();
/// states.set(b"Jefe", SecretFormat::Utf8)?;
/// assert_eq!(states.inner_block()[0], b'J' ^ 0x36);
/// # Ok::<(), hookproof::Error<'static>>(())
/// ```
#[repr(C)]
pub struct KeyStates {
    inner: Words,
    outer: Words,
    inner_block: [u8; BLOCK_BYTES],
}

/// SHA-256's state.
type Words = [u32; 8];

impl KeyStates {
    /// The number of bytes that they have.
    pub const BYTES: usize = size_of::<Self>();

    /// The states of no key: all zero. No tag is made with them.
    pub const fn none() -> Self {
        Self { inner: [0; 8], outer: [0; 8], inner_block: [0; BLOCK_BYTES] }
    }

    pub(crate) fn set_block(&mut self, block: &KeyBlock) {
        self.inner = words_of(&state_after(block, INNER_PAD));
        self.outer = words_of(&state_after(block, OUTER_PAD));
        for (byte, key) in self.inner_block.iter_mut().zip(block.iter()) {
            *byte = key ^ INNER_PAD;
        }
    }

    /// Wipes them. They are then the states of no key.
    pub fn clear(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
        self.inner_block.zeroize();
    }

    /// The block to hash before the content. Whoever has it can sign, so wipe every copy.
    pub fn inner_block(&self) -> &[u8; BLOCK_BYTES] {
        &self.inner_block
    }

    /// Makes the tag of a content. `None` for the states of no key. Leaks the content's length.
    pub fn tag(&self, content: &[u8]) -> Option<Tag> {
        Some(self.mac()?.tag([content]))
    }

    /// Makes the tag from the digest of inner block and content. `None` for the states of no key.
    pub fn tag_of_digest(&self, inner_digest: &[u8; TAG_BYTES]) -> Option<Tag> {
        let mut outer = state_of(&self.outer)?;
        self.is_key().then(|| end_outer(&mut outer, inner_digest))
    }

    /// Whether they are those of a key. No key leads to a state of zeros, and anyone could sign with one.
    fn is_key(&self) -> bool {
        self.inner != [0; 8] && self.outer != [0; 8]
    }

    fn mac(&self) -> Option<Mac> {
        let mac = Mac::Split { inner: state_of(&self.inner)?, outer: state_of(&self.outer)? };
        self.is_key().then_some(mac)
    }
}

impl fmt::Debug for KeyStates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyStates([elided])")
    }
}

/// Here and not next to [`Macs`], so that the two files do not import each other.
impl Macs {
    /// Drops the running MACs and starts one for each of the first [`MAX_KEYS`](crate::MAX_KEYS) key states, up to the
    /// first that are those of no key.
    pub fn start_from<'k>(&mut self, keys: impl IntoIterator<Item = &'k KeyStates>) {
        self.replace(keys.into_iter().map_while(KeyStates::mac));
    }
}

/// The bytes that the key's bytes are combined with, for the inner and the outer block.
const INNER_PAD: u8 = 0x36;
const OUTER_PAD: u8 = 0x5c;

/// The state after one block: the key's bytes, each combined with `pad`.
fn state_after(block: &KeyBlock, pad: u8) -> State {
    let block = Zeroizing::new(block.map(|byte| byte ^ pad));
    let mut state = State::default();
    state.update_blocks(core::slice::from_ref((&*block).into()));
    state
}

/// The words of a state after one block.
fn words_of(state: &State) -> Words {
    let serialized = state.serialize();
    let (words, _) = serialized.as_chunks();
    core::array::from_fn(|at| words.get(at).copied().map_or(0, u32::from_le_bytes))
}

/// The state after one block with these words.
fn state_of(words: &Words) -> Option<State> {
    let mut serialized = SerializedState::<State>::default();
    let (places, blocks) = serialized.split_at_mut(size_of::<Words>());
    for (place, word) in places.as_chunks_mut().0.iter_mut().zip(words) {
        *place = word.to_le_bytes();
    }
    blocks.copy_from_slice(&1_u64.to_le_bytes());
    State::deserialize(&serialized).ok()
}

#[cfg(test)]
mod tests {
    use hmac::{KeyInit as _, Mac as _};
    use sha2::{Digest as _, Sha256};

    use super::super::block::with_key_block;
    use super::*;

    fn states(key: &[u8]) -> KeyStates {
        let mut states = KeyStates::none();
        with_key_block(key, |block| states.set_block(block));
        states
    }

    #[test]
    fn every_way_makes_the_tag_that_the_hmac_crate_makes() {
        for key_bytes in 0..200 {
            let key = std::vec![0xa7; key_bytes];
            let content = std::vec![0x5b; 3 * key_bytes];
            let mut oracle = hmac::Hmac::<Sha256>::new_from_slice(&key).unwrap();
            oracle.update(&content);
            let expected: [u8; TAG_BYTES] = oracle.finalize().into_bytes().into();

            let mac = with_key_block(&key, Mac::new);
            let (first, second) = content.split_at(key_bytes);
            assert_eq!(mac.tag([first, second]).0, expected, "a key of {key_bytes} bytes");

            let states = states(&key);
            assert_eq!(states.tag(&content).unwrap().0, expected);
            let inner =
                Sha256::new_with_prefix(states.inner_block()).chain_update(&content).finalize();
            assert_eq!(states.tag_of_digest(&inner.into()).unwrap().0, expected);

            let mut macs = Macs::none();
            macs.start_from([&states, &states]);
            macs.update(first);
            macs.update(second);
            let tags: std::vec::Vec<_> = macs.finish().map(|tag| tag.0).collect();
            assert_eq!(tags, [expected, expected]);
        }
    }

    #[test]
    fn no_tag_is_made_with_the_states_of_no_key() {
        let mut states = states(b"a key");
        assert!(states.tag(b"content").is_some());
        states.clear();
        assert!(states.tag(b"content").is_none());
        assert!(states.tag_of_digest(&[0; TAG_BYTES]).is_none());
        assert_eq!(states.inner_block(), &[0; BLOCK_BYTES]);
        let mut macs = Macs::none();
        macs.start_from([&states]);
        assert_eq!(macs.finish().count(), 0);
    }
}
