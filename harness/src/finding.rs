//! What no single answer shows: whether the refusals, taken together, tell an attacker something.

use crate::attack::OTHER_METHOD;
use crate::curl;
use crate::delivery::Delivery;
use crate::endpoint::Endpoint;
use crate::forge::Forgery;
use crate::row::{Row, Verdict};
use crate::sender::Sender;
use crate::wire::{Answer, Outcome};

/// A row about all refusals of an endpoint.
pub struct Finding {
    /// Its stable name, for programs.
    pub id: &'static str,
    /// What is looked at, for people.
    pub title: &'static str,
    /// What it means where it is not so.
    pub why: &'static str,
    /// What is expected, in a word.
    expected: &'static str,
}

const ALIKE: &str = "refusals-alike";
const TAG_KEPT: &str = "tag-kept";
/// The finding that must be measured.
pub(crate) const TIMING: &str = "timing";

/// Every finding, in the order of a report.
pub const ALL: &[Finding] = &[
    Finding {
        id: ALIKE,
        title: "all refusals look the same",
        why: "A refusal that says what was wrong tells an attacker what to mend.",
        expected: "alike",
    },
    Finding {
        id: TAG_KEPT,
        title: "the right tag is in no refusal",
        why: "An endpoint that says which tag it expected signs whatever an attacker sends it.",
        expected: "kept",
    },
    Finding {
        id: TIMING,
        title: "near and far tags take as long",
        why: "Where a nearly right tag takes longer to refuse, it can be guessed piece by piece.",
        expected: "alike",
    },
];

impl Finding {
    pub(crate) fn row(&self, endpoint: &Endpoint, verdict: Verdict) -> Row {
        Row {
            provider: endpoint.sender.provider.scheme.name,
            id: self.id,
            title: self.title,
            expected: self.expected,
            status: String::new(),
            time: None,
            verdict,
            came_through: false,
            why: self.why,
            repeat: curl::checking(endpoint, None),
        }
    }
}

/// The refusals of what lacks a right signature.
#[derive(Default)]
pub(crate) struct Refusals {
    sent: bool,
    refused: bool,
    first: Option<(&'static str, Vec<u8>)>,
    other: Option<&'static str>,
    told: Option<&'static str>,
}

impl Refusals {
    pub(crate) fn add(
        &mut self,
        title: &'static str,
        sender: &Sender,
        delivery: &Delivery,
        answer: &Answer,
    ) {
        self.sent = true;
        let Outcome::Status(status @ 400..500, body) = &answer.outcome else {
            return;
        };
        // Where nothing is, nobody looks at signatures.
        self.refused |= !OTHER_METHOD.statuses.contains(status);
        match &self.first {
            None => self.first = Some((title, body.clone())),
            Some((_, first)) if first == body => {}
            Some(_) => self.other = self.other.or(Some(title)),
        }
        if tells_tag(sender, delivery, answer, body) {
            self.told = self.told.or(Some(title));
        }
    }

    pub(crate) fn verdict(&self, finding: &Finding) -> Verdict {
        match (finding.id, &self.first, self.other, self.told) {
            (TAG_KEPT, .., Some(title)) => {
                Verdict::Wrong(format!("\"{title}\" is answered with the right tag"))
            }
            _ if !self.sent => Verdict::NotApplicable("was sent nothing to refuse"),
            _ if !self.refused => Verdict::NotApplicable("refused nothing"),
            (ALIKE, Some((first, _)), Some(other), _) => {
                Verdict::Wrong(format!("\"{other}\" is answered unlike \"{first}\""))
            }
            _ => Verdict::right(),
        }
    }
}

/// Whether an answer holds the tag that would have been right, and that the request did not hold.
fn tells_tag(sender: &Sender, delivery: &Delivery, answer: &Answer, body: &[u8]) -> bool {
    let tag = Forgery::of(sender, delivery).tag().to_ascii_lowercase().into_bytes();
    let holds = |text: &[u8]| text.to_ascii_lowercase().windows(tag.len()).any(|each| each == tag);
    let asked = delivery.headers.iter().any(|(_, value)| holds(value));
    !asked && (holds(body) || answer.headers.values().any(|value| holds(value.as_bytes())))
}
