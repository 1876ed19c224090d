//! The tables of a run, in the order in which people ask.

use std::collections::BTreeSet;

use super::cold::Cold;
use super::native::Row;
use super::results::{Cell, HOOKPROOF, RECIPE_AGAIN, Run};
use super::table::{Table, ratio, size};
use super::targets;

/// A run as a whole.
pub(crate) struct Report<'a> {
    pub(crate) command: String,
    pub(crate) machine: String,
    pub(crate) runs: &'a [Run],
    pub(crate) not_run: &'a [String],
    pub(crate) cold: &'a [Cold],
    pub(crate) native: &'a [Row],
}

const SIZES: [u64; 8] = [128, 512, 1024, 4096, 16_384, 65_536, 1_048_576, 10_485_760];

const OWN_HASH: &str = "hookproof, its own hash";

impl Report<'_> {
    pub(crate) fn markdown(&self) -> String {
        let tables: Vec<_> = self.tables().iter().map(Table::markdown).collect();
        format!("{}\n{}", self.head(), tables.join("\n"))
    }

    pub(crate) fn for_terminal(&self, coloured: bool) -> String {
        let tables: Vec<_> =
            self.tables().iter().map(|table| table.for_terminal(coloured)).collect();
        format!("{}\n{}", self.head(), tables.join("\n"))
    }

    fn head(&self) -> String {
        let mut versions: Vec<_> =
            self.runs.iter().map(|run| format!("{} {}", run.runtime, run.version)).collect();
        versions.dedup();
        let mut head = format!("`{}`, {}.\n", self.command, self.machine);
        if !versions.is_empty() {
            head += &format!("\n{}.\n", versions.join(", "));
        }
        let noise: Vec<_> = self
            .runs
            .iter()
            .flat_map(|run| &run.cells)
            .filter_map(|cell| Some(cell.outcome(RECIPE_AGAIN)?.times))
            .collect();
        if let (Some(least), Some(most)) =
            (noise.iter().copied().reduce(f64::min), noise.iter().copied().reduce(f64::max))
        {
            let (least, most) = (ratio(least), ratio(most));
            head += &format!(
                "\nNoise: the recipe beside itself, which should be 1.00, came to {least} to {most}.\n"
            );
        }
        for line in self.not_run {
            head += &format!("\nNot run: {line}\n");
        }
        head
    }

    fn tables(&self) -> Vec<Table> {
        let chief: Vec<_> =
            self.runs.iter().filter(|run| targets::is_chief(run, self.runs)).collect();
        let mut tables = targets::tables(self.runs, self.cold);
        tables.extend(chief.iter().filter_map(|run| contestants(run, self.runs)));
        tables.extend((!chief.is_empty()).then(|| kinds(&chief)));
        tables.extend((!chief.is_empty()).then(|| per_byte(self.runs)));
        for part in PARTS {
            tables.extend(part.table(&chief));
        }
        tables.extend(cold(self.cold));
        tables.extend(native(self.native));
        tables
    }
}

/// Everyone over ASCII strings in one runtime.
fn contestants(run: &Run, runs: &[Run]) -> Option<Table> {
    let first = run.cell("sizes", "ascii", SIZES[0])?;
    let title = format!("{} {}, ASCII strings", run.runtime, run.version);
    let mut note = format!("Times as fast as: {}.", first.baseline);
    for (name, reason) in run.absent.iter().filter(|(name, _)| *name != RECIPE_AGAIN) {
        note += &format!(" No {name}: {}.", reason.trim_end_matches('.'));
    }
    let mut table = Table::new(title, note, by_size("contestant"));
    for outcome in &first.results {
        let of = |run: &Run| figures(run, "ascii", |cell| Some(cell.outcome(&outcome.name)?.times));
        table.rows.push(named(&outcome.name, of(run)));
        let other = runs.iter().find(|other| other.runtime == run.runtime && other.own_hash);
        if let (HOOKPROOF, false, Some(other)) = (outcome.name.as_str(), run.own_hash, other) {
            table.rows.push(named(OWN_HASH, of(other)));
        }
    }
    Some(table)
}

/// Hookproof over each kind of payload.
fn kinds(chief: &[&Run]) -> Table {
    let note = "hookproof, times as fast as the runtime's baseline over the same payload.";
    let mut table =
        Table::new("Strings of each kind, and bytes", note, by_size("runtime, payload"));
    for run in chief {
        for kind in ["ascii", "mixed", "cjk", "bytes"] {
            let row = figures(run, kind, |cell| Some(cell.outcome(HOOKPROOF)?.times));
            table.rows.push(named(&format!("{}, {kind}", run.runtime), row));
        }
    }
    table
}

/// How time grows with the payload.
fn per_byte(runs: &[Run]) -> Table {
    let note = "hookproof, nanoseconds for each byte of an ASCII string: flat once the call itself no longer counts.";
    let mut table = Table::new("Growth with the payload", note, by_size("runtime"));
    for run in runs {
        let row =
            figures(run, "ascii", |cell| Some(cell.outcome(HOOKPROOF)?.ns / cell.bytes as f64));
        let hash = if run.own_hash { ", own hash" } else { "" };
        table.rows.push(named(&format!("{}{hash}", run.runtime), row));
    }
    table
}

/// A table with a runtime in each row and a cell in each column.
struct Part {
    title: &'static str,
    note: &'static str,
    table: &'static str,
    figure: fn(&Cell) -> Option<f64>,
}

const PARTS: &[Part] = &[
    Part {
        title: "check, with each provider's headers and ten others",
        note: "hookproof's check, times as fast as the runtime's baseline over the same payload (which looks up no header and makes no delivery).",
        table: "providers",
        figure: |cell| Some(cell.outcome(HOOKPROOF)?.times),
    },
    Part {
        title: "What a refusal takes",
        note: "As part of a verify of the same payload: 0.10 is a tenth.",
        table: "rejections",
        figure: |cell| Some(1.0 / cell.outcome(HOOKPROOF)?.times),
    },
    Part {
        title: "Secrets in turn",
        note: "Times as fast as the recipe with the same secrets: verifyWebhook, and check of a Webhook for each secret.",
        table: "secrets",
        figure: |cell| Some(cell.outcome(HOOKPROOF)?.times),
    },
    Part {
        title: "Sixteen candidates against one",
        note: "Time as a multiple of that with one candidate; hashing again for each would be 16.",
        table: "candidates",
        figure: |cell| Some(1.0 / cell.outcome("16")?.times),
    },
];

impl Part {
    fn table(&self, chief: &[&Run]) -> Option<Table> {
        let there: Vec<_> = chief.iter().filter(|run| self.cells(run).next().is_some()).collect();
        let columns: Vec<_> = self.cells(there.first()?).collect();
        let names = columns.iter().map(|cell| format!("{}, {}", cell.row, size(cell.bytes)));
        let header = ["runtime".to_owned()].into_iter().chain(names);
        let mut table = Table::new(self.title, self.note, header);
        for run in there {
            let figure = |column: &&Cell| {
                shown(run.cell(self.table, &column.row, column.bytes).and_then(self.figure))
            };
            table.rows.push(named(&run.runtime, columns.iter().map(figure).collect()));
        }
        Some(table)
    }

    fn cells<'r>(&self, run: &'r Run) -> impl Iterator<Item = &'r Cell> {
        run.cells.iter().filter(|cell| cell.table == self.table)
    }
}

fn cold(all: &[Cold]) -> Option<Table> {
    all.first()?;
    let note = "Milliseconds in fresh processes, medians. First verdict: from before the import to after the first call, inside the process.";
    let header = ["runtime", "contestant", "first verdict", "whole process"];
    let mut table = Table::new("Cold start", note, header);
    for cold in all {
        let figures = [cold.first_verdict_ms, cold.process_ms].map(|ms| format!("{ms:.2}"));
        table.rows.push(
            [cold.runtime, cold.name].map(str::to_owned).into_iter().chain(figures).collect(),
        );
    }
    Some(table)
}

fn native(rows: &[Row]) -> Option<Table> {
    rows.first()?;
    let note = "Nanoseconds for a verify with the key made before, of hex over bytes, medians.";
    let mut table = Table::new("Native Rust", note, by_size("library"));
    for name in rows.iter().map(|row| row.name.as_str()).collect::<BTreeSet<_>>() {
        let ns = |bytes: u64| rows.iter().find(|row| row.name == name && row.bytes == bytes);
        let figures =
            SIZES.map(|bytes| ns(bytes).map_or_else(String::new, |row| format!("{:.0}", row.ns)));
        table.rows.push(named(name, figures.into()));
    }
    Some(table)
}

fn by_size(first: &str) -> Vec<String> {
    [first.to_owned()].into_iter().chain(SIZES.map(size)).collect()
}

fn figures(run: &Run, row: &str, figure: impl Fn(&Cell) -> Option<f64>) -> Vec<String> {
    SIZES.map(|bytes| shown(run.cell("sizes", row, bytes).and_then(&figure))).into()
}

fn named(name: &str, figures: Vec<String>) -> Vec<String> {
    [name.to_owned()].into_iter().chain(figures).collect()
}

/// An empty cell was not measured.
fn shown(figure: Option<f64>) -> String {
    figure.map(ratio).unwrap_or_default()
}
