//! The imports between the rooms of the tree.

/// The rooms, and the other rooms that each may import. A room that is not here, such as `xtask`, may import any.
///
/// `pkg/gen` is made of `wasm` and of the core's tables by `cargo xtask build`, so no import leads from `pkg` to them.
const ROOMS: &[(&str, &[&str])] = &[
    ("benches", &["pkg", "src"]),
    ("examples", &["pkg", "src"]),
    ("harness", &["docs", "src"]),
    ("js-tests", &["pkg", "vectors", "www"]),
    ("pkg", &[]),
    ("src", &[]),
    ("tests", &["src", "vectors"]),
    ("vectors", &[]),
    ("wasm", &["src"]),
    ("www", &["pkg"]),
];

/// The texts before the name of a file or a package, and the characters that end it.
const JAVASCRIPT: &[(&str, char)] = &[
    ("from '", '\''),
    ("from \"", '"'),
    ("import '", '\''),
    ("import \"", '"'),
    ("import('", '\''),
    ("import(\"", '"'),
    ("require('", '\''),
    ("require(\"", '"'),
    ("new URL('", '\''),
    ("new URL(\"", '"'),
];
const RUST: &[(&str, char)] =
    &[("#[path = \"", '"'), ("include_str!(\"", '"'), ("include_bytes!(\"", '"')];
/// Only dependencies: `path` at the beginning of a line names a target's own source.
const MANIFEST: &[(&str, char)] = &[("{ path = \"", '"'), (", path = \"", '"')];

/// Every import of a file that its room may not make.
pub(crate) fn faults(path: &str, text: &str) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let marks = match name.rsplit_once('.') {
        Some((_, "js" | "mjs" | "cjs" | "ts" | "mts" | "cts" | "jsx" | "tsx" | "html")) => {
            JAVASCRIPT
        }
        Some((_, "rs")) => RUST,
        Some((_, "toml")) if name == "Cargo.toml" => MANIFEST,
        _ => return Vec::new(),
    };
    // The root's manifest is that of the core.
    let from = if path == "Cargo.toml" { "src" } else { room(path) };
    let Some((_, allowed)) = ROOMS.iter().find(|(room, _)| *room == from) else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    for (mark, end) in marks {
        for after in text.split(mark).skip(1) {
            let imported = after.split(*end).next().unwrap_or(after);
            let to = match imported {
                "hookproof" => "pkg".to_owned(),
                package if package.starts_with("hookproof/") => "pkg".to_owned(),
                folder_of_crate if name == "Cargo.toml" => match resolve(folder, folder_of_crate) {
                    root if root.is_empty() => "src".to_owned(),
                    other => other.split('/').next().unwrap_or_default().to_owned(),
                },
                file if file.starts_with('.') => room(&resolve(folder, file)).to_owned(),
                _ => continue,
            };
            if to != from && !to.is_empty() && !allowed.contains(&to.as_str()) {
                faults.push(format!("{path} imports {imported}: {from} must not import {to}"));
            }
        }
    }
    faults
}

/// The first folder of a path; empty for a file at the root.
fn room(path: &str) -> &str {
    path.split_once('/').map_or("", |(room, _)| room)
}

/// The path that `relative` has from the root, seen from a folder.
fn resolve(folder: &str, relative: &str) -> String {
    let mut path: Vec<_> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in relative.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(path.pop()),
            name => path.push(name),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_in_the_right_direction_pass() {
        for (path, text) in [
            ("pkg/adapters/node.js", "import { a } from '../error.js'\nimport('./x.js')"),
            ("pkg/index.js", "import { b } from './gen/tables/rows.js'"),
            ("pkg/core.js", "import '#load'\nimport fs from 'node:fs'"),
            ("www/page.js", "import { c } from 'hookproof/explain'"),
            ("js-tests/a.test.js", "new URL('../vectors/ids.json', import.meta.url)"),
            ("wasm/Cargo.toml", "hookproof = { path = \"..\" }"),
            ("Cargo.toml", "[[example]]\npath = \"tests/differential/answer.rs\""),
            ("wasm/explain/Cargo.toml", "hookproof-boundary = { path = \"../boundary\" }"),
            ("src/lib.rs", "#![doc = include_str!(\"../README.md\")]"),
            ("xtask/src/main.rs", "include_str!(\"../../pkg/index.js\")"),
        ] {
            assert_eq!(faults(path, text), [""; 0], "{path}");
        }
    }

    #[test]
    fn imports_in_the_wrong_direction_are_faults() {
        for (path, text, fault) in [
            ("pkg/a.js", "import { a } from '../www/code.js'", "pkg must not import www"),
            (
                "pkg/stores/a.js",
                "await import('../../js-tests/a.js')",
                "pkg must not import js-tests",
            ),
            (
                "pkg/a.d.ts",
                "export type { A } from \"../examples/a.js\"",
                "pkg must not import examples",
            ),
            ("www/a.js", "import '../vectors/ids.js'", "www must not import vectors"),
            (
                "vectors/make.mjs",
                "import { a } from '../js-tests/a.js'",
                "vectors must not import js-tests",
            ),
            ("vectors/make.mjs", "import { a } from 'hookproof'", "vectors must not import pkg"),
            (
                "examples/a.js",
                "import { a } from '../js-tests/a.js'",
                "examples must not import js-tests",
            ),
            ("src/a.rs", "include_str!(\"../vectors/ids.json\")", "src must not import vectors"),
            ("Cargo.toml", "wasm = { path = \"wasm\" }", "src must not import wasm"),
            ("Cargo.toml", "wasm = { path = \"wasm/explain\" }", "src must not import wasm"),
            ("wasm/Cargo.toml", "a = { path = \"../harness/a\" }", "wasm must not import harness"),
            (
                "harness/src/a.rs",
                "include_bytes!(\"../../pkg/index.js\")",
                "harness must not import pkg",
            ),
        ] {
            let faults = faults(path, text);
            assert!(faults.len() == 1 && faults[0].ends_with(fault), "{path}: {faults:?}");
        }
    }
}
