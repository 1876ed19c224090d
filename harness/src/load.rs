//! Many deliveries, some of them tampered with or sent twice: does an endpoint keep its head?

use std::time::{Duration, Instant};

use anyhow::Context;
use futures_util::{StreamExt, future, stream};
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use tokio::time::sleep_until;

use crate::check::Endpoint;
use crate::delivery::Delivery;
use crate::wire::{self, Answer, Connections, Outcome, Wire};

/// The most deliveries that are under way at a stated rate: an endpoint that falls so far behind is down.
const MAX_UNDER_WAY: usize = 1000;

/// The longest latency that is told apart, in microseconds: an hour, as the longest time an answer may take.
const MAX_MICROS: u64 = 3_600_000_000;

/// A load on one endpoint.
pub struct Load {
    /// Where to.
    pub endpoint: Endpoint,
    /// How many deliveries.
    pub pace: Pace,
    /// For how long deliveries are sent.
    pub duration: Duration,
    /// What they are.
    pub mix: Mix,
    /// How long an answer is waited for.
    pub timeout: Duration,
}

/// How many deliveries.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// So many a second, whatever the endpoint does. Latency counts from when a delivery was due.
    Rate(f64),
    /// So many at any time, each sent when another is answered.
    Concurrency(usize),
}

/// What a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As the provider sends it: it must be answered 2xx.
    Valid,
    /// One bit of its payload flipped: it must be refused.
    Tampered,
    /// Two copies at the same instant: each is answered 2xx or 409, and one of them 2xx.
    Duplicated,
}

/// Every kind, with its name.
pub const KINDS: [(Kind, &str); 3] =
    [(Kind::Valid, "valid"), (Kind::Tampered, "tampered"), (Kind::Duplicated, "duplicated")];

/// How many parts of a load are of each kind, in the order of [`KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix(pub [u32; 3]);

impl Mix {
    /// Reads `valid=80,tampered=10,duplicated=10`. What is not named has no part.
    ///
    /// # Errors
    /// Where a kind is unknown, a part is no number up to 1000, or all are 0.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let wanted = || format!("{text} is no mix: write it as valid=80,tampered=10,duplicated=10");
        let mut parts = [0; 3];
        for entry in text.split(',') {
            let (name, part) = entry.split_once('=').with_context(wanted)?;
            let index = KINDS.iter().position(|(_, kind)| *kind == name).with_context(wanted)?;
            let part = part.parse().ok().filter(|part| *part <= 1000).with_context(wanted)?;
            parts[index] = part;
        }
        anyhow::ensure!(parts.iter().any(|part| *part > 0), wanted());
        Ok(Self(parts))
    }

    /// The kind of a delivery: kinds are spread evenly, and a load is the same each time.
    fn kind(self, index: u64) -> Kind {
        // A prime larger than any sum visits every place of the cycle, in no order that a server knows.
        let cycle = u64::from(self.0.iter().sum::<u32>()).max(1);
        let mut place = index.wrapping_mul(7919) % cycle;
        for ((kind, _), part) in KINDS.iter().zip(self.0) {
            match place.checked_sub(part.into()) {
                Some(rest) => place = rest,
                None => return *kind,
            }
        }
        Kind::Valid
    }
}

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

impl Load {
    /// Sends the load and calls `each` after every delivery.
    ///
    /// # Errors
    /// Where the first delivery finds nobody, or a header cannot be sent.
    pub async fn run(&self, mut each: impl FnMut(Duration)) -> anyhow::Result<Loaded> {
        let wire = Wire::new(&self.endpoint.url, self.timeout, Connections::Kept)?;
        let start = Instant::now();
        let under_way = match self.pace {
            Pace::Rate(_) => MAX_UNDER_WAY,
            Pace::Concurrency(count) => count,
        };
        let due = stream::unfold(0_u64, |index| async move {
            let due = match self.pace {
                Pace::Rate(rate) => start + Duration::from_secs_f64(index as f64 / rate),
                Pace::Concurrency(_) => Instant::now(),
            };
            if due >= start + self.duration {
                return None;
            }
            sleep_until(due.into()).await;
            Some(((index, due), index + 1))
        });
        let fired = due.map(|(index, due)| self.fire(&wire, self.mix.kind(index), due));
        let mut fired = std::pin::pin!(fired.buffer_unordered(under_way));
        let mut loaded = Loaded { tallies: [(); 3].map(|()| tally()), elapsed: Duration::ZERO };
        while let Some(fired) = fired.next().await {
            let (kind, latency, answers) = fired?;
            if let (None, [Answer { outcome: Outcome::Unreachable(why), .. }, ..]) =
                (loaded.tallies.iter().find(|tally| tally.sent > 0), answers.as_slice())
            {
                let url = &self.endpoint.url;
                anyhow::bail!("cannot connect to {url} ({why}): is the receiver running?");
            }
            loaded.add(kind, latency, &answers);
            each(start.elapsed());
        }
        loaded.elapsed = start.elapsed();
        Ok(loaded)
    }

    async fn fire(
        &self,
        wire: &Wire,
        kind: Kind,
        due: Instant,
    ) -> anyhow::Result<(Kind, Duration, Vec<Answer>)> {
        let sender = &self.endpoint.sender;
        let event = sender.provider.events.first().context("a provider has an event")?;
        let delivery = sender.deliver(event, wire::now())?;
        let copies = match kind {
            Kind::Valid => vec![delivery],
            Kind::Tampered => vec![tampered(delivery)],
            Kind::Duplicated => vec![delivery; 2],
        };
        let sent = copies.iter().map(|copy| wire.send(&self.endpoint.url, copy));
        let answers = future::try_join_all(sent).await?;
        Ok((kind, due.elapsed(), answers))
    }
}

fn tampered(mut delivery: Delivery) -> Delivery {
    let middle = delivery.payload.len() / 2;
    if let Some(byte) = delivery.payload.get_mut(middle) {
        *byte ^= 1;
    }
    delivery
}

fn tally() -> Tally {
    // Three digits tell 1.23 ms from 1.24 ms.
    let micros = Histogram::new_with_bounds(1, MAX_MICROS, 3).expect("the bounds are in order");
    Tally { sent: 0, right: 0, others: Vec::new(), micros }
}

impl Loaded {
    fn add(&mut self, kind: Kind, latency: Duration, answers: &[Answer]) {
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
    fn a_mix_is_spread_in_its_parts() {
        let mix = Mix::parse("valid=8,tampered=1,duplicated=1").unwrap();
        let kinds: Vec<_> = (0..10).map(|index| mix.kind(index)).collect();
        let count = |wanted| kinds.iter().filter(|kind| **kind == wanted).count();
        assert_eq!([Kind::Valid, Kind::Tampered, Kind::Duplicated].map(count), [8, 1, 1]);
        let only = Mix::parse("tampered=1").unwrap();
        assert!((0..10).all(|index| only.kind(index) == Kind::Tampered));
    }

    #[test]
    fn what_is_no_mix_is_refused_with_one_that_is() {
        for text in ["", "valid", "valid=x", "valid=1001", "wrong=1", "valid=0"] {
            let error = Mix::parse(text).unwrap_err().to_string();
            assert!(error.contains("write it as valid=80"), "{error}");
        }
    }

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
