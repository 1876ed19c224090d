//! A report as one JSON object.

use serde_json::{Value, json};

use super::summary::verdict;
use crate::json;
use crate::row::{Row, is_right};

pub(super) fn write(rows: &[Row]) -> String {
    let report = json!({
        "ok": is_right(rows),
        "verdict": verdict(rows),
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
    });
    json::text(&report)
}

fn row(row: &Row) -> Value {
    json!({
        "provider": row.provider,
        "id": row.id,
        "title": row.title,
        "expected": row.expected,
        "status": row.status,
        "milliseconds": row.time.map(|time| time.as_secs_f64() * 1000.0),
        "verdict": row.verdict.word().to_ascii_lowercase(),
        "text": row.verdict.text(),
        "why": row.why,
        "repeat": row.repeat,
    })
}
