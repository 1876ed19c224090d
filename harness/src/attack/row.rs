//! One row of the attack table.

use hookproof::Error;
use hookproof::providers::Provider;

use super::expected::{Expected, UNAUTHENTIC};
use super::need::{NOTHING, Need};
use super::scene::Scene;
use crate::delivery::Delivery;

/// One row of the table.
pub struct Attack {
    /// Its stable name, for programs.
    pub id: &'static str,
    /// A description of the request, for people.
    pub title: &'static str,
    /// The consequence where an endpoint fails.
    pub why: &'static str,
    /// The answer of a careful endpoint.
    pub expected: Expected,
    /// The requirements on the provider.
    pub needs: &'static Need,
    /// Whether it is made of every documented event, or of the first.
    pub every_event: bool,
    /// Whether the copies are sent at the same instant, or one after the other.
    pub at_once: bool,
    /// Makes the delivery.
    pub make: fn(&Scene<'_>) -> Result<Delivery, Error<'static>>,
    /// The requests of the delivery, in order: one, or copies of it.
    pub copies: fn(&Scene<'_>, Delivery) -> Result<Vec<Delivery>, Error<'static>>,
}

impl Attack {
    /// The requirement that the provider lacks, as half a sentence; `None` where the attack applies.
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

/// The values that most rows have, so that a row states only its own.
pub(super) const ACCEPTED: Attack = Attack {
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
pub(super) const REFUSED: Attack = Attack { expected: Expected::Refuse(UNAUTHENTIC), ..ACCEPTED };
