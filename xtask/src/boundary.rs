//! The two sides of the WebAssembly boundary, compared when the package is built: a difference fails the build.
//!
//! The numbers of `wasm/boundary` need no comparison, because JavaScript imports them from a generated table and esbuild
//! refuses the import of a name that is gone. What is left: the calls, and the encoding of a caller's scheme, which each
//! side writes in its own language.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use hookproof::providers;
use hookproof_boundary::scheme::encode;

use crate::npm;

/// Checks a package whose tables are generated against its module.
pub(crate) fn check(package: &Path, module: &[u8]) -> anyhow::Result<()> {
    let mut sources = String::new();
    for entry in fs::read_dir(package.join("core"))? {
        sources += &fs::read_to_string(entry?.path())?;
    }
    let faults = faults(&exports(module)?, &calls(&sources));
    ensure!(faults.is_empty(), "pkg/core and wasm/src differ:\n{}", faults.join("\n"));
    compare_schemes(package)
}

/// The functions that a module exports, and how many parameters each has.
fn exports(module: &[u8]) -> anyhow::Result<BTreeMap<String, usize>> {
    let module = walrus::Module::from_buffer(module)?;
    let functions = module.exports.iter().filter_map(|export| match export.item {
        walrus::ExportItem::Function(function) => {
            let parameters = module.types.params(module.funcs.get(function).ty()).len();
            Some((export.name.clone(), parameters))
        }
        _ => None,
    });
    Ok(functions.collect())
}

/// The calls `wasm.name(…)` of a source, and how many arguments each passes.
fn calls(source: &str) -> Vec<(String, usize)> {
    let mut calls = Vec::new();
    for after in source.split("wasm.").skip(1) {
        let end = after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
        let (name, rest) = after.split_at(end);
        if let Some(arguments) = rest.strip_prefix('(') {
            calls.push((name.to_owned(), count(arguments)));
        }
    }
    calls
}

/// The number of arguments from the opening bracket to the one that closes it. A comma after the last is no argument.
fn count(arguments: &str) -> usize {
    let (mut depth, mut count, mut is_empty) = (1, 0, true);
    let lines = arguments.lines().filter(|line| !line.trim_start().starts_with("//"));
    for character in lines.flat_map(str::chars) {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if character == ',' && depth == 1 {
            is_empty = true;
        } else if !character.is_whitespace() {
            count += usize::from(is_empty);
            is_empty = false;
        }
    }
    count
}

fn faults(exports: &BTreeMap<String, usize>, calls: &[(String, usize)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, arguments) in calls {
        match exports.get(name) {
            None => faults.push(format!("{name} is called, but the module does not export it")),
            Some(parameters) if parameters != arguments => faults.push(format!(
                "{name} is called with {arguments} arguments, but it has {parameters} parameters"
            )),
            Some(_) => {}
        }
    }
    for name in exports.keys().filter(|name| !calls.iter().any(|(called, _)| called == *name)) {
        faults.push(format!("{name} is exported, but nothing calls it"));
    }
    faults
}

/// Compares the two encoders on every scheme of the table.
fn compare_schemes(package: &Path) -> anyhow::Result<()> {
    let script = "
        globalThis.ANY_RUNTIME = true
        const { readScheme } = await import('./scheme.js')
        const { schemes } = await import('./gen/tables/schemes.js')
        for (const scheme of schemes) console.log(Buffer.from(readScheme(scheme).encoded).toString('hex'))";
    let mut node = npm::node(package);
    let output = node.args(["--input-type=module", "-e", script]).output();
    let output = output.context("node is not on the PATH")?;
    ensure!(
        output.status.success(),
        "pkg/scheme.js cannot encode the table:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let theirs = String::from_utf8(output.stdout)?;
    let mut theirs = theirs.lines();
    for scheme in providers::SCHEMES {
        let mut ours = Vec::new();
        encode(scheme, &mut |byte| ours.push(byte));
        let theirs = theirs.next().unwrap_or_default();
        ensure!(
            hex::encode(ours) == theirs,
            "{}: pkg/scheme.js and wasm/boundary/src/scheme.rs encode the scheme differently",
            scheme.name
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(source: &str) -> Vec<String> {
        let exports = [("finish", 1), ("open", 3), ("decide", 0)];
        let exports = exports.map(|(name, parameters)| (name.to_owned(), parameters)).into();
        faults(&exports, &calls(source))
    }

    #[test]
    fn calls_that_fit_the_exports_pass() {
        let source = "wasm.finish(f(a, b)); this.wasm.decide()\n\
            wasm.open(\n  a,\n  // As a number, not a boolean.\n  [b, c],\n  d ?? { e: 0 },\n)\n\
            wasm.memory.buffer";
        assert_eq!(faults_of(source), [""; 0]);
    }

    #[test]
    fn each_difference_is_a_fault() {
        assert_eq!(
            faults_of("wasm.finish() || wasm.opened(a)"),
            [
                "finish is called with 0 arguments, but it has 1 parameters",
                "opened is called, but the module does not export it",
                "decide is exported, but nothing calls it",
                "open is exported, but nothing calls it",
            ]
        );
    }
}
