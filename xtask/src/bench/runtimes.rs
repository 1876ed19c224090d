//! The runtimes, how the programs of `benches/js` are started in each, and the processes one after another.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use serde_json::json;

use super::Options;
use super::results::Run;
use crate::{debian, npm, step, tree};

/// One runtime: its name, and the line that runs the program there, below `benches/js`. What stands in
/// braces is filled in.
struct Runtime {
    name: &'static str,
    line: &'static str,
    /// Hookproof may use a hash of the runtime's, so it is measured with and without.
    has_hash: bool,
    bundle: Option<&'static Bundle>,
}

/// How the program becomes one file where there are no files to import.
struct Bundle {
    folder: &'static str,
    entry: &'static str,
    arguments: &'static [&'static str],
}

const NODE_22: &str = "node_modules/node22/bin/node";

const WORKER: Bundle = Bundle {
    folder: "target/bench/worker",
    entry: "worker.js",
    arguments: &["--conditions=workerd,worker,browser"],
};

// One contestant is CommonJS and asks for node:crypto by `require`, which a module must bring along.
const WORKER_WITH_NODE: Bundle = Bundle {
    folder: "target/bench/worker-nodejs-compat",
    entry: "worker.js",
    arguments: &[
        "--conditions=workerd,worker,browser",
        "--banner:js=import { createRequire } from 'node:module'; const require = createRequire('/worker.js')",
    ],
};

const PAGE: Bundle = Bundle {
    folder: "target/bench/page",
    entry: "page.js",
    arguments: &["--conditions=browser", "--platform=browser"],
};

const RUNTIMES: &[Runtime] = &[
    by_files("node20", "node_modules/node20/bin/node run.js {settings}"),
    by_files("node22", "node_modules/node22/bin/node run.js {settings}"),
    by_files("node24", "node_modules/node24/bin/node run.js {settings}"),
    by_files("deno", "node_modules/.bin/deno run --allow-all --no-lock run.js {settings}"),
    by_files("bun", "node_modules/.bin/bun run.js {settings}"),
    Runtime {
        name: "workerd-nodejs_compat",
        line: "{node} workerd.js {settings} {bundle} 2026-04-01 nodejs_compat",
        has_hash: true,
        bundle: Some(&WORKER_WITH_NODE),
    },
    Runtime {
        name: "workerd",
        line: "{node} workerd.js {settings} {bundle} 2026-04-01",
        has_hash: false,
        bundle: Some(&WORKER),
    },
    Runtime {
        name: CHROMIUM,
        line: "{node} browser.js {settings} {bundle}",
        has_hash: false,
        bundle: Some(&PAGE),
    },
];

const CHROMIUM: &str = "chromium";

const fn by_files(name: &'static str, line: &'static str) -> Runtime {
    Runtime { name, line, has_hash: true, bundle: None }
}

/// What can be asked for by name.
pub(crate) fn names() -> impl Iterator<Item = &'static str> + Clone {
    RUNTIMES.iter().map(|runtime| runtime.name)
}

/// What came of the runtimes, and which could not be run, with the reason.
pub(crate) struct Measured {
    pub(crate) runs: Vec<Run>,
    pub(crate) not_run: Vec<String>,
}

impl Measured {
    /// What was measured, or nothing and the reason: what failed must not take the other tables along.
    pub(crate) fn unless_failed<T>(
        &mut self,
        what: &str,
        measured: anyhow::Result<Vec<T>>,
    ) -> Vec<T> {
        measured.unwrap_or_else(|error| {
            self.not_run.push(format!("{what}: {error:#}"));
            Vec::new()
        })
    }
}

/// Puts the packed package where the programs import it from. It has no dependency, so unpacking is all.
pub(crate) fn unpack(tarball: &Path) -> anyhow::Result<()> {
    let folder = tree::at("benches/js/node_modules/hookproof");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut tar = Command::new("tar");
    tar.arg("xzf").arg(tarball).arg("--strip-components=1").arg("-C").arg(&folder);
    step::run("unpack the tarball", &mut tar).map(drop)
}

/// Measures in each runtime that is wanted, in several processes. All runtimes have their first process
/// before any has its second, so that a busy minute spoils no runtime's every figure.
pub(crate) fn measure(options: &Options) -> anyhow::Result<Measured> {
    let mut measured = Measured { runs: Vec::new(), not_run: Vec::new() };
    let mut lanes = Vec::new();
    for runtime in RUNTIMES.iter().filter(|runtime| options.wants(runtime.name)) {
        if runtime.name == CHROMIUM && !debian::CHROMIUM.install() {
            measured.not_run.push("chromium: it cannot be installed here".to_owned());
            continue;
        }
        if let Some(bundle) = runtime.bundle {
            bundle.make()?;
        }
        let own = runtime.has_hash.then_some(false).into_iter().chain([true]);
        lanes.extend(own.map(|own_hash| (runtime, own_hash, Vec::new())));
    }
    let processes = if options.quick { 1 } else { 3 };
    for process in 1..=processes {
        for (runtime, own_hash, printed) in &mut lanes {
            let hash = if *own_hash { "hookproof's own hash" } else { "the runtime's hash" };
            let title = format!("{}, {hash}, process {process} of {processes}", runtime.name);
            let settings = runtime.settings(*own_hash, options.quick);
            match step::output(&title, &mut runtime.command(&settings)) {
                Ok(lines) => printed.push(lines),
                Err(error) => measured.not_run.push(format!("{title}: {error:#}")),
            }
        }
    }
    for (runtime, own_hash, printed) in lanes.iter().filter(|(_, _, printed)| !printed.is_empty()) {
        measured.runs.push(Run::of(runtime.name, *own_hash, printed)?);
    }
    Ok(measured)
}

impl Runtime {
    /// Without the runtime's hash only what that changes is measured again.
    fn settings(&self, own_hash: bool, quick: bool) -> String {
        let again = own_hash && self.has_hash;
        json!({
            "hash": own_hash.then_some("wasm"),
            "quick": quick,
            "only": again.then_some(["memory", "sizes"]),
            "chief": again,
        })
        .to_string()
    }

    fn command(&self, settings: &str) -> Command {
        let bundle = self.bundle.map(|bundle| tree::at(bundle.folder).display().to_string());
        let mut words = self.line.split(' ').map(|word| match word {
            "{settings}" => settings.to_owned(),
            "{bundle}" => bundle.clone().unwrap_or_default(),
            "{node}" => NODE_22.to_owned(),
            word => word.to_owned(),
        });
        let folder = tree::at("benches/js");
        let mut command = Command::new(folder.join(words.next().unwrap_or_default()));
        command.current_dir(folder).args(words);
        command
    }
}

impl Bundle {
    fn make(&self) -> anyhow::Result<()> {
        let folder = tree::at(self.folder);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder).with_context(|| self.folder.to_owned())?;
        let mut esbuild = npm::tool("esbuild");
        esbuild.current_dir(tree::at("benches/js"));
        esbuild.args([self.entry, "--bundle", "--format=esm", "--log-level=error"]);
        esbuild.args(["--external:node:*", "--alias:crypto=node:crypto"]);
        esbuild.args(["--loader:.wasm=copy", "--asset-names=[name]"]);
        esbuild.args(self.arguments).arg(format!("--outdir={}", folder.display()));
        step::run(&format!("bundle {}", self.folder), &mut esbuild).map(drop)
    }
}
