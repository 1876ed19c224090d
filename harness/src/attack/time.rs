//! A time that is not now, is no time, or is not the one that was signed.

use hookproof::scheme::Part;
use hookproof::{Error, UnixTime};

use super::need::SIGNED_TIME;
use super::row::{Attack, REFUSED};
use super::scene::Scene;
use crate::delivery::Delivery;
use crate::forge::Forgery;

const TIMED: Attack = Attack { needs: &SIGNED_TIME, ..REFUSED };

pub(super) const ROWS: &[Attack] = &[
    Attack {
        id: "time-stale",
        title: "time: signed too long ago",
        why: "A delivery that was seen once could be replayed for ever.",
        make: |scene| valid_at(scene, scene.now.as_secs().saturating_sub(too_far_secs(scene))),
        ..TIMED
    },
    Attack {
        id: "time-future",
        title: "time: signed too far ahead",
        why: "A delivery that is stamped ahead could be replayed until its time has come.",
        make: |scene| valid_at(scene, scene.now.as_secs().saturating_add(too_far_secs(scene))),
        ..TIMED
    },
    Attack {
        id: "time-missing",
        title: "time: missing",
        why: "Without a time there is nothing to hold against the clock, and the check may be left out.",
        make: |scene| Ok(scene.valid()?.with_timestamp(None)),
        ..TIMED
    },
    Attack {
        id: "time-word",
        title: "time: not a number, signed",
        why: "NaN is neither too old nor too new: every comparison with it is false.",
        make: |scene| signed_text(scene, "never"),
        ..TIMED
    },
    Attack {
        id: "time-sign",
        title: "time: with a sign, signed",
        why: "A number that is read loosely has many texts, and bytes can move in and out of it.",
        make: |scene| signed_text(scene, &format!("+{}", scene.now)),
        ..TIMED
    },
    Attack {
        id: "time-decimals",
        title: "time: with decimals, signed",
        why: "Seconds are whole: where a fraction is dropped, the text that was signed is not what is read.",
        make: |scene| signed_text(scene, &format!("{}.5", scene.now)),
        ..TIMED
    },
    Attack {
        id: "time-milliseconds",
        title: "time: in milliseconds, signed",
        why: "Seconds and milliseconds are told apart by size, which a sender chooses.",
        make: |scene| signed_text(scene, &format!("{}000", scene.now)),
        ..TIMED
    },
    Attack {
        id: "time-changed",
        title: "time: changed, not re-signed",
        why: "The time is not verified, so an old delivery becomes fresh at will.",
        make: |scene| {
            let later = scene.now.as_secs().saturating_add(1);
            Ok(scene.valid()?.with_timestamp(Some(&later.to_string())))
        },
        ..TIMED
    },
    Attack {
        id: "time-moved",
        title: "time: took bytes of the payload",
        why: "Time and payload are signed as one text: read loosely, the time can end elsewhere in it.",
        make: |scene| {
            let moved = format!("5{}", after_timestamp(scene));
            let rest = scene.sender.payload(scene.event);
            let whole = [moved.as_bytes(), &rest].concat();
            let delivery = scene.valid_bytes(whole)?;
            let longer = format!("{}{}5", scene.now, after_timestamp(scene));
            Ok(Delivery { payload: rest, ..delivery.with_timestamp(Some(&longer)) })
        },
        ..TIMED
    },
];

fn valid_at(scene: &Scene<'_>, secs: u64) -> Result<Delivery, Error<'static>> {
    scene.sender.deliver(scene.event, UnixTime::from_secs(secs))
}

/// A minute more than the provider's tolerance, so that clocks need not agree to the second.
fn too_far_secs(scene: &Scene<'_>) -> u64 {
    scene.scheme().effective_tolerance_secs(None).unwrap_or_default() + 60
}

/// A delivery with this text for its timestamp, and a right signature over it.
fn signed_text(scene: &Scene<'_>, text: &str) -> Result<Delivery, Error<'static>> {
    let delivery = scene.valid()?.with_timestamp(Some(text));
    let tag = Forgery::of(scene.sender, &delivery).tag();
    Ok(delivery.with_tag(tag))
}

/// What stands between the timestamp and the payload in the signed content.
fn after_timestamp(scene: &Scene<'_>) -> &'static str {
    let content = scene.scheme().content;
    let mut after = content.iter().skip_while(|part| **part != Part::Timestamp).skip(1);
    match after.next() {
        Some(Part::Literal(text)) => text,
        _ => "",
    }
}
