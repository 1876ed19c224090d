//! Explanations: every fault that people make, on deliveries of every provider, must be named.

mod delivery;
mod faults;
mod properties;
mod spelling;

use std::collections::BTreeMap;

use delivery::Sender;
use hookproof::explain::{Cause, MAX_MACS};
use hookproof::providers;

#[test]
fn every_fault_is_found_with_every_provider() {
    let faults = faults::all();
    let mut found: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
    for row in providers::ALL {
        let scheme = row.scheme;
        for fault in faults.iter().filter(|fault| (fault.applies)(&scheme)) {
            let mut sender = Sender::new(scheme, spelling::COMPACT.as_bytes());
            (fault.at_sender)(&mut sender);
            let mut receiver = sender.send(scheme);
            (fault.at_receiver)(&mut receiver);
            let explanation = receiver.explain();
            let entry = found.entry(fault.name).or_default();
            entry.0 += 1;
            let right = explanation.cause == fault.cause
                && explanation.evidence.proven == fault.proven
                && explanation.message.contains(fault.says);
            if !right {
                entry.1.push(format!(
                    "{}: {} ({})",
                    scheme.name,
                    explanation.cause.code(),
                    explanation.message
                ));
            }
        }
    }
    let mut wrong = 0;
    for fault in &faults {
        let Some((count, confused)) = found.get(fault.name) else { continue };
        println!("{:<50} -> {:<26} {count} schemes", fault.name, fault.cause.code());
        for line in confused {
            println!("    CONFUSED {line}");
            wrong += 1;
        }
    }
    assert_eq!(wrong, 0, "causes other than the fault applied");
    assert!(found.len() >= 60);
}

#[test]
fn every_spelling_of_json_is_recognised_from_every_other() {
    let spellings = spelling::spellings();
    let mut wrong = Vec::new();
    for row in [providers::IMMUTIS, providers::STANDARD_WEBHOOKS] {
        for (signed_name, signed) in &spellings {
            for (received_name, received) in
                spellings.iter().filter(|(name, _)| name != signed_name)
            {
                let mut receiver = Sender::new(row.scheme, signed.as_bytes()).send(row.scheme);
                receiver.payload = received.clone().into_bytes();
                let explanation = receiver.explain();
                if explanation.cause != Cause::JsonReserialised || !explanation.evidence.proven {
                    wrong.push(format!(
                        "{}: {signed_name} -> {received_name}: {}",
                        row.scheme.name, explanation.message
                    ));
                }
            }
        }
    }
    println!("{} pairs of spellings", spellings.len() * (spellings.len() - 1));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// But for a delivery that verifies elsewhere as it is: there it is what was received.
#[test]
fn what_was_signed_is_given_whole_on_request() {
    for row in [providers::GITHUB, providers::HUMIRIS, providers::STANDARD_WEBHOOKS] {
        for fault in faults::all().iter().filter(|fault| (fault.applies)(&row.scheme)) {
            let mut sender = Sender::new(row.scheme, spelling::COMPACT.as_bytes());
            (fault.at_sender)(&mut sender);
            let mut receiver = sender.send(row.scheme);
            (fault.at_receiver)(&mut receiver);
            receiver.reveal_signed = true;
            let evidence = receiver.explain().evidence;
            let Some(signed) = evidence.signed else {
                let elsewhere =
                    [Cause::OtherProvider, Cause::SecretOfAnotherEndpoint, Cause::Verified];
                assert!(!evidence.proven || elsewhere.contains(&fault.cause), "{}", fault.name);
                continue;
            };
            let name = format!("{}, {}", fault.name, row.scheme.name);
            assert!(evidence.proven, "{name}");
            assert_eq!(signed.payload, sender.payload, "{name}");
            let timestamp = sender.timestamp.to_string();
            assert!(signed.timestamp.is_none_or(|text| text.starts_with(&timestamp)), "{name}");
            assert!(signed.id.is_none_or(|id| id == sender.id), "{name}");
            let parts = [Cause::SignatureTruncated, Cause::SignatureLayout];
            assert!(signed.tag.len() == 32 || parts.contains(&fault.cause), "{name}");
        }
    }
}

/// Every cause of the table is what some fault of the tests is found to be, but for what no delivery shows.
#[test]
fn every_cause_is_somebodys() {
    let mut found: Vec<_> = faults::all().iter().map(|fault| fault.cause).collect();
    found.push(Cause::InvalidOption); // a scheme or tolerance that cannot be: no fault of a delivery
    let missing: Vec<_> = Cause::ALL.iter().filter(|cause| !found.contains(cause)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn evidence_shows_where_payloads_part_what_was_signed_and_when() {
    let scheme = providers::SLACK.scheme;
    let mut receiver = Sender::new(scheme, br#"{"a":1,"b":"x"}"#).send(scheme);
    receiver.payload = br#"{"a": 1, "b": "x"}"#.to_vec();
    receiver.now += 65;
    let evidence = receiver.explain().evidence;
    let difference = evidence.difference.unwrap();
    assert_eq!(difference.offset_bytes, 5);
    assert_eq!(difference.received, r#"{"a":·1,·"b":·"x"}"#);
    assert_eq!(difference.signed, r#"{"a":1,"b":"x"}"#);
    assert_eq!(evidence.content, r#"v0:1712419200:{"a":1,"b":"x"}"#);
    assert_eq!(evidence.age.as_deref(), Some("1 minute 5 seconds ago"));
    assert_eq!(evidence.code, Some("signature_mismatch"));
    assert_eq!(evidence.secret_index, Some(0));
    assert!(evidence.signed.is_none(), "nobody asked for it");
}

#[test]
fn a_large_payload_is_explained_within_the_bounds() {
    let scheme = providers::HUMIRIS.scheme;
    let row = r#"{"name":"Zoë <&> a/b","n":1.5,"list":[1,2,3],"note":"x\ny"},"#;
    let rows = row.repeat(1024 * 1024 / row.len());
    let document = format!(r#"{{"rows":[{}]}}"#, rows.trim_end_matches(','));
    let spaced = document.replace(':', ": ").replace(',', ", ");
    let mut receiver = Sender::new(scheme, spaced.as_bytes()).send(scheme);
    receiver.payload = document.clone().into_bytes();
    let found = receiver.explain();
    assert_eq!(found.cause, Cause::JsonReserialised, "{}", found.message);
    receiver.payload = spaced.into_bytes();
    receiver.secrets[0].push(b' ');
    assert_eq!(receiver.explain().cause, Cause::SecretWhiteSpace);

    receiver.payload = document.into_bytes();
    receiver.secrets[0] = b"quite another secret".to_vec();
    let unknown = receiver.explain();
    assert_eq!(unknown.cause, Cause::Unknown);
    assert!(
        !unknown.evidence.complete && unknown.evidence.macs_tried < 100,
        "{:?}",
        unknown.evidence
    );
    assert!(unknown.message.contains("not the payload's white space"), "{}", unknown.message);
}

#[test]
fn a_payload_of_a_hundred_kilobytes_is_explained_with_a_pair_of_faults() {
    let scheme = providers::GITHUB.scheme;
    let items =
        (0..2000).map(|n| format!(r#"{{"id":{n},"title":"Ünïcode {n}","tags":["a","b"]}}"#));
    let document = format!(r#"{{"zebra":true,"items":[{}]}}"#, items.collect::<Vec<_>>().join(","));
    assert!(document.len() > 100_000);
    let mut receiver = Sender::new(scheme, document.as_bytes()).send(scheme);
    receiver.payload =
        document.replace("\":", "\": ").replace(",\"", ", \"").replace("},{", "}, {").into_bytes();
    receiver.secrets[0].push(b'\n');
    let explanation = receiver.explain();
    assert_eq!(explanation.cause, Cause::JsonReserialised, "{}", explanation.message);
    assert_eq!(explanation.evidence.faults.len(), 2);
    assert_eq!(explanation.evidence.faults[1].cause, Cause::SecretWhiteSpace);
}

/// What white space makes hundreds of times as long is not written to its end, and it is said that it was not tried.
#[test]
fn what_would_get_too_long_is_not_tried() {
    let scheme = providers::GITHUB.scheme;
    for (depth, complete) in [(99, false), (3, true)] {
        let deep = ["[".repeat(depth), "1,".repeat(2000), "1".into(), "]".repeat(depth)].concat();
        let mut receiver = Sender::new(scheme, deep.as_bytes()).send(scheme);
        receiver.secrets[0] = b"quite another secret".to_vec();
        let explanation = receiver.explain();
        assert_eq!(explanation.cause, Cause::Unknown, "{depth}");
        assert_eq!(explanation.evidence.complete, complete, "{depth}");
    }
}

/// Some senders write white space into their JSON: that it is there says nothing of a parser, and whoever looks for
/// one does not look at the secret.
#[test]
fn a_wrong_secret_is_not_blamed_on_how_json_is_spelled() {
    let scheme = providers::HUMIRIS.scheme;
    for payload in [
        r#"{"type":"sms.sent","id":"evt_1"}"#,
        r#"{"type": "sms.sent", "id": "evt_1"}"#,
        "{\n  \"type\": \"sms.sent\",\n  \"id\": \"evt_1\"\n}",
    ] {
        let mut receiver = Sender::new(scheme, payload.as_bytes()).send(scheme);
        receiver.secrets[0] = b"quite another secret".to_vec();
        let explanation = receiver.explain();
        assert_eq!(explanation.cause, Cause::Unknown, "{payload}: {}", explanation.message);
        assert!(explanation.message.contains("which leaves another secret"));
    }
    let sorted = br#"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8}"#;
    let mut receiver = Sender::new(scheme, sorted).send(scheme);
    receiver.secrets[0] = b"quite another secret".to_vec();
    let explanation = receiver.explain();
    assert_eq!(explanation.cause, Cause::JsonReserialised, "{}", explanation.message);
    assert!(!explanation.evidence.proven);
    assert!(explanation.message.contains("the secret is another one"), "{}", explanation.message);
    assert!(explanation.fix.contains("compare the secret"), "{}", explanation.fix);
}

#[test]
fn a_payload_that_stands_for_a_lost_one_is_named() {
    let scheme = providers::GITHUB.scheme;
    let mut receiver = Sender::new(scheme, b"{\"a\":1}").send(scheme);
    for stand_in in ["{}", "undefined", "null"] {
        receiver.payload = stand_in.into();
        let message = receiver.explain().message;
        assert!(message.contains(&format!("the payload is {stand_in}: an object")), "{message}");
    }
}

/// What is shown is what was signed: the other scheme's content, its age, and the secret that fits.
#[test]
fn evidence_of_another_providers_delivery_is_that_providers() {
    let payload = br#"{"type":"sms.sent"}"#;
    let (humiris, kyc) = (providers::HUMIRIS.scheme, providers::KYC.scheme);
    let mut receiver = Sender::new(humiris, payload).send(humiris);
    receiver.scheme = kyc;
    receiver.secrets.insert(0, b"an older one".to_vec());
    receiver.now += 301;
    let explanation = receiver.explain();
    let causes: Vec<_> = explanation.evidence.faults.iter().map(|fault| fault.cause).collect();
    assert_eq!(causes, [Cause::OtherProvider, Cause::TooOld], "{}", explanation.message);
    receiver.now -= 301;
    let evidence = receiver.explain().evidence;
    assert_eq!(evidence.provider, "humiris");
    assert_eq!(evidence.content, r#"1712419200.{"type":"sms.sent"}"#);
    assert!(evidence.age.is_some());
    assert_eq!(evidence.secret_index, Some(1));
}

/// What is said to be done must help: neither is mended by passing all headers or naming another scheme.
#[test]
fn what_is_refused_by_rule_or_passed_twice_has_a_mend_of_its_own() {
    let faults = faults::all();
    for (name, fix) in [
        ("the whole content passed", "pass the body alone"),
        ("an id that holds the separator", "leave that sign out of its ids"),
        ("copies of a list joined by a comma", "req.headersDistinct"),
    ] {
        let fault = faults.iter().find(|fault| fault.name == name).unwrap();
        let row = providers::ALL.iter().find(|row| (fault.applies)(&row.scheme)).unwrap();
        let mut sender = Sender::new(row.scheme, spelling::COMPACT.as_bytes());
        (fault.at_sender)(&mut sender);
        let mut receiver = sender.send(row.scheme);
        (fault.at_receiver)(&mut receiver);
        let explanation = receiver.explain();
        assert!(explanation.fix.contains(fix), "{name}: {}", explanation.fix);
    }
}

/// However many headers stand before them, the scheme's own are read; of the others it is said that some were not.
#[test]
fn many_headers_hide_none_of_the_schemes() {
    for row in [providers::IMMUTIS, providers::STANDARD_WEBHOOKS] {
        let mut receiver = Sender::new(row.scheme, spelling::COMPACT.as_bytes()).send(row.scheme);
        let other = |n| (format!("X-Other-{n}"), b"1".to_vec());
        receiver.headers.splice(0..0, (0..250).map(other));
        receiver.payload.push(b'\n');
        assert_eq!(receiver.explain().cause, Cause::NewlineAdded, "{}", row.scheme.name);
        receiver.secrets[0] = b"whsec_cXVpdGUgYW5vdGhlciBzZWNyZXQ=".to_vec();
        assert!(!receiver.explain().evidence.complete);
        receiver.headers.drain(0..100);
        assert!(receiver.explain().evidence.complete);
    }
}

#[test]
fn an_encoding_that_changes_nothing_is_not_blamed() {
    let scheme = providers::GITHUB.scheme;
    for identity in ["identity", "Identity"] {
        let mut receiver = Sender::new(scheme, spelling::COMPACT.as_bytes()).send(scheme);
        receiver.add("Content-Encoding", identity);
        receiver.secrets[0] = b"quite another secret".to_vec();
        assert_eq!(receiver.explain().cause, Cause::Unknown, "{identity}");
    }
}

#[test]
fn the_package_types_list_the_causes_of_the_table() {
    let types =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/pkg/explain.d.ts")).unwrap();
    let (_, listed) = types.split_once("export type Cause =").unwrap();
    let listed: Vec<_> = listed.split('\'').skip(1).step_by(2).collect();
    let table: Vec<_> = Cause::ALL.iter().map(|cause| cause.code()).collect();
    assert_eq!(listed, table);
}

#[test]
fn the_number_of_macs_is_bounded_whatever_there_is_to_try() {
    let scheme = providers::STANDARD_WEBHOOKS.scheme;
    let mut sender = Sender::new(scheme, spelling::COMPACT.as_bytes());
    sender.key_is(b"a key that nobody has");
    let mut receiver = sender.send(scheme);
    receiver.secrets =
        (0..8).map(|n| format!("whsec_{}", "AbC".repeat(8 + 4 * n)).into_bytes()).collect();
    let endpoint = (scheme, receiver.secrets[0].clone());
    receiver.others = vec![endpoint; 1000];
    let evidence = receiver.explain().evidence;
    assert_eq!(evidence.macs_tried, MAX_MACS);
    assert!(!evidence.complete);
}
