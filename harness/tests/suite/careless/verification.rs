//! Receivers whose verification is careless.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use hookproof::providers;
use hookproof::scheme::SecretFormat;
use hookproof::{Key, Stamp, UnixTime, sign};
use hookproof_harness::attack::{self, Expected};
use hookproof_harness::report::{self, Format};
use hookproof_harness::wire;
use sha2::Sha256;

use super::{applying, check, text, unauthentic, wrong};
use crate::receiver::{Answer, Close, REFUSED, Request, SECRET, careful};

#[tokio::test]
async fn no_check_at_all_lets_every_forgery_in() {
    let rows = check(&providers::HUMIRIS, |request, handled| handled.once(request.digest())).await;
    let mut expected = unauthentic(&providers::HUMIRIS);
    expected.extend(["signature-200", "signature-long"]);
    assert_eq!(wrong(&rows), expected);
    assert!(text(&rows, "payload-bit").contains("let in"));
}

#[tokio::test]
async fn equality_of_texts_knows_one_candidate_and_tells_how_near_a_tag_is() {
    let rows = check(&providers::HUMIRIS, |request, handled| {
        let header = request.signature().unwrap_or_default();
        let time = header.split([',', '=']).nth(1).and_then(|time| time.parse().ok());
        let time = UnixTime::from_secs(time.unwrap_or_default());
        let key = Key::new(SECRET.as_bytes(), SecretFormat::Utf8).unwrap();
        let stamp = Stamp { timestamp: time, id: None };
        let scheme = &providers::HUMIRIS.scheme;
        let Ok(right) = sign(scheme, &key, &request.payload, &stamp) else {
            return REFUSED;
        };
        let fresh = time.as_secs().abs_diff(wire::now().as_secs()) <= 300;
        match same_text(&header, &right.signature().to_string()) && fresh {
            true => handled.once(request.digest()),
            false => REFUSED,
        }
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["valid-candidates"]));
    assert!(text(&rows, "timing").starts_with("a hint"), "{}", text(&rows, "timing"));
}

/// `===`, slowed down so that a network cannot hide it.
fn same_text(one: &str, other: &str) -> bool {
    let same = one.bytes().zip(other.bytes()).take_while(|(left, right)| left == right).count();
    let until = Instant::now() + Duration::from_micros(100) * same.try_into().unwrap();
    thread::sleep(until - Instant::now());
    same == one.len() && same == other.len()
}

#[tokio::test]
async fn a_parsed_body_is_not_what_was_signed() {
    let rows = check(&providers::IMMUNE, |request, handled| {
        let event: serde_json::Value = serde_json::from_slice(&request.payload).unwrap_or_default();
        let payload = event.to_string().into_bytes();
        careful(&Request { payload, ..request.clone() }, handled)
    })
    .await;
    assert_eq!(
        wrong(&rows),
        BTreeSet::from([
            // What was signed is lost.
            "valid-bom",
            "valid-crlf",
            "valid-nul",
            "valid-invalid-utf8",
            "valid-numbers",
            "valid-empty",
            "valid-no-body",
            // What was not signed is let in.
            "payload-appended",
            "payload-prepended",
            "payload-white-space",
        ])
    );
}

#[tokio::test]
async fn what_throws_on_bad_hex_is_stopped_by_it() {
    let rows = check(&providers::IMMUTIS, |request, handled| {
        let Some(signature) = request.signature() else {
            return REFUSED;
        };
        // timingSafeEqual throws on another length, and strict decoders on what is no hex.
        match hex::decode(&signature) {
            Ok(tag) if tag.len() == 32 => careful(request, handled),
            Ok(_) => Answer(500, "RangeError".to_owned()),
            Err(_) => Close,
        }
    })
    .await;
    assert_eq!(
        wrong(&rows),
        BTreeSet::from([
            "signature-empty",
            "signature-malformed",
            "signature-not-ascii",
            "signature-truncated",
            "signature-extended",
            "signature-encoding",
            "signature-doubled",
            "signature-renamed",
            "signature-sha1",
            "signature-word",
            "signature-long",
        ])
    );
    assert!(text(&rows, "signature-truncated").contains("failed on it"));
    assert!(text(&rows, "signature-word").contains("closed the connection"));
}

#[tokio::test]
async fn an_empty_secret_is_everyone_s() {
    let rows = check(&providers::KYC, |request, handled| {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"").unwrap();
        mac.update(&request.payload);
        let forged = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        match request.signature() {
            Some(signature) if signature == forged => handled.once(request.digest()),
            _ => careful(request, handled),
        }
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["secret-empty"]));
}

#[tokio::test]
async fn a_receiver_that_refuses_everything_fails_every_valid_delivery_and_nothing_else() {
    let rows = check(&providers::KYC, |_, _| REFUSED).await;
    let accepted = attack::all().filter(|attack| attack.expected == Expected::Accept);
    assert_eq!(wrong(&rows), applying(&providers::KYC, accepted));
    let report = report::write(&rows, Format::Table, false).unwrap();
    assert!(report.starts_with("WRONG   Nothing valid came through: are the secret"), "{report}");
}

#[tokio::test]
async fn a_receiver_that_reads_the_payload_as_text_refuses_what_is_none() {
    let rows = check(&providers::IMMUTIS, |request, handled| {
        let payload = String::from_utf8_lossy(&request.payload).into_owned().into_bytes();
        careful(&Request { payload, ..request.clone() }, handled)
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["valid-invalid-utf8"]));
}

#[tokio::test]
async fn a_receiver_that_takes_the_first_of_two_headers_is_found() {
    let rows = check(&providers::IMTEGRATE, |request, handled| {
        let mut seen = BTreeSet::new();
        let mut first = request.clone();
        first.headers.retain(|(name, _)| seen.insert(name.clone()));
        careful(&first, handled)
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["signature-doubled"]));
}
