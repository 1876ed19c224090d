//! The project's own commands. `cargo xtask demo` shows the main job on real input; `cargo xtask test` is
//! what CI runs.

mod bench;
mod boundary;
mod build;
mod check;
mod debian;
mod demo;
mod english;
mod entries;
mod environments;
mod examples;
mod generate;
mod hygiene;
mod npm;
mod playground;
mod proof;
mod receiver;
mod sizes;
mod step;
mod stores;
mod test;
mod tree;
mod wasm;
mod wasm_pack;

use std::process::ExitCode;

use clap::Parser;

/// Builds, shows and proves hookproof. Each command installs what it needs and says what it is doing.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, about)]
enum Task {
    /// Build the npm package: core to WebAssembly, tables, bundled entries. Writes its sizes to sizes.snap.
    Build,
    /// Show the main job: every provider's deliveries and the attacks, sent over HTTP to an Express
    /// receiver that has the packed package installed.
    Demo,
    /// Run every test. This is what CI runs.
    Test {
        /// Run only the groups whose name holds one of these words.
        only: Vec<String>,
    },
    /// Run what takes longer than a test: the proofs. CI does not run them.
    Proof(proof::Options),
    /// Measure hookproof beside what a user would pick in its place, in every runtime.
    Bench(bench::Options),
    /// Build the package and serve the playground on loopback.
    Playground {
        /// The port; 0 takes a free one.
        #[arg(long, default_value_t = 8730)]
        port: u16,
    },
    /// Write the playground as a static folder to publish, target/site.
    Site,
    /// Format every file.
    Format,
    /// Count what plain English asks for, and list every place that breaks it.
    English,
    /// Check without running: formatting, clippy, docs, types, the tree itself.
    Check,
}

fn main() -> ExitCode {
    let done = match Task::parse() {
        Task::Build => build::run().and_then(|_| sizes::write()),
        Task::Demo => demo::run(build::run),
        Task::Test { only } => test::run(&only),
        Task::Proof(options) => proof::run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Playground { port } => playground::run(port),
        Task::Site => playground::site(),
        Task::Check => test::run(&["tree", "format", "lints", "types"].map(str::to_owned)),
        Task::Format => check::write_format(),
        Task::English => english::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
