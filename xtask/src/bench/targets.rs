//! What was asked for, as data, and whether this run reached it. Nothing fails here: it is said.

use super::cold::Cold;
use super::results::{HASH_WASM, HOOKPROOF, KEPT, RECIPE, Run, STANDARD};
use super::table::{Table, judged, ratio, size};

/// So many times as fast as a rival, by the payload's size; the slowest kind of string counts.
struct Speed {
    title: &'static str,
    runtimes: &'static [&'static str],
    own_hash: bool,
    rival: &'static str,
    wanted: &'static [(u64, f64)],
}

const WITHOUT_HASH: &[&str] =
    &["chromium", "workerd", "node20", "node22", "node24", "deno", "bun", "workerd-nodejs_compat"];

const SPEEDS: &[Speed] = &[
    Speed {
        title: "String payloads, against the node:crypto recipe",
        runtimes: &["node22", "node24", "deno", "bun"],
        own_hash: false,
        rival: RECIPE,
        wanted: &[
            (128, 2.5),
            (512, 1.7),
            (1024, 1.5),
            (4096, 1.25),
            (16_384, 1.05),
            (65_536, 0.95),
            (1_048_576, 0.95),
            (10_485_760, 0.95),
        ],
    },
    Speed {
        title: "workerd with nodejs_compat, against its own node:crypto",
        runtimes: &["workerd-nodejs_compat"],
        own_hash: false,
        rival: RECIPE,
        wanted: &[(128, 5.0), (512, 2.5), (1024, 1.5), (4096, 1.2)],
    },
    Speed {
        title: "workerd without the flag, against WebCrypto with a kept key",
        runtimes: &["workerd"],
        own_hash: true,
        rival: KEPT,
        wanted: &[(128, 1.0), (512, 1.0), (1024, 1.0), (4096, 1.0)],
    },
    Speed {
        title: "No native hash, against standardwebhooks",
        runtimes: WITHOUT_HASH,
        own_hash: true,
        rival: STANDARD,
        wanted: &[
            (128, 4.0),
            (512, 4.0),
            (1024, 4.0),
            (4096, 4.0),
            (16_384, 4.0),
            (65_536, 4.0),
            (1_048_576, 2.5),
            (10_485_760, 2.5),
        ],
    },
    Speed {
        title: "No native hash, against hash-wasm",
        runtimes: WITHOUT_HASH,
        own_hash: true,
        rival: HASH_WASM,
        wanted: &[
            (128, 1.8),
            (512, 1.8),
            (1024, 1.8),
            (4096, 1.8),
            (16_384, 1.8),
            (65_536, 1.8),
            (1_048_576, 1.0),
            (10_485_760, 1.0),
        ],
    },
];

const STRINGS: [&str; 3] = ["ascii", "mixed", "cjk"];

/// The largest part of a verify that a malformed header may take.
const MALFORMED_AT_MOST: f64 = 1.0 / 3.0;

/// How much longer than with one candidate a verify of 64 KiB may take with sixteen. Hashing once for each
/// would be sixteen times.
const CANDIDATES_AT_MOST: f64 = 1.1;

/// How much more a byte may cost in 10 MiB than in 64 KiB.
const GROWTH_AT_MOST: f64 = 1.25;

/// How much later than the recipe's the first verdict may be.
const COLD_AT_MOST_MS: f64 = 2.0;

const MIB: u64 = 1_048_576;

/// A table for each group of targets that this run has figures for.
pub(crate) fn tables(runs: &[Run], cold: &[Cold]) -> Vec<Table> {
    let mut tables: Vec<_> = SPEEDS.iter().filter_map(|speed| speed.table(runs)).collect();
    tables.extend(others(runs, cold));
    tables
}

impl Speed {
    fn table(&self, runs: &[Run]) -> Option<Table> {
        let there: Vec<_> = self
            .runtimes
            .iter()
            .filter_map(|name| runs.iter().find(|run| run.runtime == *name))
            .filter_map(|run| {
                runs.iter().find(|it| it.runtime == run.runtime && it.own_hash == self.own_hash)
            })
            .filter(|run| self.figure(run, 128).is_some())
            .collect();
        if there.is_empty() {
            return None;
        }
        let note = "Times as fast; the slowest of ASCII, mixed and CJK strings counts.";
        let header = ["payload", "wanted"].map(str::to_owned).into_iter();
        let header = header.chain(there.iter().map(|run| run.runtime.clone()));
        let mut table = Table::new(self.title, note, header);
        for (bytes, wanted) in self.wanted {
            let figures = there.iter().map(|run| match self.figure(run, *bytes) {
                Some(figure) => judged(&ratio(figure), figure >= *wanted),
                None => "not measured".to_owned(),
            });
            let head = [size(*bytes), format!("≥ {wanted}")];
            table.rows.push(head.into_iter().chain(figures).collect());
        }
        Some(table)
    }

    fn figure(&self, run: &Run, bytes: u64) -> Option<f64> {
        STRINGS
            .iter()
            .filter_map(|kind| run.cell("sizes", kind, bytes)?.outcome(self.rival)?.ahead)
            .reduce(f64::min)
    }
}

/// A target that is one figure a runtime: its name and bound, and the figure held against it.
type Other = (&'static str, fn(&Run, &[Cold]) -> Option<String>);

const OTHERS: &[Other] = &[
    ("malformed header, part of a verify, ≤ 0.33", |run, _| malformed(run)),
    ("16 candidates against 1, 64 KiB, ≤ 1.1", |run, _| candidates(run)),
    ("byte of 10 MiB against 64 KiB, ≤ 1.25", |run, _| growth(run)),
    ("memory after 10 MiB, as before", |run, _| memory(run)),
    ("memory, 64 MiB streamed, < 1 MiB", |run, _| streamed(run)),
    ("first verdict after the recipe's, ≤ 2 ms", later),
];

fn others(runs: &[Run], cold: &[Cold]) -> Option<Table> {
    let chief: Vec<_> = runs.iter().filter(|run| is_chief(run, runs)).collect();
    chief.first()?;
    let header = ["runtime"].into_iter().chain(OTHERS.iter().map(|(name, _)| *name));
    let note = "Cold start is not measured in workerd and in browsers.";
    let mut table = Table::new("Everything else that was asked for", note, header);
    for run in chief {
        let figures = OTHERS.iter().map(|(_, figure)| figure(run, cold).unwrap_or_default());
        table.rows.push([run.runtime.clone()].into_iter().chain(figures).collect());
    }
    Some(table)
}

/// Of a runtime measured twice, the run with the runtime's hash.
pub(crate) fn is_chief(run: &Run, runs: &[Run]) -> bool {
    !run.own_hash || !runs.iter().any(|other| other.runtime == run.runtime && !other.own_hash)
}

fn malformed(run: &Run) -> Option<String> {
    let parts = run.cells.iter().filter(|cell| cell.row == "malformed header");
    let worst = parts.filter_map(|cell| Some(1.0 / cell.outcome(HOOKPROOF)?.times));
    let worst = worst.reduce(f64::max)?;
    Some(judged(&ratio(worst), worst <= MALFORMED_AT_MOST))
}

fn candidates(run: &Run) -> Option<String> {
    let times = run.cell("candidates", "16", 65_536)?.outcome("16")?.times;
    Some(judged(&ratio(1.0 / times), 1.0 / times <= CANDIDATES_AT_MOST))
}

fn growth(run: &Run) -> Option<String> {
    let a_byte = |bytes: u64| -> Option<f64> {
        Some(run.cell("sizes", "ascii", bytes)?.outcome(HOOKPROOF)?.ns / bytes as f64)
    };
    let grown = a_byte(10 * MIB)? / a_byte(65_536)?;
    Some(judged(&ratio(grown), grown <= GROWTH_AT_MOST))
}

fn memory(run: &Run) -> Option<String> {
    let figure = format!("{} KiB", run.memory.after / 1024);
    (run.memory.after > 0).then(|| judged(&figure, run.memory.after == run.memory.before))
}

fn streamed(run: &Run) -> Option<String> {
    let Some(bytes) = run.memory.streamed else {
        return Some(judged("no such verifier,", false));
    };
    Some(judged(&format!("{} KiB", bytes / 1024), bytes < MIB))
}

fn later(run: &Run, cold: &[Cold]) -> Option<String> {
    let of = |name: &str| cold.iter().find(|cold| cold.runtime == run.runtime && cold.name == name);
    let later = of(HOOKPROOF)?.first_verdict_ms - of(RECIPE)?.first_verdict_ms;
    Some(judged(&format!("{later:.1} ms"), later <= COLD_AT_MOST_MS))
}
