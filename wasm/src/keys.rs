//! The keys that are kept between calls.

use hookproof::parts::SplitHmac;
use hookproof::scheme::SecretFormat;
use hookproof::{Error, Key, MAX_KEYS};

/// Kept for secrets that may come again: JavaScript knows which secret lies in which.
const KEPT: usize = 64;

/// For secrets that came as bytes, which nobody remembers.
const PASSING: usize = MAX_KEYS;

/// Each slot holds a key's states and its inner block, which is as secret as the key itself. What is not
/// there is not found by comparing secrets: a slot has a number, and the number comes from outside.
pub(crate) struct Keys([Option<Pair>; KEPT + PASSING]);

/// A key both ways: for a hash made here, and for one made by the runtime.
struct Pair {
    key: Key,
    split: SplitHmac,
}

impl Keys {
    pub(crate) const fn new() -> Self {
        Self([const { None }; KEPT + PASSING])
    }

    /// Makes the key of a secret. Where it is refused the slot is left empty.
    pub(crate) fn put(
        &mut self,
        slot: usize,
        secret: &[u8],
        format: SecretFormat,
    ) -> Result<(), Error<'static>> {
        let Some(free) = self.0.get_mut(slot) else {
            return Ok(());
        };
        *free = None;
        let (key, split) = Key::with_split_hmac(secret, format)?;
        *free = Some(Pair { key, split });
        Ok(())
    }

    pub(crate) fn key(&self, slot: u8) -> Option<&Key> {
        self.pair(slot).map(|pair| &pair.key)
    }

    pub(crate) fn split(&self, slot: u8) -> Option<&SplitHmac> {
        self.pair(slot).map(|pair| &pair.split)
    }

    fn pair(&self, slot: u8) -> Option<&Pair> {
        self.0.get(usize::from(slot))?.as_ref()
    }
}
