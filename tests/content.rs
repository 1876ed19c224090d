//! A signed content can be taken apart in one way only. Every content of up to five parts that a scheme
//! may have is filled with ids, timestamps and payloads made of the pieces that could be mistaken for one
//! another; no two fillings may give the same bytes.

use std::collections::HashMap;

use hookproof::scheme::{
    Encoding, IdSource, Layout, Part, Scheme, SecretFormat, SignatureHeader, TimestampSource,
};
use hookproof::{Key, Options, Stamp, UnixTime, sign, verify};

/// Two moments, both fresh at once, and pieces that look like parts of a content.
const MOMENTS: [u64; 2] = [1_700_000_000, 1_700_000_001];
const PIECES: [&str; 4] = ["1700000000", "1700000001", ".", "a"];
const PARTS: [Part<'static>; 5] =
    [Part::Payload, Part::Timestamp, Part::Id, Part::Literal("."), Part::Literal(".a")];

#[test]
fn no_bytes_can_move_between_the_parts_of_any_scheme() {
    let mut accepted = 0;
    for content in contents() {
        let scheme = scheme(&content);
        if scheme.validate().is_err() || !content.contains(&Part::Id) {
            continue;
        }
        accepted += 1;
        check(&scheme);
    }
    assert!(accepted > 50, "only {accepted} contents were tried");
}

fn check(scheme: &Scheme<'_>) {
    let key = Key::new(b"a key", SecretFormat::Utf8).unwrap();
    let mut seen = HashMap::new();
    let moments = if scheme.signs_timestamp() { &MOMENTS[..] } else { &MOMENTS[..1] };
    for &timestamp in moments {
        for id in texts().filter(|id| !id.is_empty()) {
            // An id that the scheme refuses to sign is one that it refuses to verify.
            let stamp = Stamp { timestamp: UnixTime::from_secs(timestamp), id: Some(&id) };
            if sign(scheme, &key, b"", &stamp).is_err() {
                assert_eq!(refusal(scheme, &key, &id, timestamp), "malformed_header");
                continue;
            }
            for payload in texts() {
                let bytes: String = scheme
                    .content
                    .iter()
                    .map(|part| match part {
                        Part::Payload => payload.clone(),
                        Part::Timestamp => timestamp.to_string(),
                        Part::Id => id.clone(),
                        Part::Literal(text) => (*text).to_owned(),
                    })
                    .collect();
                let filling = (id.clone(), timestamp, payload);
                if let Some(other) = seen.insert(bytes, filling.clone()) {
                    panic!("{:?}: {other:?} and {filling:?}", scheme.content);
                }
            }
        }
    }
}

fn refusal(scheme: &Scheme<'_>, key: &Key, id: &str, timestamp: u64) -> &'static str {
    let timestamp = timestamp.to_string();
    let tag = "0".repeat(64);
    let headers = [("Acme-Signature", &*tag), ("Acme-Id", id), ("Acme-Timestamp", &*timestamp)];
    let options = Options { now: UnixTime::from_secs(0), tolerance_secs: None };
    let keys = std::slice::from_ref(key);
    match verify(scheme, keys, &headers, b"", &options) {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    }
}

fn scheme<'s>(content: &'s [Part<'s>]) -> Scheme<'s> {
    Scheme {
        name: "acme",
        signature: SignatureHeader { name: "Acme-Signature", layout: Layout::Bare },
        encoding: Encoding::Hex,
        content,
        secret: SecretFormat::Utf8,
        timestamp: Some(TimestampSource::Header("Acme-Timestamp")),
        id: Some(IdSource::Header("Acme-Id")),
        tolerance_secs: None,
    }
}

fn contents() -> impl Iterator<Item = Vec<Part<'static>>> {
    (1..=5_u32).flat_map(|len| {
        (0..5_usize.pow(len)).map(move |mut number| {
            let part = |_| {
                let part = PARTS[number % 5];
                number /= 5;
                part
            };
            (0..len).map(part).collect()
        })
    })
}

/// Every text of up to two pieces.
fn texts() -> impl Iterator<Item = String> {
    let one = PIECES.iter().map(|piece| (*piece).to_owned());
    let two =
        PIECES.iter().flat_map(|left| PIECES.iter().map(move |right| format!("{left}{right}")));
    std::iter::once(String::new()).chain(one).chain(two)
}
