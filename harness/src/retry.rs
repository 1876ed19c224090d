//! One delivery, tried as its provider would: within its deadline, and again by its schedule.

use std::time::Duration;

use hookproof::Error;
use hookproof::providers::Provider;
use tokio::time::sleep;

use crate::delivery::Delivery;
use crate::sender::Sender;
use crate::wire::{self, Answer, Wire};

/// The waits between a provider's attempts, each as many times shorter as `speed` says; `None` where its
/// documents name none.
pub fn schedule(provider: &Provider, speed: f64) -> Option<Vec<Duration>> {
    let waits = provider.retry_secs.iter().map(|secs| f64::from(*secs) / speed);
    (!provider.retry_secs.is_empty()).then(|| waits.map(Duration::from_secs_f64).collect())
}

/// What is told about a delivery while it is tried.
pub enum Progress<'a> {
    /// An answer to the attempt of this number, counted from 1.
    Answered(usize, &'a Answer),
    /// How long it is until the next attempt.
    Waiting(Duration),
}

/// Sends a delivery until an answer is 2xx or the schedule is at its end, and gives the last answer. Every
/// retry is stamped and signed anew.
///
/// # Errors
/// Where a header cannot be sent at all, or the delivery cannot be signed.
pub async fn deliver(
    wire: &Wire,
    sender: &Sender,
    delivery: &Delivery,
    waits: &[Duration],
    mut tell: impl FnMut(Progress<'_>),
) -> anyhow::Result<Answer> {
    let mut answer = wire.send(delivery).await?;
    tell(Progress::Answered(1, &answer));
    for (index, wait) in waits.iter().enumerate() {
        if answer.outcome.is_success() {
            break;
        }
        tell(Progress::Waiting(*wait));
        sleep(*wait).await;
        let again: Result<_, Error<'_>> = sender.again(delivery, wire::now());
        answer = wire.send(&again?).await?;
        tell(Progress::Answered(index + 2, &answer));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hookproof::providers;

    #[test]
    fn the_schedule_is_the_provider_s_own_and_can_be_sped_up() {
        let secs = |speed| {
            let waits = schedule(&providers::IMTEGRATE, speed)?;
            Some(waits.iter().map(Duration::as_secs).collect::<Vec<_>>())
        };
        assert_eq!(secs(1.0), Some(vec![60, 300, 1800, 7200, 43_200]));
        assert_eq!(secs(60.0), Some(vec![1, 5, 30, 120, 720]));
        assert_eq!(schedule(&providers::KYC, 1.0), None);
    }
}
