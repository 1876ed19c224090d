//! Reads a scheme from JSON, as JavaScript writes it.

use hookproof::scheme::{
    Encoding, IdSource, Layout, Part, Scheme, SecretFormat, SignatureHeader, TimestampSource,
};
use serde_json::Value;

/// The scheme, or `None` where a word in it has no value in Rust. It lives as long as the process: its texts are leaked.
pub(crate) fn read(columns: &Value) -> Option<Scheme<'static>> {
    let leak = |value: &Value| -> Option<&'static str> {
        value.as_str().map(|text| &*Box::leak(text.to_owned().into_boxed_str()))
    };
    let form = &columns["signature"]["form"];
    let sign = |name: &str| form[name].as_str().map(|text| text.parse::<char>());
    let list = (sign("separator").transpose().ok()?, sign("assign").transpose().ok()?);
    let layout = match (form.as_str(), leak(&form["prefix"]), list, leak(&form["tag"])) {
        (Some("bare"), None, (None, None), None) => Layout::Bare,
        (None, Some(prefix), (None, None), None) => Layout::Prefix(prefix),
        (None, None, (Some(separator), Some(assign)), Some(name)) => {
            Layout::List { separator, assign, name }
        }
        _ => return None,
    };
    let content = columns["content"].as_array()?.iter().map(|part| match part.as_str() {
        Some("payload") => Some(Part::Payload),
        Some("timestamp") => Some(Part::Timestamp),
        Some("id") => Some(Part::Id),
        Some(_) => None,
        None => leak(&part["literal"]).map(Part::Literal),
    });
    let content = content.collect::<Option<Vec<_>>>()?;
    let places = |column: &str, place: &str| leak(&columns[column][place]);
    let timestamp = match (places("timestamp", "header"), places("timestamp", "field")) {
        (Some(_), Some(_)) => return None,
        (Some(name), None) => Some(TimestampSource::Header(name)),
        (None, field) => field.map(TimestampSource::Field),
    };
    let id = match (places("id", "header"), places("id", "payload")) {
        (repeated_in, Some(member)) => Some(IdSource::Payload { member, repeated_in }),
        (header, None) => header.map(IdSource::Header),
    };
    Some(Scheme {
        name: leak(&columns["name"]).unwrap_or_default(),
        signature: SignatureHeader {
            name: leak(&columns["signature"]["header"]).unwrap_or_default(),
            layout,
        },
        encoding: Encoding::from_name(columns["encoding"].as_str()?)?,
        content: content.leak(),
        secret: SecretFormat::from_name(columns["secret"].as_str()?)?,
        timestamp,
        id,
        tolerance_secs: match &columns["toleranceSeconds"] {
            Value::Null => None,
            seconds => Some(seconds.as_u64()?),
        },
    })
}
