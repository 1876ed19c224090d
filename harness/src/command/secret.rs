//! Secrets, as every command takes them.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::{Args, ValueHint};
use hookproof::providers::Provider;
use hookproof_harness::secret::Secrets;
use hookproof_harness::sender::Sender;

/// The endpoint's secret; without any of these it is asked for. It is never printed.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct SecretArgs {
    /// The endpoint's secret. Other users of this machine can see it: better one of the next two.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    secret: Vec<String>,
    /// The environment variable that has the secret; `{PROVIDER}` in its name is replaced by the
    /// provider's, in upper case.
    #[arg(long, value_name = "NAME")]
    secret_env: Vec<String>,
    /// The file that has the secret and nothing else, but for a line break at its end; `{provider}` in
    /// its name is replaced by the provider's.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    secret_file: Vec<PathBuf>,
}

/// What is said of a secret that no key can be made of.
pub(super) fn unusable(provider: &str) -> String {
    format!("the secret for {provider} cannot be used")
}

impl SecretArgs {
    /// Who signs as this provider.
    pub(crate) fn sender(&self, provider: &'static Provider) -> anyhow::Result<Sender> {
        let sources = self.sources();
        ensure!(
            sources.len() == 1,
            "one secret signs, and {} were named: verify and explain take several",
            sources.len()
        );
        let name = provider.scheme.name;
        Sender::new(provider, &sources[0].of(name)?).with_context(|| unusable(name))
    }

    /// The options that name the same secrets again, as words and without a secret.
    pub(crate) fn options(&self) -> Vec<String> {
        self.sources().iter().flat_map(Secrets::option).collect()
    }

    /// The secrets that an endpoint of this provider takes: several where one is being replaced.
    pub(crate) fn texts(&self, provider: &Provider) -> anyhow::Result<Vec<String>> {
        self.sources().iter().map(|source| source.of(provider.scheme.name)).collect()
    }

    fn sources(&self) -> Vec<Secrets> {
        let texts = self.secret.iter().cloned().map(Secrets::Text);
        let variables = self.secret_env.iter().cloned().map(Secrets::Env);
        let files = self.secret_file.iter().cloned().map(Secrets::File);
        let named: Vec<_> = texts.chain(variables).chain(files).collect();
        if named.is_empty() { vec![Secrets::Prompt] } else { named }
    }
}
