//! A table as a page has it and as a terminal shows it: the same words in both.

use std::fmt::Write;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, LineStyle};

/// What stands in a cell whose target was not reached. Only the terminal colours it.
pub(crate) const MISSED: &str = "MISSED";

const MET: &str = "met";
const RED: &str = "\x1b[1;31m";
const GREEN: &str = "\x1b[32m";
const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[0m";

/// A title, what to know before reading, and rows whose first column is a name and the rest figures.
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<S: Into<String>>(
        title: impl Into<String>,
        note: impl Into<String>,
        header: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            title: title.into(),
            note: note.into(),
            header: header.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let mut text = format!("### {}\n\n{}\n\n{}", self.title, self.note, line(&self.header));
        let rule: Vec<_> =
            (0..self.header.len()).map(|at| if at == 0 { "---" } else { "---:" }).collect();
        let _ = writeln!(text, "|{}|", rule.join("|"));
        self.rows.iter().for_each(|row| text.push_str(&line(row)));
        text
    }

    pub(crate) fn for_terminal(&self, coloured: bool) -> String {
        let mut table = comfy_table::Table::new();
        table
            .load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
            .set_header(&self.header);
        for row in &self.rows {
            table.add_row(row);
        }
        for (index, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, 2));
            if index > 0 {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut text = paint(&self.title, BOLD, coloured) + "\n" + &self.note + "\n\n";
        // It is aligned before it is coloured: what colours a text has no width.
        for line in table.lines() {
            let line = line.trim_end().replace(MISSED, &paint(MISSED, RED, coloured));
            text.push_str(&line.replace(MET, &paint(MET, GREEN, coloured)));
            text.push('\n');
        }
        text
    }
}

/// A figure held against what was wanted of it.
pub(crate) fn judged(figure: &str, reached: bool) -> String {
    format!("{figure} {}", if reached { MET } else { MISSED })
}

/// A ratio with as many digits as mean something.
pub(crate) fn ratio(value: f64) -> String {
    if value >= 10.0 { format!("{value:.1}") } else { format!("{value:.2}") }
}

/// A size as people write it.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}

fn paint(text: &str, colour: &str, coloured: bool) -> String {
    if coloured { format!("{colour}{text}{PLAIN}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_the_same_on_a_page_and_on_a_terminal() {
        let mut table = Table::new("Targets", "A note.", ["size", "node22"]);
        table.rows.push(vec![size(128), judged(&ratio(2.514), true)]);
        table.rows.push(vec![size(10_485_760), judged(&ratio(0.5), false)]);
        let page = table.markdown();
        assert!(page.ends_with(
            "| size | node22 |\n|---|---:|\n| 128 B | 2.51 met |\n| 10 MiB | 0.50 MISSED |\n"
        ));
        let plain = table.for_terminal(false);
        // Under title, note, header and rule figures end in one column.
        let lengths: Vec<_> = plain.lines().skip(5).map(str::len).collect();
        assert_eq!(lengths[0], lengths[1], "{plain}");
        let coloured = table.for_terminal(true);
        assert!(coloured.contains(&format!("{RED}{MISSED}{PLAIN}")));
        let bare =
            [RED, GREEN, BOLD, PLAIN].iter().fold(coloured, |text, code| text.replace(code, ""));
        assert_eq!(bare, plain);
    }
}
