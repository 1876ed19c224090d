//! `verify`: would a receiver let this delivery in?

use anyhow::Context;
use clap::Args;
use hookproof::{Key, Options};

use super::received::Received;
use super::secret::unusable;
use super::{provider, provider_names, say, warn};

/// Verify a delivery and say what it is, or why it is refused.
#[derive(Args)]
#[command(after_help = "\
Examples:
  hookproof verify kyc -i delivery.http --secret-env SECRET
  pbpaste | hookproof verify humiris --secret-file secret.txt --now 1712419200
  hookproof verify kyc @body.json -H 'X-Webhook-Signature: sha256=…' \\
    --secret-env SECRET
  hookproof verify github -i delivery.har --secret-env OLD --secret-env NEW

A delivery is saved as a raw HTTP request, a curl command or a HAR entry. Where
it is refused, hookproof explain takes the same arguments and says why.")]
pub(crate) struct Verify {
    /// Whose delivery it is.
    #[arg(value_parser = provider_names())]
    provider: String,
    #[command(flatten)]
    received: Received,
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
        match hookproof::verify(scheme, &keys, headers, &capture.payload, &options) {
            Ok(delivery) => say(&facts(&delivery, keys.len()))?,
            // The caller's mistakes are misuse; the sender's are the answer.
            Err(error) if matches!(error.code(), "invalid_option" | "invalid_secret") => {
                return Err(error.into());
            }
            Err(error) => {
                say(&format!("{}: {error}\n", error.code()))?;
                warn("hookproof explain, with the same arguments, says why and what to do.");
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// What is known of a delivery that verifies with one of so many keys.
fn facts(delivery: &hookproof::Delivery<'_, '_>, keys: usize) -> String {
    let signed = [
        Some("payload"),
        delivery.signs_timestamp().then_some("timestamp"),
        delivery.signs_id().then_some("id"),
    ];
    let secret = format!("number {} of {keys}", delivery.secret_index() + 1);
    let facts = [
        ("id", delivery.id().map(|id| id.into_owned())),
        ("timestamp", delivery.timestamp().map(|time| time.to_string())),
        ("signed", Some(signed.into_iter().flatten().collect::<Vec<_>>().join(", "))),
        ("secret", (keys > 1).then_some(secret)),
        ("key", delivery.key()),
    ];
    let known = facts.into_iter().filter_map(|(name, fact)| Some((name, fact?)));
    let lines = known.map(|(name, fact)| format!("{name:9}  {fact}\n"));
    ["ok\n".to_owned()].into_iter().chain(lines).collect()
}
