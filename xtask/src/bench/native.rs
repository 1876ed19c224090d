//! Native Rust: what `benches/native` measured with criterion.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};

use super::Options;
use crate::{step, tree, wasm};

/// What it is called where runtimes are chosen.
pub(crate) const NAME: &str = "native";

/// A library at a payload's size.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) ns: f64,
}

impl Row {
    pub(crate) fn json(&self) -> Value {
        json!({ "name": self.name, "bytes": self.bytes, "ns": self.ns })
    }
}

/// Runs the benchmark, if it is wanted.
pub(crate) fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    if !options.wants(NAME) {
        return Ok(Vec::new());
    }
    let folder = tree::at("target/bench/criterion");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let (warm_up, measuring) = if options.quick { ("0.1", "0.3") } else { ("0.5", "2") };
    let mut bench = wasm::cargo();
    bench.args(["bench", "--locked", "--package", "hookproof-bench-native", "--"]);
    bench.args(["--noplot", "--warm-up-time", warm_up, "--measurement-time", measuring]);
    step::run("native Rust", bench.env("CRITERION_HOME", &folder))?;
    rows(&folder.join("verify"))
}

/// criterion's files: a folder for each library, in it one for each size.
fn rows(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for library in folders(folder)? {
        for size in folders(&folder.join(&library))? {
            let Ok(bytes) = size.parse() else { continue };
            let file = folder.join(&library).join(&size).join("new/estimates.json");
            let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let estimates: Value = serde_json::from_str(&text)?;
            let ns = estimates["median"]["point_estimate"].as_f64().context("no median")?;
            rows.push(Row { name: library.clone(), bytes, ns });
        }
    }
    rows.sort_by_key(|row| row.bytes);
    Ok(rows)
}

fn folders(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}
