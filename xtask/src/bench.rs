//! How fast it is: hookproof beside what a user would pick in its place, interleaved in one process for each
//! runtime. It reports, and never fails for a figure.

mod cold;
mod machine;
mod native;
mod report;
mod results;
mod runtimes;
mod table;
mod targets;

use std::fs;
use std::io::IsTerminal;
use std::time::Instant;

use anyhow::{Context, ensure};
use serde_json::json;

use crate::{build, npm, tree};
use report::Report;

/// What is measured, and how often.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Measure only where the name holds one of these words: node20, node22, node24, deno, bun,
    /// workerd, chromium, native.
    only: Vec<String>,
    /// Measure less often: two minutes in place of fifteen, with more noise.
    #[arg(long)]
    quick: bool,
    /// Put the tables between the two marks in docs/performance.md.
    #[arg(long)]
    write_docs: bool,
}

impl Options {
    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| name.contains(word.as_str()))
    }

    fn command(&self) -> String {
        let quick = if self.quick { " --quick" } else { "" };
        format!("cargo xtask bench{quick} {}", self.only.join(" ")).trim_end().to_owned()
    }
}

/// Measures, prints the tables and writes them below `target/bench/`.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let names = runtimes::names().chain([native::NAME]);
    ensure!(
        names.clone().any(|name| options.wants(name)),
        "nothing is called any of {:?}: there are {}",
        options.only,
        names.collect::<Vec<_>>().join(", ")
    );
    ensure!(
        !options.write_docs || options.only.is_empty(),
        "--write-docs takes the place of all tables, so it measures everything: name no runtime"
    );
    let start = Instant::now();
    let tarball = build::run()?;
    npm::install("benches/js")?;
    runtimes::unpack(&tarball)?;
    let mut measured = runtimes::measure(options)?;
    let cold = measured.unless_failed("cold start", cold::measure(options));
    let native = measured.unless_failed("native Rust", native::measure(options));
    let report = Report {
        command: options.command(),
        machine: machine::describe(),
        runs: &measured.runs,
        not_run: &measured.not_run,
        cold: &cold,
        native: &native,
    };
    write(&report, options.write_docs)?;
    println!("\n{}", report.for_terminal(std::io::stdout().is_terminal()));
    println!("target/bench/results.json, target/bench/performance.md");
    println!("in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn write(report: &Report<'_>, to_docs: bool) -> anyhow::Result<()> {
    let folder = tree::at("target/bench");
    fs::create_dir_all(&folder)?;
    let json = json!({
        "command": report.command,
        "machine": report.machine,
        "runs": report.runs.iter().map(results::Run::json).collect::<Vec<_>>(),
        "not_run": report.not_run,
        "cold": report.cold.iter().map(cold::Cold::json).collect::<Vec<_>>(),
        "native": report.native.iter().map(native::Row::json).collect::<Vec<_>>(),
    });
    fs::write(folder.join("results.json"), format!("{json:#}\n"))?;
    let markdown = report.markdown();
    fs::write(folder.join("performance.md"), &markdown)?;
    if to_docs {
        let page = tree::at("docs/performance.md");
        let text = fs::read_to_string(&page)?;
        fs::write(&page, between_marks(&text, &markdown)?)?;
    }
    Ok(())
}

const BEGIN: &str = "<!-- cargo xtask bench --write-docs writes from here -->\n";
const END: &str = "<!-- to here -->\n";

/// The page with new tables, and its prose as it was.
fn between_marks(page: &str, tables: &str) -> anyhow::Result<String> {
    let (before, rest) = page.split_once(BEGIN).context("docs/performance.md: no first mark")?;
    let (_, after) = rest.split_once(END).context("docs/performance.md: no second mark")?;
    Ok(format!("{before}{BEGIN}\n{}\n{END}{after}", tables.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_tables_leave_the_prose_as_it_was() {
        let page = format!("before\n{BEGIN}old\n{END}after\n");
        let written = between_marks(&page, "new").unwrap();
        assert_eq!(written, format!("before\n{BEGIN}\nnew\n{END}after\n"));
        assert_eq!(between_marks(&written, "new").unwrap(), written);
        assert!(between_marks("no marks", "new").is_err());
    }
}
