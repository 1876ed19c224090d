//! One package, every runtime: the packed tarball, installed in empty folders, verifies every vector in each
//! environment. What came of it must be the same to the letter everywhere, and as in native Rust.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};

use crate::step::say;
use crate::{debian, hygiene, npm, step, tree, wasm};

/// One place where the package must give the same answers.
struct Environment {
    name: &'static str,
    /// Its packages: a folder in `js-tests/packages/`.
    packages: &'static str,
    /// The browser that it needs.
    browser: Option<debian::Package>,
    /// Commands in the folder, a line each; the last one prints the transcript, or writes it to the file
    /// that `TRANSCRIPT` names.
    run: &'static [&'static str],
}

const fn plain(
    name: &'static str,
    packages: &'static str,
    run: &'static [&'static str],
) -> Environment {
    Environment { name, packages, browser: None, run }
}

const fn chromium(
    name: &'static str,
    packages: &'static str,
    run: &'static [&'static str],
) -> Environment {
    Environment { name, packages, browser: Some(debian::CHROMIUM), run }
}

const BUNDLE: &str = "wrangler deploy worker.js --dry-run --outdir worker --name hookproof --compatibility-date 2024-01-01";

const README_BUNDLE: &str = "wrangler deploy readme-worker.js --dry-run --outdir readme-bundle --name hookproof --compatibility-date 2024-01-01";

/// What is quick comes first.
const ENVIRONMENTS: &[Environment] = &[
    plain("node 18, import", "node-18", &["node readme-module.js", "node module.js"]),
    plain("node 18, require", "node-18", &["node readme-require.cjs", "node require.cjs"]),
    plain("node 20, import", "node-20", &["node module.js"]),
    plain("node 20, require", "node-20", &["node require.cjs"]),
    plain("node 22, import", "node-22", &["node module.js"]),
    plain("node 22, require", "node-22", &["node require.cjs"]),
    plain("node 24, import", "node-24", &["node module.js"]),
    plain("node 24, require", "node-24", &["node require.cjs"]),
    plain("node 26, import", "node-26", &["node module.js"]),
    plain("node 26, require", "node-26", &["node require.cjs"]),
    plain(
        "node, one file moved away",
        "node-20",
        &[
            "esbuild module.js --bundle --platform=node --format=esm --outfile=../elsewhere/one.mjs --log-level=error",
            "node ../elsewhere/one.mjs",
        ],
    ),
    plain(
        "deno, no permission",
        "runtimes",
        &["deno run --no-prompt readme-module.js", "deno run --no-prompt module.js"],
    ),
    plain("bun, import", "runtimes", &["bun readme-module.js", "bun module.js"]),
    plain("bun, require", "runtimes", &["bun readme-require.cjs", "bun require.cjs"]),
    plain(
        "bun build --compile",
        "runtimes",
        &["bun build module.js --compile --outfile ../elsewhere/one", "../elsewhere/one"],
    ),
    plain(
        "jest node, require",
        "test-runners",
        &["jest -c jest.config.json --env=node jest.test.cjs"],
    ),
    plain(
        "jest node, import",
        "test-runners",
        &["jest-esm -c jest.config.json --env=node jest.test.mjs"],
    ),
    plain(
        "jest jsdom, require",
        "test-runners",
        &["jest -c jest.config.json --env=jsdom jest.test.cjs"],
    ),
    plain(
        "jest jsdom, import",
        "test-runners",
        &["jest-esm -c jest.config.json --env=jsdom jest.test.mjs"],
    ),
    plain("vitest node", "test-runners", &["vitest run --environment node vitest.test.js"]),
    plain("vitest jsdom", "test-runners", &["vitest run --environment jsdom vitest.test.js"]),
    plain(
        "workerd 2024-01-01",
        "workers",
        &[
            README_BUNDLE,
            "node readme-worker.test.js readme-bundle",
            BUNDLE,
            "node workerd.js worker 2024-01-01",
        ],
    ),
    plain(
        "workerd 2024-01-01, nodejs_compat",
        "workers",
        &["node workerd.js worker 2024-01-01 nodejs_compat"],
    ),
    plain("workerd 2026-04-01", "workers", &["node workerd.js worker 2026-04-01"]),
    plain(
        "workerd 2026-04-01, nodejs_compat",
        "workers",
        &["node workerd.js worker 2026-04-01 nodejs_compat"],
    ),
    plain(
        "cloudflare vite plugin, dev",
        "cloudflare-vite",
        &[
            "node served.js /transcript -- vite dev --config vite.cloudflare.js --host 127.0.0.1 --port 0",
        ],
    ),
    chromium(
        "chromium, no bundler",
        "pages",
        &["node browser.js chromium readme-page", "node browser.js chromium unbundled"],
    ),
    Environment {
        name: "firefox, no bundler",
        packages: "pages",
        browser: Some(debian::FIREFOX),
        run: &["node browser.js firefox unbundled"],
    },
    chromium(
        "vite dev",
        "pages",
        &["node served.js / chromium -- vite dev --host 127.0.0.1 --port 0"],
    ),
    chromium(
        "vite build",
        "pages",
        &["vite build --outDir vite-build --logLevel error", "node browser.js chromium vite-build"],
    ),
    chromium(
        "esbuild",
        "pages",
        &[
            "esbuild page.js --bundle --format=esm --outfile=esbuild-build/page.js --log-level=error",
            "node browser.js chromium esbuild-build",
        ],
    ),
    chromium(
        "webpack",
        "pages",
        &[
            "webpack --mode production --entry ./page.js -o webpack-build --output-filename page.js",
            "node browser.js chromium webpack-build",
        ],
    ),
    chromium(
        "rollup",
        "pages",
        &[
            "rollup page.js -p node-resolve -f es -o rollup-build/page.js --silent",
            "node browser.js chromium rollup-build",
        ],
    ),
    plain(
        "next, node route",
        "next",
        &["next build", "node served.js /node -- next start -H 127.0.0.1 -p 0"],
    ),
    plain("next, edge route", "next", &["node served.js /edge -- next start -H 127.0.0.1 -p 0"]),
    plain(
        "next, server component",
        "next",
        &["node served.js /server -- next start -H 127.0.0.1 -p 0"],
    ),
    chromium(
        "next, client component",
        "next",
        &["node served.js /client chromium -- next start -H 127.0.0.1 -p 0"],
    ),
];

/// Runs the package in every environment and prints the table.
pub(crate) fn run(tarball: &Path) -> anyhow::Result<()> {
    step::run(
        "node --test served.test.js",
        npm::node(tree::root()).args(["--test", "js-tests/environments/served.test.js"]),
    )?;
    let native = native()?;
    let mut rows = vec![Row::of("native Rust", &native, 0.0)];
    let mut faults = Vec::new();
    let mut not_run = Vec::new();
    let mut folders = BTreeMap::new();
    for environment in ENVIRONMENTS {
        let name = environment.name;
        if let Some(browser) = &environment.browser
            && !browser.install()
        {
            not_run.push(format!("{name}: not run, because {} cannot be installed", browser.name));
            continue;
        }
        match verify(environment, &mut folders, tarball) {
            Ok((transcript, _)) if transcript != native => {
                faults.push(format!("{name}: {}", first_difference(&native, &transcript)));
            }
            Ok((transcript, secs)) => rows.push(Row::of(name, &transcript, secs)),
            Err(error) => faults.push(format!("{name}: {error:#}")),
        }
    }
    for (browser, package) in [("chromium", debian::CHROMIUM), ("firefox", debian::FIREFOX)] {
        if !package.install() {
            not_run.push(format!("{browser}, WebAssembly forbidden: not run"));
        } else if let Err(error) = forbidden(browser, &mut folders, tarball) {
            faults.push(format!("{error:#}"));
        }
    }
    edge_bundles_are_lean(&folders).unwrap_or_else(|error| faults.push(format!("{error:#}")));
    say!("\n         {:<36} {:>6}  {:<16}  {:>7}", "environment", "cases", "digest", "time");
    rows.iter().for_each(Row::print);
    // What was not run is never counted as passed: it is named, and CI takes it for a failure.
    not_run.iter().for_each(|fault| say!("         {fault}"));
    if std::env::var_os("CI").is_some() {
        faults.extend(not_run);
    }
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

struct Row {
    name: &'static str,
    cases: usize,
    digest: String,
    secs: f64,
}

impl Row {
    fn of(name: &'static str, transcript: &str, secs: f64) -> Self {
        let digest = Sha256::digest(transcript.as_bytes());
        let digest = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { name, cases: transcript.lines().count(), digest, secs }
    }

    fn print(&self) {
        let Self { name, cases, digest, secs } = self;
        say!("         {name:<36} {cases:>6}  {digest:<16}  {secs:>5.1} s");
    }
}

/// What every vector comes to in native Rust.
fn native() -> anyhow::Result<String> {
    let path = tree::at("target/environments/native.txt");
    fs::create_dir_all(tree::at("target/environments"))?;
    step::run(
        "native Rust",
        wasm::cargo()
            .args(["test", "--locked", "--package", "hookproof", "--test", "vectors"])
            .env("TRANSCRIPT", &path),
    )?;
    Ok(fs::read_to_string(path)?.trim_end().to_owned())
}

fn verify(
    environment: &Environment,
    folders: &mut BTreeMap<&'static str, PathBuf>,
    tarball: &Path,
) -> anyhow::Result<(String, f64)> {
    let folder = prepared(environment.packages, folders, tarball)?;
    let file = folder.join("transcript.txt");
    let _ = fs::remove_file(&file);
    let start = Instant::now();
    let mut said = String::new();
    for (index, line) in environment.run.iter().enumerate() {
        let title = match environment.run.len() - index {
            1 => environment.name.to_owned(),
            _ => format!("{}: {}", environment.name, line.split(' ').next().unwrap_or_default()),
        };
        said = step::output(&title, command(line, &folder)?.env("TRANSCRIPT", &file))?;
    }
    let transcript = fs::read_to_string(&file).unwrap_or(said);
    Ok((transcript.trim_end().to_owned(), start.elapsed().as_secs_f64()))
}

/// A line as a command. Its program is looked up in the packages of the folder above, in the test tools, and in
/// the PATH. It is stopped after 300 seconds.
pub(crate) fn command(line: &str, folder: &Path) -> anyhow::Result<Command> {
    let mut words: Vec<_> = line.split(' ').collect();
    let mut command = Command::new("timeout");
    command.current_dir(folder).arg("300").env("NEXT_TELEMETRY_DISABLED", "1");
    npm::add_programs(&mut command, &[folder.join(".."), tree::at("js-tests")])?;
    command.env("WRANGLER_SEND_METRICS", "false");
    if words.first() == Some(&"jest-esm") {
        words[0] = "jest";
        command.env("NODE_OPTIONS", "--experimental-vm-modules");
    }
    command.args(words);
    Ok(command)
}

/// The folder with everything in it, made the first time it is asked for.
fn prepared(
    packages: &'static str,
    folders: &mut BTreeMap<&'static str, PathBuf>,
    tarball: &Path,
) -> anyhow::Result<PathBuf> {
    if let Some(path) = folders.get(packages) {
        return Ok(path.clone());
    }
    let path = npm::folder_with(packages, "environment")?;
    lay_out(&path)?;
    npm::unpack(tarball, &path)?;
    unbundle(&path)?;
    folders.insert(packages, path.clone());
    Ok(path)
}

/// The runners, the suite and the vectors, as modules of both kinds.
fn lay_out(path: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(path.join("app"))?;
    fs::create_dir_all(path.join("../elsewhere"))?;
    fs::write(path.join("package.json"), "{ \"private\": true, \"type\": \"module\" }\n")?;
    tree::copy(&tree::at("js-tests/environments"), path)?;
    tree::copy(&path.join("next"), &path.join("app"))?;
    for name in ["suite.js", "suite.mjs"] {
        fs::copy(tree::at("js-tests/suite.js"), path.join(name))?;
    }
    let vectors = vectors()?;
    fs::write(path.join("vectors.js"), &vectors)?;
    fs::write(path.join("vectors.mjs"), &vectors)?;
    for name in ["suite", "vectors"] {
        let mut esbuild = npm::tool("esbuild");
        esbuild.current_dir(path).args(["--format=cjs", "--platform=node", "--log-level=error"]);
        esbuild.arg(format!("{name}.js")).arg(format!("--outfile={name}.cjs"));
        ensure!(esbuild.status()?.success(), "esbuild cannot turn {name}.js into CommonJS");
    }
    lay_out_readme(path)?;
    for bundler in ["esbuild-build", "webpack-build", "rollup-build", "unbundled"] {
        fs::create_dir_all(path.join(bundler))?;
        fs::copy(path.join("index.html"), path.join(bundler).join("index.html"))?;
    }
    Ok(())
}

/// The README's lines for each kind of runtime, as the files that are run there.
fn lay_out_readme(path: &Path) -> anyhow::Result<()> {
    let readme = fs::read_to_string(tree::at("README.md"))?;
    fs::create_dir_all(path.join("readme-page"))?;
    for (kind, file) in [
        ("module", "readme-module.js"),
        ("require", "readme-require.cjs"),
        ("worker", "readme-worker.js"),
        ("page", "readme-page/page.js"),
    ] {
        let block = readme
            .split(&format!("```js {kind}\n"))
            .nth(1)
            .and_then(|rest| rest.split("```").next());
        let block = block.with_context(|| format!("the README has no lines for {kind}"))?;
        fs::write(path.join(file), block)?;
    }
    fs::copy(path.join("index.html"), path.join("readme-page/index.html"))?;
    Ok(())
}

/// All vectors as one module.
fn vectors() -> anyhow::Result<String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(tree::at("vectors"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name =
                path.file_name().and_then(|name| name.to_str()).context("a file has a name")?;
            let rows: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
            files.insert(name.to_owned(), rows);
        }
    }
    Ok(format!("export default {}\n", serde_json::to_string(&files)?))
}

/// A page without a bundler, where a bare name means nothing: the package is imported by its file.
fn unbundle(path: &Path) -> anyhow::Result<()> {
    let page = fs::read_to_string(path.join("page.js"))?;
    let page = page.replace("'hookproof'", "'./hookproof.js'");
    fs::write(path.join("unbundled/page.js"), page)?;
    fs::copy(
        path.join("node_modules/hookproof/gen/index.js"),
        path.join("unbundled/hookproof.js"),
    )?;
    for name in ["suite.js", "vectors.js"] {
        fs::copy(path.join(name), path.join("unbundled").join(name))?;
    }
    tree::copy(
        &path.join("node_modules/hookproof"),
        &path.join("readme-page/node_modules/hookproof"),
    )?;
    Ok(())
}

/// Where a page forbids WebAssembly, the error must name the word to add.
fn forbidden(
    browser: &str,
    folders: &mut BTreeMap<&'static str, PathBuf>,
    tarball: &Path,
) -> anyhow::Result<()> {
    let folder = prepared("pages", folders, tarball)?;
    let page = fs::read_to_string(folder.join("forbidden.js"))?;
    fs::create_dir_all(folder.join("forbidden"))?;
    fs::write(folder.join("forbidden/page.js"), page.replace("'hookproof'", "'./hookproof.js'"))?;
    fs::copy(folder.join("unbundled/hookproof.js"), folder.join("forbidden/hookproof.js"))?;
    fs::copy(folder.join("index.html"), folder.join("forbidden/index.html"))?;
    let mut command = command(&format!("node browser.js {browser} forbidden"), &folder)?;
    command.arg("script-src 'self'");
    let said = step::output(&format!("{browser}, WebAssembly forbidden"), &mut command)?;
    ensure!(said.contains("names the mend"), "forbidden in {browser}: {said}");
    Ok(())
}

fn first_difference(native: &str, transcript: &str) -> String {
    let mut lines = native.lines().zip(transcript.lines());
    match lines.find(|(native, here)| native != here) {
        Some((native, here)) => format!("native Rust says\n  {native}\nand here it is\n  {here}"),
        None => format!("{} lines, not {}", transcript.lines().count(), native.lines().count()),
    }
}

/// What bundlers made for the edge must hold no inlined module either.
fn edge_bundles_are_lean(folders: &BTreeMap<&'static str, PathBuf>) -> anyhow::Result<()> {
    for (folder, bundle) in [("workers", "worker"), ("next", ".next/server/edge")] {
        let Some(folder) = folders.get(folder) else { continue };
        let mut texts = Vec::new();
        collect(&folder.join(bundle), &mut texts)?;
        ensure!(!texts.is_empty(), "{bundle} holds no JavaScript");
        for path in texts {
            let inlined = fs::read_to_string(&path)?.contains(hygiene::COMPILES);
            ensure!(!inlined, "{}: the module is inlined", path.display());
        }
    }
    Ok(())
}

fn collect(folder: &Path, texts: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, texts)?;
        } else if path.extension().is_some_and(|extension| extension == "js") {
            texts.push(path);
        }
    }
    Ok(())
}
