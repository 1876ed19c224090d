//! The argument that names a provider.

use clap::builder::PossibleValuesParser;
use hookproof::providers::{self, Provider};

/// Takes a provider's name.
pub(super) fn provider_names() -> PossibleValuesParser {
    PossibleValuesParser::new(providers::ALL.iter().map(|row| row.scheme.name))
}

pub(super) fn provider(name: &str) -> anyhow::Result<&'static Provider> {
    providers::by_name(name).map_err(|error| anyhow::anyhow!("{name}: {error}"))
}
