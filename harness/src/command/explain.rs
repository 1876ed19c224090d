//! `explain`: why is this delivery refused?

use std::io::{IsTerminal, stderr};

use anyhow::{Context, bail, ensure};
use clap::Args;
use hookproof::explain::{
    Cause, Endpoint, Explanation, Finding, MAX_PAYLOAD_BYTES, Options, Received as Came, explain,
};
use hookproof::providers;
use hookproof_harness::explanation;
use hookproof_harness::json;
use hookproof_harness::pen::{Pen, YELLOW};

use super::output::{colours, is_coloured, say, warn};
use super::provider::{provider, provider_names};
use super::received::{Format, Received};

const REVEALED: &str = "\
warning: the expected signature is a valid one for this payload, whoever holds it:
never show it where somebody else may choose the payload or see the answer.";

const SAVED: &str = "
A delivery that was saved is held against the time at which it came with --now.";

/// Explain why a delivery is refused: what is wrong, what to do, and what speaks for it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  hookproof explain kyc -i delivery.http --secret-env SECRET
  pbpaste | hookproof explain humiris --secret-file secret.txt --now 1712419200
  hookproof explain kyc @body.json -H 'X-Webhook-Signature: sha256=…' \\
    --secret-env SECRET
  hookproof explain stripe -i delivery.har --or github,slack \\
    --secret-env '{PROVIDER}_SECRET'
  hookproof explain kyc -i delivery.http --secret-env SECRET --format json

A delivery is saved as a raw HTTP request, a curl command or a HAR entry. It is
shown in short pieces, and the secret never.")]
pub(crate) struct Explain {
    /// Whose delivery it is.
    #[arg(value_parser = provider_names())]
    provider: String,
    /// Another endpoint of yours, that it may have been meant for; several may be named.
    #[arg(long = "or", value_name = "PROVIDER", value_delimiter = ',', hide_possible_values = true, value_parser = provider_names())]
    others: Vec<String>,
    #[command(flatten)]
    received: Received,
    /// Show the signature that would have been right. It is a valid one: never where somebody else may
    /// choose the payload or see the answer.
    #[arg(long)]
    reveal_expected: bool,
    /// How the explanation is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Explain {
    pub(super) fn run(self) -> anyhow::Result<bool> {
        let explanation = self.explanation()?;
        if explanation.cause == Cause::InvalidOption {
            bail!("{}", explanation.message);
        }
        if self.reveal_expected {
            let pen = Pen { coloured: colours(stderr().is_terminal()) };
            warn(&pen.paint(REVEALED, YELLOW));
        }
        match self.format {
            Format::Text => {
                say(&explanation::write(&explanation, Pen { coloured: is_coloured() }))?;
                let late = |finding: &Finding| finding.cause == Cause::TooOld;
                if self.received.now.is_none() && explanation.evidence.faults.iter().any(late) {
                    say(&format!("{SAVED}\n"))?;
                }
            }
            Format::Json => say(&json::text(&serde_json::to_value(&explanation)?))?,
        }
        Ok(explanation.cause == Cause::Verified)
    }

    fn explanation(&self) -> anyhow::Result<Explanation> {
        let capture = self.received.capture()?;
        let hooks = std::iter::once(&self.provider).chain(&self.others).map(|name| {
            let provider = provider(name)?;
            Ok((provider.scheme, self.received.secret.texts(provider)?))
        });
        let hooks = hooks.collect::<anyhow::Result<Vec<_>>>()?;
        let secrets: Vec<Vec<&[u8]>> =
            hooks.iter().map(|(_, texts)| texts.iter().map(String::as_bytes).collect()).collect();
        let endpoints = hooks.iter().zip(&secrets).map(|((scheme, _), secrets)| Endpoint {
            scheme: *scheme,
            secrets,
            tolerance_secs: self.received.tolerance_secs.filter(|_| scheme.signs_timestamp()),
        });
        let endpoints: Vec<_> = endpoints.collect();
        let (endpoint, others) = endpoints.split_first().context("there is no provider")?;
        let headers = capture.headers.iter();
        let headers: Vec<_> =
            headers.map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        let payload_bytes = capture.payload.len();
        ensure!(
            payload_bytes <= MAX_PAYLOAD_BYTES,
            "the payload has {payload_bytes} bytes; at most {MAX_PAYLOAD_BYTES} can be explained"
        );
        let came = Came { headers: &headers, payload: &capture.payload };
        let options = Options {
            now: self.received.time(),
            table: providers::SCHEMES,
            reveal_expected: self.reveal_expected,
            reveal_signed: false,
        };
        Ok(explain(endpoint, others, &came, &options))
    }
}
