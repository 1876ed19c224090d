//! `hookproof`, the command.

// These macros panic where nobody reads any more: what is printed goes through `say` and `warn`.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use clap::Parser;

mod command;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match command::Command::parse().run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            command::warn(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}
