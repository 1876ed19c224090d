//! Receivers that are careless with what they do once they have verified.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use hookproof::providers;
use hookproof_harness::row;

use super::{check, run, text, wrong};
use crate::receiver::{Answers, Busy, OK, REFUSED, Receive, careful, start};

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
async fn a_receiver_that_says_yes_and_does_nothing_is_found() {
    let rows = check(&providers::KYC, |request, handled| match request.key() {
        Ok(_) => OK,
        Err(_) => careful(request, handled),
    })
    .await;
    assert_eq!(text(&rows, "valid"), "answered 2xx and never handled");
}

#[tokio::test]
async fn what_is_sent_again_is_the_event_that_was_never_handled() {
    let rows = check(&providers::IMMUTIS, |request, handled| {
        let event: serde_json::Value = serde_json::from_slice(&request.payload).unwrap_or_default();
        match request.key() {
            Ok(_) if event["type"] == providers::IMMUTIS.events[1] => OK,
            Ok(key) => handled.once(key),
            Err(_) => REFUSED,
        }
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["valid"]));
    let valid = rows.iter().find(|row| row.id == "valid").unwrap();
    assert!(valid.repeat.contains(providers::IMMUTIS.events[1]), "{}", valid.repeat);
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
async fn a_receiver_that_stays_busy_is_found() {
    let rows = check(&providers::KYC, |request, _| match request.key() {
        Ok(_) => Busy,
        Err(_) => REFUSED,
    })
    .await;
    assert!(text(&rows, "valid").contains("busy"), "{}", text(&rows, "valid"));
}
