//! Does the time of a refusal tell how near a wrong tag was?

use std::time::Duration;

use anyhow::Context;

use crate::endpoint::Endpoint;
use crate::forge::{reencoded, with_near_tag};
use crate::row::Verdict;
use crate::wire::{self, Answer, Connections, Outcome, Wire};

/// How unlikely a difference must be by chance before it is worth a hint: an endpoint that takes equal time
/// gets a hint once in ten thousand checks.
const HINT_BELOW: f64 = 0.0001;

/// The times of refusals, of tags that are wrong in their last byte and in all of them.
pub struct Timing {
    near: Vec<Duration>,
    far: Vec<Duration>,
    /// Whether a tag found nobody to refuse it.
    is_unreachable: bool,
}

/// Times refusals over one connection, of near and far tags in turn, so that whatever else goes on in the
/// meantime is shared by both.
///
/// # Errors
/// Where a header cannot be sent at all.
pub async fn measure(wire: &Wire, endpoint: &Endpoint, samples: usize) -> anyhow::Result<Timing> {
    let kept = Wire::new(&endpoint.url, endpoint.reach, wire.timeout(), Connections::Kept).await?;
    let encoding = endpoint.sender.provider.scheme.encoding;
    let event = endpoint.sender.provider.events.first().context("a provider has an event")?;
    let mut timing = Timing { near: Vec::new(), far: Vec::new(), is_unreachable: false };
    for index in 0..samples {
        let delivery = endpoint.sender.deliver(event, wire::now())?;
        let far =
            reencoded(encoding, &delivery, |tag| tag.iter_mut().for_each(|byte| *byte ^= 0xFF));
        let near = with_near_tag(delivery.clone());
        let far = delivery.with_tag(far);
        // By turns each goes first.
        let pair = if index % 2 == 0 {
            [(&near, true), (&far, false)]
        } else {
            [(&far, false), (&near, true)]
        };
        for (delivery, is_near) in pair {
            let times = if is_near { &mut timing.near } else { &mut timing.far };
            let answer = kept.send(delivery).await?;
            times.extend(refusal(&answer));
            timing.is_unreachable |= matches!(answer.outcome, Outcome::Unreachable(_));
        }
    }
    Ok(timing)
}

fn refusal(answer: &Answer) -> Option<Duration> {
    matches!(answer.outcome, Outcome::Status(400..500, _)).then_some(answer.elapsed)
}

impl Timing {
    /// A hint where the times differ more than chance explains; never more than a hint.
    pub fn verdict(&self) -> Verdict {
        if self.is_unreachable {
            return Verdict::NotApplicable("cannot be connected to any more");
        }
        if self.near.is_empty() || self.far.is_empty() {
            return Verdict::NotApplicable("refused none of the tags that were timed");
        }
        let p = mann_whitney(&self.near, &self.far);
        let samples = self.near.len().min(self.far.len());
        let [near, far] = [&self.near, &self.far].map(|times| median(times).as_secs_f64() * 1e6);
        let measured = format!("medians {near:.0} and {far:.0} µs, {samples} of each, p = {p:.2}");
        match p < HINT_BELOW {
            true => {
                Verdict::Advice(format!("a hint that tags are compared piece by piece: {measured}"))
            }
            false => Verdict::Right(measured),
        }
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() / 2]
}

/// How likely two samples of one distribution differ at least as much: the Mann-Whitney U test, two-sided,
/// by the normal approximation with ties counted (H. B. Mann and D. R. Whitney, 1947). It compares ranks, so
/// that single slow answers do not decide.
fn mann_whitney(one: &[Duration], other: &[Duration]) -> f64 {
    let mut all: Vec<(Duration, bool)> = one
        .iter()
        .map(|time| (*time, true))
        .chain(other.iter().map(|time| (*time, false)))
        .collect();
    all.sort_unstable_by_key(|(time, _)| *time);
    let (mut rank_sum, mut ties, mut before) = (0.0, 0.0, 0.0);
    for equal in all.chunk_by(|(left, _), (right, _)| left == right) {
        let count = equal.len() as f64;
        let rank = before + (count + 1.0) / 2.0;
        rank_sum += rank * equal.iter().filter(|(_, is_one)| *is_one).count() as f64;
        ties += count.powi(3) - count;
        before += count;
    }
    let (m, n) = (one.len() as f64, other.len() as f64);
    let total = m + n;
    let u = rank_sum - m * (m + 1.0) / 2.0;
    let variance = m * n / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    match variance > 0.0 {
        true => libm::erfc((u - m * n / 2.0).abs() / (2.0 * variance).sqrt()),
        false => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(numbers: &[u64]) -> Vec<Duration> {
        numbers.iter().map(|number| Duration::from_micros(*number)).collect()
    }

    #[test]
    fn the_test_is_the_one_in_the_books() {
        // Scipy's documentation has these two samples: U is 17, and without its correction for continuity p
        // is erfc(7 / sqrt(2 * 5 * 4 * 10 / 12)).
        let x = micros(&[19, 22, 16, 29, 24]);
        let y = micros(&[20, 11, 17, 12]);
        assert!((mann_whitney(&x, &y) - 0.0864).abs() < 0.0001, "{}", mann_whitney(&x, &y));
        assert!((mann_whitney(&x, &x) - 1.0).abs() < 1e-9);
        assert!((mann_whitney(&micros(&[5; 9]), &micros(&[5; 9])) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_difference_is_a_hint_and_noise_is_none() {
        let noise = |seed: u64| (0..100).map(move |index| 1000 + (index * 7919 + seed) % 61);
        let far: Vec<u64> = noise(3).collect();
        let near: Vec<u64> = noise(5).collect();
        let timing =
            |near: &[u64]| Timing { near: micros(near), far: micros(&far), is_unreachable: false };
        let alike = timing(&near);
        assert_eq!(alike.verdict().word(), "ok");
        let slower: Vec<u64> = near.iter().map(|time| time + 25).collect();
        let told = timing(&slower);
        assert_eq!(told.verdict().word(), "advice", "{:?}", told.verdict());
    }

    #[test]
    fn what_was_not_refused_was_not_timed() {
        for (is_unreachable, text) in [(false, "refused none"), (true, "cannot be connected to")] {
            let none = Timing { near: Vec::new(), far: Vec::new(), is_unreachable };
            assert_eq!(none.verdict().word(), "n/a");
            assert!(none.verdict().text().starts_with(text), "{}", none.verdict().text());
        }
    }
}
