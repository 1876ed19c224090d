//! The size of every file that a user's import can load, in bytes and gzipped.
//!
//! `sizes.snap` has the sizes that were accepted: `cargo xtask build` rewrites it, and the tests compare it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use anyhow::{Context, bail};

use crate::{entries, hygiene, tree};

const SNAPSHOT: &str = "sizes.snap";

/// By how many percent a size may differ from the snapshot, so that another version of a tool changes nothing.
const TOLERANCE_PERCENT: usize = 2;

/// By file: its bytes, and its bytes gzipped.
type Sizes = BTreeMap<String, [usize; 2]>;

/// Writes the sizes of the package that was built.
pub(crate) fn write() -> anyhow::Result<()> {
    Ok(fs::write(tree::at(SNAPSHOT), text(&measured()?)?)?)
}

/// Compares the sizes of the package that was built with the snapshot.
pub(crate) fn check() -> anyhow::Result<()> {
    let accepted = fs::read_to_string(tree::at(SNAPSHOT)).context(SNAPSHOT)?;
    let faults = faults(&parse(&accepted)?, &measured()?);
    if faults.is_empty() {
        return Ok(());
    }
    bail!(
        "{}\nTo accept these sizes run `cargo xtask build` and commit {SNAPSHOT}",
        faults.join("\n")
    )
}

fn measured() -> anyhow::Result<Sizes> {
    let modules = ["hookproof.wasm", "explain.wasm"].map(str::to_owned);
    let files = entries::all()?.into_iter().map(|entry| entry.file).chain(modules);
    files
        .map(|file| {
            let bytes = fs::read(tree::at("pkg/gen").join(&file)).context(file.clone())?;
            Ok((file, [bytes.len(), hygiene::gzip(&bytes)?.len()]))
        })
        .collect()
}

fn text(sizes: &Sizes) -> anyhow::Result<String> {
    let mut text = "# file, bytes, bytes gzipped. Written by `cargo xtask build`.\n".to_owned();
    for (file, [bytes, gzipped]) in sizes {
        writeln!(text, "{file:<28} {bytes:>7} {gzipped:>7}")?;
    }
    Ok(text)
}

fn parse(text: &str) -> anyhow::Result<Sizes> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let fields: Vec<_> = line.split_whitespace().collect();
            let [file, bytes, gzipped] = fields.as_slice() else {
                bail!("{SNAPSHOT}: not a file and two sizes: {line}");
            };
            Ok(((*file).to_owned(), [bytes.parse()?, gzipped.parse()?]))
        })
        .collect()
}

fn faults(accepted: &Sizes, measured: &Sizes) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, sizes) in measured {
        let Some(before) = accepted.get(file) else {
            faults.push(format!("{file} is not in {SNAPSHOT}"));
            continue;
        };
        for ((size, before), unit) in sizes.iter().zip(before).zip(["B", "B gzip"]) {
            if size.abs_diff(*before) * 100 > before * TOLERANCE_PERCENT {
                faults.push(format!("{file}: {size} {unit}, and {SNAPSHOT} says {before}"));
            }
        }
    }
    let gone = accepted.keys().filter(|file| !measured.contains_key(*file));
    faults.extend(gone.map(|file| format!("{file} is in {SNAPSHOT}, but is not built")));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(files: &[(&str, [usize; 2])]) -> Sizes {
        files.iter().map(|(file, sizes)| ((*file).to_owned(), *sizes)).collect()
    }

    #[test]
    fn a_snapshot_is_read_as_it_was_written() {
        let sizes = sizes(&[("a.js", [1, 2]), ("stores/durable-object.cjs", [1_234_567, 89])]);
        assert_eq!(parse(&text(&sizes).unwrap()).unwrap(), sizes);
        assert!(parse("a.js 1").is_err());
    }

    #[test]
    fn sizes_within_two_percent_pass() {
        let accepted = sizes(&[("a.js", [1000, 500])]);
        for near in [[1000, 500], [1020, 510], [980, 490]] {
            assert_eq!(faults(&accepted, &sizes(&[("a.js", near)])), [""; 0]);
        }
    }

    #[test]
    fn larger_smaller_new_and_missing_files_are_faults() {
        let accepted = sizes(&[("a.js", [1000, 500]), ("b.js", [1, 1])]);
        assert_eq!(
            faults(&accepted, &sizes(&[("a.js", [1021, 489]), ("c.js", [1, 1])])),
            [
                "a.js: 1021 B, and sizes.snap says 1000",
                "a.js: 489 B gzip, and sizes.snap says 500",
                "c.js is not in sizes.snap",
                "b.js is in sizes.snap, but is not built",
            ]
        );
    }
}
