//! `send`: deliveries as the provider makes them.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Args;
use futures_util::StreamExt;
use futures_util::stream;
use hookproof::providers::{EventSource, Provider};
use hookproof_harness::endpoint::Endpoint;
use hookproof_harness::pen::visible;
use hookproof_harness::retry::{self, Progress};
use hookproof_harness::wire::{self, Answer, Connections, Outcome, Wire};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use serde_json::Value;

use super::number::number;
use super::output::say;
use super::payload;
use super::provider::{provider, provider_names};
use super::to::To;

/// Send signed deliveries and say what came back.
#[derive(Args)]
#[command(
    allow_missing_positional = true,
    after_help = "\
Examples:
  hookproof send humiris http://127.0.0.1:3000/ --secret-env HUMIRIS_SECRET
  hookproof send humiris card.decline http://127.0.0.1:3000/ \\
    --secret-file secret.txt
  hookproof send kyc http://127.0.0.1:3000/ --secret-env SECRET \\
    --payload @body.json
  hookproof send kyc http://127.0.0.1:3000/ --secret-env SECRET \\
    --count 100 --concurrency 10
  hookproof send immutis http://127.0.0.1:3000/ --secret-env SECRET \\
    --retry --speed 60"
)]
pub(crate) struct Send {
    /// Whose delivery to send.
    #[arg(value_parser = provider_names())]
    provider: String,
    /// The event to deliver, as `hookproof providers <name>` lists them; without it the first.
    event: Option<String>,
    /// The endpoint.
    #[arg(required = true)]
    url: String,
    #[command(flatten)]
    to: To,
    /// The payload in place of the documented one: a text, @ and the path of a file, or @- for standard
    /// input. The event may then have any name.
    #[arg(long, value_name = "PAYLOAD")]
    payload: Option<String>,
    /// How many deliveries to send.
    #[arg(long, default_value_t = 1, value_parser = number(1..=1_000_000_u64))]
    count: u64,
    /// How many of them at a time.
    #[arg(long, default_value_t = 1, value_parser = number(1..=1000_u16))]
    concurrency: u16,
    /// Wait as long as the provider waits, and retry as it does.
    #[arg(long)]
    retry: bool,
    /// How many times faster than the provider to retry.
    #[arg(long, value_name = "TIMES", default_value_t = 1.0, requires = "retry", value_parser = number(0.001..=1e9_f64))]
    speed: f64,
}

impl Send {
    pub(super) async fn run(self) -> anyhow::Result<bool> {
        let provider = provider(&self.provider)?;
        let event = self.event(provider)?;
        let given = self.payload.as_deref().map(payload::read).transpose()?;
        let waits = match self.retry {
            false => Vec::new(),
            true => retry::schedule(provider, self.speed).with_context(|| {
                format!(
                    "{} documents no retries, so there is no schedule to follow",
                    provider.title
                )
            })?,
        };
        let deadline = provider.deadline_secs.filter(|_| self.retry);
        let timeout = deadline.map_or(self.to.timeout(), |secs| Duration::from_secs(secs.into()));
        let endpoint = self.to.endpoint(provider, &self.url)?;
        let round = Round {
            wire: Wire::new(&endpoint.url, endpoint.reach, timeout, Connections::Fresh).await?,
            endpoint,
            event,
            payload: given,
            waits,
            bar: ProgressBar::new(self.count),
            is_one: self.count == 1,
        };
        let style = ProgressStyle::with_template("{wide_bar} {pos} of {len}  {msg}")?;
        round.bar.set_style(style);
        let tally = round.run(self.count, self.concurrency.into()).await;
        round.bar.finish_and_clear();
        let tally = tally?;
        if self.count > 1 {
            say(&(tally.line() + "\n"))?;
        }
        Ok(tally.right == self.count)
    }

    /// The event to deliver. One that the provider does not document is taken only with a payload.
    fn event(&self, provider: &Provider) -> anyhow::Result<String> {
        let first = provider.events.first().copied().unwrap_or_default();
        let event = self.event.as_deref().unwrap_or(first);
        ensure!(
            self.payload.is_some() || provider.events.contains(&event),
            // The event is not repeated, because a secret may have come in its place.
            "{} documents no such event: it is one of {}, or pass --payload",
            provider.title,
            provider.events.join(", ")
        );
        Ok(event.to_owned())
    }
}

/// Deliveries of one event.
struct Round {
    wire: Wire,
    endpoint: Endpoint,
    event: String,
    payload: Option<Vec<u8>>,
    waits: Vec<Duration>,
    bar: ProgressBar,
    is_one: bool,
}

impl Round {
    async fn run(&self, count: u64, concurrency: usize) -> anyhow::Result<Tally> {
        let mut answers = stream::iter(0..count).map(|_| self.one()).buffer_unordered(concurrency);
        let mut tally = Tally::default();
        while let Some(answer) = answers.next().await {
            let answer = answer?;
            if let Outcome::Unreachable(why) = &answer.outcome {
                return Err(wire::unreachable(&self.endpoint.url, why));
            }
            tally.add(&answer);
            self.bar.inc(1);
        }
        Ok(tally)
    }

    async fn one(&self) -> anyhow::Result<Answer> {
        let Endpoint { sender, .. } = &self.endpoint;
        let payload = self.payload.clone().unwrap_or_else(|| sender.payload(&self.event));
        let delivery = sender.sign(payload, &self.event, wire::now())?;
        let label = self.label(&delivery.payload);
        let mut said = Ok(());
        let tell = |progress: Progress<'_>| match progress {
            Progress::Waiting(wait) => {
                self.bar.set_message(format!("next in {}", HumanDuration(wait)));
                self.bar.tick();
            }
            Progress::Answered(attempt, answer) if self.is_one => {
                let line = line(&label, attempt, answer);
                said = self.bar.suspend(|| say(&line));
            }
            Progress::Answered(..) => {}
        };
        let answer = retry::deliver(&self.wire, sender, &delivery, &self.waits, tell).await?;
        said.map(|()| answer)
    }

    /// What a delivery is called: by its event, which a payload that was given may name itself or not at all.
    fn label(&self, payload: &[u8]) -> String {
        match (&self.payload, self.endpoint.sender.provider.event_in) {
            (Some(_), EventSource::Payload(member)) => {
                let event = serde_json::from_slice::<Value>(payload).unwrap_or_default();
                visible(event[member].as_str().unwrap_or("payload"))
            }
            _ => self.event.clone(),
        }
    }
}

fn line(event: &str, attempt: usize, answer: &Answer) -> String {
    let ms = answer.elapsed.as_secs_f64() * 1000.0;
    let came = match &answer.outcome {
        Outcome::TimedOut => "no answer in time".to_owned(),
        Outcome::Closed => "the connection was closed".to_owned(),
        outcome => outcome.word(),
    };
    let again = if attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
    format!("{event}{again}: {came}  ({ms:.1} ms)\n")
}

/// What came of many deliveries.
#[derive(Default)]
struct Tally {
    right: u64,
    words: BTreeMap<String, u64>,
    slowest: Duration,
}

impl Tally {
    fn add(&mut self, answer: &Answer) {
        self.right += u64::from(answer.outcome.is_success());
        *self.words.entry(answer.outcome.word()).or_default() += 1;
        self.slowest = self.slowest.max(answer.elapsed);
    }

    fn line(&self) -> String {
        let words: Vec<_> =
            self.words.iter().map(|(word, times)| format!("{word} ×{times}")).collect();
        format!("{}  (slowest {:.1} ms)", words.join(", "), self.slowest.as_secs_f64() * 1000.0)
    }
}
