//! `completions`: what a shell needs to complete the command's words.

use clap::{Args, Command};
use clap_complete::Shell;

use super::output::say;

/// Print a shell's completions.
#[derive(Args)]
#[command(after_help = "\
Examples:
  hookproof completions bash \\
    > ~/.local/share/bash-completion/completions/hookproof
  hookproof completions zsh > \"${fpath[1]}/_hookproof\"")]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, mut command: Command) -> anyhow::Result<bool> {
        let mut completions = Vec::new();
        clap_complete::generate(self.shell, &mut command, "hookproof", &mut completions);
        say(&String::from_utf8(completions)?)?;
        Ok(true)
    }
}
