use core::fmt;

use sha2::digest::array::Array;
use sha2::digest::block_api::{FixedOutputCore as _, UpdateCore as _};
use zeroize::Zeroizing;

use super::block::KeyBlock;
use super::digest::{Rest, State};
use super::tag::{TAG_BYTES, Tag};

/// The most keys that one verification may try: each takes one MAC pass over the content.
pub const MAX_KEYS: usize = 8;

/// The bytes that the key's bytes are combined with, for the inner and the outer block.
pub(super) const INNER_PAD: u8 = 0x36;
pub(super) const OUTER_PAD: u8 = 0x5c;

/// HMAC-SHA256 that has hashed whole blocks only: the key first, then the content's whole blocks.
///
/// HMAC is `H(outer block ‖ H(inner block ‖ content))` (RFC 2104, section 2). These are the states of the two hashes.
/// The hmac crate has the same two inside, but neither gives them out nor takes them, which [`KeyStates`](super::KeyStates) needs. Tests
/// compare the tags with those of that crate and of Wycheproof.
///
/// All keys of a verification hash the same bytes, so they share one buffer, which is not in here. The states are as
/// secret as the key and are wiped on drop, as far as the compiler allows.
#[derive(Clone)]
pub(crate) struct Mac {
    pub(super) inner: State,
    pub(super) outer: State,
}

impl Mac {
    /// Starts a MAC with a padded key.
    pub(crate) fn new(block: &KeyBlock) -> Self {
        Self { inner: state_after(block, INNER_PAD), outer: state_after(block, OUTER_PAD) }
    }

    /// Makes the tag of a content that is given part by part. Leaks the parts' lengths.
    pub(crate) fn tag<'c>(&self, content: impl IntoIterator<Item = &'c [u8]>) -> Tag {
        let (mut mac, mut rest) = (self.clone(), Rest::default());
        for part in content {
            rest.digest_blocks(part, |blocks| mac.inner.update_blocks(blocks));
        }
        mac.end(&mut rest)
    }

    pub(super) fn end(&mut self, rest: &mut Rest) -> Tag {
        let mut digest = Array([0; TAG_BYTES]);
        self.inner.finalize_fixed_core(rest, &mut digest);
        end_outer(&mut self.outer, &digest.0)
    }
}

/// The state after one block: the key's bytes, each combined with `pad`.
pub(super) fn state_after(block: &KeyBlock, pad: u8) -> State {
    let block = Zeroizing::new(block.map(|byte| byte ^ pad));
    let mut state = State::default();
    state.update_blocks(core::slice::from_ref((&*block).into()));
    state
}

/// Ends the outer hash with the digest of the inner one.
fn end_outer(outer: &mut State, inner_digest: &[u8; TAG_BYTES]) -> Tag {
    let (mut rest, mut tag) = (Rest::default(), Array([0; TAG_BYTES]));
    rest.digest_blocks(inner_digest, |blocks| outer.update_blocks(blocks));
    outer.finalize_fixed_core(&mut rest, &mut tag);
    Tag(tag.0)
}

/// One running MAC for each key, over a content that arrives in pieces: the parts before the payload, the payload,
/// the parts after it.
///
/// The states are as secret as the keys; they are wiped on drop, as far as the compiler allows. Leaks the
/// number of keys and the content's length.
pub struct Macs {
    macs: [Option<Mac>; MAX_KEYS],
    rest: Option<Rest>,
}

impl Macs {
    /// No MAC at all.
    pub const fn none() -> Self {
        Self { macs: [const { None }; MAX_KEYS], rest: None }
    }

    /// Whether MACs were started and neither stopped nor finished.
    pub fn are_running(&self) -> bool {
        self.rest.is_some()
    }

    /// Replaces all MACs by the first [`MAX_KEYS`] of these.
    pub(crate) fn replace(&mut self, macs: impl IntoIterator<Item = Mac>) {
        self.stop();
        self.rest = Some(Rest::default());
        for (slot, mac) in self.macs.iter_mut().zip(macs) {
            *slot = Some(mac);
        }
    }

    /// Drops every MAC without making a tag.
    pub fn stop(&mut self) {
        self.rest = None;
        self.macs.iter_mut().for_each(|mac| *mac = None);
    }

    /// Feeds the next bytes of the content to every MAC.
    pub fn update(&mut self, bytes: &[u8]) {
        let Self { macs, rest } = self;
        rest.get_or_insert_default().digest_blocks(bytes, |blocks| {
            macs.iter_mut().flatten().for_each(|mac| mac.inner.update_blocks(blocks));
        });
    }

    /// Ends every MAC and gives the tags in the keys' order.
    pub fn finish(&mut self) -> impl Iterator<Item = Tag> {
        let rest = self.rest.take().unwrap_or_default();
        self.macs
            .iter_mut()
            .filter_map(|mac| mac.take())
            .map(move |mut mac| mac.end(&mut rest.clone()))
    }
}

impl fmt::Debug for Macs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Macs([elided])")
    }
}
