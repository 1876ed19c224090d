use core::fmt;

use hmac::KeyInit as _;
use hmac::block_api::HmacCore;
use sha2::Sha256;
use sha2::digest::array::Array;
use sha2::digest::block_api::{Block, FixedOutputCore as _, UpdateCore as _};

use super::block::KeyBlock;
use super::digest::{Rest, State};
use super::tag::{TAG_BYTES, Tag};

/// The most keys that one verification may try: each takes one MAC pass over the content.
pub const MAX_KEYS: usize = 8;

/// HMAC-SHA256 that has hashed whole blocks only: the key first, then the content's whole blocks.
///
/// All keys of a verification hash the same bytes, so they share one buffer, which is not in here. The states are as
/// secret as the key and are wiped on drop, as far as the compiler allows.
// The numbers leave zero for the `None` of an `Option`. So `Macs::none()` is all zero, and a static of it takes no room
// in a module: otherwise hookproof.wasm is 170 kB larger.
#[derive(Clone)]
#[repr(u8)]
pub(crate) enum Mac {
    /// The hmac crate's core, for a key that was made here.
    Whole(HmacCore<Sha256>) = 1,
    /// HMAC's two hashes, from [`KeyStates`](super::KeyStates): the hmac crate takes no states. HMAC is
    /// `H(outer block ‖ H(inner block ‖ content))` (RFC 2104, section 2). A test compares both variants.
    Split { inner: State, outer: State } = 2,
}

impl Mac {
    /// Starts a MAC with a padded key.
    pub(crate) fn new(block: &KeyBlock) -> Self {
        Self::Whole(HmacCore::new((&**block).into()))
    }

    /// Makes the tag of a content that is given part by part. Leaks the parts' lengths.
    pub(crate) fn tag<'c>(&self, content: impl IntoIterator<Item = &'c [u8]>) -> Tag {
        let (mut mac, mut rest) = (self.clone(), Rest::default());
        for part in content {
            rest.digest_blocks(part, |blocks| mac.update_blocks(blocks));
        }
        mac.end(&mut rest)
    }

    fn update_blocks(&mut self, blocks: &[Block<State>]) {
        match self {
            Self::Whole(core) => core.update_blocks(blocks),
            Self::Split { inner, .. } => inner.update_blocks(blocks),
        }
    }

    fn end(&mut self, rest: &mut Rest) -> Tag {
        let mut tag = Array([0; TAG_BYTES]);
        match self {
            Self::Whole(core) => core.finalize_fixed_core(rest, &mut tag),
            Self::Split { inner, outer } => {
                inner.finalize_fixed_core(rest, &mut tag);
                return end_outer(outer, &tag.0);
            }
        }
        Tag(tag.0)
    }
}

/// Ends the outer hash with the digest of the inner one.
pub(super) fn end_outer(outer: &mut State, inner_digest: &[u8; TAG_BYTES]) -> Tag {
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
            macs.iter_mut().flatten().for_each(|mac| mac.update_blocks(blocks));
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
