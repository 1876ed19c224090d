//! Receivers that are careless with what they answer, and when.

use std::collections::BTreeSet;

use hookproof::providers;
use hookproof::scheme::SecretFormat;
use hookproof::{Key, Stamp, UnixTime, sign};
use hookproof_harness::report::{self, Format};
use hookproof_harness::row;

use super::{check, observed, of, text, unauthentic, wrong};
use crate::receiver::{Answer, Answers, Hang, REFUSED, Request, SECRET, careful, start};

#[tokio::test]
async fn an_answer_before_reading_says_yes_to_everything() {
    let url = start(&providers::HUMIRIS, Answers::Before, careful);
    let rows = observed(&providers::HUMIRIS, url).await;
    let mut expected = unauthentic(&providers::HUMIRIS);
    expected.extend(["signature-200", "signature-long", "oversize", "oversize-chunked"]);
    assert_eq!(wrong(&rows), expected);
    for finding in ["refusals-alike", "tag-kept"] {
        assert_eq!(text(&rows, finding), "refused nothing", "{finding}");
    }
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

/// What a handler can read that parses JSON.
fn is_json(request: &Request) -> bool {
    serde_json::from_slice::<serde_json::Value>(&request.payload).is_ok()
}

const NO_JSON: [&str; 5] =
    ["valid-bom", "valid-nul", "valid-invalid-utf8", "valid-empty", "valid-no-body"];

#[tokio::test]
async fn a_handler_that_cannot_parse_what_was_verified_is_advised_and_not_at_fault() {
    let rows = check(&providers::KYC, |request, handled| match request.key() {
        Ok(key) if is_json(request) => handled.once(key),
        Ok(_) => Answer(500, String::new()),
        Err(_) => REFUSED,
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::new());
    for id in NO_JSON {
        assert!(text(&rows, id).contains("whether it verified cannot be told"), "{id}");
    }
    let rows = check(&providers::KYC, |request, handled| match request.key() {
        Ok(key) if is_json(request) => handled.once(key),
        Ok(key) => {
            handled.once(key);
            Answer(500, String::new())
        }
        Err(_) => REFUSED,
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::new());
    assert!(text(&rows, "valid-nul").contains("so it verified"), "{}", text(&rows, "valid-nul"));
}

#[tokio::test]
async fn an_endpoint_that_refuses_what_is_no_json_or_fails_on_everything_is_at_fault() {
    let rows = check(&providers::KYC, |request, handled| match request.key() {
        Ok(key) if is_json(request) => handled.once(key),
        _ => REFUSED,
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(NO_JSON));
    let rows = check(&providers::KYC, |_, _| Answer(500, String::new())).await;
    assert!(wrong(&rows).is_superset(&BTreeSet::from(NO_JSON)), "{:?}", wrong(&rows));
    let report = report::write(&rows, Format::Table, false).unwrap();
    assert!(report.starts_with("WRONG   Nothing valid came through: are the secret"), "{report}");
    assert_eq!(report.matches("curl ").count(), 1, "{report}");
    assert!(!report.contains("was made a string"), "nobody knows that: {report}");
    for finding in ["refusals-alike", "tag-kept"] {
        assert_eq!(text(&rows, finding), "refused nothing", "{finding}");
    }
}

#[tokio::test]
async fn where_nothing_is_nothing_was_refused() {
    let rows = check(&providers::KYC, |_, _| Answer(404, String::new())).await;
    for finding in ["refusals-alike", "tag-kept"] {
        assert_eq!(text(&rows, finding), "refused nothing", "{finding}");
    }
    let report = report::write(&rows, Format::Table, false).unwrap();
    assert!(report.starts_with("WRONG   Nothing valid came through"), "{report}");
}

#[tokio::test]
async fn what_is_sent_again_is_the_event_that_failed() {
    let rows = check(&providers::IMMUTIS, |request, handled| {
        let event: serde_json::Value = serde_json::from_slice(&request.payload).unwrap_or_default();
        match request.key() {
            Ok(_) if event["type"] == providers::IMMUTIS.events[1] => Answer(500, String::new()),
            Ok(key) => handled.once(key),
            Err(_) => REFUSED,
        }
    })
    .await;
    let valid = rows.iter().find(|row| row.id == "valid").unwrap();
    assert!(
        valid.verdict.text().starts_with(providers::IMMUTIS.events[1]),
        "{}",
        valid.verdict.text()
    );
    assert!(valid.repeat.contains(providers::IMMUTIS.events[1]), "{}", valid.repeat);
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
async fn a_receiver_that_is_not_there_is_said_to_be_so() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let error = of(&providers::KYC, url, None).run(|_| ()).await.err().unwrap();
    assert!(error.to_string().contains("is the receiver running?"), "{error}");
}
