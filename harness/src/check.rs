//! Sends the attack table to endpoints and judges the answers.

use std::time::Duration;

use anyhow::bail;
use reqwest::Url;

use crate::attack::{ATTACKS, Attack, Expected, Scene};
use crate::delivery::Sender;
use crate::send::{self, Answer, Outcome, Wire};

/// A provider's endpoint.
pub struct Endpoint {
    /// Delivers as the provider does.
    pub sender: Sender,
    /// Where to.
    pub url: Url,
}

/// One line of the report.
pub struct Row {
    /// The provider's name.
    pub provider: &'static str,
    /// The attack's id.
    pub id: &'static str,
    /// What was sent.
    pub case: String,
    /// What should have come of it.
    pub expected: &'static str,
    /// What came of it.
    pub got: &'static str,
    /// The statuses, or what came in their place.
    pub status: String,
    /// How long the slowest answer took.
    pub time: Option<Duration>,
    /// Whether that is as it should be.
    pub verdict: Verdict,
    /// What a wrong answer means for the endpoint.
    pub why: &'static str,
}

/// Whether a row is as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is; with what a reader should know all the same, if anything.
    Right(&'static str),
    /// It is not, because of this.
    Wrong(String),
    /// The attack means nothing here, because the provider does this.
    NotApplicable(&'static str),
}

/// How many rows a check of these endpoints has.
pub fn count(endpoints: &[Endpoint]) -> usize {
    let rows = |endpoint| plan(endpoint).count() + 1;
    endpoints.iter().map(rows).sum()
}

/// Sends every attack to every endpoint, one after the other, and calls `each` after each row.
///
/// # Errors
/// Where nobody answers at all, or a header cannot be sent.
pub async fn run(
    endpoints: &[Endpoint],
    timeout: Duration,
    mut each: impl FnMut(&Row),
) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for endpoint in endpoints {
        let wire = Wire::new(&endpoint.url, timeout)?;
        let provider = endpoint.sender.provider;
        let mut refusals = Refusals::default();
        for (attack, event) in plan(endpoint) {
            let row = match attack.needs.lacking(&provider.scheme) {
                Some(lacking) => not_applicable(endpoint, attack, lacking),
                None => {
                    let answers = send_all(&wire, endpoint, attack, event).await?;
                    if let (true, Outcome::Unreachable(why)) =
                        (rows.is_empty(), &answers[0].outcome)
                    {
                        let url = &endpoint.url;
                        bail!("cannot connect to {url} ({why}): is the receiver running?");
                    }
                    refusals.add(attack.title, &answers);
                    judged(endpoint, attack, event, &answers, timeout)
                }
            };
            each(&row);
            rows.push(row);
        }
        let row = refusals.judged(endpoint);
        each(&row);
        rows.push(row);
    }
    Ok(rows)
}

/// The attacks on an endpoint, with the event that each is made of.
fn plan(endpoint: &Endpoint) -> impl Iterator<Item = (&'static Attack, &'static str)> {
    let events = endpoint.sender.provider.events;
    ATTACKS.iter().flat_map(move |attack| {
        let events = if attack.every_event { events } else { &events[..1] };
        events.iter().map(move |event| (attack, *event))
    })
}

async fn send_all(
    wire: &Wire,
    endpoint: &Endpoint,
    attack: &Attack,
    event: &str,
) -> anyhow::Result<Vec<Answer>> {
    let scene = Scene { sender: &endpoint.sender, event, now: send::now() };
    let delivery = (attack.make)(&scene)?;
    let mut answers = Vec::new();
    for _ in 0..attack.times {
        answers.push(wire.post(&endpoint.url, &delivery).await?);
    }
    Ok(answers)
}

fn judged(
    endpoint: &Endpoint,
    attack: &'static Attack,
    event: &str,
    answers: &[Answer],
    timeout: Duration,
) -> Row {
    let complaint = |answer: &Answer| complaint(attack.expected, &answer.outcome, timeout);
    let wrong = answers.iter().find_map(complaint);
    let status: Vec<_> = answers.iter().map(|answer| status(&answer.outcome)).collect();
    let worst = answers.iter().find(|answer| complaint(answer).is_some());
    let got = worst.or(answers.last()).map_or("nothing", |answer| got(&answer.outcome));
    Row {
        provider: endpoint.sender.provider.scheme.name,
        id: attack.id,
        case: match attack.every_event {
            true => format!("{}: {event}", attack.title),
            false => attack.title.to_owned(),
        },
        expected: expected(attack.expected),
        got,
        status: status.join(" "),
        time: answers.iter().map(|answer| answer.elapsed).max(),
        verdict: wrong.map_or(Verdict::Right(attack.note), Verdict::Wrong),
        why: attack.why,
    }
}

fn not_applicable(endpoint: &Endpoint, attack: &'static Attack, lacking: &'static str) -> Row {
    Row {
        provider: endpoint.sender.provider.scheme.name,
        id: attack.id,
        case: attack.title.to_owned(),
        expected: expected(attack.expected),
        got: "",
        status: String::new(),
        time: None,
        verdict: Verdict::NotApplicable(lacking),
        why: attack.why,
    }
}

fn expected(expected: Expected) -> &'static str {
    match expected {
        Expected::Accept => "accept",
        Expected::Reject => "reject",
    }
}

fn got(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Status(200..300, _) => "accept",
        Outcome::Status(401, _) => "reject",
        Outcome::Status(500.., _) => "error",
        Outcome::Status(..) => "neither",
        Outcome::TimedOut | Outcome::Closed | Outcome::Unreachable(_) => "nothing",
    }
}

fn status(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Status(status, _) => status.to_string(),
        Outcome::TimedOut => "timeout".to_owned(),
        Outcome::Closed => "closed".to_owned(),
        Outcome::Unreachable(_) => "no server".to_owned(),
    }
}

/// What is wrong with an answer, if anything is.
fn complaint(expected: Expected, outcome: &Outcome, timeout: Duration) -> Option<String> {
    let text = match (expected, outcome) {
        (Expected::Accept, Outcome::Status(200..300, _)) => return None,
        (Expected::Reject, Outcome::Status(401, _)) => return None,
        (_, Outcome::Status(500.., _)) => "the endpoint failed on it",
        (Expected::Accept, Outcome::Status(401, _)) => "refused what the provider sends",
        (Expected::Accept, Outcome::Status(..)) => "only 2xx tells the provider that it came",
        (Expected::Reject, Outcome::Status(200..300, _)) => "let in",
        (Expected::Reject, Outcome::Status(..)) => "a refusal is 401, whatever its reason",
        (_, Outcome::Closed) => "closed the connection in place of an answer",
        (_, Outcome::Unreachable(_)) => "cannot be connected to any more",
        (_, Outcome::TimedOut) => {
            return Some(format!("no answer within {} s", timeout.as_secs_f32()));
        }
    };
    Some(text.to_owned())
}

/// The bodies of the refusals: one that differs tells an attacker which check it has passed.
#[derive(Default)]
struct Refusals {
    first: Option<(&'static str, Vec<u8>)>,
    other: Option<&'static str>,
}

impl Refusals {
    fn add(&mut self, title: &'static str, answers: &[Answer]) {
        for answer in answers {
            let Outcome::Status(401, body) = &answer.outcome else {
                continue;
            };
            match &self.first {
                None => self.first = Some((title, body.clone())),
                Some((_, first)) if first == body => {}
                Some(_) => self.other = self.other.or(Some(title)),
            }
        }
    }

    fn judged(self, endpoint: &Endpoint) -> Row {
        let verdict = match (&self.first, self.other) {
            (None, _) => Verdict::Wrong("it refused nothing".to_owned()),
            (Some(_), None) => Verdict::Right(""),
            (Some((first, _)), Some(other)) => {
                Verdict::Wrong(format!("\"{other}\" is answered unlike \"{first}\""))
            }
        };
        Row {
            provider: endpoint.sender.provider.scheme.name,
            id: "refusals-alike",
            case: "all refusals have one body".to_owned(),
            expected: "alike",
            got: match (&self.first, self.other) {
                (None, _) => "nothing",
                (_, None) => "alike",
                (_, Some(_)) => "differ",
            },
            status: String::new(),
            time: None,
            verdict,
            why: "A refusal that says what was wrong tells an attacker what to mend.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_2xx_accepts_and_only_401_rejects() {
        use Expected::{Accept, Reject};
        let right = |expected, status| {
            let outcome = Outcome::Status(status, Vec::new());
            complaint(expected, &outcome, Duration::ZERO).is_none()
        };
        assert!(right(Accept, 200) && right(Accept, 204) && right(Reject, 401));
        for status in [301, 400, 401, 404, 500] {
            assert!(!right(Accept, status), "{status}");
        }
        for status in [200, 204, 301, 400, 403, 413, 500] {
            assert!(!right(Reject, status), "{status}");
        }
    }

    #[test]
    fn no_answer_is_wrong_whatever_was_expected() {
        let unreachable = Outcome::Unreachable(String::new());
        for outcome in [Outcome::TimedOut, Outcome::Closed, unreachable] {
            for expected in [Expected::Accept, Expected::Reject] {
                assert!(complaint(expected, &outcome, Duration::ZERO).is_some());
            }
        }
    }
}
