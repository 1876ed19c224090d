//! One line of a report: what was sent, what came of it, and whether that is right.

use std::time::Duration;

/// One line of a report.
pub struct Row {
    /// The provider's name.
    pub provider: &'static str,
    /// The attack's or the finding's id.
    pub id: &'static str,
    /// What was sent.
    pub title: &'static str,
    /// What should have come of it.
    pub expected: &'static str,
    /// The statuses, or what came in their place.
    pub status: String,
    /// How long the slowest answer took.
    pub time: Option<Duration>,
    /// Whether that is as it should be.
    pub verdict: Verdict,
    /// Whether anything of it was answered 2xx.
    pub came_through: bool,
    /// What a wrong answer means for the endpoint.
    pub why: &'static str,
    /// The command that sends it again, without the secret.
    pub repeat: String,
}

impl Row {
    /// Why the attack means nothing here, as half a sentence; `None` where it applies.
    pub fn lacking(&self) -> Option<&'static str> {
        match self.verdict {
            Verdict::NotApplicable(lacking) => Some(lacking),
            _ => None,
        }
    }
}

/// Whether a row is as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is; with what was measured, if anything.
    Right(String),
    /// It is, but could be better in this.
    Advice(String),
    /// It is not, because of this.
    Wrong(String),
    /// The attack means nothing here, because the provider does this.
    NotApplicable(&'static str),
}

impl Verdict {
    /// The verdict of a row with nothing to say about it.
    pub fn right() -> Self {
        Self::Right(String::new())
    }

    /// Its one word, for programs and for people.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Right(_) => "ok",
            Self::Advice(_) => "advice",
            Self::Wrong(_) => "WRONG",
            Self::NotApplicable(_) => "n/a",
        }
    }

    /// What there is to say about it; empty where it is as it should be.
    pub fn text(&self) -> &str {
        match self {
            Self::Right(text) | Self::Advice(text) | Self::Wrong(text) => text,
            Self::NotApplicable(lacking) => lacking,
        }
    }

    /// Whether the endpoint must be mended.
    pub fn is_wrong(&self) -> bool {
        matches!(self, Self::Wrong(_))
    }
}

/// Whether nothing in the rows is wrong.
pub fn is_right(rows: &[Row]) -> bool {
    !rows.iter().any(|row| row.verdict.is_wrong())
}
