//! What the programs in `benches/js` print, a line of JSON for each cell, and the medians over processes.

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::{Value, json};

/// Names in the programs' output that the tables ask for.
pub(crate) const HOOKPROOF: &str = "hookproof";
pub(crate) const RECIPE: &str = "node:crypto recipe";
pub(crate) const RECIPE_AGAIN: &str = "node:crypto recipe, again";
pub(crate) const KEPT: &str = "WebCrypto, key kept";
pub(crate) const STANDARD: &str = "standardwebhooks";
pub(crate) const HASH_WASM: &str = "hash-wasm, hasher kept";

/// What one runtime did, with the runtime's own hash or without.
#[derive(Default)]
pub(crate) struct Run {
    pub(crate) runtime: String,
    pub(crate) version: String,
    /// Hookproof was kept from the runtime's hash, or there is none.
    pub(crate) own_hash: bool,
    pub(crate) cells: Vec<Cell>,
    /// Contestants that do not run there, and what they said.
    pub(crate) absent: BTreeMap<String, String>,
    pub(crate) memory: Memory,
}

/// Contestants that met over one row and size.
pub(crate) struct Cell {
    pub(crate) table: String,
    pub(crate) row: String,
    pub(crate) bytes: u64,
    pub(crate) baseline: String,
    pub(crate) results: Vec<Outcome>,
}

#[derive(Clone)]
pub(crate) struct Outcome {
    pub(crate) name: String,
    pub(crate) ns: f64,
    /// How many times as fast as the baseline.
    pub(crate) times: f64,
    /// How many times as fast as this one hookproof is.
    pub(crate) ahead: Option<f64>,
}

/// Bytes of linear memory: before and after payloads of 10 MiB, and after 64 MiB in chunks.
#[derive(Default, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) before: u64,
    pub(crate) after: u64,
    pub(crate) streamed: Option<u64>,
}

impl Run {
    /// Puts several processes together: each figure is the median of theirs.
    pub(crate) fn of(runtime: &str, own_hash: bool, processes: &[String]) -> anyhow::Result<Self> {
        let mut run = Self { runtime: runtime.to_owned(), own_hash, ..Self::default() };
        let mut cells: Vec<Vec<Cell>> = Vec::new();
        for process in processes {
            for line in process.lines().filter(|line| line.starts_with('{')) {
                let line: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
                match line["table"].as_str().unwrap_or_default() {
                    "failed" => anyhow::bail!("{runtime}: {}", line["error"]),
                    "runtime" => run.version = text(&line["version"]),
                    "absent" => run.absent = absent(&line["absent"]),
                    "memory" => run.memory = memory(&line),
                    _ => gather(&mut cells, Cell::read(&line)?),
                }
            }
        }
        run.cells = cells.iter().map(|same| Cell::median(same)).collect();
        Ok(run)
    }

    pub(crate) fn cell(&self, table: &str, row: &str, bytes: u64) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.is(table, row, bytes))
    }

    pub(crate) fn json(&self) -> Value {
        let outcome = |of: &Outcome| json!({ "name": of.name, "ns": of.ns, "times": of.times, "hookproof_ahead": of.ahead });
        let cell = |cell: &Cell| {
            json!({
                "table": cell.table,
                "row": cell.row,
                "bytes": cell.bytes,
                "baseline": cell.baseline,
                "results": cell.results.iter().map(outcome).collect::<Vec<_>>(),
            })
        };
        let Memory { before, after, streamed } = self.memory;
        json!({
            "runtime": self.runtime,
            "version": self.version,
            "own_hash": self.own_hash,
            "absent": self.absent,
            "linear_memory_bytes": { "before": before, "after": after, "streamed": streamed },
            "cells": self.cells.iter().map(cell).collect::<Vec<_>>(),
        })
    }
}

impl Cell {
    fn read(line: &Value) -> anyhow::Result<Self> {
        let results = line["results"].as_array().with_context(|| format!("no results: {line}"))?;
        let number = |value: &Value| value.as_f64().with_context(|| format!("no number: {line}"));
        let outcome = |of: &Value| -> anyhow::Result<Outcome> {
            Ok(Outcome {
                name: text(&of["name"]),
                ns: number(&of["ns"])?,
                times: number(&of["times"])?,
                ahead: of["ahead"].as_f64(),
            })
        };
        Ok(Self {
            table: text(&line["table"]),
            row: text(&line["row"]),
            bytes: line["bytes"].as_u64().unwrap_or_default(),
            baseline: text(&line["baseline"]),
            results: results.iter().map(outcome).collect::<Result<_, _>>()?,
        })
    }

    fn is(&self, table: &str, row: &str, bytes: u64) -> bool {
        self.table == table && self.row == row && self.bytes == bytes
    }

    pub(crate) fn outcome(&self, name: &str) -> Option<&Outcome> {
        self.results.iter().find(|outcome| outcome.name == name)
    }

    fn median(same: &[Self]) -> Self {
        let first = &same[0];
        let results = first.results.iter().map(|of| {
            let all: Vec<_> = same.iter().filter_map(|cell| cell.outcome(&of.name)).collect();
            let of_all = |pick: fn(&Outcome) -> f64| median(all.iter().map(|each| pick(each)));
            let ahead = of.ahead.map(|_| median(all.iter().filter_map(|each| each.ahead)));
            Outcome {
                name: of.name.clone(),
                ns: of_all(|each| each.ns),
                times: of_all(|each| each.times),
                ahead,
            }
        });
        Self {
            table: first.table.clone(),
            row: first.row.clone(),
            bytes: first.bytes,
            baseline: first.baseline.clone(),
            results: results.collect(),
        }
    }
}

/// The middle of some numbers.
pub(crate) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<_> = numbers.collect();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[half],
        _ => f64::midpoint(sorted[half - 1], sorted[half]),
    }
}

fn gather(cells: &mut Vec<Vec<Cell>>, cell: Cell) {
    let same = cells.iter_mut().find(|same| same[0].is(&cell.table, &cell.row, cell.bytes));
    match same {
        Some(same) => same.push(cell),
        None => cells.push(vec![cell]),
    }
}

fn absent(names: &Value) -> BTreeMap<String, String> {
    let names = names.as_object().into_iter().flatten();
    names.map(|(name, reason)| (name.clone(), text(reason))).collect()
}

fn memory(line: &Value) -> Memory {
    let bytes = |name: &str| line[name].as_u64();
    Memory {
        before: bytes("before").unwrap_or_default(),
        after: bytes("after").unwrap_or_default(),
        streamed: bytes("streamed"),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_the_median_of_the_processes() {
        let process = |ns: f64, times: f64| {
            format!(
                "noise\n{}\n{}\n",
                json!({ "table": "runtime", "version": "22" }),
                json!({ "table": "sizes", "row": "ascii", "bytes": 128, "baseline": RECIPE, "results": [
                    { "name": HOOKPROOF, "ns": ns, "times": times, "ahead": 1 },
                ] })
            )
        };
        let processes = [process(30.0, 1.0), process(10.0, 3.0), process(20.0, 2.5)];
        let run = Run::of("node22", false, &processes).unwrap();
        let cell = run.cell("sizes", "ascii", 128).unwrap();
        let outcome = cell.outcome(HOOKPROOF).unwrap();
        assert_eq!((outcome.ns, outcome.times), (20.0, 2.5));
        assert_eq!((run.version.as_str(), run.cells.len()), ("22", 1));
        assert!(Run::of("node22", false, &["{\"table\":\"failed\"}".to_owned()]).is_err());
    }
}
