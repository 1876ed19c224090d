//! wasm-pack, for those who build with it: the project does not need it, and keeps it working.

use std::env;
use std::process::Command;

use crate::step::say;
use crate::{step, tree, wasm};

/// Builds `wasm/` and runs its tests with wasm-pack.
pub(crate) fn run() -> anyhow::Result<()> {
    build_tools()?;
    wasm::add_target(wasm::TARGET)?;
    let out = tree::at("target/wasm-pack");
    // wasm-pack gives cargo the arguments that it does not know.
    let locked = "--locked";
    let build = ["build", "wasm", "--release", "--target", "nodejs", "--out-dir"];
    step::run("wasm-pack build wasm", wasm_pack().args(build).arg(out).arg(locked))?;
    let test = ["test", "--node", "wasm"];
    let said = step::run("wasm-pack test --node wasm", wasm_pack().args(test).arg(locked))?;
    said.lines()
        .filter(|line| line.starts_with("test result:"))
        .for_each(|line| say!("         {line}"));
    Ok(())
}

/// Compiles wasm-pack, wasm-bindgen and its test runner at the versions in `tests/wasm-pack/`.
fn build_tools() -> anyhow::Result<()> {
    let mut cargo = wasm::cargo();
    cargo.args(["build", "--locked", "--manifest-path", "tests/wasm-pack/Cargo.toml"]);
    cargo.arg("--target-dir").arg(tree::at("target/tools"));
    step::run("compile wasm-pack (minutes, the first time)", &mut cargo).map(drop)
}

/// wasm-pack, which takes wasm-bindgen and its test runner from the path. Without them, or at another version
/// than in `Cargo.lock`, it would download them.
fn wasm_pack() -> Command {
    let tools = tree::at("target/tools/debug");
    let path = env::var_os("PATH").unwrap_or_default();
    let all = [tools.clone()].into_iter().chain(env::split_paths(&path));
    let mut command = Command::new(tools.join("wasm-pack"));
    command.current_dir(tree::root());
    if let Ok(path) = env::join_paths(all) {
        command.env("PATH", path);
    }
    command
}
