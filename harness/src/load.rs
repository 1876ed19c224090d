//! Many deliveries, some of them tampered with or sent twice: does an endpoint keep its head?

use std::time::{Duration, Instant};

use anyhow::Context;
use futures_util::{StreamExt, future, stream};
use tokio::time::sleep_until;

use crate::endpoint::Endpoint;
use crate::wire::{self, Answer, Connections, Outcome, Wire};

mod loaded;
mod mix;

pub use loaded::{Loaded, Tally};
pub use mix::{KINDS, Kind, Mix};

/// The most deliveries that are under way at a stated rate: an endpoint that falls so far behind is down.
const MAX_UNDER_WAY: usize = 1000;

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

impl Load {
    /// Sends the load and calls `each` after every delivery.
    ///
    /// # Errors
    /// Where the first delivery finds nobody, or a header cannot be sent.
    pub async fn run(&self, mut each: impl FnMut(Duration)) -> anyhow::Result<Loaded> {
        let wire =
            Wire::new(&self.endpoint.url, self.endpoint.reach, self.timeout, Connections::Kept);
        let wire = wire.await?;
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
        let mut loaded = Loaded::new();
        while let Some(fired) = fired.next().await {
            let (kind, latency, answers) = fired?;
            if let (None, [Answer { outcome: Outcome::Unreachable(why), .. }, ..]) =
                (loaded.tallies.iter().find(|tally| tally.sent > 0), answers.as_slice())
            {
                return Err(wire::unreachable(&self.endpoint.url, why));
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
            Kind::Tampered => vec![delivery.with_flipped_bit()],
            Kind::Duplicated => vec![delivery; 2],
        };
        let sent = copies.iter().map(|copy| wire.send(copy));
        let answers = future::try_join_all(sent).await?;
        Ok((kind, due.elapsed(), answers))
    }
}
