//! Receivers that are careless in one way, and what `check` finds of each: that, and nothing else.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use hookproof::providers::{self, Provider};
use hookproof::scheme::SecretFormat;
use hookproof::{Key, Stamp, UnixTime, sign};
use hookproof_harness::attack::{self, Expected};
use hookproof_harness::check::{self, Check, Endpoint};
use hookproof_harness::delivery::Sender;
use hookproof_harness::observe::Observer;
use hookproof_harness::report::{self, Format};
use hookproof_harness::row::{self, Row};
use hookproof_harness::wire;
use sha2::Sha256;

use crate::receiver::{
    Answer, Answers, Busy, Close, Hang, OK, REFUSED, Receive, Request, SECRET, careful, start,
};

const TIMEOUT: Duration = Duration::from_secs(4);

#[tokio::test]
async fn no_check_at_all_lets_every_forgery_in() {
    let rows = check(&providers::HUMIRIS, |request, handled| handled.once(request.digest())).await;
    let mut expected = unauthentic(&providers::HUMIRIS);
    expected.extend(["signature-200", "signature-long", "refusals-alike", "tag-kept"]);
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
async fn without_deduplication_copies_are_handled_again() {
    let receive: Receive = |request, handled| match request.key() {
        Ok(key) => handled.again(key),
        Err(_) => REFUSED,
    };
    let rows = check(&providers::KYC, receive).await;
    let copies = ["replay", "replay-id", "replay-time", "at-once", "given-up"];
    assert_eq!(wrong(&rows), BTreeSet::from(copies));
    assert_eq!(text(&rows, "at-once"), "handled 8 times");
    let rows = check(&providers::HUMIRIS, receive).await;
    let copies = ["replay", "retry-stamped-anew", "at-once", "given-up"];
    assert_eq!(wrong(&rows), BTreeSet::from(copies));
    let blind = run(&providers::KYC, start(&providers::KYC, Answers::After, receive), None).await;
    assert!(row::is_right(&blind), "statuses alone do not show it");
    assert!(text(&blind, "replay").contains("--observe"), "and that is said");
}

#[tokio::test]
async fn asking_first_and_remembering_later_handles_what_comes_in_between() {
    let rows = check(&providers::IMMUNE, |request, handled| match request.key() {
        Ok(key) if handled.times(&key) > 0 => OK,
        Ok(key) => {
            thread::sleep(Duration::from_millis(60));
            handled.again(key)
        }
        Err(_) => REFUSED,
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["at-once", "given-up"]));
}

#[tokio::test]
async fn an_answer_before_reading_says_yes_to_everything() {
    let url = start(&providers::HUMIRIS, Answers::Before, careful);
    let rows = observed(&providers::HUMIRIS, url).await;
    let mut expected = unauthentic(&providers::HUMIRIS);
    expected.extend(["signature-200", "signature-long", "oversize", "oversize-chunked"]);
    expected.extend(["refusals-alike", "tag-kept"]);
    assert_eq!(wrong(&rows), expected);
}

#[tokio::test]
async fn an_expected_tag_in_a_refusal_is_an_oracle() {
    let rows = check(&providers::IMMUTIS, |request, handled| match request.key() {
        Ok(key) => handled.once(key),
        Err(_) => {
            let key = Key::new(SECRET.as_bytes(), SecretFormat::Utf8).unwrap();
            let stamp = Stamp { timestamp: UnixTime::from_secs(0), id: None };
            let right = sign(&providers::IMMUTIS.scheme, &key, &request.payload, &stamp).unwrap();
            Answer(401, format!("expected {}", right.signature()))
        }
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["refusals-alike", "tag-kept"]));
}

#[tokio::test]
async fn a_refusal_that_repeats_what_was_sent_tells_no_tag() {
    let rows = check(&providers::IMMUTIS, |request, handled| match request.key() {
        Ok(key) => handled.once(key),
        Err(_) => Answer(401, format!("not {:?}", request.signature())),
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["refusals-alike"]));
}

#[tokio::test]
async fn a_receiver_that_says_busy_while_it_handles_passes() {
    static CLAIMED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let rows = check(&providers::IMTEGRATE, |request, handled| {
        let Ok(key) = request.key() else {
            return REFUSED;
        };
        if handled.times(&key) > 0 {
            return OK;
        }
        if !CLAIMED.lock().unwrap().insert(key.clone()) {
            return Busy;
        }
        thread::sleep(Duration::from_millis(20));
        handled.once(key)
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::new());
    let row = rows.iter().find(|row| row.id == "at-once").unwrap();
    assert!(row.status.contains("409"), "{}", row.status);
}

#[tokio::test]
async fn a_careful_receiver_passes() {
    let rows = check(&providers::HUMIRIS, careful).await;
    assert_eq!(
        wrong(&rows),
        BTreeSet::new(),
        "{}",
        report::write(&rows, Format::Table, false).unwrap()
    );
}

#[tokio::test]
async fn a_receiver_that_refuses_everything_fails_every_valid_delivery_and_nothing_else() {
    let rows = check(&providers::KYC, |_, _| REFUSED).await;
    let accepted = attack::all().filter(|attack| attack.expected == Expected::Accept);
    assert_eq!(wrong(&rows), applying(&providers::KYC, accepted));
    let report = report::write(&rows, Format::Table, false).unwrap();
    assert!(report.contains("are the secret and the address the endpoint's own?"), "{report}");
}

#[tokio::test]
async fn a_receiver_that_says_yes_and_does_nothing_is_found() {
    let rows = check(&providers::KYC, |request, handled| match request.key() {
        Ok(_) => OK,
        Err(_) => careful(request, handled),
    })
    .await;
    assert_eq!(text(&rows, "valid"), "answered 2xx and never handled");
}

#[tokio::test]
async fn a_receiver_that_handles_what_it_refuses_is_found() {
    let rows = check(&providers::IMMUTIS, |request, handled| match request.key() {
        Ok(key) => handled.once(key),
        Err(_) => {
            handled.once(request.digest());
            REFUSED
        }
    })
    .await;
    // Members in another order leave the payload's id where it is, and this one counts by the digest.
    assert!(wrong(&rows).contains("payload-truncated"), "{:?}", wrong(&rows));
    assert_eq!(text(&rows, "payload-truncated"), "refused, and handled all the same");
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

#[tokio::test]
async fn a_refusal_that_tells_its_reason_is_found() {
    let rows = check(&providers::KYC, |request, handled| match request.key() {
        Ok(key) => handled.once(key),
        Err(error) => Answer(401, error.code().to_owned()),
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["refusals-alike"]));
}

#[tokio::test]
async fn a_refusal_that_is_not_401_is_advised_upon_once() {
    let rows = check(&providers::KYC, |request, handled| match request.key() {
        Ok(key) => handled.once(key),
        Err(_) => Answer(403, String::new()),
    })
    .await;
    assert!(row::is_right(&rows));
    let report = report::write(&rows, Format::Table, false).unwrap();
    assert_eq!(report.matches("best said as 401").count(), 1, "{report}");
}

#[tokio::test]
async fn a_receiver_that_hangs_is_not_waited_for() {
    let rows = check(&providers::IMMUTIS, |request, handled| match request.signature() {
        Some(_) => careful(request, handled),
        None => Hang,
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["signature-missing"]));
    assert_eq!(text(&rows, "signature-missing"), "no answer within 4 s");
}

#[tokio::test]
async fn a_receiver_that_stays_busy_is_found() {
    let rows = check(&providers::KYC, |request, _| match request.key() {
        Ok(_) => Busy,
        Err(_) => REFUSED,
    })
    .await;
    assert!(text(&rows, "valid").contains("busy"), "{}", text(&rows, "valid"));
}

#[tokio::test]
async fn a_receiver_that_is_not_there_is_said_to_be_so() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let error = of(&providers::KYC, url, None).run(|_| ()).await.err().unwrap();
    assert!(error.to_string().contains("is the receiver running?"), "{error}");
}

async fn check(provider: &'static Provider, receive: Receive) -> Vec<Row> {
    observed(provider, start(provider, Answers::After, receive)).await
}

async fn observed(provider: &'static Provider, url: reqwest::Url) -> Vec<Row> {
    let observer = Observer::Url(url.join("observed").unwrap());
    run(provider, url, Some(observer)).await
}

async fn run(
    provider: &'static Provider,
    url: reqwest::Url,
    observer: Option<Observer>,
) -> Vec<Row> {
    let check = of(provider, url, observer);
    let mut told = 0;
    let rows = check.run(|_| told += 1).await.unwrap();
    assert_eq!((told, rows.len()), (check.count(), check.count()));
    rows
}

fn of(provider: &'static Provider, url: reqwest::Url, observer: Option<Observer>) -> Check {
    let endpoints = vec![Endpoint { sender: Sender::new(provider, SECRET).unwrap(), url }];
    let ids = check::ids().map(|(id, _)| id).collect();
    Check { endpoints, timeout: TIMEOUT, ids, observer, timing_samples: 40 }
}

/// The ids of what lacks a right signature.
fn unauthentic(provider: &Provider) -> BTreeSet<&'static str> {
    applying(provider, attack::all().filter(|attack| attack.expected.is_unauthentic()))
}

fn applying(
    provider: &Provider,
    attacks: impl Iterator<Item = &'static attack::Attack>,
) -> BTreeSet<&'static str> {
    attacks.filter(|attack| attack.lacking(provider).is_none()).map(|attack| attack.id).collect()
}

fn wrong(rows: &[Row]) -> BTreeSet<&'static str> {
    rows.iter().filter(|row| row.verdict.is_wrong()).map(|row| row.id).collect()
}

fn text<'r>(rows: &'r [Row], id: &str) -> &'r str {
    rows.iter().find(|row| row.id == id).unwrap().verdict.text()
}
