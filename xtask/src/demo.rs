//! The main job on real input: the packed package in an Express receiver, attacked over HTTP by the harness.

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
    let folder = install(&tarball)?;
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

/// The Express example, with the packed package in place of a published one.
fn install(tarball: &Path) -> anyhow::Result<PathBuf> {
    let folder = npm::test_folder("demo")?;
    tree::copy(&tree::at("examples/express"), &folder)?;
    npm::unpack(tarball, &folder)?;
    Ok(folder)
}
