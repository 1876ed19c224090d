//! What came of a load.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use super::mix::{KINDS, Kind};
use crate::wire::{Answer, Outcome};

/// The longest latency that is told apart, in microseconds: an hour, as the longest time an answer may take.
const MAX_MICROS: u64 = 3_600_000_000;

/// What came of the deliveries of one kind.
#[derive(Clone, Debug)]
pub struct Tally {
    /// How many there were.
    pub sent: u64,
    /// How many were answered as they should be.
    pub right: u64,
    /// What the others were answered, by word, in the order in which it came.
    pub others: Vec<(String, u64)>,
    /// How long the answers took, in microseconds.
    pub micros: Histogram<u64>,
}

/// What came of a load.
pub struct Loaded {
    /// For each kind, in the order of [`KINDS`].
    pub tallies: [Tally; 3],
    /// How long it took, the last answer included.
    pub elapsed: Duration,
}

fn tally() -> Tally {
    // Three digits tell 1.23 ms from 1.24 ms.
    let micros = Histogram::new_with_bounds(1, MAX_MICROS, 3).expect("the bounds are in order");
    Tally { sent: 0, right: 0, others: Vec::new(), micros }
}

impl Loaded {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { tallies: [(); 3].map(|()| tally()), elapsed: Duration::ZERO }
    }

    pub(super) fn add(&mut self, kind: Kind, latency: Duration, answers: &[Answer]) {
        let index = KINDS.iter().position(|(each, _)| *each == kind).unwrap_or_default();
        let tally = &mut self.tallies[index];
        tally.sent += 1;
        tally.micros.saturating_record(latency.as_micros().try_into().unwrap_or(MAX_MICROS));
        if is_right(kind, answers) {
            tally.right += 1;
            return;
        }
        let words: Vec<_> = answers.iter().map(|answer| answer.outcome.word()).collect();
        let word = words.join(" and ");
        match tally.others.iter_mut().find(|(each, _)| *each == word) {
            Some((_, times)) => *times += 1,
            None => tally.others.push((word, 1)),
        }
    }

    /// Whether every delivery was answered as it should be, and there was one.
    pub fn is_right(&self) -> bool {
        self.tallies.iter().all(|tally| tally.right == tally.sent)
            && self.tallies.iter().any(|tally| tally.sent > 0)
    }

    /// Whether valid deliveries were sent, and none of them was right.
    pub fn is_shut(&self) -> bool {
        let mut valid = KINDS
            .iter()
            .zip(&self.tallies)
            .filter(|((kind, _), tally)| *kind != Kind::Tampered && tally.sent > 0);
        valid.clone().next().is_some() && valid.all(|(_, tally)| tally.right == 0)
    }

    /// How many deliveries were answered in a second.
    pub fn rate(&self) -> f64 {
        let sent: u64 = self.tallies.iter().map(|tally| tally.sent).sum();
        sent as f64 / self.elapsed.as_secs_f64()
    }

    /// The result as a JSON object.
    pub fn json(&self) -> Value {
        let kinds = KINDS.iter().zip(&self.tallies).map(|((_, name), tally)| {
            let others = tally.others.iter().map(|(word, times)| (word.clone(), (*times).into()));
            let millis =
                tally.millis().map(|(quantile, millis)| (quantile.to_owned(), millis.into()));
            let tally = json!({
                "sent": tally.sent,
                "right": tally.right,
                "others": Value::Object(others.collect()),
                "milliseconds": Value::Object(millis.into_iter().collect()),
            });
            ((*name).to_owned(), tally)
        });
        json!({
            "ok": self.is_right(),
            "seconds": self.elapsed.as_secs_f64(),
            "perSecond": self.rate(),
            "kinds": Value::Object(kinds.collect()),
        })
    }
}

fn is_right(kind: Kind, answers: &[Answer]) -> bool {
    let all = |wanted: fn(&Outcome) -> bool| answers.iter().all(|answer| wanted(&answer.outcome));
    let any = answers.iter().any(|answer| answer.outcome.is_success());
    match kind {
        Kind::Valid => all(Outcome::is_success),
        Kind::Tampered => all(|outcome| matches!(outcome, Outcome::Status(400..500, _))),
        Kind::Duplicated => {
            any && all(|outcome| matches!(outcome, Outcome::Status(200..300 | 409, _)))
        }
    }
}

impl Tally {
    /// The quantiles of a report, in milliseconds.
    pub fn millis(&self) -> [(&'static str, f64); 5] {
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0)]
            .map(|(name, quantile)| (name, self.micros.value_at_quantile(quantile) as f64 / 1000.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tampered_delivery_must_be_refused_and_one_copy_of_two_let_in() {
        let answers = |statuses: &[u16]| -> Vec<Answer> {
            let outcomes = statuses.iter().map(|status| Outcome::Status(*status, Vec::new()));
            let answer = |outcome| Answer {
                outcome,
                headers: reqwest::header::HeaderMap::new(),
                elapsed: Duration::ZERO,
            };
            outcomes.map(answer).collect()
        };
        assert!(is_right(Kind::Valid, &answers(&[204])));
        assert!(!is_right(Kind::Valid, &answers(&[409])));
        assert!(is_right(Kind::Tampered, &answers(&[401])));
        for status in [200, 302, 500] {
            assert!(!is_right(Kind::Tampered, &answers(&[status])), "{status}");
        }
        assert!(is_right(Kind::Duplicated, &answers(&[200, 409])));
        assert!(!is_right(Kind::Duplicated, &answers(&[409, 409])));
        assert!(!is_right(Kind::Duplicated, &answers(&[200, 500])));
    }
}
