//! The imports between the files of a crate: no circle in `src/` and in `harness/src/`, and nothing but cryptography
//! in `src/crypto/`.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{code, tokens};

/// The crates that only `src/crypto` may name.
const CRYPTOGRAPHY: &[&str] =
    &["base64ct", "ed25519_dalek", "hex", "hmac", "sha1", "sha2", "subtle"];

/// A module's path below the crate: `["scheme", "column"]`.
type Module = Vec<String>;

/// The folders of the crates whose files must not import each other in a circle.
const CRATES: &[&str] = &[CORE, "harness/src/"];
const CORE: &str = "src/";

/// Every fault of the files, each given by its path and its text.
pub(crate) fn faults(files: &[(&str, &str)]) -> Vec<String> {
    CRATES.iter().flat_map(|folder| crate_faults(folder, files)).collect()
}

fn crate_faults(folder: &str, files: &[(&str, &str)]) -> Vec<String> {
    let sources: BTreeMap<Module, String> =
        files.iter().filter_map(|(path, text)| Some((module(folder, path)?, code(text)))).collect();
    let graph = graph(&sources);
    let mut faults: Vec<_> = circle(folder, &graph).into_iter().collect();
    if folder == CORE {
        faults.extend(crypto_faults(&sources, &graph));
    }
    faults
}

/// The imports out of `src/crypto/`, and the crates of cryptography that other files name.
fn crypto_faults(
    sources: &BTreeMap<Module, String>,
    graph: &BTreeMap<Module, BTreeSet<Module>>,
) -> Vec<String> {
    let mut faults = Vec::new();
    for (from, imports) in graph {
        let is_crypto = |module: &Module| module.first().is_some_and(|room| room == "crypto");
        if let Some(other) = imports.iter().find(|other| is_crypto(from) && !is_crypto(other)) {
            let (from, other) = (path(CORE, from), path(CORE, other));
            faults.push(format!("{from} imports {other}: src/crypto imports only itself"));
        }
        if !is_crypto(from)
            && let Some(named) = cryptography(&tokens(&sources[from]))
        {
            faults.push(format!("{} names {named}: only src/crypto may", path(CORE, from)));
        }
    }
    faults
}

/// `a/b.rs` of the folder is `["a", "b"]`, and `lib.rs` the crate itself. No file can import `main.rs`.
fn module(folder: &str, path: &str) -> Option<Module> {
    let path = path.strip_prefix(folder)?.strip_suffix(".rs")?;
    match path {
        "main" => None,
        "lib" => Some(Vec::new()),
        _ => Some(path.split('/').map(str::to_owned).collect()),
    }
}

fn path(folder: &str, module: &Module) -> String {
    format!("{folder}{}.rs", if module.is_empty() { "lib".to_owned() } else { module.join("/") })
}

/// The files that each file imports. `lib.rs` only exports: a name of it counts as that of the file behind it.
fn graph(sources: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let exports = sources.get(&Vec::new()).map(|lib| exports(&tokens(lib))).unwrap_or_default();
    let mut graph = BTreeMap::new();
    for (from, source) in sources.iter().filter(|(from, _)| !from.is_empty()) {
        let imports = paths(from, &tokens(source)).into_iter().filter_map(|path| {
            let exported = path.first().and_then(|name| exports.get(name));
            let is_module =
                path.first().is_some_and(|name| sources.contains_key(&vec![name.clone()]));
            let path = exported.filter(|_| !is_module).map_or(&path, |module| module);
            let lengths = (1..=path.len()).rev();
            let found = lengths.map(|length| path[..length].to_vec());
            found.into_iter().find(|module| sources.contains_key(module))
        });
        let imports: BTreeSet<_> = imports.filter(|to| to != from).collect();
        graph.insert(from.clone(), imports);
    }
    graph
}

/// The names that `lib.rs` exports, and the modules behind them.
fn exports(tokens: &[&str]) -> BTreeMap<String, Module> {
    let mut exports = BTreeMap::new();
    for at in 0..tokens.len() {
        if tokens[at..].starts_with(&["pub", "use"]) {
            let mut paths = Vec::new();
            tree(tokens, at + 2, &[], &mut paths);
            for mut path in paths {
                exports.extend(path.pop().map(|name| (name, path)));
            }
        }
    }
    exports
}

/// The paths in a file that lead into the crate, from the crate on. A path that begins with another word is one from
/// the file itself, which leads somewhere if a module of the file is called so.
fn paths(file: &Module, tokens: &[&str]) -> Vec<Module> {
    let mut paths = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| tokens[before]);
        let is_path = tokens.get(at + 1) == Some(&"::") && !["::", "in"].contains(&before);
        let from_file = !["crate", "super", "self"].contains(token);
        if !is_path || !token.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            continue;
        }
        let mut found = Vec::new();
        tree(tokens, at, &[], &mut found);
        for path in found {
            let supers = path.iter().take_while(|word| *word == "super").count();
            let base = match path.first().map(String::as_str) {
                Some("crate") => &[],
                _ => &file[..file.len().saturating_sub(supers)],
            };
            let skipped = if from_file { 0 } else { supers.max(1) };
            paths.push([base, &path[skipped..]].concat());
        }
    }
    paths
}

/// Reads a path or a tree of paths, such as `a::{b, c::D}`, and returns the place after it.
fn tree(tokens: &[&str], mut at: usize, before: &[String], paths: &mut Vec<Module>) -> usize {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(at) {
        if *token == "{" {
            at += 1;
            while tokens.get(at).is_some_and(|token| *token != "}") {
                at = tree(tokens, at, &path, paths).max(at + 1);
                at += usize::from(tokens.get(at) == Some(&","));
            }
            return at + 1;
        }
        path.push((*token).to_owned());
        at += 1;
        if tokens.get(at) != Some(&"::") {
            break;
        }
        at += 1;
    }
    paths.push(path);
    at
}

/// A circle of imports, if there is one.
fn circle(folder: &str, graph: &BTreeMap<Module, BTreeSet<Module>>) -> Option<String> {
    let mut done = BTreeSet::new();
    let found = graph.keys().find_map(|from| visit(graph, from, &mut Vec::new(), &mut done))?;
    let files: Vec<_> = found.iter().map(|module| path(folder, module)).collect();
    Some(format!("files import each other in a circle: {}", files.join(" -> ")))
}

/// The files of the first circle that can be reached from a file; the last file is the first again.
fn visit(
    graph: &BTreeMap<Module, BTreeSet<Module>>,
    at: &Module,
    way: &mut Vec<Module>,
    done: &mut BTreeSet<Module>,
) -> Option<Vec<Module>> {
    if let Some(start) = way.iter().position(|before| before == at) {
        return Some(way[start..].iter().chain([at]).cloned().collect());
    }
    if done.contains(at) {
        return None;
    }
    way.push(at.clone());
    let found = graph.get(at)?.iter().find_map(|next| visit(graph, next, way, done));
    way.pop();
    done.insert(at.clone());
    found
}

/// The first crate of cryptography that a code names.
fn cryptography<'t>(tokens: &[&'t str]) -> Option<&'t str> {
    let named = tokens.iter().enumerate().find(|(at, token)| {
        let before = at.checked_sub(1).map_or("", |before| tokens[before]);
        let is_first = before != "::" && tokens.get(at + 1) == Some(&"::");
        CRYPTOGRAPHY.contains(*token) && (is_first || ["use", "crate"].contains(&before))
    });
    named.map(|(_, token)| *token)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIB: (&str, &str) = ("src/lib.rs", "mod a; mod b; pub use a::{A, Other}; pub use b::B;");

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let files = [&[LIB], files].concat();
        assert_eq!(faults(&files), expected);
    }

    #[test]
    fn files_that_import_one_way_pass() {
        check(
            &[
                ("src/a.rs", "use crate::{B, b::c::D};"),
                ("src/b.rs", "mod c; pub use c::D; fn f() { c::g() }"),
                (
                    "src/b/c.rs",
                    "pub struct D; // use super::B\n#[cfg(test)]\nmod tests { use crate::A; }",
                ),
            ],
            &[],
        );
    }

    #[test]
    fn circles_are_found_in_every_spelling_of_a_path() {
        let circle = "files import each other in a circle: src/a.rs -> src/b.rs -> src/a.rs";
        for import in [
            "use crate::a::A;",
            "use crate::A;",
            "use crate::{x::Y, Other};",
            "fn f(a: crate::a::A) {}",
            "use super::a;",
        ] {
            check(&[("src/a.rs", "use crate::B;"), ("src/b.rs", import)], &[circle]);
        }
        let circle = "files import each other in a circle: src/b.rs -> src/b/c.rs -> src/b.rs";
        for import in ["use super::B;", "use super::{B, c};", "use super::super::b::B;"] {
            for child in ["mod c; use c::D;", "mod c; fn f() { c::g() }", "use self::c::D;"] {
                check(&[("src/b.rs", child), ("src/b/c.rs", import)], &[circle]);
            }
        }
    }

    #[test]
    fn circles_are_found_in_the_harness() {
        let circle = "files import each other in a circle: harness/src/a.rs -> harness/src/b.rs -> harness/src/a.rs";
        let lib = ("harness/src/lib.rs", "mod a; mod b;");
        let main = ("harness/src/main.rs", "mod c; use c::C;");
        let a = ("harness/src/a.rs", "use crate::b::B; use hookproof::A;");
        let b = |text| [lib, main, a, ("harness/src/b.rs", text)];
        check(&b("use hookproof::a::A;"), &[]);
        check(&b("use super::a::A;"), &[circle]);
    }

    #[test]
    fn visibility_is_not_an_import() {
        check(
            &[("src/b.rs", "mod c; use c::D;"), ("src/b/c.rs", "pub(in crate::b) struct D;")],
            &[],
        );
    }

    #[test]
    fn crypto_imports_only_itself() {
        let fault = "src/crypto.rs imports src/a.rs: src/crypto imports only itself";
        check(&[("src/a.rs", ""), ("src/crypto.rs", "use crate::A;")], &[fault]);
    }

    #[test]
    fn only_crypto_names_the_crates_of_cryptography() {
        check(&[("src/crypto/mac.rs", "use hmac::Mac; use sha2::Sha256;")], &[]);
        check(&[("src/a.rs", "fn hex() {} fn f() { crate::text::hex::g(); hex() }")], &[]);
        for (code, name) in [
            ("use hmac::Mac;", "hmac"),
            ("use hex;", "hex"),
            ("fn f() { hex::encode([]) }", "hex"),
            ("extern crate subtle;", "subtle"),
            ("fn f() { base64ct::Base64::g() }", "base64ct"),
        ] {
            check(&[("src/a.rs", code)], &[&format!("src/a.rs names {name}: only src/crypto may")]);
        }
    }
}
