//! Proofs: what takes longer than a test may, so that it is run by hand and nightly and not by CI.

mod differential;
mod soak;

use std::time::Instant;

use anyhow::ensure;

use crate::step::say;
use crate::test::Built;

/// Which proofs to run, and how much of each.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The names of the proofs to run; all without one.
    only: Vec<String>,
    /// The seed of the differential proof. Without it each run has its own, which is printed.
    #[arg(long)]
    seed: Option<u64>,
    /// The number of cases that the differential proof compares.
    #[arg(long, default_value_t = 30_000)]
    cases: usize,
    /// The number of requests that the soak proof sends to each adapter.
    #[arg(long, default_value_t = 200_000)]
    requests: usize,
}

type Proof = fn(&Options, &Built) -> anyhow::Result<()>;

const PROOFS: &[(&str, Proof)] = &[("differential", differential::run), ("soak", soak::run)];

/// Runs the named proofs, or all. A failure does not hide the next.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let names: Vec<_> = PROOFS.iter().map(|(name, _)| *name).collect();
    let unknown: Vec<_> =
        options.only.iter().filter(|name| !names.contains(&name.as_str())).collect();
    ensure!(
        unknown.is_empty(),
        "no proof is named any of {unknown:?}; the proofs are {}",
        names.join(", ")
    );
    let wanted = |name: &str| options.only.is_empty() || options.only.iter().any(|one| one == name);
    let built = Built::default();
    let mut failed = Vec::new();
    let mut passed = 0;
    for (name, proof) in PROOFS.iter().filter(|(name, _)| wanted(name)) {
        say!("\n{name}");
        let start = Instant::now();
        match proof(options, &built) {
            Ok(()) => passed += 1,
            Err(error) => failed.push((name, error)),
        }
        say!("  {name} took {:.0} s", start.elapsed().as_secs_f64());
    }
    for (name, error) in &failed {
        say!("\n{name} failed: {error:#}");
    }
    say!("\n{passed} passed, {} failed", failed.len());
    if !failed.is_empty() {
        std::process::exit(1);
    }
    Ok(())
}
