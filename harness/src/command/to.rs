//! How an endpoint is reached, as every command that reaches one takes it.

use std::time::Duration;

use clap::Args;
use hookproof::providers::Provider;
use hookproof_harness::endpoint::Endpoint;
use hookproof_harness::route::Reach;
use hookproof_harness::target;

use super::secret::SecretArgs;

/// How long an answer is waited for where nothing is said.
const TIMEOUT_SECS: u64 = 10;

/// How to reach the endpoint.
#[derive(Args)]
pub(crate) struct To {
    #[command(flatten)]
    secret: SecretArgs,
    /// Send to other machines than this one.
    #[arg(long)]
    allow_remote: bool,
    /// How long to wait for an answer.
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT_SECS, value_parser = super::number::number(1..=3600_u64))]
    timeout_secs: u64,
}

impl To {
    /// A provider's endpoint at this address.
    pub(crate) fn endpoint(
        &self,
        provider: &'static Provider,
        url: &str,
    ) -> anyhow::Result<Endpoint> {
        let url = target::url(url, provider.scheme.name)?;
        let sender = self.secret.sender(provider)?;
        Ok(Endpoint { sender, url, reach: self.reach(), options: self.options() })
    }

    /// Which machines may be connected to.
    pub(crate) fn reach(&self) -> Reach {
        if self.allow_remote { Reach::AnyMachine } else { Reach::ThisMachine }
    }

    /// The options that reach the same endpoint again, as words.
    fn options(&self) -> Vec<String> {
        let mut options = self.secret.options();
        if self.allow_remote {
            options.push("--allow-remote".to_owned());
        }
        if self.timeout_secs != TIMEOUT_SECS {
            options.extend(["--timeout-secs".to_owned(), self.timeout_secs.to_string()]);
        }
        options
    }

    /// How long to wait for an answer.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_secs)
    }
}
