//! The parts of a report, in every format, that concern several rows together.

use crate::row::{Row, Verdict};

/// The sentence where no valid delivery was answered 2xx.
pub const NOTHING_VALID: &str = "Nothing valid came through";
/// The question to ask then.
pub const ASK: &str = "are the secret and the address the endpoint's own?";

/// The verdict on the rows, in a line.
pub fn verdict(rows: &[Row]) -> String {
    let count = |word: &str| rows.iter().filter(|row| row.verdict.word() == word).count();
    let (absent, advice) = (count("n/a"), count("advice"));
    let right = count("ok") + advice;
    let mut notes = Vec::new();
    if advice > 0 {
        notes.push(format!("{advice} with advice"));
    }
    if absent > 0 {
        notes.push(format!("{absent} do not apply"));
    }
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
    format!("{right} of {} as they should be{notes}", rows.len() - absent)
}

/// The rows of each provider, in the order in which they come.
pub(super) fn by_provider(rows: &[Row]) -> impl Iterator<Item = &[Row]> {
    rows.chunk_by(|one, other| one.provider == other.provider)
}

/// The texts about some rows, each once, with the rows that it is about.
pub(super) fn said<'r>(
    rows: impl IntoIterator<Item = &'r Row>,
    text: impl Fn(&'r Row) -> Option<String>,
    of: impl Fn(&'r Row) -> &'r str,
) -> Vec<(String, Vec<&'r str>)> {
    let mut said: Vec<(String, Vec<&str>)> = Vec::new();
    for row in rows {
        let Some(text) = text(row) else {
            continue;
        };
        match said.iter_mut().find(|(each, _)| *each == text) {
            Some((_, all)) if all.contains(&of(row)) => {}
            Some((_, all)) => all.push(of(row)),
            None => said.push((text, vec![of(row)])),
        }
    }
    said
}

pub(super) fn advice(row: &Row) -> Option<String> {
    match &row.verdict {
        Verdict::Advice(text) => Some(text.clone()),
        _ => None,
    }
}

pub(super) fn lacking(row: &Row) -> Option<String> {
    row.lacking().map(str::to_owned)
}

/// Whether these rows of one provider have valid deliveries, and none of them was answered 2xx.
fn is_shut(rows: &[Row]) -> bool {
    let mut valid = rows.iter().filter(|row| row.expected == "accept" && row.lacking().is_none());
    valid.clone().next().is_some() && valid.all(|row| !row.came_through)
}

/// The first sentence of a report: the common cause of all wrong rows of a provider.
pub(super) fn shut(rows: &[Row]) -> Option<String> {
    let names: Vec<_> = by_provider(rows)
        .filter(|rows| is_shut(rows))
        .filter_map(|rows| Some(rows.first()?.provider))
        .collect();
    let whose = if by_provider(rows).count() > 1 {
        format!(" for {}", names.join(", "))
    } else {
        String::new()
    };
    (!names.is_empty()).then(|| format!("{NOTHING_VALID}{whose}: {ASK}"))
}

/// The wrong rows that deserve more than a line; one row for a provider whose valid deliveries all failed.
pub(super) fn wrong(rows: &[Row]) -> impl Iterator<Item = &Row> {
    by_provider(rows).flat_map(|rows| {
        let shown = if is_shut(rows) { 1 } else { rows.len() };
        rows.iter().filter(|row| row.verdict.is_wrong()).take(shown)
    })
}

pub(super) fn millis(row: &Row) -> Option<String> {
    row.time.map(|time| format!("{:.1}", time.as_secs_f64() * 1000.0))
}
