//! `hookproof`, the command.

use std::process::ExitCode;

use clap::Parser;

mod command;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match command::Command::parse().run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
