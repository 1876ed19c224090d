//! The tables of the core, as JavaScript data and types. Nothing in them is written twice.

use std::fs;
use std::path::Path;

use anyhow::Context;
use hookproof::invisible::RANGES;
use hookproof::providers::{self, EventSource, Provider, Typed};
use hookproof::scheme::{
    Column, Encoding, Flaw, IdSource, Layout, Part, Scheme, SecretFormat, TimestampSource,
};
use hookproof::{Error, Form, capture, explain};
use hookproof_boundary::memory::FIELDS;
use hookproof_boundary::{CONSTANTS, status};
use serde_json::{Value, json};

use crate::wasm::Explain;

/// Writes the tables and the module's text into the folder.
pub(crate) fn run(folder: &Path, module: &[u8]) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    let constant = |name: &str, value: Value| format!("export const {name} = {value}\n");
    write("hookproof-module.js", hex_text(module))?;
    write("schemes.js", constant("schemes", schemes()))?;
    write(
        "rows.js",
        [
            ("rows", rows()),
            // Apart too, for an entry that has no other use for the table.
            ("payloadNotText", payload_not_text()),
            ("columns", columns()),
            ("flaws", flaws()),
            ("words", words()),
        ]
        .map(|(name, value)| constant(name, value))
        .concat(),
    )?;
    write("boundary.js", boundary())?;
    write("statuses.js", statuses())?;
    write("forms.js", constant("forms", forms()))?;
    write("providers.js", constant("table", table()))?;
    write("limits.js", limits())?;
    write("retry-spans.js", constant("retrySpans", retry_spans()))?;
    write("names.d.ts", names() + &events()?)
}

/// Writes the text of the module of explanations into the folder, and its glue.
pub(crate) fn explain_module(folder: &Path, explain: &Explain) -> anyhow::Result<()> {
    fs::write(folder.join("explain-module.js"), hex_text(&explain.module))?;
    fs::write(folder.join("explain-glue.js"), &explain.glue)?;
    Ok(())
}

/// The core's invisible characters as a pattern, for the page.
pub(crate) fn invisible() -> String {
    let code = |c: &char| format!("\\u{{{:x}}}", u32::from(*c));
    let ranges = RANGES.iter().map(|(first, last)| format!("{}-{}", code(first), code(last)));
    format!("export const invisible = /[{}]/u\n", ranges.collect::<String>())
}

/// A module as text, as `pkg/load/inline.js` reads it.
fn hex_text(module: &[u8]) -> String {
    format!("export const hex = {}\n", json!(hex::encode(module)))
}

fn schemes() -> Value {
    providers::ALL.iter().map(|row| scheme(&row.scheme)).collect()
}

/// A scheme as the package's users write one.
fn scheme(scheme: &Scheme<'_>) -> Value {
    let layout = match scheme.signature.layout {
        Layout::Bare => json!("bare"),
        Layout::Prefix(prefix) => json!({ "prefix": prefix }),
        Layout::List { separator, assign, name } => {
            json!({ "separator": separator, "assign": assign, "tag": name })
        }
    };
    let word = |part| Part::WORDS.into_iter().find(|(each, _)| *each == part);
    let content = scheme.content.iter().map(|part| match (part, word(*part)) {
        (Part::Literal(text), _) => json!({ "literal": text }),
        (_, found) => json!(found.map(|(_, word)| word)),
    });
    let mut columns = json!({
        "name": scheme.name,
        "signature": { "header": scheme.signature.name, "form": layout },
        "encoding": scheme.encoding.name(),
        "content": content.collect::<Vec<_>>(),
        "secret": scheme.secret.name(),
    });
    if let Some(timestamp) = scheme.timestamp {
        columns["timestamp"] = match timestamp {
            TimestampSource::Header(name) => json!({ "header": name }),
            TimestampSource::Field(name) => json!({ "field": name }),
        };
    }
    if let Some(id) = scheme.id {
        columns["id"] = match id {
            IdSource::Header(name) => json!({ "header": name }),
            IdSource::Payload { member, repeated_in: None } => json!({ "payload": member }),
            IdSource::Payload { member, repeated_in: Some(name) } => {
                json!({ "payload": member, "header": name })
            }
        };
    }
    if let Some(tolerance_secs) = scheme.tolerance_secs {
        columns["toleranceSeconds"] = json!(tolerance_secs);
    }
    columns
}

/// Code and text of each row. A datum stands in the text in its place: by its name where the number is that
/// of a text, else as `{}`.
fn rows() -> Value {
    let row = |(_, code, text, fields): &(&str, &str, &str, &[&str])| {
        let numbers = fields.iter().filter(|field| !["header", "column", "flaw"].contains(field));
        let short = numbers
            .fold((*text).to_owned(), |text, field| text.replace(&format!("{{{field}}}"), "{}"));
        json!([code, short])
    };
    Error::ROWS.iter().map(row).collect()
}

/// Code and text of the row that JavaScript finds out by itself.
fn payload_not_text() -> Value {
    let error = Error::PayloadNotText {};
    json!([error.code(), error.to_string()])
}

/// How large a delivery `hookproof/explain` takes.
fn limits() -> String {
    [
        ("maxPayloadBytes", explain::MAX_PAYLOAD_BYTES),
        ("maxHeadersBytes", explain::MAX_HEADERS_BYTES),
        ("headerLineBytes", explain::header_line_bytes("", b"")),
        ("maxCaptureBytes", capture::MAX_CAPTURE_BYTES),
    ]
    .map(|(name, bytes)| format!("export const {name} = {bytes}\n"))
    .concat()
}

/// The numbers of the boundary. Each is an export of its own, because an import of a name that is gone fails the build.
fn boundary() -> String {
    let constants =
        CONSTANTS.iter().map(|(name, number)| format!("export const {name} = {number}\n"));
    let fields = FIELDS.iter().map(|field| {
        let name = field.name.to_uppercase();
        format!(
            "export const {name}_AT = {}\nexport const {name}_BYTES = {}\n",
            field.at, field.bytes
        )
    });
    constants.chain(fields).collect()
}

/// The status of each row, by the row's name.
fn statuses() -> String {
    let named = Error::ROWS.iter().zip(status::OK + 1..);
    named.map(|(row, status)| format!("export const {} = {status}\n", row.0)).collect()
}

fn columns() -> Value {
    Column::ALL.iter().map(|column| column.name()).collect()
}

fn flaws() -> Value {
    Flaw::ALL.iter().map(|flaw| flaw.name()).collect()
}

/// The words that cross the boundary as their numbers, by column.
fn words() -> Value {
    json!({
        "encoding": Encoding::ALL.iter().map(|each| each.name()).collect::<Vec<_>>(),
        "secret": SecretFormat::ALL.iter().map(|each| each.name()).collect::<Vec<_>>(),
        "content": Part::WORDS.map(|(_, word)| word),
    })
}

fn forms() -> Value {
    let forms = Form::ALL.iter().map(|form| {
        let number = status::number_of(*form);
        let signs_timestamp = form.scheme().signs_timestamp();
        json!({ "name": form.name(), "number": number, "signsTimestamp": signs_timestamp })
    });
    forms.collect()
}

/// How long after the first attempt each provider may still try again, in seconds, where documented.
fn retry_spans() -> Value {
    let span = |row: &Provider| row.retry_secs.iter().map(|secs| u64::from(*secs)).sum::<u64>();
    let known = providers::ALL.iter().filter(|row| !row.retry_secs.is_empty());
    Value::Object(known.map(|row| (row.scheme.name.to_owned(), json!(span(row)))).collect())
}

fn table() -> Value {
    providers::ALL.iter().map(prose).collect()
}

/// What a provider's documents say beside how it signs.
fn prose(row: &Provider) -> Value {
    let columns = scheme(&row.scheme);
    let scheme = &row.scheme;
    let header =
        |header: Option<hookproof::Header<'_>>| header.map(|header| header.name.to_owned());
    let timestamp = match scheme.timestamp {
        Some(TimestampSource::Header(_)) => header(scheme.timestamp_header()),
        _ => None,
    };
    json!({
        "name": scheme.name,
        "title": row.title,
        "scheme": columns,
        "headers": {
            "signature": scheme.signature.name,
            "timestamp": timestamp,
            "id": header(scheme.id_header()),
        },
        "toleranceSeconds": scheme.effective_tolerance_secs(None),
        "deadlineSeconds": row.deadline_secs,
        "retrySeconds": row.retry_secs,
        "events": row.events,
        "sample": row.sample,
        "docs": row.docs,
        "notes": row.notes,
    })
}

/// The names that the type checker lets through.
fn names() -> String {
    let mut codes: Vec<_> = Error::ROWS.iter().map(|row| row.1).collect();
    codes.sort_unstable();
    codes.dedup();
    let providers: Vec<_> = providers::ALL.iter().map(|row| row.scheme.name).collect();
    format!(
        "export type ProviderName = {}\nexport type Code = {}\n",
        union(&providers),
        union(&codes)
    )
}

fn union(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
    quoted.join(" | ")
}

/// What `delivery.json()` is, by provider.
fn events() -> anyhow::Result<String> {
    let mut text = "export interface Events {\n".to_owned();
    for row in providers::ALL {
        let name = row.scheme.name;
        let event = event(row).with_context(|| format!("{name}: its sample"))?;
        text += &format!("  '{name}': {event}\n");
    }
    Ok(text + "}\n")
}

/// The first event with all that its sample shows, if that is documented, and the others with its top alone.
fn event(row: &Provider) -> anyhow::Result<String> {
    let EventSource::Payload(member) = row.event_in else { return Ok("unknown".to_owned()) };
    let sample: Value = serde_json::from_str(row.sample)?;
    let members = sample.as_object().context("is no object")?;
    let (whole, rest) = match row.typed {
        Typed::Nothing => return Ok("unknown".to_owned()),
        Typed::Names => row.events.split_at(0),
        Typed::Sample => row.events.split_at(1),
    };
    let variant = |events: &[&str], whole: bool| {
        let fields = members.iter().map(|(name, value)| match value {
            _ if name == member => format!("{name}: {}", union(events)),
            Value::Object(_) if !whole => format!("{name}: {OPEN}"),
            value => format!("{name}: {}", type_of(value)),
        });
        format!("{{ {} }}", fields.collect::<Vec<_>>().join("; "))
    };
    let variants =
        [(whole, true), (rest, false)].into_iter().filter(|(names, _)| !names.is_empty());
    let variants = variants.map(|(names, whole)| variant(names, whole));
    Ok(variants.collect::<Vec<_>>().join(" | "))
}

/// An object of which nothing is documented.
const OPEN: &str = "{ [member: string]: unknown }";

/// The type of what a sample shows.
fn type_of(value: &Value) -> String {
    match value {
        Value::String(_) => "string".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Object(members) if !members.is_empty() => {
            let fields = members.iter().map(|(name, value)| format!("{name}: {}", type_of(value)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join("; "))
        }
        Value::Object(_) => OPEN.to_owned(),
        Value::Array(_) | Value::Null => "unknown".to_owned(),
    }
}
