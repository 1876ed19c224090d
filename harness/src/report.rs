//! What a check found, for people and for programs.

use crate::pen::Pen;
use crate::row::Row;

mod json;
mod junit;
mod markdown;
mod summary;
mod table;

pub use summary::{ASK, NOTHING_VALID, verdict};

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal.
    Table,
    /// One object, with a row for each attack.
    Json,
    /// JUnit's XML, a suite for each provider, which every CI reads.
    Junit,
    /// For a pull request.
    Markdown,
}

/// The whole report. Only a table is ever coloured.
///
/// # Errors
/// Where a text cannot be written in this format.
pub fn write(rows: &[Row], format: Format, coloured: bool) -> anyhow::Result<String> {
    Ok(match format {
        Format::Table => table::write(rows, Pen { coloured }),
        Format::Json => json::write(rows),
        Format::Junit => junit::write(rows)?,
        Format::Markdown => markdown::write(rows),
    })
}

#[cfg(test)]
mod tests;
