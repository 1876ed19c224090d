//! One delivery of an attack, sent to an endpoint, and its answers.

use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use tokio::time::sleep;

use crate::attack::{Attack, Scene};
use crate::delivery::Delivery;
use crate::wire::{Answer, Outcome, Wire};

/// The most times that a copy is sent again because the answer was 409.
const MAX_BUSY_ANSWERS: usize = 17;
/// The longest wait after a 409. Node.js and workerd close a connection that was idle for 5 s. A proxy that reuses
/// the connection in that moment answers 502 or 503 in the endpoint's place, so the wait is shorter.
const MAX_BUSY: Duration = Duration::from_secs(3);

/// An attack that was tried, with a trial of each copy. Without any trial, the attack does not apply.
pub(crate) struct Attempt {
    pub(crate) attack: &'static Attack,
    pub(crate) trials: Vec<Trial>,
}

/// One copy of a delivery, and the answers to it.
pub(crate) struct Trial {
    /// The event that was delivered.
    pub(crate) event: &'static str,
    /// The answers that said 409: another copy is being handled.
    pub(crate) busy: Vec<Answer>,
    /// The last answer.
    pub(crate) answer: Answer,
    /// The name by which a receiver counts the delivery. `None` without an observer, or if other deliveries share it.
    pub(crate) name: Option<Name>,
    /// Whether a handler that parses JSON can read the payload.
    pub(crate) is_json: bool,
    /// The command that sends it again.
    pub(crate) repeat: String,
}

impl Trial {
    /// Sends one copy, and sends it again while the endpoint answers that another copy is being handled.
    ///
    /// # Errors
    /// Where a header cannot be sent.
    pub(crate) async fn send(
        wire: &Wire,
        event: &'static str,
        delivery: &Delivery,
    ) -> anyhow::Result<Self> {
        let mut busy = Vec::new();
        let mut answer = wire.send(delivery).await?;
        while let Some(wait) = busy_for(&answer)
            && busy.len() < MAX_BUSY_ANSWERS
        {
            busy.push(answer);
            sleep(wait.min(MAX_BUSY)).await;
            answer = wire.send(delivery).await?;
        }
        Ok(Self { event, busy, answer, name: None, is_json: false, repeat: String::new() })
    }
}

/// How long the endpoint asks the sender to wait, if it answers 409 because the same delivery is being handled.
fn busy_for(answer: &Answer) -> Option<Duration> {
    let Outcome::Status(409, _) = answer.outcome else {
        return None;
    };
    let secs = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Some(Duration::from_secs(secs.unwrap_or(1)))
}

/// The texts by which a receiver may count a delivery.
pub(crate) struct Name {
    /// The key of deduplication.
    pub(crate) key: String,
    id: Option<String>,
}

impl Name {
    /// The name of a delivery, or `None` if an earlier delivery can have the same name: the digest of every
    /// empty payload is equal.
    pub(crate) fn of(scene: &Scene<'_>, delivery: &Delivery) -> Option<Self> {
        let key = scene.sender.key(delivery, scene.now)?;
        let is_shared = delivery.payload.is_empty() && key.contains(":sha256:");
        (!is_shared).then(|| Self { key, id: delivery.id() })
    }

    /// The provider's id, where there is one, and the key.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.id.iter().chain([&self.key]).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderValue};

    use super::*;

    #[test]
    fn a_409_asks_for_a_wait_and_other_answers_do_not() {
        let mut answer = Answer {
            outcome: Outcome::Status(409, Vec::new()),
            headers: HeaderMap::new(),
            elapsed: Duration::ZERO,
        };
        assert_eq!(busy_for(&answer), Some(Duration::from_secs(1)));
        answer.headers.insert(RETRY_AFTER, HeaderValue::from_static("3"));
        assert_eq!(busy_for(&answer), Some(Duration::from_secs(3)));
        answer.outcome = Outcome::Status(200, Vec::new());
        assert_eq!(busy_for(&answer), None);
    }
}
