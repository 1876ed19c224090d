//! Checks that do not run the project.

mod code;
mod imports;
mod rooms;

use std::fs;
use std::process::Command;

use anyhow::{Context, bail, ensure};
use hookproof::providers;
use hookproof::scheme::Layout;

use crate::{npm, step, tree, wasm};

/// Checks the format of Rust, and of JavaScript, TypeScript, CSS and HTML (`.prettierrc.json`), and runs oxlint
/// (`.oxlintrc.json`). `cargo fmt` and `cargo xtask format` write the format.
pub(crate) fn format() -> anyhow::Result<()> {
    step::run("rustfmt", wasm::cargo().args(["fmt", "--all", "--check"]))?;
    npm::install_tools()?;
    step::run("prettier", prettier("--check")?.arg("--log-level=warn"))?;
    step::run("oxlint", npm::tool("oxlint").arg("--deny-warnings")).map(drop)
}

/// Writes the format of every file.
pub(crate) fn write_format() -> anyhow::Result<()> {
    step::run("rustfmt", wasm::cargo().args(["fmt", "--all"]))?;
    npm::install_tools()?;
    step::run("prettier", &mut prettier("--write")?).map(drop)
}

/// prettier, on the files that git tracks or would track.
fn prettier(action: &str) -> anyhow::Result<Command> {
    const FORMATTED: &[&str] = &[".js", ".mjs", ".cjs", ".ts", ".cts", ".css", ".html"];
    let mut prettier = npm::tool("prettier");
    prettier.arg(action);
    let paths = tracked()?.into_iter().filter(|path| tree::at(path).exists());
    prettier.args(paths.filter(|path| FORMATTED.iter().any(|end| path.ends_with(end))));
    Ok(prettier)
}

/// Clippy and the documentation, with every warning an error.
pub(crate) fn lints() -> anyhow::Result<()> {
    let deny = ["--", "-D", "warnings"];
    step::run(
        "clippy",
        wasm::cargo().args(["clippy", "--locked", "--workspace", "--all-targets"]).args(deny),
    )?;
    wasm::add_target(wasm::TARGET)?;
    for module in ["hookproof-wasm", "hookproof-wasm-explain"] {
        for targets in ["--lib", "--tests"] {
            let clippy =
                ["clippy", "--locked", "--package", module, "--target", wasm::TARGET, targets];
            step::run("clippy on a module, for wasm32", wasm::cargo().args(clippy).args(deny))?;
        }
    }
    let bare = ["clippy", "--locked", "--package", "hookproof", "--no-default-features"];
    step::run("clippy on the core without features", wasm::cargo().args(bare).args(deny))?;
    let docs =
        ["doc", "--locked", "--no-deps", "--package", "hookproof", "--document-private-items"];
    let docs = docs.into_iter().chain(["--all-features"]);
    step::run("docs", wasm::cargo().args(docs).env("RUSTDOCFLAGS", "-D warnings")).map(drop)
}

/// Checks the rules of the tree, and that the vectors equal their script's output.
pub(crate) fn tree() -> anyhow::Result<()> {
    step::work("the tree", |_| {
        let mut faults = Vec::new();
        let paths = tracked()?;
        let read = |path| fs::read_to_string(tree::at(path)).unwrap_or_default();
        let texts: Vec<_> = paths.iter().map(|path| read(path)).collect();
        let files: Vec<_> =
            paths.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        for (path, text) in &files {
            faults.extend(RULES.iter().filter_map(|rule| rule.broken_by(path, text)));
            faults.extend(rooms::faults(path, text));
        }
        faults.extend(imports::faults(&files));
        faults.extend(unlisted_tests(&paths)?);
        if !faults.is_empty() {
            bail!("{}", faults.join("\n"));
        }
        Ok(())
    })?;
    let make = tree::at("vectors/make.mjs");
    step::run(
        "the vectors are what their script makes",
        npm::node(tree::root()).arg(make).arg("--check"),
    )
    .map(drop)
}

/// Tests in JavaScript that nothing here runs: each is named by who does.
fn unlisted_tests(paths: &[String]) -> anyhow::Result<Vec<String>> {
    let sources = paths.iter().filter(|path| path.starts_with("xtask/src/"));
    let sources: Vec<_> =
        sources.map(|path| fs::read_to_string(tree::at(path))).collect::<Result<_, _>>()?;
    let named = |name: &str| {
        let spellings = [format!("\"{name}\""), format!("{name}.test.")];
        sources.iter().any(|text| spellings.iter().any(|spelling| text.contains(spelling)))
    };
    let tests =
        paths.iter().filter(|path| path.starts_with("js-tests/") && path.contains(".test."));
    let unlisted = tests.filter(|path| {
        let file = path.rsplit('/').next().unwrap_or(path);
        !named(file.split('.').next().unwrap_or(file))
    });
    Ok(unlisted.map(|path| format!("{path}: no group of `cargo xtask test` runs it")).collect())
}

/// A text that some files must not contain.
struct Rule {
    why: &'static str,
    applies: fn(path: &str) -> bool,
    /// In small letters.
    forbidden: fn() -> Vec<String>,
}

impl Rule {
    fn broken_by(&self, path: &str, text: &str) -> Option<String> {
        if !(self.applies)(path) {
            return None;
        }
        let text = text.to_lowercase();
        let forbidden = (self.forbidden)();
        let word = forbidden.iter().find(|word| text.contains(word.as_str()))?;
        Some(format!("{path}: {word:?}: {}", self.why))
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What the table's rows name: headers, and the texts before a tag or a secret.
fn provider_words() -> Vec<String> {
    let mut words = words(&["whsec_"]);
    for scheme in providers::SCHEMES {
        words.push(scheme.signature.name.to_lowercase());
        let others = [scheme.timestamp_header(), scheme.id_header()];
        words.extend(others.into_iter().flatten().map(|header| header.name.to_lowercase()));
        if let Layout::Prefix(prefix) = scheme.signature.layout {
            words.extend([format!("'{prefix}"), format!("\"{prefix}")]);
        }
    }
    words
}

const RULES: &[Rule] = &[
    Rule {
        why: "a lock names no registry: write it with npm's --omit-lockfile-registry-resolved",
        applies: |path| path.ends_with("package-lock.json"),
        forbidden: || words(&["\"resolved\""]),
    },
    Rule {
        why: "what a provider's bytes look like belongs in a row of src/providers",
        applies: |path| {
            ["pkg/", "wasm/", "www/"].iter().any(|room| path.starts_with(room))
                && [".js", ".ts", ".rs", ".html"].iter().any(|end| path.ends_with(end))
        },
        forbidden: provider_words,
    },
    Rule {
        why: "the core knows no provider; only lib.rs names the table",
        applies: |path| {
            path.starts_with("src/") && !path.starts_with("src/providers") && path != "src/lib.rs"
        },
        forbidden: || words(&["use crate::providers", "crate::providers::"]),
    },
    Rule {
        why: "nothing is left for later, and no test is skipped",
        applies: |path| {
            path != "xtask/src/check.rs" && !path.ends_with(".md") && !path.ends_with(".json")
        },
        forbidden: || words(&["todo", "fixme", "#[ignore", "test.skip(", "test.only("]),
    },
];

/// The files that git tracks or would track. Refuses a file name without meaning.
pub(crate) fn tracked() -> anyhow::Result<Vec<String>> {
    let mut git = std::process::Command::new("git");
    git.current_dir(tree::root()).args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let listed = git.output().context("git is not on the PATH")?;
    ensure!(
        listed.status.success(),
        "git cannot list the files: {}",
        String::from_utf8_lossy(&listed.stderr)
    );
    let listed = String::from_utf8(listed.stdout)?;
    let paths: Vec<_> = listed.lines().map(str::to_owned).collect();
    for path in &paths {
        let stem =
            path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
        if ["util", "utils", "helper", "helpers", "common", "misc", "manager", "service"]
            .contains(&stem)
        {
            bail!("{path}: a name that says nothing of what is inside");
        }
    }
    Ok(paths)
}
