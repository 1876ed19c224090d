//! Texts in columns, as every command prints them: no lines, nothing before the first or after the last.

use comfy_table::Table;
use comfy_table::presets::NOTHING;

/// An empty table without lines.
pub fn table() -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table
}

/// A table's lines, without the space that stands before and after each.
pub fn lines(table: &Table) -> impl Iterator<Item = String> {
    table.lines().map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned() + "\n")
}
