//! What a check found, for a person: an aligned table, what went wrong and why it matters, one line.

use std::fmt::Write;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, LineStyle, Table};

use crate::check::{Row, Verdict};

const HEADER: [&str; 7] = ["provider", "case", "expected", "got", "status", "time", "verdict"];
const TIME_COLUMN: usize = 5;

const RED: &str = "\x1b[1;31m";
const GREEN: &str = "\x1b[32m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// Whether every row is as it should be.
pub fn is_right(rows: &[Row]) -> bool {
    rows.iter().all(|row| !matches!(row.verdict, Verdict::Wrong(_)))
}

/// The whole report.
pub fn write(rows: &[Row], coloured: bool) -> String {
    let mut report = table(rows, coloured);
    let wrong: Vec<_> =
        rows.iter().filter(|row| matches!(row.verdict, Verdict::Wrong(_))).collect();
    if !wrong.is_empty() {
        report.push_str("\nWhat this means:\n");
    }
    for (index, row) in wrong.iter().enumerate() {
        let said = wrong[..index].iter().any(|other| other.id == row.id);
        if !said {
            let _ = writeln!(report, "  {}: {}", row.id, row.why);
        }
    }
    report + "\n" + &verdict(rows, coloured) + "\n"
}

/// The verdict on the rows, in a line.
pub fn verdict(rows: &[Row], coloured: bool) -> String {
    let count =
        |wanted: fn(&Verdict) -> bool| rows.iter().filter(|row| wanted(&row.verdict)).count();
    let right = count(|verdict| matches!(verdict, Verdict::Right(_)));
    let wrong = count(|verdict| matches!(verdict, Verdict::Wrong(_)));
    let absent = count(|verdict| matches!(verdict, Verdict::NotApplicable(_)));
    let line = format!("{right} of {} as they should be", right + wrong);
    let colour = if wrong == 0 { GREEN } else { RED };
    let rest = match absent {
        0 => String::new(),
        _ => format!(" ({absent} do not apply)"),
    };
    paint(&line, colour, coloured) + &rest
}

fn table(rows: &[Row], coloured: bool) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_header(HEADER);
    for row in rows {
        table.add_row([
            row.provider.to_owned(),
            row.case.clone(),
            row.expected.to_owned(),
            row.got.to_owned(),
            row.status.clone(),
            row.time
                .map(|time| format!("{:.1} ms", time.as_secs_f64() * 1000.0))
                .unwrap_or_default(),
            words(&row.verdict),
        ]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 1));
    }
    if let Some(column) = table.column_mut(TIME_COLUMN) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    // The table is aligned before it is coloured: what colours a text has no width.
    let mut painted = String::new();
    for (index, line) in table.lines().enumerate() {
        let line = line.trim_end();
        match index.checked_sub(2).and_then(|index| rows.get(index)) {
            Some(row) => painted.push_str(&paint_row(line, &row.verdict, coloured)),
            None => painted.push_str(line),
        }
        painted.push('\n');
    }
    painted
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Right("") => "ok".to_owned(),
        Verdict::Right(note) => format!("ok: {note}"),
        Verdict::Wrong(complaint) => format!("WRONG: {complaint}"),
        Verdict::NotApplicable(lacking) => format!("n/a: {lacking}"),
    }
}

/// A row that does not apply is dim as a whole; of the others only the verdict, their end, is coloured.
fn paint_row(line: &str, verdict: &Verdict, coloured: bool) -> String {
    let words = words(verdict);
    let before = line.strip_suffix(&words).unwrap_or(line);
    match verdict {
        Verdict::NotApplicable(_) => paint(line, DIM, coloured),
        Verdict::Right(_) => before.to_owned() + &paint(&words, GREEN, coloured),
        Verdict::Wrong(_) => before.to_owned() + &paint(&words, RED, coloured),
    }
}

fn paint(text: &str, colour: &str, coloured: bool) -> String {
    if coloured { format!("{colour}{text}{PLAIN}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn row(id: &'static str, verdict: Verdict) -> Row {
        Row {
            provider: "kyc",
            id,
            case: format!("case {id}"),
            expected: "reject",
            got: "reject",
            status: "401".to_owned(),
            time: Some(Duration::from_micros(1234)),
            verdict,
            why: "It matters.",
        }
    }

    #[test]
    fn the_table_is_aligned_and_the_same_with_and_without_colour() {
        let rows = [
            row("one", Verdict::Right("")),
            row("another", Verdict::Wrong("let in".to_owned())),
            row("third", Verdict::NotApplicable("signs no time")),
        ];
        let plain = write(&rows, false);
        let at = plain.lines().next().unwrap().find("expected").unwrap();
        assert!(plain.lines().skip(2).take(3).all(|line| line[at..].starts_with("reject")));
        assert!(plain.contains("1.2 ms"));
        assert!(!plain.contains('\x1b'));
        let mut coloured = write(&rows, true);
        for colour in [RED, GREEN, DIM, PLAIN] {
            assert!(coloured.contains(colour));
            coloured = coloured.replace(colour, "");
        }
        assert_eq!(coloured, plain);
    }

    #[test]
    fn one_wrong_row_is_the_verdict_and_why_it_matters_is_said_once() {
        let wrong = || row("one", Verdict::Wrong("let in".to_owned()));
        let rows = [wrong(), wrong(), row("two", Verdict::Right(""))];
        assert!(!is_right(&rows));
        let report = write(&rows, false);
        assert!(report.ends_with("1 of 3 as they should be\n"), "{report}");
        assert_eq!(report.matches("It matters.").count(), 1);
        assert!(is_right(&rows[2..]));
    }
}
