//! npm and Node.js, as the project uses them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::{step, tree};

/// The oldest Node.js that the project's own tools run on. The package itself asks for less.
const OLDEST_NODE: u32 = 20;

/// Installs the tools in `js-tests/`.
pub(crate) fn install_tools() -> anyhow::Result<()> {
    install("js-tests")
}

/// Installs what a folder's lock names, at the versions it names, unless that was installed before.
pub(crate) fn install(path: &str) -> anyhow::Result<()> {
    let _installing = step::installing();
    install_locked(path)
}

/// The same, for a caller that holds the lock.
fn install_locked(path: &str) -> anyhow::Result<()> {
    check_node()?;
    let folder = tree::at(path);
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{path}/package-lock.json is missing"))?;
    // A copy of the lock, because npm changes the time of its own record for other reasons too.
    let installed = folder.join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut ci = npm(&folder);
    step::run(&format!("npm ci in {path}"), ci.args(["ci", "--no-audit", "--no-fund"]))?;
    Ok(fs::write(installed, lock)?)
}

/// A folder under `target/` with the packages of `js-tests/packages/<name>`, installed once.
pub(crate) fn installed(name: &str) -> anyhow::Result<PathBuf> {
    let _installing = step::installing();
    let folder = format!("target/packages/{name}");
    fs::create_dir_all(tree::at(&folder))?;
    let from = tree::at("js-tests/packages").join(name);
    for file in ["package.json", "package-lock.json"] {
        fs::copy(from.join(file), tree::at(&folder).join(file))?;
    }
    install_locked(&folder)?;
    Ok(tree::at(&folder))
}

/// An empty folder in which the packages of `js-tests/packages/<packages>` resolve.
pub(crate) fn folder_with(packages: &str, name: &str) -> anyhow::Result<PathBuf> {
    let folder = installed(packages)?.join(name);
    empty(&folder)?;
    Ok(folder)
}

fn empty(folder: &Path) -> std::io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)
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

/// An empty folder for a group of tests. Test tools and frameworks resolve from the folder above it, which
/// holds what the lock in `js-tests/` names; so they are installed once.
pub(crate) fn test_folder(name: &str) -> anyhow::Result<PathBuf> {
    install_tools()?;
    let tests = tree::at("target/tests");
    let folder = tests.join(name);
    empty(&folder)?;
    let _installing = step::installing();
    let shared = tests.join("node_modules");
    if !shared.exists() {
        link(&tree::at("js-tests/node_modules"), &shared)?;
    }
    Ok(folder)
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(original, link)
}

#[cfg(windows)]
fn link(original: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(original, link)
}

/// Unpacks the package's tarball where an import from the folder finds it. This is what `npm install` does with
/// a package that has no dependencies, in a fraction of the time.
pub(crate) fn unpack(tarball: &Path, folder: &Path) -> anyhow::Result<()> {
    let package = folder.join("node_modules/hookproof");
    fs::create_dir_all(&package)?;
    let mut tar = Command::new("tar");
    tar.arg("-xzf").arg(tarball).args(["--strip-components=1", "-C"]).arg(&package);
    ensure!(tar.status()?.success(), "tar cannot unpack {}", tarball.display());
    Ok(())
}

/// Puts the programs of these installed folders first in a command's PATH.
pub(crate) fn add_programs(command: &mut Command, folders: &[PathBuf]) -> anyhow::Result<()> {
    let programs = folders.iter().map(|folder| folder.join("node_modules/.bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    command.env("PATH", env::join_paths(programs.chain(env::split_paths(&path)))?);
    Ok(())
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
