//! The program as a user starts it: arguments and input in, output and exit status out.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::receiver::SECRET;

/// A secret that is written as names of variables are.
pub(crate) const LETTERS: &str = "ABCDEFGHABCDEFGH";

/// What may stand in an address.
pub(crate) const PASSWORD: &str = "pass-word-of-ada";

pub(crate) fn hookproof(args: &[&str]) -> Output {
    with_input(args, b"")
}

/// Runs it with these bytes as standard input.
pub(crate) fn with_input(args: &[&str], input: &[u8]) -> Output {
    run(command().args(args), input)
}

/// The program, with secrets in its environment.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hookproof"));
    command
        .env("KYC_SECRET", "an example, not a secret")
        .env("BLANK_SECRET", "  ")
        .env("LETTERS_SECRET", LETTERS)
        .env("QUOTED_SECRET", format!("\"{SECRET}\""))
        .env("SECRET", SECRET);
    command
}

/// Runs a command. Nothing that it says holds a secret.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // What does not want it may be gone before it is written.
    drop(child.stdin.take().unwrap().write_all(input));
    let output = child.wait_with_output().unwrap();
    for said in [&output.stdout, &output.stderr] {
        let said = String::from_utf8_lossy(said);
        let secrets = ["not a secret", LETTERS, PASSWORD, SECRET];
        assert!(secrets.iter().all(|secret| !said.contains(secret)), "{said}");
    }
    output
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}
