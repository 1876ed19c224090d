//! The sender, the event and the time that an attack is made of.

use hookproof::scheme::Scheme;
use hookproof::{Error, UnixTime};

use crate::delivery::Delivery;
use crate::sender::Sender;

/// The parts of an attack.
pub struct Scene<'a> {
    /// The provider that delivers.
    pub sender: &'a Sender,
    /// The event that is delivered.
    pub event: &'a str,
    /// The current time.
    pub now: UnixTime,
}

impl Scene<'_> {
    pub(super) fn scheme(&self) -> &'static Scheme<'static> {
        &self.sender.provider.scheme
    }

    pub(super) fn valid(&self) -> Result<Delivery, Error<'static>> {
        self.sender.deliver(self.event, self.now)
    }

    pub(super) fn valid_bytes(
        &self,
        payload: impl Into<Vec<u8>>,
    ) -> Result<Delivery, Error<'static>> {
        self.sender.sign(payload.into(), self.event, self.now)
    }

    /// A valid delivery of the event with a member `note` that holds these bytes, and so a new one.
    pub(super) fn noted(&self, note: &[u8]) -> Result<Delivery, Error<'static>> {
        self.valid_bytes(self.noted_payload(note))
    }

    pub(super) fn noted_payload(&self, note: &[u8]) -> Vec<u8> {
        let mut payload = self.sender.payload(self.event);
        payload.truncate(payload.len().saturating_sub(1));
        [&payload, br#","note":""#.as_slice(), note, br#""}"#].concat()
    }

    pub(super) fn sender_of_other_secret(&self) -> Result<Sender, Error<'static>> {
        Sender::new(self.sender.provider, OTHER_SECRET)
    }
}

/// A secret that no endpoint uses. It can be read in every format.
const OTHER_SECRET: &str = "bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBlbmRwb2ludCE=";
