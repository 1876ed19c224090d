//! The attack table: what is sent to an endpoint, and what a careful one does with it.

use hookproof::providers::Provider;
use hookproof::scheme::{Layout, Part, Scheme, TimestampSource};
use hookproof::{Error, UnixTime};

use crate::delivery::Delivery;
use crate::sender::Sender;

mod payload;
mod repeat;
mod request;
mod signature;
mod time;
mod valid;

/// One row of the table.
pub struct Attack {
    /// Its stable name, for programs.
    pub id: &'static str,
    /// What is sent, for people.
    pub title: &'static str,
    /// What goes wrong where an endpoint gets it wrong.
    pub why: &'static str,
    /// What a careful endpoint does.
    pub expected: Expected,
    /// What a provider must have for the attack to mean anything.
    pub needs: &'static Need,
    /// Whether it is made of every documented event, or of the first.
    pub every_event: bool,
    /// Whether the copies are sent at the same instant, or one after the other.
    pub at_once: bool,
    /// Makes the delivery.
    pub make: fn(&Scene<'_>) -> Result<Delivery, Error<'static>>,
    /// What is sent of the delivery, in order: it alone, or copies of it.
    pub copies: fn(&Scene<'_>, Delivery) -> Result<Vec<Delivery>, Error<'static>>,
}

/// What a careful endpoint does with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Answers 2xx, and handles the delivery once, however often it comes.
    Accept,
    /// Answers 4xx, and handles nothing.
    Refuse(Refusal),
    /// Answers 2xx and handles it, or 4xx and does not.
    Answer,
}

/// How a delivery is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The statuses that say what happened; the first of them says it best. Any other 4xx refuses too.
    pub statuses: &'static [u16],
    /// Whether all such refusals must look the same from outside.
    pub alike: bool,
    /// Whether closing the connection refuses too, because the rest would have to be read otherwise.
    pub may_close: bool,
}

/// It does not come from the provider.
pub(crate) const UNAUTHENTIC: Refusal = Refusal { statuses: &[401], alike: true, may_close: false };
/// It is more than anyone should read.
pub(crate) const TOO_LARGE: Refusal = Refusal { statuses: &[413], alike: false, may_close: true };
/// Its header is more than anyone should read: many servers refuse it before the endpoint sees it.
const LONG_HEADER: Refusal = Refusal { statuses: &[401, 431, 400], alike: false, may_close: true };
/// It comes by the wrong method: there is nothing at this address, or nothing for this method.
pub(crate) const OTHER_METHOD: Refusal =
    Refusal { statuses: &[405, 404, 501], alike: false, may_close: false };

impl Expected {
    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse(_) => "refuse",
            Self::Answer => "either",
        }
    }

    /// Whether all endpoints refuse it in the same words, for it lacks a right signature.
    pub fn is_unauthentic(self) -> bool {
        matches!(self, Self::Refuse(Refusal { alike: true, .. }))
    }
}

/// What a provider must have for an attack to mean anything.
pub struct Need {
    /// What it has not, as half a sentence.
    pub lacking: &'static str,
    /// Whether it has it.
    pub met: fn(&Provider) -> bool,
}

const NOTHING: Need = Need { lacking: "", met: |_| true };
const SIGNED_TIME: Need =
    Need { lacking: "signs no time", met: |row| row.scheme.signs_timestamp() };
const LIST: Need = Need {
    lacking: "carries one signature",
    met: |row| matches!(row.scheme.signature.layout, Layout::List { .. }),
};
const UNSIGNED_ID: Need =
    Need { lacking: "has no unsigned id header", met: |row| unsigned_id(&row.scheme).is_some() };
const UNSIGNED_TIME: Need = Need {
    lacking: "has no unsigned time header",
    met: |row| unsigned_time(&row.scheme).is_some(),
};
const UNSIGNED_HEADER: Need = Need {
    lacking: "has no unsigned header",
    met: |row| unsigned_headers(&row.scheme).next().is_some(),
};
const MARKED_TAG: Need = Need {
    lacking: "marks its tag with nothing",
    met: |row| row.scheme.signature.layout != Layout::Bare,
};

impl Attack {
    /// What the provider lacks for the attack to mean anything, as half a sentence; `None` where it applies.
    pub fn lacking(&self, provider: &Provider) -> Option<&'static str> {
        (!(self.needs.met)(provider)).then_some(self.needs.lacking)
    }

    /// The deliveries of a scene, in the order in which they are sent.
    ///
    /// # Errors
    /// As [`hookproof::sign`].
    pub fn deliveries(&self, scene: &Scene<'_>) -> Result<Vec<Delivery>, Error<'static>> {
        (self.copies)(scene, (self.make)(scene)?)
    }
}

/// What an attack is made of.
pub struct Scene<'a> {
    /// Who delivers.
    pub sender: &'a Sender,
    /// The event that is delivered.
    pub event: &'a str,
    /// What time it is.
    pub now: UnixTime,
}

impl Scene<'_> {
    fn scheme(&self) -> &'static Scheme<'static> {
        &self.sender.provider.scheme
    }

    fn valid(&self) -> Result<Delivery, Error<'static>> {
        self.sender.deliver(self.event, self.now)
    }

    fn valid_bytes(&self, payload: impl Into<Vec<u8>>) -> Result<Delivery, Error<'static>> {
        self.sender.sign(payload.into(), self.event, self.now)
    }

    /// A valid delivery of the event with a member `note` that holds these bytes, and so a new one.
    fn noted(&self, note: &[u8]) -> Result<Delivery, Error<'static>> {
        self.valid_bytes(self.noted_payload(note))
    }

    fn noted_payload(&self, note: &[u8]) -> Vec<u8> {
        let mut payload = self.sender.payload(self.event);
        payload.truncate(payload.len().saturating_sub(1));
        [&payload, br#","note":""#.as_slice(), note, br#""}"#].concat()
    }

    fn sender_of_other_secret(&self) -> Result<Sender, Error<'static>> {
        Sender::new(self.sender.provider, OTHER_SECRET)
    }
}

/// A secret that is nobody's. It can be read in every format.
const OTHER_SECRET: &str = "bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBlbmRwb2ludCE=";

/// What most rows have, so that a row says only what is its own.
const ACCEPTED: Attack = Attack {
    id: "",
    title: "",
    why: "",
    expected: Expected::Accept,
    needs: &NOTHING,
    every_event: false,
    at_once: false,
    make: |scene| scene.valid(),
    copies: |_, delivery| Ok(vec![delivery]),
};
const REFUSED: Attack = Attack { expected: Expected::Refuse(UNAUTHENTIC), ..ACCEPTED };

/// Every attack, in the order in which they are sent.
pub fn all() -> impl Iterator<Item = &'static Attack> + Clone {
    [valid::ROWS, payload::ROWS, signature::ROWS, time::ROWS, repeat::ROWS, request::ROWS]
        .into_iter()
        .flatten()
}

/// The headers of a scheme that its signature does not cover.
fn unsigned_headers<'s>(scheme: &Scheme<'s>) -> impl Iterator<Item = &'s str> {
    [unsigned_time(scheme), unsigned_id(scheme)].into_iter().flatten()
}

fn unsigned_time<'s>(scheme: &Scheme<'s>) -> Option<&'s str> {
    match scheme.timestamp {
        Some(TimestampSource::Header(name)) if !scheme.signs_timestamp() => Some(name),
        _ => None,
    }
}

fn unsigned_id<'s>(scheme: &Scheme<'s>) -> Option<&'s str> {
    let id = scheme.id_header().filter(|_| !scheme.content.contains(&Part::Id));
    id.map(|header| header.name)
}

#[cfg(test)]
mod tests;
