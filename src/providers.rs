//! The provider table: one row for each sender, and no code that knows any of them.

use crate::Error;
use crate::scheme::Scheme;

mod first_five;
mod vendors;

pub use first_five::{HUMIRIS, IMMUNE, IMMUTIS, IMTEGRATE, KYC};
pub use vendors::{GITHUB, SHOPIFY, SLACK, STANDARD_WEBHOOKS, STRIPE};

/// One row: a scheme, and what else the provider's documents say.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Provider {
    /// How it signs.
    pub scheme: Scheme<'static>,
    /// Its name as it writes it.
    pub title: &'static str,
    /// How long it waits for an answer, in seconds, where documented.
    pub deadline_secs: Option<u32>,
    /// How long after each failed attempt it tries again, in seconds, where documented.
    pub retry_secs: &'static [u32],
    /// The event names its documents give. They need not be all it sends.
    pub events: &'static [&'static str],
    /// Where an event's name stands in a delivery.
    pub event_in: EventSource,
    /// A payload of the first event, of the documented shape.
    pub sample: &'static str,
    /// How much of its events a type checker may rely on.
    pub typed: Typed,
    /// What it calls itself, where documented.
    pub user_agent: Option<&'static str>,
    /// Where these facts were read.
    pub docs: &'static str,
    /// What the documents leave open and was decided here, and what a receiver should know.
    pub notes: &'static [&'static str],
}

/// Where an event's name stands in a delivery.
#[derive(Clone, Copy, Debug)]
pub enum EventSource {
    /// Under this member at the top level of the payload's JSON.
    Payload(&'static str),
    /// In this header, unsigned.
    Header(&'static str),
}

/// How much of a provider's events a type checker may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Nothing: `events` names a few of very many.
    Nothing,
    /// The names, and the members that stand at the top of the sample.
    Names,
    /// These, and all the members of the first event, whose documented payload the sample is.
    Sample,
}

macro_rules! table {
    ($($ROW:ident),+) => {
        /// Every row, in the order of the table.
        pub const ALL: &[Provider] = &[$($ROW),+];

        /// Every row's scheme, without the prose beside it.
        pub const SCHEMES: &[Scheme<'static>] = &[$($ROW.scheme),+];
    };
}

table!(IMMUTIS, IMMUNE, HUMIRIS, KYC, IMTEGRATE, STRIPE, GITHUB, SLACK, SHOPIFY, STANDARD_WEBHOOKS);

/// The row with this name.
///
/// # Errors
/// `unknown_provider`.
///
/// ```
/// use hookproof::providers;
///
/// assert_eq!(providers::by_name("kyc")?.scheme.signature.name, "X-Webhook-Signature");
/// assert_eq!(providers::by_name("acme").unwrap_err().code(), "unknown_provider");
/// # Ok::<(), hookproof::Error<'static>>(())
/// ```
pub fn by_name(name: &str) -> Result<&'static Provider, Error<'static>> {
    ALL.iter().find(|row| row.scheme.name == name).ok_or(Error::UnknownProvider {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_valid_and_its_name_is_its_own() {
        for (index, row) in ALL.iter().enumerate() {
            assert_eq!(row.scheme.validate(), Ok(()), "{}", row.title);
            let first = ALL.iter().position(|other| other.scheme.name == row.scheme.name);
            assert_eq!(first, Some(index), "{}", row.title);
            assert!(!row.docs.is_empty() && !row.events.is_empty(), "{}", row.title);
        }
    }
}
