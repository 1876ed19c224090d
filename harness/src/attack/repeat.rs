//! The same delivery more than once. It must come through, and be handled once.

use hookproof::UnixTime;
use uuid::Uuid;

use super::need::{SIGNED_TIME, UNSIGNED_ID, UNSIGNED_TIME, unsigned_id, unsigned_time};
use super::row::{ACCEPTED, Attack};
use crate::delivery::Writing;

/// How many copies come at the same instant.
const AT_ONCE: usize = 8;

pub(super) const ROWS: &[Attack] = &[
    Attack {
        id: "replay",
        title: "replayed: sent twice",
        why: "Providers retry, so a delivery comes twice: that must not fail, nor be handled twice.",
        copies: |_, delivery| Ok(vec![delivery.clone(), delivery]),
        ..ACCEPTED
    },
    Attack {
        id: "replay-id",
        title: "replayed: with a fresh unsigned id",
        why: "Whoever saw a delivery can change an id that is not signed: deduplicate by what is.",
        needs: &UNSIGNED_ID,
        copies: |scene, delivery| {
            let name = unsigned_id(scene.scheme()).unwrap_or_default();
            let replayed = delivery.clone().with_header(name, Uuid::new_v4().to_string());
            Ok(vec![delivery, replayed])
        },
        ..ACCEPTED
    },
    Attack {
        id: "replay-time",
        title: "replayed: with a fresh unsigned time",
        why: "Whoever saw a delivery can change a time that is not signed: it proves nothing.",
        needs: &UNSIGNED_TIME,
        copies: |scene, delivery| {
            let name = unsigned_time(scene.scheme()).unwrap_or_default();
            let replayed = delivery.clone().with_header(name, later(scene.now).to_string());
            Ok(vec![delivery, replayed])
        },
        ..ACCEPTED
    },
    Attack {
        id: "retry-stamped-anew",
        title: "retried: stamped and signed anew",
        why: "A retry has another signature: whoever deduplicates by signature handles it twice.",
        needs: &SIGNED_TIME,
        copies: |scene, delivery| {
            let again = scene.sender.again(&delivery, later(scene.now))?;
            Ok(vec![delivery, again])
        },
        ..ACCEPTED
    },
    Attack {
        id: "at-once",
        title: "eight copies at the same instant",
        why: "Asking whether it was handled and saying that it is must be one step.",
        at_once: true,
        copies: |_, delivery| Ok(vec![delivery; AT_ONCE]),
        ..ACCEPTED
    },
    Attack {
        id: "given-up",
        title: "retried: the sender did not wait",
        why: "A sender that waited too long sends again, while the first is being handled or was.",
        copies: |_, delivery| Ok(vec![delivery.clone().written(Writing::Abandoned), delivery]),
        ..ACCEPTED
    },
    Attack {
        id: "cut",
        title: "retried: cut off in mid-body",
        why: "Half an upload is nothing: it must neither end the receiver nor count as the delivery.",
        copies: |_, delivery| Ok(vec![delivery.clone().written(Writing::Cut), delivery]),
        ..ACCEPTED
    },
];

fn later(now: UnixTime) -> UnixTime {
    UnixTime::from_secs(now.as_secs().saturating_add(1))
}
