//! `hookproof`, the command.

// These macros panic where nobody reads any more: what is printed goes through `say` and `warn`.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use std::env;
use std::process::ExitCode;

use clap::Parser;
use hookproof_harness::pen::visible;

mod command;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let command = match command::Command::try_parse() {
        Ok(command) => command,
        Err(error) => {
            let args: Vec<_> =
                env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
            command::misuse::hidden(error, &args).exit()
        }
    };
    match command.run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // It may name what a sender or a receiver wrote.
            command::output::warn(&format!("error: {}", visible(&format!("{error:#}"))));
            ExitCode::from(2)
        }
    }
}
