//! The stores, against real servers: Redis and PostgreSQL as Debian packs them, and Cloudflare's runtime.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use crate::step::say;
use crate::{debian, npm, step, tree};

/// The servers, by the names that the tests know them by.
const SERVERS: &[(&str, debian::Package)] =
    &[("redis", debian::REDIS), ("postgres", debian::POSTGRES)];

/// Runs the stores' tests in a folder that has the package installed; gives what they said.
pub(crate) fn run(folder: &Path) -> anyhow::Result<String> {
    let (there, missing): (Vec<_>, Vec<_>) =
        SERVERS.iter().partition(|(_, package)| package.install());
    // A store that was not tested is named, and in CI it is a failure.
    for (name, package) in &missing {
        say!("         {name}: not run, because {} cannot be installed here", package.name);
    }
    ensure!(missing.is_empty() || std::env::var_os("CI").is_none(), "in CI every store is tested");
    tree::copy(&tree::at("js-tests/stores"), &folder.join("stores"))?;
    fs::copy(tree::at("docs/stores.md"), folder.join("stores.md"))?;
    let data = Data::new()?;
    let names: Vec<_> = there.iter().map(|(name, _)| *name).collect();
    let path = there.iter().filter_map(|(_, package)| package.folder());
    let mut node = npm::node(folder);
    node.env("TMPDIR", &data.0).env("STORE_SERVERS", names.join(" ")).env("PATH", with_path(path)?);
    node.args([
        "--test",
        "--test-timeout=600000",
        "--test-concurrency=1",
        "stores.test.js",
        "stores-crash.test.js",
    ]);
    step::run("node --test", &mut node)
}

/// The folder in which the servers keep what they hold, deleted whatever came of the tests. It lies outside
/// of the project, because PostgreSQL runs as a user who need not be able to get there.
struct Data(PathBuf);

impl Data {
    fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("hookproof-stores-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| path.display().to_string())?;
        Ok(Self(path))
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn with_path(folders: impl Iterator<Item = PathBuf>) -> anyhow::Result<std::ffi::OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths(folders.chain(std::env::split_paths(&path)))?)
}
