//! The core, as the WebAssembly module that the npm package carries.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::json;
use walrus::ImportKind;
use wasm_bindgen_cli_support::Bindgen;

use crate::{step, tree};

/// The target the core is built for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// wasm-bindgen's version, everywhere: its parts must agree to the letter.
pub(crate) const BINDGEN: &str = "0.2.130";

/// Builds the module with these features of `wasm/`.
pub(crate) fn build(features: &str) -> anyhow::Result<Vec<u8>> {
    let raw = compile("hookproof-wasm", "release", &["--features", features])?;
    step::work("wasm-bindgen", |_| bind(&raw))
}

/// Builds the second module, of `wasm/explain/`.
pub(crate) fn build_explain() -> anyhow::Result<Vec<u8>> {
    let raw = compile("hookproof-wasm-explain", "explain", &[])?;
    step::work("wasm-bindgen", |_| bind(&raw))
}

/// Compiles a package to WebAssembly in a profile, and gives the path of what came of it.
fn compile(package: &str, profile: &str, arguments: &[&str]) -> anyhow::Result<PathBuf> {
    add_target(TARGET)?;
    step::run(
        &format!("{package} to WebAssembly"),
        cargo()
            .args(["build", "--locked", "--package", package, "--profile", profile])
            .args(["--target", TARGET])
            .args(arguments)
            // They would take the place of the flags that make the module what it is.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .args(["--config", &remapped_paths()?])
            .arg("--target-dir")
            .arg(tree::at("target/wasm")),
    )?;
    let file = package.replace('-', "_");
    Ok(tree::at("target/wasm").join(TARGET).join(profile).join(file).with_extension("wasm"))
}

/// Keeps this machine's folders out of the module: whoever builds it gets the same bytes.
fn remapped_paths() -> anyhow::Result<String> {
    let home = match env::var("CARGO_HOME") {
        Ok(home) => home,
        Err(_) => format!("{}/.cargo", env::var("HOME").or_else(|_| env::var("USERPROFILE"))?),
    };
    let remap =
        |from: &str, to: &str| json!(format!("--remap-path-prefix={from}={to}")).to_string();
    let root = tree::root().display().to_string();
    Ok(format!(
        "target.{TARGET}.rustflags=[{}, {}]",
        remap(&root, "hookproof"),
        remap(&home, "cargo")
    ))
}

/// Adds a target to the toolchain in use. A rust-toolchain.toml would do so too, and move people's
/// compilers besides.
pub(crate) fn add_target(target: &str) -> anyhow::Result<()> {
    let installed = Command::new("rustup").args(["target", "list", "--installed"]).output();
    match installed {
        Ok(list) if String::from_utf8_lossy(&list.stdout).lines().any(|line| line == target) => {
            Ok(())
        }
        Ok(_) => {
            let mut add = Command::new("rustup");
            step::run(&format!("rustup target add {target}"), add.args(["target", "add", target]))
                .map(drop)
        }
        // Without rustup the toolchain is somebody's own: it has the target, or cargo will say so.
        Err(_) => Ok(()),
    }
}

pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(tree::root());
    // What this cargo told xtask of its own package would make other packages look changed.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Runs wasm-bindgen over the compiled module. Its exports take and return numbers, so all the glue it
/// could write is none, and the module must import nothing.
fn bind(raw: &Path) -> anyhow::Result<Vec<u8>> {
    let mut output = bindgen(raw)?.generate_output().context("wasm-bindgen refused the module")?;
    let module = output.wasm_mut();
    // wasm-bindgen starts every module with a call that fills a table of references. Nothing here uses
    // one, so the call goes, and with it the only import.
    let fill = "__wbindgen_init_externref_table";
    let import = module.imports.iter().find(|import| import.name == fill);
    if let Some((id, ImportKind::Function(function))) =
        import.map(|import| (import.id(), import.kind.clone()))
    {
        let start = module.exports.get_func("__wbindgen_start");
        ensure!(start.is_ok_and(|start| start == function), "wasm-bindgen starts in a new way");
        module.exports.remove("__wbindgen_start")?;
        module.imports.delete(id);
        module.funcs.delete(function);
    }
    // What it keeps for its own glue, which is not there, and with it the allocator.
    for unused in ["__wbindgen_externrefs", "__abort_handler", "__instance_terminated"] {
        if module.exports.iter().any(|export| export.name == unused) {
            module.exports.remove(unused)?;
        }
    }
    walrus::passes::gc::run(module);
    let imports: Vec<_> =
        module.imports.iter().map(|i| format!("{}.{}", i.module, i.name)).collect();
    ensure!(imports.is_empty(), "the module needs glue for {imports:?}: only numbers may cross");
    Ok(module.emit_wasm())
}

fn bindgen(raw: &Path) -> anyhow::Result<Bindgen> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(raw)
        .bundler(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    Ok(bindgen)
}
