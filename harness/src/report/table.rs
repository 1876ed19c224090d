//! A report for a terminal of 80 columns: a block for one provider or a grid for several, what went wrong
//! and why it matters, how to see it again, one line.

use comfy_table::CellAlignment;

use super::summary::{advice, by_provider, lacking, millis, said, shut, verdict, wrong};
use crate::columns;
use crate::pen::{BOLD, DIM, GREEN, Pen, RED, YELLOW};
use crate::row::{Row, Verdict, is_right};

/// How many providers stand beside each other in a grid.
const GRID_COLUMNS: usize = 5;

/// How many of the ids that something is said about are named.
const SHOWN_IDS: usize = 6;

pub(super) fn write(rows: &[Row], pen: Pen) -> String {
    let first = shut(rows).map(|text| pen.paint(&columns::noted("WRONG", &text), RED) + "\n");
    let providers: Vec<_> = by_provider(rows).collect();
    let body = match providers.as_slice() {
        [rows] => block(rows, pen),
        several => {
            let grids: Vec<_> = several.chunks(GRID_COLUMNS).map(|some| grid(some, pen)).collect();
            let wrong = said(rows, complaint, |row| row.provider);
            let wrong = wrong.iter().map(|(text, names)| {
                pen.paint(&columns::noted("WRONG", &format!("{text}: {}", names.join(", "))), RED)
            });
            grids.join("\n") + &wrong.collect::<String>()
        }
    };
    let mut report = first.unwrap_or_default() + &body;
    for (heading, said) in [
        ("What this means", said(wrong(rows), why, |row| row.id)),
        ("Advice", said(rows, advice, |row| row.id)),
    ] {
        if !said.is_empty() {
            report += &format!("\n{}\n", pen.paint(heading, BOLD));
            for (text, ids) in said {
                report += &columns::noted("", &format!("{}: {text}", some_of(&ids)));
            }
        }
    }
    if !is_right(rows) {
        report += &format!("\n{}\n", pen.paint("To see it again", BOLD));
        for row in wrong(rows) {
            let of = pen.paint(&format!("# {}, {}", row.provider, row.id), DIM);
            report += &format!("{of}\n{}\n", row.repeat);
        }
    }
    let colour = if is_right(rows) { GREEN } else { RED };
    report + "\n" + &pen.paint(&verdict(rows), colour) + "\n"
}

/// One provider: a line for each row that applies, and one more below it for what there is to say.
fn block(rows: &[Row], pen: Pen) -> String {
    let shown: Vec<_> = rows.iter().filter(|row| lacking(row).is_none()).collect();
    let mut table = columns::table();
    for row in &shown {
        let time = millis(row).map(|millis| format!("{millis} ms")).unwrap_or_default();
        let word = format!("{:6}", row.verdict.word());
        table.add_row([&word, row.title, row.expected, &row.status, &time]);
    }
    if let Some(column) = table.column_mut(4) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    // What colours a text has no width: the table is aligned before it is coloured.
    let mut block = String::new();
    for (row, line) in shown.iter().zip(columns::lines(&table)) {
        let (word, rest) = line.split_at(row.verdict.word().len());
        let colour = colour(&row.verdict);
        block += &(pen.paint(word, colour) + rest);
        match &row.verdict {
            Verdict::Wrong(text) => block += &pen.paint(&columns::noted("", text), RED),
            Verdict::Right(text) if !text.is_empty() => {
                block += &pen.paint(&columns::noted("", text), DIM)
            }
            _ => {}
        }
    }
    for (text, ids) in said(rows, lacking, |row| row.id) {
        block += &pen.paint(&columns::noted("n/a", &format!("it {text}: {}", ids.join(", "))), DIM);
    }
    block
}

/// Several providers: a column for each, a line for each attack, and below it what is wrong.
fn grid(providers: &[&[Row]], pen: Pen) -> String {
    let titles: Vec<_> = providers.first().into_iter().copied().flatten().collect();
    let title_chars = titles.iter().map(|row| row.title.chars().count()).max().unwrap_or_default();
    let names: Vec<_> =
        providers.iter().filter_map(|rows| rows.first()).map(|row| row.provider).collect();
    let mut grid = " ".repeat(title_chars);
    for name in &names {
        grid += &format!("  {}", pen.paint(&format!("{name:6}"), BOLD));
    }
    grid += "\n";
    for (index, row) in titles.iter().enumerate() {
        grid += &format!("{:title_chars$}", row.title);
        for (rows, name) in providers.iter().zip(&names) {
            let Some(row) = rows.get(index) else {
                continue;
            };
            let word = if lacking(row).is_some() { "-" } else { row.verdict.word() };
            let rest = " ".repeat(name.len().max(6).saturating_sub(word.len()));
            grid += &format!("  {}{rest}", pen.paint(word, colour(&row.verdict)));
        }
        grid = grid.trim_end().to_owned() + "\n";
    }
    grid
}

fn why(row: &Row) -> Option<String> {
    row.verdict.is_wrong().then(|| row.why.to_owned())
}

/// What is wrong with a row where its line has no room for it.
fn complaint(row: &Row) -> Option<String> {
    let Row { title, status, .. } = row;
    row.verdict.is_wrong().then(|| format!("{title}: {} ({status})", row.verdict.text()))
}

/// Names with commas between them; of many, the first.
fn some_of(ids: &[&str]) -> String {
    match ids.split_at_checked(SHOWN_IDS) {
        Some((first, rest)) if rest.len() > 1 => {
            format!("{} and {} more", first.join(", "), rest.len())
        }
        _ => ids.join(", "),
    }
}

fn colour(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Right(_) => GREEN,
        Verdict::Advice(_) => YELLOW,
        Verdict::Wrong(_) => RED,
        Verdict::NotApplicable(_) => DIM,
    }
}
