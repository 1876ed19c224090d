//! How often deliveries were handled, held against how often they should have been.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::sleep;

use crate::attack::{Attack, Expected};
use crate::judge::UNREAD;
use crate::observe::{Observer, Runs};
use crate::row::{Row, Verdict};
use crate::trial::{Attempt, Name, Trial};

/// What is said where copies were answered well, and nobody told what came of them.
const UNOBSERVED: &str = "whether it was handled once is seen with --observe alone";

/// What is said where that is known of a payload that the endpoint failed on.
const HANDLED: &str = "handled a payload that is no JSON, so it verified, and failed on it afterwards: a handler \
    that parses JSON does, and the provider's events are JSON";

/// How long handlers may go on after their answers, and how often they are looked at.
const SETTLE: Duration = Duration::from_secs(3);
const SETTLE_STEP: Duration = Duration::from_millis(150);

/// Puts what the observer says into rows that are right by their statuses; without an observer, that nobody
/// said anything.
pub(crate) async fn judge(
    observer: Option<&Observer>,
    attempts: &[Attempt],
    rows: &mut [Row],
) -> anyhow::Result<()> {
    let runs = match observer {
        Some(observer) => Some(settled(observer, attempts).await?),
        None => None,
    };
    for (row, Attempt { attack, trials }) in rows.iter_mut().zip(attempts) {
        match runs.as_ref().map(|runs| effect(attack, trials, runs)) {
            Some(Some((text, trial))) if !row.verdict.is_wrong() => {
                row.verdict = Verdict::Wrong(text);
                row.repeat = trial.repeat.clone();
            }
            Some(None) if row.verdict.text() == UNREAD && is_handled(trials, runs.as_ref()) => {
                row.verdict = Verdict::Advice(HANDLED.to_owned());
            }
            None if is_repeated(trials) && row.verdict == Verdict::right() => {
                row.verdict = Verdict::Advice(UNOBSERVED.to_owned());
            }
            _ => {}
        }
    }
    Ok(())
}

/// What was handled, once nothing more is awaited or it has been awaited long enough.
async fn settled(observer: &Observer, attempts: &[Attempt]) -> anyhow::Result<Runs> {
    let mut waited = Duration::ZERO;
    loop {
        // Before the first look too: what is handled a second time may be handled late.
        sleep(SETTLE_STEP).await;
        waited += SETTLE_STEP;
        let runs = observer.runs().await?;
        let is_missing =
            |attempt: &Attempt| effect(attempt.attack, &attempt.trials, &runs).is_some();
        if waited >= SETTLE || !attempts.iter().any(is_missing) {
            return Ok(runs);
        }
    }
}

/// Whether an event was delivered more than once.
fn is_repeated(trials: &[Trial]) -> bool {
    let events: BTreeSet<_> = trials.iter().map(|trial| trial.event).collect();
    trials.len() > events.len()
}

/// Whether any of these copies was handled.
fn is_handled(trials: &[Trial], runs: Option<&Runs>) -> bool {
    let names: BTreeSet<_> =
        trials.iter().filter_map(|trial| trial.name.as_ref()).flat_map(Name::texts).collect();
    runs.is_some_and(|runs| runs.of(&names) > 0)
}

/// What is wrong with how often the deliveries of a row were handled, if anything is, and with which.
fn effect<'t>(attack: &Attack, trials: &'t [Trial], runs: &Runs) -> Option<(String, &'t Trial)> {
    let mut deliveries: BTreeMap<&str, (BTreeSet<&str>, bool, &Trial)> = BTreeMap::new();
    for trial in trials {
        let Some(name) = &trial.name else {
            continue;
        };
        let (names, success, _) =
            deliveries.entry(&name.key).or_insert((BTreeSet::new(), false, trial));
        names.extend(name.texts());
        *success |= trial.answer.outcome.is_success();
    }
    deliveries.into_values().find_map(|(names, success, trial)| {
        let text = match (attack.expected, runs.of(&names), success) {
            (Expected::Refuse(_), 1.., _) | (Expected::Answer, 1.., false) => {
                "refused, and handled all the same".to_owned()
            }
            (_, times @ 2.., _) => format!("handled {times} times"),
            (Expected::Accept | Expected::Answer, 0, true) => {
                "answered 2xx and never handled".to_owned()
            }
            _ => return None,
        };
        Some((text, trial))
    })
}
