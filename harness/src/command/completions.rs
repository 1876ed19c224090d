//! `completions`: what a shell needs to complete the command's words.

use std::io::stdout;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print a shell's completions.
#[derive(Args)]
#[command(after_help = "\
Example:
  hookproof completions bash > ~/.local/share/bash-completion/completions/hookproof")]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> anyhow::Result<bool> {
        let mut command = super::Command::command();
        clap_complete::generate(self.shell, &mut command, "hookproof", &mut stdout());
        Ok(true)
    }
}
