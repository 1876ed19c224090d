//! Sends the attack table to endpoints and puts the verdicts together.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::try_join_all;
use serde_json::Value;

use crate::attack::{self, Attack, Expected, Scene};
use crate::curl;
use crate::effect;
use crate::endpoint::Endpoint;
use crate::finding::{self, Refusals};
use crate::judge::Judge;
use crate::observe::Observer;
use crate::row::{Row, Verdict};
use crate::timing;
use crate::trial::{Attempt, Name, Trial};
use crate::wire::{self, Connections, Outcome, Wire};

/// What is checked, and how.
pub struct Check {
    /// Where to.
    pub endpoints: Vec<Endpoint>,
    /// How long an answer is waited for.
    pub timeout: Duration,
    /// The ids of attacks and findings that are looked at.
    pub ids: BTreeSet<&'static str>,
    /// Who says how often a delivery was handled.
    pub observer: Option<Observer>,
    /// How many near and how many far tags are timed.
    pub timing_samples: usize,
}

/// The ids of everything that a check can look at, with their titles, in order.
pub fn ids() -> impl Iterator<Item = (&'static str, &'static str)> {
    let attacks = attack::all().map(|attack| (attack.id, attack.title));
    attacks.chain(finding::ALL.iter().map(|finding| (finding.id, finding.title)))
}

impl Check {
    /// How many rows the report will have.
    pub fn count(&self) -> usize {
        self.endpoints.len() * self.ids.len()
    }

    /// Sends every attack to every endpoint, one after the other, and calls `each` before each row.
    ///
    /// # Errors
    /// Where nobody answers at all, a header cannot be sent, or the observer cannot be asked.
    pub async fn run(&self, mut each: impl FnMut(&str)) -> anyhow::Result<Vec<Row>> {
        // Every address is checked before anything is sent to the first.
        let mut wires = Vec::new();
        for Endpoint { url, reach, .. } in &self.endpoints {
            wires.push(Wire::new(url, *reach, self.timeout, Connections::Fresh).await?);
        }
        let mut rows = Vec::new();
        for (endpoint, wire) in self.endpoints.iter().zip(&wires) {
            rows.extend(self.endpoint(endpoint, wire, &mut each).await?);
        }
        Ok(rows)
    }

    async fn endpoint(
        &self,
        endpoint: &Endpoint,
        wire: &Wire,
        each: &mut impl FnMut(&str),
    ) -> anyhow::Result<Vec<Row>> {
        if let Some(observer) = &self.observer {
            observer.runs().await?;
        }
        let mut rows = Vec::new();
        let mut attempts: Vec<Attempt> = Vec::new();
        let mut refusals = Refusals::default();
        for attack in attack::all().filter(|attack| self.ids.contains(attack.id)) {
            each(attack.title);
            let mut row = blank(endpoint, attack);
            let mut trials = Vec::new();
            match attack.lacking(endpoint.sender.provider) {
                Some(lacking) => row.verdict = Verdict::NotApplicable(lacking),
                None => {
                    trials = self.send_attack(wire, endpoint, attack, &mut refusals).await?;
                }
            }
            if attempts.iter().all(|attempt| attempt.trials.is_empty()) {
                ensure_reached(endpoint, &trials)?;
            }
            attempts.push(Attempt { attack, trials });
            rows.push(row);
        }
        self.judge(endpoint, &attempts, &mut rows);
        effect::judge(self.observer.as_ref(), &attempts, &mut rows).await?;
        rows.extend(self.findings(wire, endpoint, &refusals, each).await?);
        Ok(rows)
    }

    async fn findings(
        &self,
        wire: &Wire,
        endpoint: &Endpoint,
        refusals: &Refusals,
        each: &mut impl FnMut(&str),
    ) -> anyhow::Result<Vec<Row>> {
        let mut rows = Vec::new();
        for finding in finding::ALL.iter().filter(|finding| self.ids.contains(finding.id)) {
            each(finding.title);
            let verdict = match finding.id {
                finding::TIMING => {
                    timing::measure(wire, endpoint, self.timing_samples).await?.verdict()
                }
                _ => refusals.verdict(finding),
            };
            rows.push(finding.row(endpoint, verdict));
        }
        Ok(rows)
    }

    /// Fills the rows in, once everything was sent: what one answer means depends on others.
    fn judge(&self, endpoint: &Endpoint, attempts: &[Attempt], rows: &mut [Row]) {
        let deadline_secs = endpoint.sender.provider.deadline_secs;
        let reads_json = attempts.iter().any(|Attempt { attack, trials }| {
            let came_through = |trial: &Trial| trial.is_json && trial.answer.outcome.is_success();
            attack.expected == Expected::Accept && trials.iter().any(came_through)
        });
        for (row, Attempt { attack, trials }) in rows.iter_mut().zip(attempts) {
            let (Some(first), None) = (trials.first(), row.lacking()) else {
                continue;
            };
            let judge = Judge {
                expected: attack.expected,
                deadline: deadline_secs.map(|secs| Duration::from_secs(secs.into())),
                timeout: self.timeout,
                reads_json,
            };
            let (verdict, wrong) = judge.of(trials);
            row.verdict = verdict;
            row.repeat = wrong.unwrap_or(first).repeat.clone();
            row.status = statuses(trials);
            row.time = trials.iter().map(|trial| trial.answer.elapsed).max();
            row.came_through = trials.iter().any(|trial| trial.answer.outcome.is_success());
        }
    }

    /// Sends an attack and keeps what the refusals looked like.
    async fn send_attack(
        &self,
        wire: &Wire,
        endpoint: &Endpoint,
        attack: &'static Attack,
        refusals: &mut Refusals,
    ) -> anyhow::Result<Vec<Trial>> {
        let provider = endpoint.sender.provider;
        let events = if attack.every_event { provider.events } else { &provider.events[..1] };
        let mut trials = Vec::new();
        for event in events {
            let scene = Scene { sender: &endpoint.sender, event, now: wire::now() };
            let deliveries = attack.deliveries(&scene)?;
            let sent = deliveries.iter().map(|delivery| Trial::send(wire, event, delivery));
            let mut answered = match attack.at_once {
                true => try_join_all(sent).await?,
                false => {
                    let mut answered = Vec::new();
                    for trial in sent {
                        answered.push(trial.await?);
                    }
                    answered
                }
            };
            for (delivery, trial) in deliveries.iter().zip(&mut answered) {
                if attack.expected.is_unauthentic() {
                    refusals.add(attack.title, &endpoint.sender, delivery, &trial.answer);
                }
                trial.name = self.observer.as_ref().and_then(|_| Name::of(&scene, delivery));
                trial.is_json = serde_json::from_slice::<Value>(&delivery.payload).is_ok();
                trial.repeat = curl::repeating(endpoint, attack.id, &deliveries);
            }
            trials.extend(answered);
        }
        Ok(trials)
    }
}

/// Fails where the first delivery of all found nobody.
fn ensure_reached(endpoint: &Endpoint, trials: &[Trial]) -> anyhow::Result<()> {
    let first = trials.first().map(|trial| &trial.answer.outcome);
    if let Some(Outcome::Unreachable(why)) = first {
        return Err(wire::unreachable(&endpoint.url, why));
    }
    Ok(())
}

fn blank(endpoint: &Endpoint, attack: &Attack) -> Row {
    Row {
        provider: endpoint.sender.provider.scheme.name,
        id: attack.id,
        title: attack.title,
        expected: attack.expected.word(),
        status: String::new(),
        time: None,
        verdict: Verdict::right(),
        came_through: false,
        why: attack.why,
        repeat: String::new(),
    }
}

/// How often each status came, in the order in which they first did.
fn statuses(trials: &[Trial]) -> String {
    let mut words: Vec<(String, usize)> = Vec::new();
    for answer in trials.iter().flat_map(|trial| trial.busy.iter().chain([&trial.answer])) {
        let word = answer.outcome.word();
        match words.iter_mut().find(|(each, _)| *each == word) {
            Some((_, times)) => *times += 1,
            _ => words.push((word, 1)),
        }
    }
    let counted = |(word, times)| match times {
        1 => word,
        _ => format!("{word} ×{times}"),
    };
    words.into_iter().map(counted).collect::<Vec<_>>().join(" ")
}
