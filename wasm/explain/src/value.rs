//! Rich values as they cross, in one type: what derives write for each struct, and the hash table in which
//! serde-wasm-bindgen keeps the names of its fields, cost more than a gzipped kilobyte.

use hookproof::explain::{Difference, Evidence, Explanation, Finding, Signed};
use serde::{Serialize, Serializer};

/// A value of JavaScript. Of an object the members keep their order.
pub(crate) enum Value<'a> {
    Null,
    Flag(bool),
    Number(usize),
    Text(&'a str),
    Bytes(&'a [u8]),
    List(Vec<Value<'a>>),
    Object(Vec<(&'static str, Value<'a>)>),
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_f64(*number as f64),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::List(values) => serializer.collect_seq(values),
            Self::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

/// An explanation, with the same members as its own serialisation has.
pub(crate) fn explanation(explanation: &Explanation) -> Value<'_> {
    let Explanation { cause, message, fix, evidence: found } = explanation;
    Value::Object(vec![
        ("cause", Value::Text(cause.code())),
        ("message", Value::Text(message)),
        ("fix", Value::Text(fix)),
        ("evidence", evidence(found)),
    ])
}

fn evidence(evidence: &Evidence) -> Value<'_> {
    let Evidence {
        proven,
        code,
        provider,
        secret_index,
        faults,
        difference: place,
        content,
        age,
        expected,
        signed: proof,
        ruled_out,
        macs_tried,
        complete,
    } = evidence;
    let ruled_out = ruled_out.iter().map(|each| Value::Text(each));
    Value::Object(vec![
        ("proven", Value::Flag(*proven)),
        ("code", text(*code)),
        ("provider", Value::Text(provider)),
        ("secretIndex", secret_index.map_or(Value::Null, Value::Number)),
        ("faults", Value::List(faults.iter().map(finding).collect())),
        ("difference", place.as_ref().map_or(Value::Null, difference)),
        ("content", Value::Text(content)),
        ("age", text(age.as_deref())),
        ("expected", text(expected.as_deref())),
        ("signed", proof.as_ref().map_or(Value::Null, signed)),
        ("ruledOut", Value::List(ruled_out.collect())),
        ("macsTried", Value::Number(*macs_tried)),
        ("complete", Value::Flag(*complete)),
    ])
}

fn finding(finding: &Finding) -> Value<'_> {
    let Finding { cause, message, fix } = finding;
    Value::Object(vec![
        ("cause", Value::Text(cause.code())),
        ("message", Value::Text(message)),
        ("fix", Value::Text(fix)),
    ])
}

fn difference(difference: &Difference) -> Value<'_> {
    let Difference { offset_bytes, received, signed, received_bytes, signed_bytes } = difference;
    Value::Object(vec![
        ("offsetBytes", Value::Number(*offset_bytes)),
        ("received", Value::Text(received)),
        ("signed", Value::Text(signed)),
        ("receivedBytes", Value::Number(*received_bytes)),
        ("signedBytes", Value::Number(*signed_bytes)),
    ])
}

fn signed(signed: &Signed) -> Value<'_> {
    let Signed { payload, timestamp, id, tag } = signed;
    Value::Object(vec![
        ("payload", Value::Bytes(payload)),
        ("timestamp", text(timestamp.as_deref())),
        ("id", text(id.as_deref())),
        ("tag", Value::Bytes(tag)),
    ])
}

fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Null, Value::Text)
}
