//! Answers the cases of `cargo xtask proof differential` with the native core: `answer FILE` prints an answer per line.
//! `tests/differential/generate.py` describes what a case holds.

#[path = "../vector/scheme.rs"]
mod scheme;

use std::fs;
use std::io::{BufWriter, Write, stdout};

use hookproof::scheme::Scheme;
use hookproof::{
    Delivery, Error, Form, Key, MAX_KEYS, Options, Stamp, UnixTime, Verifier, providers, sign,
    verify, verify_webhook,
};
use serde_json::{Map, Value, json};

fn main() {
    let path = std::env::args().nth(1).expect("answer FILE");
    let mut out = BufWriter::new(stdout().lock());
    for line in fs::read_to_string(path).expect("the file of cases").lines() {
        // `serde_json` refuses half a surrogate pair, so the line is not parsed before this is known.
        let answer = match line.contains(r#""native": false"#) {
            true => Value::Null,
            false => answer(&serde_json::from_str(line).expect("a case")),
        };
        writeln!(out, "{answer}").expect("standard output");
    }
}

fn answer(case: &Value) -> Value {
    let payload = payload_of(&case["payload"]);
    let secrets: Vec<_> = list(&case["secrets"]).iter().map(bytes).collect();
    let options = Options {
        now: UnixTime::from_secs(seconds(&case["now"])),
        tolerance_secs: (!case["toleranceSeconds"].is_null())
            .then(|| seconds(&case["toleranceSeconds"])),
    };
    let stamp = Stamp {
        timestamp: UnixTime::from_secs(seconds(&case["sign"]["timestamp"])),
        id: case["sign"]["id"].as_str(),
    };
    if let Some(form) = case["form"].as_str() {
        return by_form(case, Form::from_name(form), &secrets, &payload, &options, &stamp);
    }
    let scheme = match case["provider"].as_str() {
        Some(name) => providers::by_name(name).map(|row| row.scheme),
        // The types refuse an unknown word, which JavaScript can only refuse when the scheme is made.
        None => match scheme::read(&case["scheme"]) {
            Some(scheme) => Ok(scheme),
            None => return json!({ "made": "invalid_option" }),
        },
    };
    let made = scheme.and_then(|scheme| {
        scheme.validate()?;
        count(&secrets)?;
        scheme.validate_options(&options)?;
        Ok((scheme, keys(&scheme, &secrets)?))
    });
    let (scheme, keys) = match &made {
        Ok(made) => made,
        Err(error) => return json!({ "made": error.code() }),
    };
    let headers: Vec<_> = list(&case["headers"])
        .iter()
        .map(|pair| (pair[0].as_str().expect("a name"), pair[1].as_str().expect("a value")))
        .collect();
    let stream = || {
        let mut verifier = Verifier::new(scheme, keys, headers.as_slice(), &options)?;
        chunks(&payload, list(&case["chunks"])).for_each(|chunk| verifier.update(chunk));
        verifier.finish()
    };
    json!({
        "check": result(
            verify(scheme, keys, headers.as_slice(), &payload, &options),
            |delivery| shown(&delivery, true),
        ),
        "stream": result(stream(), |delivery| shown(&delivery, false)),
        "sign": result(sign(scheme, &keys[0], &payload, &stamp), |signed| {
            let headers = signed.headers();
            headers.map(|(name, value)| (name.to_owned(), json!(value.to_string()))).collect()
        }),
    })
}

fn by_form(
    case: &Value,
    form: Option<Form>,
    secrets: &[Vec<u8>],
    payload: &[u8],
    options: &Options,
    stamp: &Stamp<'_>,
) -> Value {
    let scheme = form.unwrap_or(Form::Hex).scheme();
    let keys = match count(secrets).and_then(|()| keys(scheme, secrets)) {
        Ok(keys) => keys,
        Err(error) => return json!({ "verify": false, "sign": error.code() }),
    };
    let signature = case["signature"].as_str().expect("a signature");
    json!({
        "verify": verify_webhook(payload, signature, &keys, form, options),
        "sign": result(sign(scheme, &keys[0], payload, stamp), |signed| {
            json!(signed.signature().to_string())
        }),
    })
}

/// `verify` refuses a wrong number of keys. The package refuses it first, and for signing too.
fn count(secrets: &[Vec<u8>]) -> Result<(), Error<'static>> {
    match secrets.len() {
        1..=MAX_KEYS => Ok(()),
        count => Err(Error::SecretCount { secrets: count as u64, max_secrets: MAX_KEYS as u64 }),
    }
}

/// The keys, as the callers of the core make them: one bad secret refuses the list.
fn keys(scheme: &Scheme<'_>, secrets: &[Vec<u8>]) -> Result<Vec<Key>, Error<'static>> {
    secrets.iter().map(|secret| Key::new(secret, scheme.secret)).collect()
}

fn result<T>(result: Result<T, Error<'_>>, show: impl FnOnce(T) -> Value) -> Value {
    match result {
        Ok(value) => show(value),
        Err(error) => json!(error.code()),
    }
}

fn shown(delivery: &Delivery<'_, '_>, whole: bool) -> Value {
    let signed = [
        Some("payload"),
        delivery.signs_timestamp().then_some("timestamp"),
        delivery.signs_id().then_some("id"),
    ];
    let mut members = Map::new();
    members.insert("provider".to_owned(), json!(delivery.provider()));
    members.insert("id".to_owned(), json!(delivery.id()));
    members.insert("timestamp".to_owned(), json!(delivery.timestamp().map(UnixTime::as_secs)));
    members.insert("signed".to_owned(), signed.into_iter().flatten().collect());
    members.insert("secretIndex".to_owned(), json!(delivery.secret_index()));
    if whole {
        members.insert("key".to_owned(), json!(delivery.key()));
    }
    Value::Object(members)
}

/// The payload in pieces of these lengths, repeated until it ends.
fn chunks<'p>(payload: &'p [u8], lengths: &[Value]) -> impl Iterator<Item = &'p [u8]> {
    let mut rest = payload;
    lengths.iter().cycle().map_while(move |length| {
        let (chunk, behind) = rest.split_at_checked(number(length)).unwrap_or((rest, &[]));
        let more = !rest.is_empty();
        rest = behind;
        more.then_some(chunk)
    })
}

fn payload_of(payload: &Value) -> Vec<u8> {
    let pieces = |name: &str, decode: fn(&str) -> Vec<u8>| -> Vec<u8> {
        list(&payload[name])
            .iter()
            .flat_map(|piece| decode(piece[0].as_str().expect("a piece")).repeat(number(&piece[1])))
            .collect()
    };
    match payload["text"].is_array() {
        true => pieces("text", |text| text.as_bytes().to_vec()),
        false => pieces("bytes", unhex),
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    match value["text"].as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => unhex(value["bytes"].as_str().expect("text or bytes")),
    }
}

fn unhex(hex: &str) -> Vec<u8> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16).expect("a hex digit") as u8;
    hex.as_bytes().chunks(2).map(|pair| digit(&pair[0]) << 4 | digit(&pair[1])).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn number(value: &Value) -> usize {
    value.as_u64().and_then(|number| number.try_into().ok()).expect("a number")
}

/// Seconds as the package passes them on: what is too large for the core turns freshness off.
fn seconds(value: &Value) -> u64 {
    match value.as_str() {
        Some(_) => u64::MAX,
        None => value.as_u64().unwrap_or_else(|| value.as_f64().expect("seconds") as u64),
    }
}
