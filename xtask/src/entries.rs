//! The package's entries, read from `exports` in `pkg/package.json`. The build, the sizes and the tests derive
//! their lists from it, so an adapter or a store is listed in one place.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::tree;

/// One bundled file that a user's import can resolve to.
pub(crate) struct Entry {
    /// The bundle, below `pkg/gen/`.
    pub(crate) file: String,
    /// Its source, below `pkg/`.
    pub(crate) source: String,
    /// How the entry gets its module of WebAssembly: the name of a file in `pkg/load/`.
    pub(crate) load: &'static str,
    /// The kind of JavaScript module, as esbuild names it.
    pub(crate) format: &'static str,
}

/// The sources that bring a module of WebAssembly, and the module's name.
const MODULES: &[(&str, &str)] = &[("index.js", "hookproof"), ("explain.js", "explain")];

impl Entry {
    /// The module of WebAssembly that the entry brings. Other entries use the one of the hook they are given.
    pub(crate) fn module(&self) -> Option<&'static str> {
        MODULES.iter().find(|(source, _)| *source == self.source).map(|(_, module)| *module)
    }

    /// Whether the module is a text inside the bundle. Otherwise the runtime imports it compiled.
    pub(crate) fn is_inlined(&self) -> bool {
        !IMPORTING.contains(&self.load)
    }
}

/// The conditions of `exports` whose runtimes import a compiled module, each with a loader of its own.
const IMPORTING: &[&str] = &["workerd", "edge-light"];

/// All entries, each bundle once, in the order of `exports`.
pub(crate) fn all() -> anyhow::Result<Vec<Entry>> {
    let manifest = tree::at("pkg/package.json");
    let manifest: Value = serde_json::from_str(&fs::read_to_string(manifest)?)?;
    let exports = manifest["exports"].as_object().context("pkg/package.json has no exports")?;
    let mut entries: Vec<Entry> = Vec::new();
    for target in exports.values().filter(|target| target.is_object()) {
        collect(target, None, "", &mut entries)?;
    }
    Ok(entries)
}

/// Walks the conditions of one export: first the runtime's, then `import` or `require`.
fn collect(
    target: &Value,
    runtime: Option<&'static str>,
    kind: &str,
    entries: &mut Vec<Entry>,
) -> anyhow::Result<()> {
    let conditions = target.as_object().context("a condition of exports is not an object")?;
    if let (Some(types), Some(file)) = (conditions.get("types"), conditions.get("default")) {
        let file = file.as_str().and_then(|file| file.strip_prefix("./gen/"));
        let file = file.context("an entry is not in ./gen/")?;
        if entries.iter().any(|entry| entry.file == file) {
            return Ok(());
        }
        entries.push(Entry {
            file: file.to_owned(),
            source: source_of(types.as_str().unwrap_or_default())?,
            load: load_of(file, runtime),
            format: if kind == "require" { "cjs" } else { "esm" },
        });
        return Ok(());
    }
    for (condition, target) in conditions {
        let importing = IMPORTING.iter().find(|name| *name == condition).copied();
        collect(target, importing.or(runtime), condition, entries)?;
    }
    Ok(())
}

/// The source has the name of its types: `./adapters/hono.d.ts` and `./gen/adapters/hono.d.cts` both name
/// `adapters/hono.js`.
fn source_of(types: &str) -> anyhow::Result<String> {
    let name = types.strip_prefix("./gen/").or_else(|| types.strip_prefix("./"));
    let name = name.and_then(|name| name.strip_suffix(".d.ts").or(name.strip_suffix(".d.cts")));
    let source = format!("{}.js", name.with_context(|| format!("{types} is not a type file"))?);
    ensure!(tree::at("pkg").join(&source).exists(), "exports names pkg/{source}, which is missing");
    Ok(source)
}

fn load_of(file: &str, runtime: Option<&'static str>) -> &'static str {
    match runtime {
        // CommonJS cannot import a compiled module, so these runtimes share the common bundle.
        Some(runtime) if file.ends_with(".js") => runtime,
        _ => "inline",
    }
}

/// Every type file of the package, without its extension: of entries, and what those import.
pub(crate) fn type_files() -> anyhow::Result<Vec<String>> {
    let package = tree::at("pkg");
    let mut names = Vec::new();
    for folder in ["", "adapters", "stores"] {
        for file in fs::read_dir(package.join(folder))? {
            let file = file?.file_name();
            let Some(name) = file.to_str().and_then(|file| file.strip_suffix(".d.ts")) else {
                continue;
            };
            names.push(Path::new(folder).join(name).to_string_lossy().into_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(file: &str) -> Entry {
        all().unwrap().into_iter().find(|entry| entry.file == file).expect(file)
    }

    #[test]
    fn an_adapter_has_no_module() {
        let hono = entry("adapters/hono.cjs");
        assert_eq!((hono.source.as_str(), hono.format), ("adapters/hono.js", "cjs"));
        assert_eq!((hono.load, hono.module()), ("inline", None));
    }

    #[test]
    fn runtimes_that_import_a_module_have_their_own_loader() {
        assert_eq!(entry("workerd.js").load, "workerd");
        assert_eq!(entry("explain-edge-light.js").load, "edge-light");
        assert_eq!(entry("explain-edge-light.js").module(), Some("explain"));
        assert!(!entry("workerd.js").is_inlined() && entry("index.cjs").is_inlined());
    }

    #[test]
    fn bundles_are_listed_once() {
        let mut files: Vec<_> = all().unwrap().into_iter().map(|entry| entry.file).collect();
        let before = files.len();
        files.sort_unstable();
        files.dedup();
        assert_eq!((files.len(), files.contains(&"index.cjs".to_owned())), (before, true));
    }
}
