use core::fmt;

use hmac::KeyInit as _;
use hmac::block_api::HmacCore;
use hmac::digest::array::Array;
use hmac::digest::block_api::{FixedOutputCore as _, UpdateCore as _};
use sha2::Sha256;

use super::block::KeyBlock;
use super::digest::Rest;
use super::tag::{TAG_BYTES, Tag};

/// The most keys that one verification may try: each takes one MAC pass over the content.
pub const MAX_KEYS: usize = 8;

/// HMAC-SHA256 that has hashed whole blocks only: the key first, then the content's whole blocks.
///
/// This is the hmac crate's core without its buffer. The digest crate advises against using it where the whole
/// type will do. Here all keys of a verification hash the same bytes, so they share one buffer, and a state is
/// half as large to copy. The state is as secret as the key and is wiped on drop, as far as the compiler allows.
#[derive(Clone)]
pub(crate) struct Mac(HmacCore<Sha256>);

impl Mac {
    /// Starts a MAC with a padded key.
    pub(crate) fn new(block: &KeyBlock) -> Self {
        Self(HmacCore::new((&**block).into()))
    }

    /// Makes the tag of a content that is given part by part. Leaks the parts' lengths.
    pub(crate) fn tag<'c>(&self, content: impl IntoIterator<Item = &'c [u8]>) -> Tag {
        let (mut mac, mut rest) = (self.clone(), Rest::default());
        for part in content {
            rest.digest_blocks(part, |blocks| mac.0.update_blocks(blocks));
        }
        mac.end(&mut rest)
    }

    fn end(&mut self, rest: &mut Rest) -> Tag {
        let mut tag = Array([0; TAG_BYTES]);
        self.0.finalize_fixed_core(rest, &mut tag);
        Tag(tag.0)
    }
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

    /// Replaces all MACs by copies of the first [`MAX_KEYS`] of these.
    pub(crate) fn copy_from<'m>(&mut self, macs: impl IntoIterator<Item = &'m Mac>) {
        self.stop();
        self.rest = Some(Rest::default());
        for (slot, mac) in self.macs.iter_mut().zip(macs) {
            *slot = Some(mac.clone());
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
            macs.iter_mut().flatten().for_each(|mac| mac.0.update_blocks(blocks));
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
