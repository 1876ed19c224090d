//! The tables of the core, as JavaScript data and types. Nothing in them is written twice.

use std::fs;
use std::path::Path;

use anyhow::Context;
use hookproof::providers::{self, Provider};
use hookproof::scheme::{
    Column, Flaw, IdSource, Part, Scheme, SecretFormat, SignatureForm, TimestampSource,
};
use hookproof::{Error, Form};
use serde_json::{Value, json};

/// Writes the tables and the module's text into the folder.
pub(crate) fn run(folder: &Path, module: &[u8]) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    let constant = |name: &str, value: Value| format!("export const {name} = {value}\n");
    write("module.js", constant("hex", json!(hex::encode(module))))?;
    write("schemes.js", constant("schemes", schemes()))?;
    write(
        "rows.js",
        [
            ("rows", rows()),
            ("columns", columns()),
            ("flaws", flaws()),
            ("secretFormats", formats()),
        ]
        .map(|(name, value)| constant(name, value))
        .concat(),
    )?;
    write("forms.js", constant("forms", forms()))?;
    write("providers.js", constant("table", table()))?;
    write("names.d.ts", names())
}

fn schemes() -> Value {
    let all = providers::ALL.iter().map(|row| (row.scheme.name.to_owned(), scheme(&row.scheme)));
    Value::Object(all.collect())
}

/// A scheme as the package's users write one.
fn scheme(scheme: &Scheme<'_>) -> Value {
    let form = match scheme.signature.form {
        SignatureForm::Bare => json!("bare"),
        SignatureForm::Prefix(prefix) => json!({ "prefix": prefix }),
        SignatureForm::List { separator, assign, tag } => {
            json!({ "separator": separator, "assign": assign, "tag": tag })
        }
    };
    let content = scheme.content.iter().map(|part| match part {
        Part::Payload => json!("payload"),
        Part::Timestamp => json!("timestamp"),
        Part::Id => json!("id"),
        Part::Literal(text) => json!({ "literal": text }),
    });
    let mut columns = json!({
        "name": scheme.name,
        "signature": { "header": scheme.signature.name, "form": form },
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

fn rows() -> Value {
    Error::ROWS.iter().map(|(name, code, text, fields)| json!([name, code, text, fields])).collect()
}

fn columns() -> Value {
    Column::ALL.iter().map(|column| column.name()).collect()
}

fn flaws() -> Value {
    Flaw::ALL.iter().map(|flaw| flaw.name()).collect()
}

fn formats() -> Value {
    SecretFormat::ALL.iter().map(|format| format.name()).collect()
}

fn forms() -> Value {
    let forms = Form::ALL.iter().zip(1..).map(|(form, number)| {
        let signs_timestamp = form.scheme().signs_timestamp();
        json!({ "name": form.name(), "number": number, "signsTimestamp": signs_timestamp })
    });
    forms.collect()
}

fn table() -> Value {
    providers::ALL.iter().map(prose).collect()
}

/// What a provider's documents say beside how it signs.
fn prose(row: &Provider) -> Value {
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
        "headers": {
            "signature": scheme.signature.name,
            "timestamp": timestamp,
            "id": header(scheme.id_header()),
        },
        "toleranceSeconds": scheme.tolerance_secs,
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
    let union = |names: Vec<&str>| {
        let quoted: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
        quoted.join(" | ")
    };
    let mut codes: Vec<_> = Error::ROWS.iter().map(|row| row.1).collect();
    codes.sort_unstable();
    codes.dedup();
    let providers = providers::ALL.iter().map(|row| row.scheme.name).collect();
    format!(
        "export type ProviderName = {}\nexport type Code = {}\n",
        union(providers),
        union(codes)
    )
}
