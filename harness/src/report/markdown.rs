//! A report for a pull request.

use super::summary::{advice, by_provider, lacking, millis, said, shut, verdict, wrong};
use crate::row::Row;

pub(super) fn write(rows: &[Row]) -> String {
    let mut report = format!("**{}**\n", verdict(rows));
    if let Some(text) = shut(rows) {
        report += &format!("\n{text}\n");
    }
    for rows in by_provider(rows) {
        let name = rows.first().map_or("", |row| row.provider);
        report += &format!("\n### {name}: {}\n\n", verdict(rows));
        report += "| verdict | attack | expected | status | ms | |\n|---|---|---|---|---:|---|\n";
        for row in rows.iter().filter(|row| lacking(row).is_none()) {
            report += &line(row);
        }
        for (text, ids) in said(rows, lacking, |row| row.id) {
            report += &format!("\nNot applicable, it {text}: {}\n", code(&ids));
        }
        for (text, ids) in said(rows, advice, |row| row.id) {
            report += &format!("\nAdvice, {text}: {}\n", code(&ids));
        }
    }
    for row in wrong(rows) {
        report += &format!(
            "\n<details><summary>{}, <code>{}</code>: {}</summary>\n\n{}\n\n````sh\n{}\n````\n\n</details>\n",
            row.provider,
            row.id,
            cell(row.verdict.text()),
            cell(row.why),
            row.repeat
        );
    }
    report
}

fn line(row: &Row) -> String {
    let verdict = match row.verdict.is_wrong() {
        true => "**WRONG**",
        false => row.verdict.word(),
    };
    let time = millis(row).unwrap_or_default();
    let Row { title, expected, status, .. } = row;
    let text = cell(row.verdict.text());
    format!("| {verdict} | {} | {expected} | {status} | {time} | {text} |\n", cell(title))
}

/// A text with nothing in it that Markdown would take for its own.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

fn code(ids: &[&str]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}
