//! A receiver of webhooks, started as a process of its own: that it listens, what it says, that it ends.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher};
use std::io::{BufRead, BufReader};
use std::mem;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver as Lines};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use hookproof::providers::{self, Provider};

use crate::wasm;

/// The receivers have a path of its own for each of the first five rows.
pub(crate) const PROVIDERS: [&Provider; 5] = [
    &providers::IMMUTIS,
    &providers::IMMUNE,
    &providers::HUMIRIS,
    &providers::KYC,
    &providers::IMTEGRATE,
];

/// How long a receiver may take to start, or to write what it has done.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Where the receiver's standard error goes: a line for each refusal.
pub(crate) const LOG: &str = "server.log";

/// A receiver that listens. It is stopped when this is dropped, whatever happened.
pub(crate) struct Receiver {
    process: Child,
    lines: Lines<String>,
    /// Where it listens, without a slash at its end.
    pub(crate) address: String,
}

impl Receiver {
    /// Starts it in a folder, with secrets, and waits until it has said where it listens.
    pub(crate) fn start(
        command: &mut Command,
        folder: &Path,
        secrets: &[(String, String)],
    ) -> anyhow::Result<Self> {
        let mut process = command
            .env("PORT", "0")
            .envs(secrets.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.join(LOG))?)
            .spawn()
            .with_context(|| format!("cannot start {command:?}"))?;
        let stdout = process.stdout.take().context("no standard output")?;
        let (sender, lines) = mpsc::channel();
        // Reads to the end, so that the receiver never waits for its output to be read.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                drop(sender.send(line));
            }
        });
        let mut receiver = Self { process, lines, address: String::new() };
        let said = receiver
            .read_until(|line| address_in(line).is_some())
            .with_context(|| fs::read_to_string(folder.join(LOG)).unwrap_or_default())?;
        let address = said.last().and_then(|line| address_in(line));
        address.unwrap_or_default().clone_into(&mut receiver.address);
        Ok(receiver)
    }

    /// The lines that it wrote since they were last asked for, up to the first that is looked for.
    pub(crate) fn read_until(
        &self,
        mut is_last: impl FnMut(&str) -> bool,
    ) -> anyhow::Result<Vec<String>> {
        let deadline = Instant::now() + TIMEOUT;
        let mut said = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else {
                bail!("the receiver did not say what it should; it said:\n\n{}", said.join("\n"))
            };
            said.push(line);
            if said.last().is_some_and(|line| is_last(line)) {
                return Ok(said);
            }
        }
    }

    /// Stops it, and gives the lines that nobody has asked for.
    pub(crate) fn stop(mut self) -> Vec<String> {
        let lines = mem::replace(&mut self.lines, mpsc::channel().1);
        drop(self);
        lines.iter().collect()
    }
}

impl Drop for Receiver {
    // With the group whose head it is, if it is one: tools start processes of their own. It may have ended by
    // itself, and then there is nothing to stop.
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        let mut kill = Command::new("kill");
        drop(kill.args(["-KILL", "--", &group]).stderr(Stdio::null()).status());
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The harness's check of a receiver, with everything it has for each provider.
pub(crate) fn check(address: &str, secrets: &[(String, String)]) -> Command {
    let mut check = wasm::cargo();
    check.args(["run", "--quiet", "--locked", "--package", "hookproof-harness", "--", "check"]);
    check.arg(PROVIDERS.map(|provider| provider.scheme.name).join(","));
    check.arg(format!("{address}/webhooks/{{provider}}"));
    check.args(["--secret-env", "{PROVIDER}_WEBHOOK_SECRET"]).envs(secrets.iter().cloned());
    check
}

/// A secret for each provider, by the environment variable from which both sides read it.
pub(crate) fn secrets() -> Vec<(String, String)> {
    PROVIDERS.iter().map(|provider| (variable(provider), random_secret())).collect()
}

fn variable(provider: &Provider) -> String {
    format!("{}_WEBHOOK_SECRET", provider.scheme.name.to_ascii_uppercase())
}

/// A secret for one run. It protects nothing, but no two are alike.
fn random_secret() -> String {
    let word = || RandomState::new().build_hasher().finish();
    format!("demo_{:016x}{:016x}", word(), word())
}

/// The address that a line names, without a slash at its end.
fn address_in(line: &str) -> Option<&str> {
    let address = line.get(line.find("http://")?..)?;
    address.split(char::is_whitespace).next().map(|address| address.trim_end_matches('/'))
}
