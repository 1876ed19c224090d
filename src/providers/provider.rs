use crate::scheme::Scheme;

/// One row of the table: a scheme, and other facts from the provider's documents.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Provider {
    /// Its scheme.
    pub scheme: Scheme<'static>,
    /// Its name as it writes it.
    pub title: &'static str,
    /// The seconds that it waits for an answer, where documented.
    pub deadline_secs: Option<u32>,
    /// The seconds after each failed attempt until the next, where documented.
    pub retry_secs: &'static [u32],
    /// The event names in its documents, which need not be complete.
    pub events: &'static [&'static str],
    /// The place of an event's name in a delivery.
    pub event_in: EventSource,
    /// A payload of the first event, of the documented shape.
    pub sample: &'static str,
    /// The part of its events that a type checker may rely on.
    pub typed: Typed,
    /// Its `User-Agent`, where documented.
    pub user_agent: Option<&'static str>,
    /// The source of these facts.
    pub docs: &'static str,
    /// Decisions where the documents are silent, and facts that a receiver should know.
    pub notes: &'static [&'static str],
}

/// The place of an event's name in a delivery.
#[derive(Clone, Copy, Debug)]
pub enum EventSource {
    /// In this member at the top level of the payload's JSON.
    Payload(&'static str),
    /// In this header, unsigned.
    Header(&'static str),
}

/// The part of a provider's events that a type checker may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Nothing: `events` names a few of very many.
    Nothing,
    /// The names, and the members at the top level of the sample.
    Names,
    /// These, and all the members of the first event, whose documented payload the sample is.
    Sample,
}
