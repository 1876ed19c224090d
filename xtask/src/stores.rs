//! The stores, against real servers: Redis and PostgreSQL as Debian packs them, and Cloudflare's runtime.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::environments::MINIFLARE;
use crate::step::say;
use crate::{npm, step, tree};

/// The clients that users have, in two versions where the older one is still in use.
pub(crate) const CLIENTS: &[&str] =
    &["redis", "redis-4", "ioredis", "ioredis-5", "pg", "@types/pg"];

/// A server that the tests start themselves, each time anew, and kill.
struct Server {
    name: &'static str,
    package: &'static str,
    /// What the tests run of it, wherever Debian's version of the package puts it.
    program: &'static str,
}

const SERVERS: &[Server] = &[
    Server { name: "redis", package: "redis-server", program: "redis-server" },
    Server { name: "postgres", package: "postgresql", program: "initdb" },
];

/// Runs the stores' tests in a folder that has the package installed; gives what they said.
pub(crate) fn run(folder: &Path) -> anyhow::Result<String> {
    install_debian();
    let (there, missing): (Vec<_>, Vec<_>) =
        SERVERS.iter().partition(|server| folder_of(server.program).is_some());
    // What was not run is never counted as passed: it is named, and CI takes it for a failure.
    for Server { name, package, .. } in &missing {
        say!("         {name}: not run, for {package} cannot be installed here");
    }
    ensure!(missing.is_empty() || std::env::var_os("CI").is_none(), "in CI every store is tested");
    tree::copy(&tree::at("js-tests/stores"), &folder.join("stores"))?;
    fs::copy(tree::at("docs/stores.md"), folder.join("stores.md"))?;
    let mut npm = npm::npm(folder);
    npm.args(["install", "--no-audit", "--no-fund", "--no-package-lock", MINIFLARE]);
    step::run("install miniflare", &mut npm)?;
    let data = Data::new()?;
    let names: Vec<_> = there.iter().map(|server| server.name).collect();
    let path = there.iter().filter_map(|server| folder_of(server.program));
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

/// Where a program is: on the path, else where Debian puts the newest PostgreSQL.
fn folder_of(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    versions.sort();
    versions.reverse();
    std::env::split_paths(&path).chain(versions).find(|folder| folder.join(program).is_file())
}

/// Installs the servers that are missing, where that is allowed. Debian starts what it installs: those
/// services are stopped again, for the tests start servers of their own.
fn install_debian() {
    let _installing = step::installing();
    for Server { package, program, .. } in SERVERS {
        if folder_of(program).is_some() {
            continue;
        }
        let installed = step::run("apt-get update", &mut apt(&["update", "-qq"]))
            .and_then(|_| {
                let title = format!("apt-get install {package}");
                step::run(&title, &mut apt(&["install", "-y", "-qq", package]))
            })
            .is_ok();
        if installed && Path::new("/run/systemd/system").exists() {
            let mut stop = as_root("systemctl");
            let _ = stop.args(["disable", "--now", "--quiet", package]).status();
        }
    }
}

fn apt(arguments: &[&str]) -> Command {
    let mut apt = as_root("env");
    apt.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    apt
}

/// A command as root, if this is root or may become it without a password; else it fails.
fn as_root(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output();
    if id.is_ok_and(|id| id.stdout == b"0\n") {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.arg("-n").arg(program);
    sudo
}
