//! The main job on real input: the packed package in an Express receiver, attacked over HTTP by the harness.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::bail;

use crate::receiver::{self, LOG, Receiver};
use crate::step::say;
use crate::{npm, step, tree, wasm};

/// `build` gives the tarball's path.
pub(crate) fn run(build: impl FnOnce() -> anyhow::Result<PathBuf>) -> anyhow::Result<()> {
    let start = Instant::now();
    let tarball = build()?;
    let folder = tree::at("target/demo/express");
    install(&tarball, &folder)?;
    let package = ["--locked", "--package", "hookproof-harness"];
    step::run("the harness", wasm::cargo().arg("build").args(package))?;

    let secrets = receiver::secrets();
    let receiver = Receiver::start(npm::node(&folder).arg("server.js"), &folder, &secrets)?;
    say!("\nhookproof check, against {}:\n", receiver.address);
    let status = step::show(&mut receiver::check(&receiver.address, &secrets))?;
    drop(receiver);

    say!("in {:.1} s", start.elapsed().as_secs_f64());
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
    npm.args(["install", "--no-audit", "--no-fund", "--no-package-lock"]).arg(tarball);
    npm.arg(npm::locked("express")?);
    step::run("npm install of express and the tarball", &mut npm).map(drop)
}
