//! Every test, in groups: what is quick runs first, a failure does not hide the next, and the last line
//! counts them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::{
    build, check, demo, environments, examples, hygiene, npm, playground, step, stores, tree, wasm,
    wasm_pack,
};

type Group = (&'static str, fn(&mut Built) -> anyhow::Result<()>);

const GROUPS: &[Group] = &[
    ("tree", |_| check::tree()),
    ("core", |_| core()),
    ("bare-metal", |_| bare_metal()),
    ("oldest-rust", |_| oldest_rust()),
    ("harness", |_| harness()),
    ("bench", |_| bench()),
    ("package", package),
    ("adapters", adapters),
    ("hygiene", |built| hygiene::run(&built.tarball()?)),
    ("trap", |_| trap()),
    ("types", types),
    ("lints", |_| check::lints()),
    ("demo", |_| demo::run()),
    ("examples", |built| examples::run(&built.tarball()?)),
    ("playground", playground),
    ("stores", stores),
    ("environments", environments),
    ("reproducible", |built| hygiene::reproduce(&built.tarball()?)),
    ("wasm-pack", |_| wasm_pack::run()),
];

/// The tarball, once a group has asked for it.
#[derive(Default)]
struct Built(Option<PathBuf>);

impl Built {
    fn tarball(&mut self) -> anyhow::Result<PathBuf> {
        if self.0.is_none() {
            self.0 = Some(build::run()?);
        }
        self.0.clone().context("built just now")
    }
}

/// Runs the groups whose name holds one of the words, or all.
pub(crate) fn run(only: &[String]) -> anyhow::Result<()> {
    let wanted =
        |name: &str| only.is_empty() || only.iter().any(|word| name.contains(word.as_str()));
    let mut built = Built::default();
    let mut failed = Vec::new();
    let mut passed = 0;
    for (name, group) in GROUPS.iter().filter(|(name, _)| wanted(name)) {
        println!("\n{name}");
        match group(&mut built) {
            Ok(()) => passed += 1,
            Err(error) => {
                eprintln!("{error:#}");
                failed.push(*name);
            }
        }
    }
    if !failed.is_empty() {
        println!("\nfailed: {}", failed.join(", "));
    }
    println!("\n{passed} passed, {} failed", failed.len());
    match (passed, failed.is_empty()) {
        (0, true) => {
            let names: Vec<_> = GROUPS.iter().map(|(name, _)| *name).collect();
            bail!("no group's name holds any of {only:?}: the groups are {}", names.join(", "))
        }
        (_, true) => Ok(()),
        (_, false) => std::process::exit(1),
    }
}

fn core() -> anyhow::Result<()> {
    let said = step::run(
        "unit, vector and property tests, doc tests",
        wasm::cargo().args(["test", "--locked", "--package", "hookproof", "--all-features"]),
    )?;
    show_counts(&said);
    let said = step::run(
        "what crosses of an explanation",
        wasm::cargo().args(["test", "--locked", "--package", "hookproof-wasm-explain"]),
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

fn package(built: &mut Built) -> anyhow::Result<()> {
    let folder = tree::at("target/js");
    install(&built.tarball()?, &folder, &[])?;
    let tests = [
        "vectors",
        "total",
        "differential",
        "hash",
        "webhook",
        "sign-webhook",
        "providers",
        "instance",
        "stream",
        "explain",
        "readme",
    ];
    node_tests(&folder, &tests)
}

fn stores(built: &mut Built) -> anyhow::Result<()> {
    let folder = tree::at("target/js-stores");
    install(&built.tarball()?, &folder, stores::CLIENTS)?;
    show_counts(&stores::run(&folder)?);
    compile(&folder, ["nodenext", "nodenext"], "true", &["stores.test-d.ts", "stores.test-d.cts"])
}

/// Every adapter in its real server and its real runtime, over real sockets.
fn adapters(built: &mut Built) -> anyhow::Result<()> {
    let folder = tree::at("target/js-adapters");
    let frameworks = ["@hono/node-server", "@types/express", "express4", "fastify", "hono"];
    install(&built.tarball()?, &folder, &frameworks)?;
    tree::copy(&tree::at("js-tests/adapters"), &folder.join("adapters"))?;
    let mut npm = npm::npm(&folder);
    npm.args(["install", "--no-audit", "--no-fund", "--no-package-lock", environments::MINIFLARE]);
    step::run("install Deno, Bun and workerd", npm.args(environments::RUNTIMES.packages))?;
    node_tests(&folder, &["adapters", "receive", "kept-bytes", "memory-store", "receiving"])?;
    compile(
        &folder,
        ["nodenext", "nodenext"],
        "true",
        &["adapters.test-d.ts", "receiving.test-d.ts"],
    )
}

/// The page in a real browser, and the code that it shows in the runtimes that it is for.
fn playground(built: &mut Built) -> anyhow::Result<()> {
    let folder = tree::at("target/js-playground");
    let packages = ["@hono/node-server", "axe-core", "fastify", "hono", "playwright-core"];
    install(&built.tarball()?, &folder, &packages)?;
    show_counts(&playground::test(&folder)?);
    Ok(())
}

fn environments(built: &mut Built) -> anyhow::Result<()> {
    let tarball = built.tarball()?;
    environments::run(&tarball)
}

fn trap() -> anyhow::Result<()> {
    let folder = tree::at("target/js-trap");
    install(&build::run_with_trap()?, &folder, &[])?;
    node_tests(&folder, &["trap"])
}

fn types(built: &mut Built) -> anyhow::Result<()> {
    let folder = tree::at("target/js");
    install(&built.tarball()?, &folder, &[])?;
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

/// Lays the tests out in an otherwise empty folder, beside an installed tarball: they see the package as
/// its users do. `others` are installed with it, at the versions that js-tests' lock names.
fn install(tarball: &Path, folder: &Path, others: &[&str]) -> anyhow::Result<()> {
    npm::install_tools()?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder.join("vectors"))?;
    copy_files(&tree::at("js-tests"), folder, &["js", "ts", "cts"])?;
    copy_files(&tree::at("vectors"), &folder.join("vectors"), &["json"])?;
    fs::copy(tree::at("README.md"), folder.join("README.md"))?;
    fs::copy(tree::at("docs/receiving.md"), folder.join("receiving.md"))?;
    fs::write(folder.join("package.json"), "{ \"private\": true, \"type\": \"module\" }\n")?;
    let mut npm = npm::npm(folder);
    npm.args(["install", "--no-audit", "--no-fund", "--no-package-lock"]).arg(tarball);
    for name in ["fast-check", "@types/node", "express"].iter().chain(others) {
        npm.arg(npm::locked(name)?);
    }
    step::run("install the tarball in an empty folder", &mut npm).map(drop)
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
    let said = step::run("node --test", npm::node(folder).arg("--test").args(files))?;
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
    counts.for_each(|line| println!("         {}", line.trim()));
}
