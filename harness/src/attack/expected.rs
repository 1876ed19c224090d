//! The answer of a careful endpoint to a delivery.

/// The answer of a careful endpoint to a delivery.
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
pub(super) const LONG_HEADER: Refusal =
    Refusal { statuses: &[401, 431, 400], alike: false, may_close: true };
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
