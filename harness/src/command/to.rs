//! How an endpoint is reached, as every command that reaches one takes it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use hookproof::providers::Provider;
use hookproof_harness::check::Endpoint;
use hookproof_harness::delivery::Sender;
use hookproof_harness::secret::Secrets;
use hookproof_harness::target;

/// How to reach the endpoint.
#[derive(Args)]
pub(crate) struct To {
    #[command(flatten)]
    secret: SecretArgs,
    /// Send to other machines than this one.
    #[arg(long)]
    pub(crate) allow_remote: bool,
    /// How long to wait for an answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout_secs: u64,
}

/// The endpoint's secret; without any of these it is asked for. It is never printed.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct SecretArgs {
    /// The endpoint's secret. Other users of this machine can see it: better one of the next two.
    #[arg(long, value_name = "TEXT")]
    secret: Option<String>,
    /// The environment variable that has the secret; `{PROVIDER}` in its name is replaced by the
    /// provider's, in upper case.
    #[arg(long, value_name = "NAME")]
    secret_env: Option<String>,
    /// The file that has the secret and nothing else, but for a line break at its end; `{provider}` in
    /// its name is replaced by the provider's.
    #[arg(long, value_name = "PATH")]
    secret_file: Option<PathBuf>,
}

impl SecretArgs {
    /// Who signs as this provider.
    pub(crate) fn sender(&self, provider: &'static Provider) -> anyhow::Result<Sender> {
        let name = provider.scheme.name;
        let secrets = match (&self.secret, &self.secret_env, &self.secret_file) {
            (Some(text), ..) => Secrets::Text(text.clone()),
            (None, Some(name), _) => Secrets::Env(name.clone()),
            (None, None, Some(path)) => Secrets::File(path.clone()),
            (None, None, None) => Secrets::Prompt,
        };
        Sender::new(provider, &secrets.of(name)?)
            .with_context(|| format!("the secret for {name} cannot be one"))
    }
}

impl To {
    /// A provider's endpoint at this address.
    pub(crate) fn endpoint(
        &self,
        provider: &'static Provider,
        url: &str,
    ) -> anyhow::Result<Endpoint> {
        let url = target::url(url, provider.scheme.name, self.allow_remote)?;
        Ok(Endpoint { sender: self.secret.sender(provider)?, url })
    }

    /// How long to wait for an answer.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_secs)
    }
}
