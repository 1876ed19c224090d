//! Texts in columns, as every command prints them: no lines, nothing before the first or after the last.

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};

/// How wide a terminal is taken to be.
const WIDTH: u16 = 80;

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

/// A text beside a word, wrapped to the terminal's width below itself.
pub fn noted(word: &str, text: &str) -> String {
    let mut table = table();
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.add_row([format!("{word:6}"), text.to_owned()]);
    lines(&table).collect()
}
