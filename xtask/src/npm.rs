//! npm and Node.js, as the project uses them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::{step, tree};

/// The oldest Node.js that the project's own tools run on. The package itself asks for less.
const OLDEST_NODE: u32 = 20;

/// Installs the tools in `js-tests/`.
pub(crate) fn install_tools() -> anyhow::Result<()> {
    install("js-tests")
}

/// Installs what a folder's lock names, at the versions it names, if it is not there yet.
pub(crate) fn install(path: &str) -> anyhow::Result<()> {
    let _installing = step::installing();
    check_node()?;
    let folder = tree::at(path);
    let modified = |path: &str| folder.join(path).metadata().and_then(|data| data.modified());
    let installed = modified("node_modules/.package-lock.json");
    let locked = modified("package-lock.json")
        .with_context(|| format!("{path}/package-lock.json is missing"))?;
    if installed.is_ok_and(|installed| installed >= locked) {
        return Ok(());
    }
    step::run(&format!("npm ci in {path}"), npm(&folder).args(["ci", "--no-audit", "--no-fund"]))
        .map(drop)
}

/// npm in a folder, with nothing of the caller's own settings needed.
pub(crate) fn npm(folder: &Path) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder);
    npm
}

/// Node.js in a folder.
pub(crate) fn node(folder: &Path) -> Command {
    let mut node = Command::new("node");
    node.current_dir(folder);
    node
}

/// A tool that `js-tests/` has installed.
pub(crate) fn tool(name: &str) -> Command {
    let mut tool = Command::new(tree::at("js-tests/node_modules/.bin").join(name));
    tool.current_dir(tree::root());
    tool
}

/// A package at the version that the lock in `js-tests/` names, as `npm install` takes it. Where two versions
/// of one package stand beside each other, one has a name of its own, and the lock names the original.
pub(crate) fn locked(package: &str) -> anyhow::Result<String> {
    let lock = std::fs::read_to_string(tree::at("js-tests/package-lock.json"))?;
    let lock: serde_json::Value = serde_json::from_str(&lock)?;
    let entry = &lock["packages"][format!("node_modules/{package}")];
    let version = entry["version"]
        .as_str()
        .with_context(|| format!("{package} is not in js-tests/package-lock.json"))?;
    let original = entry["name"].as_str().map(|name| format!("npm:{name}@")).unwrap_or_default();
    Ok(format!("{package}@{original}{version}"))
}

fn check_node() -> anyhow::Result<()> {
    let version = Command::new("node")
        .arg("--version")
        .output()
        .context("Node.js is not on the PATH: install version 20 or newer")?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let major =
        version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    ensure!(
        major.is_some_and(|major: u32| major >= OLDEST_NODE),
        "Node.js {version} is too old to build with: install version {OLDEST_NODE} or newer"
    );
    Ok(())
}
