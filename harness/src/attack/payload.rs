//! A signature that was made for another payload than this.

use serde_json::{Map, Value};

use super::row::{Attack, REFUSED};

pub(super) const ROWS: &[Attack] = &[
    Attack {
        id: "payload-bit",
        title: "payload: one bit flipped",
        why: "The payload is not verified at all, or not all of it.",
        make: |scene| Ok(scene.valid()?.with_flipped_bit()),
        ..REFUSED
    },
    Attack {
        id: "payload-appended",
        title: "payload: one byte appended",
        why: "Only part of the payload is verified, or it was trimmed first.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            delivery.payload.push(b'\n');
            Ok(delivery)
        },
        ..REFUSED
    },
    Attack {
        id: "payload-prepended",
        title: "payload: one space in front",
        why: "The payload was trimmed before it was verified.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            delivery.payload.insert(0, b' ');
            Ok(delivery)
        },
        ..REFUSED
    },
    Attack {
        id: "payload-white-space",
        title: "payload: other white space",
        why: "What is verified is what a JSON parser made of the payload: verify its bytes.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            delivery.payload = format!("{:#}", json(&delivery.payload)).into_bytes();
            Ok(delivery)
        },
        ..REFUSED
    },
    Attack {
        id: "payload-key-order",
        title: "payload: other order of members",
        why: "What is verified is a sorted form of the payload, which many payloads share.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            let members = json(&delivery.payload);
            let turned: Map<_, _> =
                members.as_object().cloned().unwrap_or_default().into_iter().rev().collect();
            delivery.payload = Value::Object(turned).to_string().into_bytes();
            Ok(delivery)
        },
        ..REFUSED
    },
    Attack {
        id: "payload-truncated",
        title: "payload: last byte missing",
        why: "What is verified is not what came: an upload that broke off would be handled.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            delivery.payload.pop();
            Ok(delivery)
        },
        ..REFUSED
    },
    Attack {
        id: "payload-emptied",
        title: "payload: nothing left of it",
        why: "An endpoint that finds no body may find nothing to verify.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            delivery.payload.clear();
            Ok(delivery)
        },
        ..REFUSED
    },
    Attack {
        id: "payload-other",
        title: "payload: signed was another one",
        why: "A signature that was seen once would let any payload in.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            delivery.payload = scene.noted_payload(b"another");
            Ok(delivery)
        },
        ..REFUSED
    },
];

fn json(payload: &[u8]) -> Value {
    serde_json::from_slice(payload).unwrap_or_default()
}
