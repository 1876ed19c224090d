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

/// What most rows have, so that a row says only what is its own.
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
