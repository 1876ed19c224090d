//! `verify`: would a receiver let this delivery in?

use anyhow::{Context, bail};
use clap::Args;
use hookproof::{Delivery, Error, Key, Options, UnixTime};
use hookproof_harness::json;
use hookproof_harness::pen::visible;
use serde_json::{Value, json};

use super::output::{say, warn};
use super::provider::{provider, provider_names};
use super::received::{Format, Received};
use super::secret::unusable;

/// Verify a delivery and say what it is, or why it is refused.
#[derive(Args)]
#[command(after_help = "\
Examples:
  hookproof verify kyc -i delivery.http --secret-env SECRET
  pbpaste | hookproof verify humiris --secret-file secret.txt --now 1712419200
  hookproof verify kyc @body.json -H 'X-Webhook-Signature: sha256=…' \\
    --secret-env SECRET
  hookproof verify github -i delivery.har --secret-env OLD --secret-env NEW
  hookproof verify kyc -i delivery.http --secret-env SECRET --format json

A delivery is saved as a raw HTTP request, a curl command or a HAR entry. Where
it is refused, hookproof explain takes the same arguments and says why.")]
pub(crate) struct Verify {
    /// Whose delivery it is.
    #[arg(value_parser = provider_names())]
    provider: String,
    #[command(flatten)]
    received: Received,
    /// How the verdict is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Verify {
    pub(super) fn run(self) -> anyhow::Result<bool> {
        let provider = provider(&self.provider)?;
        let scheme = &provider.scheme;
        let capture = self.received.capture()?;
        let secrets = self.received.secret.texts(provider)?;
        let keys = secrets.iter().map(|secret| Key::new(secret.as_bytes(), scheme.secret));
        let keys = keys.collect::<Result<Vec<_>, _>>().with_context(|| unusable(scheme.name))?;
        let options =
            Options { now: self.received.time(), tolerance_secs: self.received.tolerance_secs };
        let headers = capture.headers.as_slice();
        let verified = hookproof::verify(scheme, &keys, headers, &capture.payload, &options);
        match (&verified, self.format) {
            // The caller's mistakes are misuse; the sender's are the answer.
            (Err(error), _) if matches!(error.code(), "invalid_option" | "invalid_secret") => {
                bail!("{error}");
            }
            (Ok(delivery), Format::Text) => say(&facts(delivery, keys.len()))?,
            (Err(error), Format::Text) => {
                say(&format!("{}: {error}\n", error.code()))?;
                warn("hookproof explain, with the same arguments, says why and what to do.");
            }
            (verdict, Format::Json) => say(&json::text(&object(verdict)))?,
        }
        Ok(verified.is_ok())
    }
}

/// The parts of a delivery that its signature covers.
fn signed(delivery: &Delivery<'_, '_>) -> Vec<&'static str> {
    let signed = [
        Some("payload"),
        delivery.signs_timestamp().then_some("timestamp"),
        delivery.signs_id().then_some("id"),
    ];
    signed.into_iter().flatten().collect()
}

/// What is known of a delivery that verifies with one of so many keys.
fn facts(delivery: &Delivery<'_, '_>, keys: usize) -> String {
    let secret = format!("number {} of {keys}", delivery.secret_index() + 1);
    let facts = [
        ("id", delivery.id().map(|id| id.into_owned())),
        ("timestamp", delivery.timestamp().map(|time| time.to_string())),
        ("signed", Some(signed(delivery).join(", "))),
        ("secret", (keys > 1).then_some(secret)),
        ("key", delivery.key()),
    ];
    let known = facts.into_iter().filter_map(|(name, fact)| Some((name, fact?)));
    let lines = known.map(|(name, fact)| format!("{name:9}  {}\n", visible(&fact)));
    ["ok\n".to_owned()].into_iter().chain(lines).collect()
}

/// The verdict as `check` of the package gives it, the payload left out.
fn object(verdict: &Result<Delivery<'_, '_>, Error<'_>>) -> Value {
    match verdict {
        Ok(delivery) => json!({
            "ok": true,
            "delivery": {
                "provider": delivery.provider(),
                "id": delivery.id(),
                "timestamp": delivery.timestamp().map(UnixTime::as_secs),
                "signed": signed(delivery),
                "secretIndex": delivery.secret_index(),
                "key": delivery.key(),
            },
        }),
        Err(error) => json!({ "ok": false, "code": error.code(), "message": error.to_string() }),
    }
}
