//! Every test, in groups. Groups run two at a time, quick checks first; a failure does not hide the next,
//! and the end lists each group's time and every failure.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::step::say;
use crate::{
    build, check, demo, environments, examples, hygiene, npm, playground, step, stores, tree, wasm,
    wasm_pack,
};

type Job = fn(&Built) -> anyhow::Result<()>;

/// In the order in which they start. Groups that mostly compile alternate with groups that mostly wait for
/// servers and browsers, because two compiling groups would wait for cargo's lock.
const GROUPS: &[(&str, Job)] = &[
    ("tree", |_| check::tree()),
    ("format", |_| check::format()),
    ("package", package),
    ("core", |_| core()),
    ("adapters", adapters),
    ("harness", |_| harness()),
    ("playground", playground),
    ("lints", |_| check::lints()),
    ("environments", environments),
    ("wasm-pack", |_| wasm_pack::run()),
    ("bench", |_| bench()),
    ("bare-metal", |_| bare_metal()),
    ("oldest-rust", |_| oldest_rust()),
    ("reproducible", |built| hygiene::reproduce(&built.tarball()?)),
    ("stores", stores),
    ("examples", |built| examples::run(&built.tarball()?)),
    ("trap", trap),
    ("demo", |built| demo::run(|| built.tarball())),
    ("hygiene", |built| hygiene::run(&built.tarball()?)),
    ("types", types),
];

/// More would disturb tests that measure deadlines on a machine of 2 cores.
const GROUPS_AT_A_TIME: usize = 2;

/// The tarball, once a group has asked for it.
#[derive(Default)]
pub(crate) struct Built(Mutex<Option<PathBuf>>);

impl Built {
    pub(crate) fn tarball(&self) -> anyhow::Result<PathBuf> {
        self.alone(|tarball| {
            if tarball.is_none() {
                *tarball = Some(build::run()?);
            }
            tarball.clone().context("built just now")
        })
    }

    /// Runs a build while no other build of the package runs: both write to the same folders.
    fn alone<T>(
        &self,
        job: impl FnOnce(&mut Option<PathBuf>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let mut tarball =
            self.0.lock().map_err(|_| anyhow::anyhow!("another group's build has panicked"))?;
        job(&mut tarball)
    }
}

/// The result of a group that has ended.
struct Ended {
    name: &'static str,
    took: Duration,
    result: anyhow::Result<()>,
}

/// Runs the groups whose name contains one of the words, or all.
pub(crate) fn run(only: &[String]) -> anyhow::Result<()> {
    let wanted =
        |name: &str| only.is_empty() || only.iter().any(|word| name.contains(word.as_str()));
    let groups: Vec<_> = GROUPS.iter().filter(|(name, _)| wanted(name)).collect();
    if groups.is_empty() {
        let names: Vec<_> = GROUPS.iter().map(|(name, _)| *name).collect();
        bail!("no group's name contains any of {only:?}; the groups are {}", names.join(", "))
    }
    let ended = run_groups(&groups);
    report(&ended);
    if ended.iter().any(|group| group.result.is_err()) {
        std::process::exit(1);
    }
    Ok(())
}

fn run_groups(groups: &[&(&'static str, Job)]) -> Vec<Ended> {
    let built = Built::default();
    let queue = Mutex::new(groups.iter());
    let ended = Mutex::new(Vec::new());
    let work = || {
        while let Some((name, job)) = queue.lock().ok().and_then(|mut queue| queue.next()) {
            let start = Instant::now();
            let run = || {
                say!("\n{name}");
                job(&built)
            };
            // The steps of a group that runs alone are printed as they end.
            let (printed, result) =
                if groups.len() == 1 { (String::new(), run()) } else { step::group(name, run) };
            step::print_now(printed.trim_end());
            if let Ok(mut ended) = ended.lock() {
                ended.push(Ended { name, took: start.elapsed(), result });
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..GROUPS_AT_A_TIME {
            scope.spawn(work);
        }
    });
    ended.into_inner().unwrap_or_default()
}

fn report(ended: &[Ended]) {
    println!("\n{:<14} {:<6} {:>7}", "group", "", "time");
    for Ended { name, took, result } in ended {
        let mark = if result.is_ok() { "ok" } else { "FAILED" };
        println!("{name:<14} {mark:<6} {:>5.0} s", took.as_secs_f64());
    }
    let failed: Vec<_> =
        ended.iter().filter_map(|group| Some((group.name, group.result.as_ref().err()?))).collect();
    for (name, error) in &failed {
        println!("\n{name} failed: {error:#}");
    }
    println!("\n{} passed, {} failed", ended.len() - failed.len(), failed.len());
}

fn core() -> anyhow::Result<()> {
    let said = step::run(
        "unit, vector and property tests, doc tests",
        wasm::cargo().args(["test", "--locked", "--package", "hookproof", "--all-features"]),
    )?;
    show_counts(&said);
    let said = step::run(
        "what crosses the boundary",
        wasm::cargo()
            .args(["test", "--locked", "--package", "hookproof-boundary"])
            .args(["--package", "hookproof-wasm-explain"]),
    )?;
    show_counts(&said);
    step::run(
        "the same without an allocator's features",
        wasm::cargo().args([
            "test",
            "--locked",
            "--package",
            "hookproof",
            "--no-default-features",
            "--lib",
        ]),
    )
    .map(drop)
}

fn bare_metal() -> anyhow::Result<()> {
    const TARGET: &str = "thumbv7em-none-eabi";
    wasm::add_target(TARGET)?;
    let package = ["--locked", "--package", "bare-metal"];
    step::run(
        "the core without std and without an allocator",
        wasm::cargo().arg("build").args(package).args(["--target", TARGET]),
    )?;
    step::run("the same code on this machine", wasm::cargo().arg("test").args(package)).map(drop)
}

fn oldest_rust() -> anyhow::Result<()> {
    let version = env!("CARGO_PKG_RUST_VERSION");
    let installing = step::installing();
    let installed = Command::new("rustup").args(["toolchain", "list"]).output()?;
    let installed = String::from_utf8_lossy(&installed.stdout).into_owned();
    if !installed.lines().any(|line| {
        line.starts_with(&format!("{version}-")) || line.starts_with(&format!("{version}."))
    }) {
        let install = ["toolchain", "install", version, "--profile", "minimal"];
        step::run(
            &format!("rustup toolchain install {version}"),
            Command::new("rustup").args(install),
        )?;
    }
    drop(installing);
    step::run(
        &format!("the core with Rust {version}, the oldest it promises"),
        Command::new("cargo")
            .current_dir(tree::root())
            .env_remove("CARGO")
            .env_remove("RUSTUP_TOOLCHAIN")
            .arg(format!("+{version}"))
            .args(["check", "--locked", "--package", "hookproof", "--all-features"])
            .args(["--target-dir", "target/oldest"]),
    )
    .map(drop)
}

fn harness() -> anyhow::Result<()> {
    let said = step::run(
        "the harness's own tests, and its attacks on the axum example",
        wasm::cargo().args([
            "test",
            "--locked",
            "--package",
            "hookproof-harness",
            "--package",
            "hookproof-example-rust-axum",
        ]),
    )?;
    show_counts(&said);
    Ok(())
}

/// What measures is tested, and never what it measured.
fn bench() -> anyhow::Result<()> {
    let packages = ["--package", "xtask", "--package", "hookproof-bench-native"];
    let said = step::run(
        "the benchmark's own tests",
        wasm::cargo().args(["test", "--locked", "--bins", "--lib"]).args(packages),
    )?;
    show_counts(&said);
    Ok(())
}

fn package(built: &Built) -> anyhow::Result<()> {
    let folder = install(&built.tarball()?, "package")?;
    let tests = [
        "vectors",
        "total",
        "differential",
        "hash",
        "webhook",
        "sign-webhook",
        "providers",
        "instance",
        "machine-failure",
        "keys",
        "stream",
        "explain",
        "readme",
    ];
    node_tests(&folder, &tests)
}

fn stores(built: &Built) -> anyhow::Result<()> {
    let folder = install(&built.tarball()?, "stores")?;
    show_counts(&stores::run(&folder)?);
    compile(&folder, ["nodenext", "nodenext"], "true", &["stores.test-d.ts", "stores.test-d.cts"])
}

/// Every adapter in its real server and its real runtime, over real sockets.
fn adapters(built: &Built) -> anyhow::Result<()> {
    let folder = install(&built.tarball()?, "adapters")?;
    tree::copy(&tree::at("js-tests/adapters"), &folder.join("adapters"))?;
    node_tests(
        &folder,
        &["adapters", "receive", "kept-bytes", "memory-store", "receiving", "pollution"],
    )?;
    compile(
        &folder,
        ["nodenext", "nodenext"],
        "true",
        &["adapters.test-d.ts", "receiving.test-d.ts"],
    )
}

/// The page in a real browser, and the code that it shows in the runtimes that it is for.
fn playground(built: &Built) -> anyhow::Result<()> {
    let folder = install(&built.tarball()?, "playground")?;
    show_counts(&playground::test(&folder)?);
    Ok(())
}

fn environments(built: &Built) -> anyhow::Result<()> {
    let tarball = built.tarball()?;
    environments::run(&tarball)
}

fn trap(built: &Built) -> anyhow::Result<()> {
    let folder = install(&built.alone(|_| build::run_with_trap())?, "trap")?;
    node_tests(&folder, &["trap"])
}

fn types(built: &Built) -> anyhow::Result<()> {
    let folder = install(&built.tarball()?, "types")?;
    for resolution in [["nodenext", "nodenext"], ["preserve", "bundler"]] {
        compile(&folder, resolution, "false", &["types.test-d.ts", "types.test-d.cts"])?;
    }
    Ok(())
}

/// Type-checks files. `skip_libs` is for frameworks, whose own types are not ours to check.
fn compile(
    folder: &Path,
    [module, resolution]: [&str; 2],
    skip_libs: &str,
    files: &[&str],
) -> anyhow::Result<()> {
    step::run(
        &format!("types, resolved by {resolution}"),
        npm::tool("tsc")
            .current_dir(folder)
            .args(["--noEmit", "--strict", "--exactOptionalPropertyTypes"])
            .args(["--skipLibCheck", skip_libs])
            .args(["--target", "es2024", "--lib", "es2024,dom,dom.iterable", "--types", "node"])
            .args(["--module", module, "--moduleResolution", resolution])
            .args(files),
    )
    .map(drop)
}

/// Lays the tests out in an otherwise empty folder, next to an installed tarball, so that they import the
/// package as its users do.
pub(crate) fn install(tarball: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let folder = npm::test_folder(name)?;
    fs::create_dir_all(folder.join("vectors"))?;
    copy_files(&tree::at("js-tests"), &folder, &["js", "ts", "cts"])?;
    copy_files(&tree::at("vectors"), &folder.join("vectors"), &["json"])?;
    fs::copy(tree::at("README.md"), folder.join("README.md"))?;
    fs::copy(tree::at("docs/receiving.md"), folder.join("receiving.md"))?;
    // The package does not ship it; the tests have their edges from it.
    fs::copy(tree::at("pkg/gen/tables/boundary.js"), folder.join("boundary.js"))?;
    fs::write(folder.join("package.json"), "{ \"private\": true, \"type\": \"module\" }\n")?;
    let mut npm = npm::npm(&folder);
    npm.args(["install", "--no-audit", "--no-fund", "--no-package-lock"]).arg(tarball);
    step::run("install the tarball in an empty folder", &mut npm)?;
    Ok(folder)
}

fn copy_files(from: &Path, to: &Path, extensions: &[&str]) -> anyhow::Result<()> {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|extension| extensions.contains(&extension)) {
            fs::copy(&path, to.join(path.file_name().context("a file has a name")?))?;
        }
    }
    Ok(())
}

fn node_tests(folder: &Path, tests: &[&str]) -> anyhow::Result<()> {
    let files = tests.iter().map(|test| format!("{test}.test.js"));
    let mut node = npm::node(folder);
    npm::add_programs(&mut node, &[npm::installed("runtimes")?])?;
    let said = step::run("node --test", node.arg("--test").args(files))?;
    show_counts(&said);
    Ok(())
}

/// The lines in which test runners count, and what tests had to say.
fn show_counts(said: &str) {
    let counts = said.lines().filter(|line| {
        let line = line.trim_start_matches(['#', 'ℹ', ' ']);
        line.starts_with("test result:")
            || line.contains(" vectors, digest ")
            || line.starts_with("figure: ")
            || line.contains('│')
            || ["pass ", "fail "].iter().any(|count| line.starts_with(count))
    });
    counts.for_each(|line| say!("         {}", line.trim()));
}
