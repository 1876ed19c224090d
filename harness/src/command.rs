//! The commands, each in a file of its own: what it takes, and what it does with it.

use clap::{CommandFactory, Parser};

mod check;
mod completions;
mod explain;
mod load;
pub(crate) mod misuse;
mod number;
pub(crate) mod output;
mod payload;
mod provider;
mod providers;
mod received;
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
            Self::Completions(command) => command.run(Self::command()),
        }
    }
}
