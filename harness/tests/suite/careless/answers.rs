//! Receivers that are careless with what they answer, and when.

use std::collections::BTreeSet;

use hookproof::providers;
use hookproof::scheme::SecretFormat;
use hookproof::{Key, Stamp, UnixTime, sign};
use hookproof_harness::report::{self, Format};
use hookproof_harness::row;

use super::{check, observed, of, text, unauthentic, wrong};
use crate::receiver::{Answer, Answers, Hang, SECRET, careful, start};

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
async fn a_receiver_that_is_not_there_is_said_to_be_so() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let error = of(&providers::KYC, url, None).run(|_| ()).await.err().unwrap();
    assert!(error.to_string().contains("is the receiver running?"), "{error}");
}
