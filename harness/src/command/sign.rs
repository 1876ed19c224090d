//! `sign`: the headers that a provider would send with a payload.

use anyhow::ensure;
use clap::{Args, ValueEnum};
use hookproof::UnixTime;
use hookproof_harness::curl;
use hookproof_harness::delivery::{Delivery, Writing};
use hookproof_harness::json;
use hookproof_harness::target;
use hookproof_harness::wire;
use uuid::Uuid;

use super::output::say;
use super::payload;
use super::provider::{provider, provider_names};
use super::secret::SecretArgs;

/// Sign a payload and print the headers that carry signature, time and id.
#[derive(Args)]
#[command(after_help = "\
Examples:
  hookproof sign immutis '{\"id\":\"evt_1\"}' --secret-env IMMUTIS_SECRET
  hookproof sign kyc @body.json --secret-file secret.txt --format json
  hookproof sign stripe @- --secret-env STRIPE_SECRET --format curl < body.json")]
pub(crate) struct Sign {
    /// As whom to sign.
    #[arg(value_parser = provider_names())]
    provider: String,
    /// The payload: a text, @ and the path of a file, or @- for standard input.
    payload: String,
    #[command(flatten)]
    secret: SecretArgs,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Headers)]
    format: Format,
    /// The address in the curl command.
    #[arg(long, default_value = "http://127.0.0.1:3000/")]
    url: String,
    /// The id, where the provider has a header for it; without it a new one.
    #[arg(long)]
    id: Option<String>,
    /// The time of signing, in unix seconds; without it now.
    #[arg(long, value_name = "SECONDS")]
    timestamp: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// `Name: value`, a line each.
    Headers,
    /// One object.
    Json,
    /// A command that sends the payload with its headers.
    Curl,
}

impl Sign {
    pub(super) fn run(self) -> anyhow::Result<bool> {
        let provider = provider(&self.provider)?;
        ensure!(
            self.id.is_none() || provider.scheme.id_header().is_some(),
            "--id: {} has no header for an id",
            provider.title
        );
        let url = target::url(&self.url, &self.provider)?;
        let sender = self.secret.sender(provider)?;
        let payload = payload::read(&self.payload)?;
        let now = self.timestamp.map_or_else(wire::now, UnixTime::from_secs);
        let unsigned = Delivery { provider, headers: Vec::new(), payload, writing: Writing::Usual };
        let id = self.id.or_else(|| unsigned.id()).unwrap_or_else(|| Uuid::new_v4().to_string());
        let headers = sender.headers(&unsigned.payload, &id, now)?;
        let texts = headers.iter().map(|(name, value)| (name, String::from_utf8_lossy(value)));
        match self.format {
            Format::Headers => {
                let lines: String =
                    texts.map(|(name, value)| format!("{name}: {value}\n")).collect();
                say(&lines)?;
            }
            Format::Json => {
                let object: serde_json::Map<_, _> =
                    texts.map(|(name, value)| (name.clone(), value.into())).collect();
                say(&json::text(&serde_json::Value::Object(object)))?;
            }
            Format::Curl => {
                let json = ("Content-Type".to_owned(), b"application/json".to_vec());
                let headers = [json].into_iter().chain(headers).collect();
                say(&(curl::command(&url, &Delivery { headers, ..unsigned }) + "\n"))?;
            }
        }
        Ok(true)
    }
}
