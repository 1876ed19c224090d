//! The main job on real input: the packed package in an Express receiver, attacked over HTTP by the harness.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use hookproof::providers::{self, Provider};

use crate::{build, npm, step, tree, wasm};

/// The receiver has a path of its own for each of the first five rows.
const PROVIDERS: [Provider; 5] = [
    providers::IMMUTIS,
    providers::IMMUNE,
    providers::HUMIRIS,
    providers::KYC,
    providers::IMTEGRATE,
];

/// How long the receiver may take to start. It takes a fraction of a second.
const START_TIMEOUT: Duration = Duration::from_secs(20);

/// What the receiver prints before its address.
const GREETING: &str = "listening on ";

pub(crate) fn run() -> anyhow::Result<()> {
    let start = Instant::now();
    let tarball = build::run()?;
    let folder = tree::at("target/demo/express");
    install(&tarball, &folder)?;
    let package = ["--locked", "--package", "hookproof-harness"];
    step::run("the harness", wasm::cargo().arg("build").args(package))?;

    let secrets = PROVIDERS.map(|provider| (variable(&provider), random_secret()));
    let receiver = Receiver::start(&folder, &secrets)?;
    println!("\nhookproof check, against {}:\n", receiver.address);
    let status = wasm::cargo()
        .args(["run", "--quiet"])
        .args(package)
        .args(["--", "check", &PROVIDERS.map(|provider| provider.scheme.name).join(",")])
        .arg(format!("{}/webhooks/{{provider}}", receiver.address))
        .args(["--secret-env", "{PROVIDER}_WEBHOOK_SECRET"])
        .envs(secrets)
        .status()
        .context("cannot start the harness")?;
    drop(receiver);

    println!("in {:.1} s", start.elapsed().as_secs_f64());
    if !status.success() {
        let log = folder.join(LOG);
        bail!("the receiver is not as it should be; what it wrote is in {}", log.display());
    }
    Ok(())
}

/// The example as a user has it, with the packed package in place of a published one.
fn install(tarball: &Path, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    for name in ["package.json", "server.js"] {
        fs::copy(tree::at("examples/express").join(name), folder.join(name))?;
    }
    let mut npm = npm::npm(folder);
    let install = ["install", "--no-audit", "--no-fund", "--no-package-lock"];
    step::run("npm install of express and the tarball", npm.args(install).arg(tarball)).map(drop)
}

/// The environment variable from which both sides read a provider's secret.
fn variable(provider: &Provider) -> String {
    format!("{}_WEBHOOK_SECRET", provider.scheme.name.to_ascii_uppercase())
}

/// A secret for one run. It protects nothing, but no two are alike.
fn random_secret() -> String {
    let word = || RandomState::new().build_hasher().finish();
    format!("demo_{:016x}{:016x}", word(), word())
}

/// The example server. It is stopped when this is dropped, whatever happened.
struct Receiver {
    server: Child,
    address: String,
}

/// Where the receiver's standard error goes: a line for each refusal.
const LOG: &str = "server.log";

impl Receiver {
    fn start(folder: &Path, secrets: &[(String, String)]) -> anyhow::Result<Self> {
        let server = npm::node(folder)
            .arg("server.js")
            .env("PORT", "0")
            .envs(secrets.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.join(LOG))?)
            .spawn()
            .context("cannot start node server.js")?;
        let mut receiver = Self { server, address: String::new() };
        let stdout = receiver.server.stdout.take().context("no standard output")?;
        let (sender, greeting) = mpsc::channel();
        // Reads to the end, so that the server never waits for its output to be read.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix(GREETING) {
                    drop(sender.send(address.to_owned()));
                }
            }
        });
        match greeting.recv_timeout(START_TIMEOUT) {
            Ok(address) => receiver.address = address,
            Err(_) => {
                let said = fs::read_to_string(folder.join(LOG)).unwrap_or_default();
                bail!("the receiver did not start; it wrote:\n\n{said}");
            }
        }
        Ok(receiver)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to stop.
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
