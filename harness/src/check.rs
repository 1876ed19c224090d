//! Sends the attack table to endpoints and puts the verdicts together.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::bail;
use futures_util::future::try_join_all;
use reqwest::Url;
use tokio::time::sleep;

use crate::attack::{self, Attack, Expected, Scene};
use crate::curl;
use crate::delivery::{Delivery, Sender};
use crate::finding::{self, Refusals};
use crate::judge::{Judge, busy_for};
use crate::observe::{Observer, Runs};
use crate::row::{Row, Verdict};
use crate::timing;
use crate::wire::{self, Answer, Connections, Outcome, Wire};

/// A provider's endpoint.
pub struct Endpoint {
    /// Delivers as the provider does.
    pub sender: Sender,
    /// Where to.
    pub url: Url,
}

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

/// How often a copy that was answered 409 is sent again.
const MAX_ASKED_AGAIN: usize = 10;
/// The longest wait that a 409 is granted.
const MAX_BUSY: Duration = Duration::from_secs(5);

/// What is said where copies were answered well, and nobody told what came of them.
const UNOBSERVED: &str = "whether it was handled once is seen with --observe alone";

/// How long handlers may go on after their answers, and how often they are looked at.
const SETTLE: Duration = Duration::from_secs(3);
const SETTLE_STEP: Duration = Duration::from_millis(150);

/// One copy of a delivery, and what came of it.
pub(crate) struct Trial {
    /// The event that was delivered.
    pub(crate) event: &'static str,
    /// The answers that said to ask again.
    pub(crate) busy: Vec<Answer>,
    /// The last answer.
    pub(crate) answer: Answer,
    /// What a receiver counts the delivery by; `None` where nobody counts, or others have the same name.
    name: Option<Name>,
}

/// What a receiver may count a delivery by.
struct Name {
    key: String,
    id: Option<String>,
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
        let mut rows = Vec::new();
        for endpoint in &self.endpoints {
            rows.extend(self.endpoint(endpoint, &mut each).await?);
        }
        Ok(rows)
    }

    async fn endpoint(
        &self,
        endpoint: &Endpoint,
        each: &mut impl FnMut(&str),
    ) -> anyhow::Result<Vec<Row>> {
        let wire = Wire::new(&endpoint.url, self.timeout, Connections::Fresh)?;
        if let Some(observer) = &self.observer {
            observer.runs(&wire).await?;
        }
        let mut rows = Vec::new();
        let mut tried = Vec::new();
        let mut refusals = Refusals::default();
        for attack in attack::all().filter(|attack| self.ids.contains(attack.id)) {
            each(attack.title);
            let mut row = blank(endpoint, attack);
            let mut trials = Vec::new();
            match attack.lacking(endpoint.sender.provider) {
                Some(lacking) => row.verdict = Verdict::NotApplicable(lacking),
                None => {
                    trials = self.try_it(&wire, endpoint, attack, &mut row, &mut refusals).await?;
                    if tried.is_empty()
                        && let Some(Outcome::Unreachable(why)) =
                            trials.first().map(|trial| &trial.answer.outcome)
                    {
                        let url = &endpoint.url;
                        bail!("cannot connect to {url} ({why}): is the receiver running?");
                    }
                }
            }
            tried.push((attack, trials));
            rows.push(row);
        }
        let runs = match &self.observer {
            Some(observer) => Some(settled(observer, &wire, &tried).await?),
            None => None,
        };
        for (row, (attack, trials)) in rows.iter_mut().zip(&tried) {
            match runs.as_ref().map(|runs| effect(attack, trials, runs)) {
                Some(Some(text)) if !row.verdict.is_wrong() => row.verdict = Verdict::Wrong(text),
                None if is_repeated(trials) && row.verdict == Verdict::right() => {
                    row.verdict = Verdict::Advice(UNOBSERVED.to_owned());
                }
                _ => {}
            }
        }
        for finding in finding::ALL.iter().filter(|finding| self.ids.contains(finding.id)) {
            each(finding.title);
            let verdict = match finding.id {
                finding::TIMING => {
                    timing::measure(&wire, endpoint, self.timing_samples).await?.verdict()
                }
                _ => refusals.verdict(finding),
            };
            rows.push(finding.row(endpoint, verdict));
        }
        Ok(rows)
    }

    /// Sends an attack, fills its row in and keeps what the refusals looked like.
    async fn try_it(
        &self,
        wire: &Wire,
        endpoint: &Endpoint,
        attack: &'static Attack,
        row: &mut Row,
        refusals: &mut Refusals,
    ) -> anyhow::Result<Vec<Trial>> {
        let provider = endpoint.sender.provider;
        let events = if attack.every_event { provider.events } else { &provider.events[..1] };
        let mut trials = Vec::new();
        for event in events {
            let scene = Scene { sender: &endpoint.sender, event, now: wire::now() };
            let deliveries = attack.deliveries(&scene)?;
            let sent = deliveries.iter().map(|delivery| send(wire, event, endpoint, delivery));
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
                trial.name = self.observer.as_ref().and_then(|_| name(&scene, delivery));
            }
            row.repeat = curl::repeating(endpoint, attack.id, &deliveries);
            trials.extend(answered);
        }
        let judge = Judge {
            expected: attack.expected,
            deadline: provider.deadline_secs.map(|secs| Duration::from_secs(secs.into())),
            timeout: self.timeout,
        };
        row.verdict = judge.of(&trials);
        row.status = statuses(&trials);
        row.time = trials.iter().map(|trial| trial.answer.elapsed).max();
        Ok(trials)
    }
}

/// Sends one copy, again while the endpoint says that another copy is being handled.
async fn send(
    wire: &Wire,
    event: &'static str,
    endpoint: &Endpoint,
    delivery: &Delivery,
) -> anyhow::Result<Trial> {
    let mut busy = Vec::new();
    let mut answer = wire.send(&endpoint.url, delivery).await?;
    while let Some(wait) = busy_for(&answer)
        && busy.len() < MAX_ASKED_AGAIN
    {
        busy.push(answer);
        sleep(wait.min(MAX_BUSY)).await;
        answer = wire.send(&endpoint.url, delivery).await?;
    }
    Ok(Trial { event, busy, answer, name: None })
}

/// The name of a delivery that none before it can have had. Where deduplication goes by the digest, all
/// empty payloads have one name.
fn name(scene: &Scene<'_>, delivery: &Delivery) -> Option<Name> {
    let key = scene.sender.key(delivery, scene.now)?;
    let is_shared = delivery.payload.is_empty() && key.contains(":sha256:");
    (!is_shared).then(|| Name { key, id: delivery.id() })
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

type Tried = (&'static Attack, Vec<Trial>);

/// What was handled, once nothing more is awaited or it has been awaited long enough.
async fn settled(observer: &Observer, wire: &Wire, tried: &[Tried]) -> anyhow::Result<Runs> {
    let mut waited = Duration::ZERO;
    loop {
        // Before the first look too: what is handled a second time may be handled late.
        sleep(SETTLE_STEP).await;
        waited += SETTLE_STEP;
        let runs = observer.runs(wire).await?;
        let is_missing = |(attack, trials): &Tried| effect(attack, trials, &runs).is_some();
        if waited >= SETTLE || !tried.iter().any(is_missing) {
            return Ok(runs);
        }
    }
}

/// Whether an event was delivered more than once.
fn is_repeated(trials: &[Trial]) -> bool {
    let events: BTreeSet<_> = trials.iter().map(|trial| trial.event).collect();
    trials.len() > events.len()
}

/// What is wrong with how often the deliveries of a row were handled, if anything is.
fn effect(attack: &Attack, trials: &[Trial], runs: &Runs) -> Option<String> {
    let mut deliveries: BTreeMap<&str, (BTreeSet<&str>, bool)> = BTreeMap::new();
    for trial in trials {
        let Some(Name { key, id }) = &trial.name else {
            continue;
        };
        let (names, success) = deliveries.entry(key).or_default();
        names.extend(id.iter().chain([key]).map(String::as_str));
        *success |= trial.answer.outcome.is_success();
    }
    deliveries.into_values().find_map(|(names, success)| {
        match (attack.expected, runs.of(&names), success) {
            (Expected::Refuse(_), 1.., _) | (Expected::Answer, 1.., false) => {
                Some("refused, and handled all the same".to_owned())
            }
            (_, times @ 2.., _) => Some(format!("handled {times} times")),
            (Expected::Accept | Expected::Answer, 0, true) => {
                Some("answered 2xx and never handled".to_owned())
            }
            _ => None,
        }
    })
}
