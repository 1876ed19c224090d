use std::collections::BTreeSet;

use hookproof::{Options, UnixTime, providers};

use super::*;
use crate::delivery::{Delivery, Writing};
use crate::sender::Sender;

const SECRET: &str = "YW4gZXhhbXBsZSwgbm90IGEgc2VjcmV0IGF0IGFsbCE=";
const NOW: UnixTime = UnixTime::from_secs(1_712_419_200);

fn attack(id: &str) -> &'static Attack {
    all().find(|attack| attack.id == id).unwrap()
}

fn scene(sender: &Sender) -> Scene<'_> {
    Scene { sender, event: sender.provider.events[0], now: NOW }
}

/// What the core says to a delivery, by code.
fn code(sender: &Sender, delivery: &Delivery) -> &'static str {
    let options = Options { now: NOW, tolerance_secs: None };
    match sender.verify(delivery.headers.as_slice(), &delivery.payload, &options) {
        Ok(_) => "",
        Err(error) => error.code(),
    }
}

#[test]
fn every_row_says_what_it_is_in_words_of_its_own() {
    assert!(all().count() >= 40);
    for column in [|a: &Attack| a.id, |a: &Attack| a.title, |a: &Attack| a.why] {
        let texts: BTreeSet<_> = all().map(column).collect();
        assert_eq!(texts.len(), all().count());
        assert!(!texts.contains(""));
    }
}

#[test]
fn the_core_does_with_every_attack_what_an_endpoint_should() {
    for provider in providers::ALL {
        let sender = Sender::new(provider, SECRET).unwrap();
        for attack in all().filter(|attack| attack.lacking(provider).is_none()) {
            for delivery in attack.deliveries(&scene(&sender)).unwrap() {
                // What is too much, or by the wrong method, is for the endpoint to refuse and not for the core.
                let accepted = match attack.expected {
                    Expected::Refuse(refusal) => refusal == TOO_LARGE || refusal == OTHER_METHOD,
                    Expected::Accept | Expected::Answer => true,
                };
                let code = code(&sender, &delivery);
                assert_eq!(code.is_empty(), accepted, "{}: {} {code}", provider.title, attack.id);
            }
        }
    }
}

#[test]
fn each_attack_is_refused_for_its_own_reason() {
    let sender = Sender::new(&providers::HUMIRIS, SECRET).unwrap();
    for (id, expected) in [
        ("payload-bit", "signature_mismatch"),
        ("payload-key-order", "signature_mismatch"),
        ("secret-other", "signature_mismatch"),
        ("secret-empty", "signature_mismatch"),
        ("signature-near", "signature_mismatch"),
        ("signature-zero", "signature_mismatch"),
        ("signature-missing", "missing_header"),
        ("signature-empty", "missing_header"),
        ("signature-malformed", "malformed_signature"),
        ("signature-not-ascii", "malformed_header"),
        ("signature-truncated", "malformed_signature"),
        ("signature-extended", "malformed_signature"),
        ("signature-encoding", "malformed_signature"),
        ("signature-sha1", "malformed_signature"),
        ("signature-doubled", "malformed_header"),
        ("signature-renamed", "malformed_signature"),
        ("signature-unmarked", "malformed_timestamp"),
        ("signature-long", "malformed_header"),
        ("signature-200", "malformed_header"),
        ("time-stale", "too_old"),
        ("time-future", "too_new"),
        ("time-missing", "malformed_timestamp"),
        ("time-word", "malformed_timestamp"),
        ("time-sign", "malformed_timestamp"),
        ("time-decimals", "malformed_timestamp"),
        ("time-milliseconds", "malformed_timestamp"),
        ("time-changed", "signature_mismatch"),
        ("time-moved", "malformed_timestamp"),
    ] {
        let delivery = (attack(id).make)(&scene(&sender)).unwrap();
        assert_eq!(code(&sender, &delivery), expected, "{id}");
    }
}

#[test]
fn a_forged_time_is_rightly_signed_and_moved_bytes_keep_their_signature() {
    for provider in providers::ALL.iter().filter(|row| row.scheme.signs_timestamp()) {
        let sender = Sender::new(provider, SECRET).unwrap();
        let scene = scene(&sender);
        // Restored to what was signed, each would verify: nothing but the time's syntax is wrong with it.
        let moved = (attack("time-moved").make)(&scene).unwrap();
        let (now, rest) = moved.timestamp().unwrap().split_at(10);
        let payload = [b"5", &rest.as_bytes()[..rest.len() - 1], &moved.payload].concat();
        let restored = Delivery { payload, ..moved.clone().with_timestamp(Some(now)) };
        assert_eq!(code(&sender, &restored), "", "{}", provider.title);
        let decimals = (attack("time-decimals").make)(&scene).unwrap();
        let tag = crate::forge::Forgery::of(&sender, &decimals).tag();
        assert_eq!(decimals.signature().1, tag);
        let valid = scene.valid().unwrap();
        assert_eq!(crate::forge::Forgery::of(&sender, &valid).tag(), valid.signature().1);
    }
}

#[test]
fn copies_are_one_delivery_by_what_is_signed() {
    for provider in providers::ALL {
        let sender = Sender::new(provider, SECRET).unwrap();
        for attack in repeat::ROWS.iter().filter(|attack| attack.lacking(provider).is_none()) {
            let copies = attack.deliveries(&scene(&sender)).unwrap();
            let keys: BTreeSet<_> =
                copies.iter().map(|copy| sender.key(copy, NOW).unwrap()).collect();
            assert_eq!(
                (keys.len(), copies.len() > 1),
                (1, true),
                "{}: {}",
                provider.title,
                attack.id
            );
            assert!(copies.last().unwrap().writing.is_answered());
        }
    }
}

#[test]
fn every_delivery_is_new() {
    for provider in providers::ALL {
        let sender = Sender::new(provider, SECRET).unwrap();
        let mut keys = BTreeSet::new();
        for attack in all().filter(|attack| attack.expected == Expected::Accept) {
            for _ in 0..2 {
                let delivery = (attack.make)(&scene(&sender)).unwrap();
                let new = keys.insert(sender.key(&delivery, NOW).unwrap());
                assert!(new || delivery.payload.is_empty(), "{}: {}", provider.title, attack.id);
            }
        }
    }
}

#[test]
fn a_payload_of_1_mib_is_that() {
    let sender = Sender::new(&providers::KYC, SECRET).unwrap();
    let delivery = (attack("valid-1-mib").make)(&scene(&sender)).unwrap();
    assert_eq!(delivery.payload.len(), 1024 * 1024);
    assert_eq!(delivery.writing, Writing::Usual);
}

#[test]
fn a_row_that_does_not_apply_says_why() {
    assert_eq!(attack("time-stale").lacking(&providers::KYC), Some("signs no time"));
    assert_eq!(attack("replay-id").lacking(&providers::IMMUTIS), Some("has no unsigned id header"));
}
