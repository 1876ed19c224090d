//! Programs that tests take from Debian's packages. Their versions are the archive's: it keeps only the newest,
//! so a pinned version could not be installed later.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use crate::step;

/// A package, and the program by which the tests know that it is installed.
pub(crate) struct Package {
    pub(crate) name: &'static str,
    program: &'static str,
}

/// A browser for the page and for bundles.
pub(crate) const CHROMIUM: Package = Package { name: "chromium", program: "chromium" };
/// A second engine, for the page and for bundles.
pub(crate) const FIREFOX: Package = Package { name: "firefox-esr", program: "firefox-esr" };
/// The server behind `hookproof/stores/redis`.
pub(crate) const REDIS: Package = Package { name: "redis-server", program: "redis-server" };
/// The server behind `hookproof/stores/postgres`.
pub(crate) const POSTGRES: Package = Package { name: "postgresql", program: "initdb" };

impl Package {
    /// Whether the program is there; installs the package first where that is allowed. Debian starts the
    /// servers that it installs, and these are stopped again: tests start servers of their own.
    pub(crate) fn install(&self) -> bool {
        let _installing = step::installing();
        if self.folder().is_some() {
            return true;
        }
        let title = format!("apt-get install {}", self.name);
        let installed = has_lists()
            && step::run(&title, &mut apt(&["install", "-y", "-qq", self.name])).is_ok();
        if installed && Path::new("/run/systemd/system").exists() {
            let mut stop = as_root("systemctl");
            let _ = stop.args(["disable", "--now", "--quiet", self.name]).status();
        }
        self.folder().is_some()
    }

    /// The folder of the program: in the PATH, or where Debian puts PostgreSQL, the newest version first.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut versions: Vec<_> = fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .collect();
        versions.sort();
        versions.reverse();
        let mut folders = std::env::split_paths(&path).chain(versions);
        folders.find(|folder| folder.join(self.program).is_file())
    }
}

/// Whether apt has the archive's lists, which are fetched once in a run.
fn has_lists() -> bool {
    static UPDATED: LazyLock<bool> =
        LazyLock::new(|| step::run("apt-get update", &mut apt(&["update", "-qq"])).is_ok());
    *UPDATED
}

fn apt(arguments: &[&str]) -> Command {
    let mut apt = as_root("env");
    apt.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    apt
}

/// A command as root, if this is root or may become it without a password. Otherwise the command fails.
fn as_root(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output();
    if id.is_ok_and(|id| id.stdout == b"0\n") {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.arg("-n").arg(program);
    sudo
}
