//! `verify`: would a receiver let this delivery in?

use anyhow::Context;
use clap::Args;
use hookproof::{Options, UnixTime};
use hookproof_harness::wire;

use super::to::SecretArgs;
use super::{payload, provider, provider_names};

/// Verify a delivery and say what it is, or why it is refused.
#[derive(Args)]
#[command(after_help = "\
Examples:
  hookproof verify kyc @body.json -H 'X-Webhook-Signature: sha256=…' --secret-env SECRET
  hookproof verify stripe @body.json -H 'Stripe-Signature: t=1712419200,v1=…' \
    --now 1712419200 --secret-file secret.txt")]
pub(crate) struct Verify {
    /// Whose delivery it is.
    #[arg(value_parser = provider_names())]
    provider: String,
    /// The payload: a text, @ and the path of a file, or @- for standard input.
    payload: String,
    /// A header of the delivery, as `Name: value`. Those that are not the provider's do not matter.
    #[arg(short = 'H', long = "header", value_name = "HEADER", value_parser = header)]
    headers: Vec<(String, String)>,
    #[command(flatten)]
    secret: SecretArgs,
    /// What time it is taken to be, in unix seconds; without it now.
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,
    /// How far a signed time may be from now; without it as far as the provider says.
    #[arg(long, value_name = "SECONDS")]
    tolerance_secs: Option<u64>,
}

impl Verify {
    pub(super) fn run(self) -> anyhow::Result<bool> {
        let provider = provider(&self.provider)?;
        let sender = self.secret.sender(provider)?;
        let payload = payload::read(&self.payload)?;
        let options = Options {
            now: self.now.map_or_else(wire::now, UnixTime::from_secs),
            tolerance_secs: self.tolerance_secs,
        };
        let verdict = sender.verify(self.headers.as_slice(), &payload, &options);
        let delivery = match verdict {
            Ok(delivery) => delivery,
            // The caller's mistakes are misuse; the sender's are the answer.
            Err(error) if matches!(error.code(), "invalid_option" | "invalid_secret") => {
                return Err(error.into());
            }
            Err(error) => {
                println!("{}: {error}", error.code());
                return Ok(false);
            }
        };
        println!("ok");
        let signed = [
            Some("payload"),
            delivery.signs_timestamp().then_some("time"),
            delivery.signs_id().then_some("id"),
        ];
        let facts = [
            ("id", delivery.id().map(|id| id.into_owned())),
            ("time", delivery.timestamp().map(|time| time.to_string())),
            ("signed", Some(signed.into_iter().flatten().collect::<Vec<_>>().join(", "))),
            ("key", delivery.key()),
        ];
        for (name, fact) in facts {
            if let Some(fact) = fact {
                println!("{name:7} {fact}");
            }
        }
        Ok(true)
    }
}

fn header(text: &str) -> anyhow::Result<(String, String)> {
    let (name, value) = text.split_once(':').context("write a header as 'Name: value'")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
