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

#[cfg(test)]
mod tests {
    use hookproof::explain::{Endpoint, Options, Received, explain};
    use hookproof::{UnixTime, providers};
    use serde_json::Value as Json;

    /// Numbers are JavaScript's here, which has one kind.
    fn same(left: &Json, right: &Json) -> bool {
        match (left, right) {
            (Json::Number(left), Json::Number(right)) => left.as_f64() == right.as_f64(),
            (Json::Array(left), Json::Array(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r))
            }
            (Json::Object(left), Json::Object(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .all(|(name, value)| right.get(name).is_some_and(|r| same(value, r)))
            }
            _ => left == right,
        }
    }

    #[test]
    fn what_crosses_has_the_members_that_serde_gives() {
        let scheme = providers::HUMIRIS.scheme;
        let key = hookproof::Key::new(b"a secret", scheme.secret).unwrap();
        let now = UnixTime::from_secs(1_712_419_200);
        let stamp = hookproof::Stamp { timestamp: now, id: None };
        let signature =
            hookproof::sign(&scheme, &key, b"{}", &stamp).unwrap().signature().to_string();
        let headers = [(scheme.signature.name, signature.as_bytes())];
        let options =
            Options { now, table: providers::SCHEMES, reveal_expected: true, reveal_signed: true };
        for (secret, payload) in
            [(&b"a secret"[..], &b"{}"[..]), (b"a secret\n", b"{}\n"), (b"another", b"[]")]
        {
            let secrets = [secret];
            let endpoint = Endpoint { scheme, secrets: &secrets, tolerance_secs: None };
            let received = Received { headers: &headers, payload };
            let explanation = explain(&endpoint, &[], &received, &options);
            let crossed = serde_json::to_value(super::explanation(&explanation)).unwrap();
            let written = serde_json::to_value(&explanation).unwrap();
            assert!(same(&crossed, &written), "{crossed:#}\n{written:#}");
        }
    }
}
