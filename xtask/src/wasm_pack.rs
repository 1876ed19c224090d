//! wasm-pack, for those who build with it: the project does not need it, and keeps it working.

use std::env;
use std::process::Command;

use crate::step::say;
use crate::{step, tree, wasm};

const WASM_PACK: &str = "0.15.1";

/// Builds `wasm/` and runs its tests with wasm-pack, which is installed below `target/` first.
pub(crate) fn run() -> anyhow::Result<()> {
    // wasm-pack takes wasm-bindgen and its test runner from the path, where their version is the lock's;
    // else it would download them.
    install("wasm-bindgen-cli", wasm::BINDGEN)?;
    install("wasm-pack", WASM_PACK)?;
    wasm::add_target(wasm::TARGET)?;
    let out = tree::at("target/wasm-pack");
    let build = ["build", "wasm", "--release", "--target", "nodejs", "--out-dir"];
    step::run("wasm-pack build wasm", wasm_pack().args(build).arg(out))?;
    let said =
        step::run("wasm-pack test --node wasm", wasm_pack().args(["test", "--node", "wasm"]))?;
    said.lines()
        .filter(|line| line.starts_with("test result:"))
        .for_each(|line| say!("         {line}"));
    Ok(())
}

fn wasm_pack() -> Command {
    let tools = tree::at("target/tools/bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let all = [tools.clone()].into_iter().chain(env::split_paths(&path));
    let mut command = Command::new(tools.join("wasm-pack"));
    command.current_dir(tree::root());
    if let Ok(path) = env::join_paths(all) {
        command.env("PATH", path);
    }
    command
}

/// Installs a tool below `target/tools`; does nothing where it is there at this version.
fn install(name: &str, version: &str) -> anyhow::Result<()> {
    let title = format!("cargo install {name} {version} (minutes, the first time)");
    let mut install = wasm::cargo();
    // Unoptimised tools are ready in half the time, and what they do here is quick either way.
    install.args(["install", "--locked", "--debug", &format!("{name}@{version}")]);
    install.arg("--root").arg(tree::at("target/tools"));
    install.arg("--target-dir").arg(tree::at("target/tools/build"));
    step::run(&title, &mut install).map(drop)
}
