//! The commands, each in a file of its own: what it takes, and what it does with it.

use std::env;
use std::fmt::Display;
use std::io::{IsTerminal, stdout};
use std::ops::RangeInclusive;
use std::str::FromStr;

use anyhow::ensure;
use clap::Parser;
use clap::builder::PossibleValuesParser;
use hookproof::providers::Provider;

pub(crate) use said::{say, warn};

mod check;
mod completions;
mod explain;
mod load;
pub(crate) mod misuse;
mod payload;
mod providers;
mod received;
mod said;
mod secret;
mod send;
mod sign;
mod to;
mod verify;

/// Signs, sends, verifies and explains webhooks, and proves that an endpoint lets in what it should and
/// nothing else.
///
/// Exit status: 0 all is well, 1 the endpoint or the delivery is not as it should be, 2 misuse.
#[derive(Parser)]
#[command(
    name = "hookproof",
    version,
    max_term_width = 80,
    after_help = "\
Examples:
  hookproof check kyc http://127.0.0.1:3000/webhooks/kyc --secret-env KYC_SECRET
  hookproof send humiris card.decline http://127.0.0.1:3000/ --secret-env SECRET
  hookproof explain kyc -i delivery.http --secret-env KYC_SECRET
  hookproof providers humiris"
)]
pub(crate) enum Command {
    Sign(sign::Sign),
    Verify(verify::Verify),
    Explain(explain::Explain),
    Providers(providers::Providers),
    Send(send::Send),
    Check(check::CheckCommand),
    Load(load::LoadCommand),
    Completions(completions::Completions),
}

impl Command {
    /// Does what was asked and says whether all is well.
    pub(crate) async fn run(self) -> anyhow::Result<bool> {
        match self {
            Self::Sign(command) => command.run(),
            Self::Verify(command) => command.run(),
            Self::Explain(command) => command.run(),
            Self::Providers(command) => command.run(),
            Self::Send(command) => command.run().await,
            Self::Check(command) => command.run().await,
            Self::Load(command) => command.run().await,
            Self::Completions(command) => command.run(),
        }
    }
}

/// Takes a provider's name.
fn provider_names() -> PossibleValuesParser {
    PossibleValuesParser::new(hookproof::providers::ALL.iter().map(|row| row.scheme.name))
}

fn provider(name: &str) -> anyhow::Result<&'static Provider> {
    hookproof::providers::by_name(name).map_err(|error| anyhow::anyhow!("{name}: {error}"))
}

/// Takes a number within these bounds. Unlike clap's own parser it does not repeat one that is outside.
fn number<T>(bounds: RangeInclusive<T>) -> impl Fn(&str) -> anyhow::Result<T> + Clone
where
    T: Clone + Display + FromStr<Err: std::error::Error + Send + Sync + 'static> + PartialOrd,
{
    move |text| {
        let number = text.parse()?;
        let (least, most) = (bounds.start(), bounds.end());
        ensure!(bounds.contains(&number), "it must be from {least} to {most}");
        Ok(number)
    }
}

/// Whether what is printed is coloured.
fn is_coloured() -> bool {
    colours(stdout().is_terminal())
}

/// Colour is for a terminal whose owner has not said no: <https://no-color.org>.
fn colours(is_terminal: bool) -> bool {
    is_terminal && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
