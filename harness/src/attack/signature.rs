//! A signature header that holds no right signature, or more than one text.

use hookproof::scheme::{Encoding, Layout};

use super::expected::{Expected, LONG_HEADER};
use super::need::{LIST, MARKED_TAG};
use super::row::{Attack, REFUSED};
use crate::forge::{Forgery, Hash, reencoded, with_near_tag};

pub(super) const ROWS: &[Attack] = &[
    Attack {
        id: "signature-missing",
        title: "signature: header missing",
        why: "What is not signed is not from the provider; an endpoint must not fail on it either.",
        make: |scene| Ok(scene.valid()?.without(scene.scheme().signature.name)),
        ..REFUSED
    },
    Attack {
        id: "signature-empty",
        title: "signature: header empty",
        why: "An empty text may pass for an absent check, or equal an expected text that is empty too.",
        make: |scene| Ok(scene.valid()?.with_signature("")),
        ..REFUSED
    },
    Attack {
        id: "secret-other",
        title: "signature: by another secret",
        why: "Anyone can make a signature with a secret of their own.",
        make: |scene| scene.sender_of_other_secret()?.deliver(scene.event, scene.now),
        ..REFUSED
    },
    Attack {
        id: "secret-empty",
        title: "signature: by the empty secret",
        why: "A secret that was not set is an empty key, and everyone knows that one.",
        make: |scene| {
            let delivery = scene.valid()?;
            let tag = Forgery { key: b"", ..Forgery::of(scene.sender, &delivery) }.tag();
            Ok(delivery.with_tag(tag))
        },
        ..REFUSED
    },
    Attack {
        id: "secret-undefined",
        title: "signature: by `undefined`",
        why: "A secret that was not set is made a text, and everyone knows that one.",
        make: |scene| {
            let delivery = scene.valid()?;
            let tag = Forgery { key: b"undefined", ..Forgery::of(scene.sender, &delivery) }.tag();
            Ok(delivery.with_tag(tag))
        },
        ..REFUSED
    },
    Attack {
        id: "signature-near",
        title: "signature: last byte wrong",
        why: "The tags are not compared to their end.",
        make: |scene| Ok(with_near_tag(scene.valid()?)),
        ..REFUSED
    },
    Attack {
        id: "signature-zero",
        title: "signature: all zero",
        why: "A tag that was not made yet, or could not be made, is a row of zeros.",
        make: |scene| {
            let delivery = scene.valid()?;
            let tag = reencoded(scene.scheme().encoding, &delivery, |bytes| bytes.fill(0));
            Ok(delivery.with_tag(tag))
        },
        ..REFUSED
    },
    Attack {
        id: "signature-malformed",
        title: "signature: wrong alphabet",
        why: "A lenient decoder makes no bytes of it, and no bytes equal any prefix of none.",
        make: |scene| {
            let delivery = scene.valid()?;
            let tag = "!".repeat(delivery.signature().1.len());
            Ok(delivery.with_tag(tag))
        },
        ..REFUSED
    },
    Attack {
        id: "signature-not-ascii",
        title: "signature: not ASCII",
        why: "As many characters, more bytes: timingSafeEqual throws on it, and the endpoint answers 500.",
        make: |scene| {
            let delivery = scene.valid()?;
            let mut tag = delivery.signature().1.as_bytes().to_vec();
            if let Some(last) = tag.last_mut() {
                *last = 0xE9;
            }
            Ok(delivery.with_tag(tag))
        },
        ..REFUSED
    },
    Attack {
        id: "signature-truncated",
        title: "signature: its first half",
        why: "A tag that may be short can be guessed; and timingSafeEqual throws on another length.",
        make: |scene| {
            let delivery = scene.valid()?;
            let tag = delivery.signature().1;
            let half = tag[..tag.len() / 2].to_owned();
            Ok(delivery.with_tag(half))
        },
        ..REFUSED
    },
    Attack {
        id: "signature-extended",
        title: "signature: more after it",
        why: "Only its beginning is read, so one tag has many texts.",
        make: |scene| {
            let delivery = scene.valid()?;
            let tag = delivery.signature().1.to_owned() + "00";
            Ok(delivery.with_tag(tag))
        },
        ..REFUSED
    },
    Attack {
        id: "signature-encoding",
        title: "signature: hex for base64 or back",
        why: "An endpoint that takes every spelling takes more than its provider writes.",
        make: |scene| {
            let delivery = scene.valid()?;
            let other = match scene.scheme().encoding {
                Encoding::Hex => Encoding::Base64,
                Encoding::Base64 => Encoding::Hex,
            };
            let tag = reencoded(other, &delivery, |_| ());
            Ok(delivery.with_tag(tag))
        },
        ..REFUSED
    },
    Attack {
        id: "signature-doubled",
        title: "signature: header sent twice",
        why: "Two parts of an endpoint may each read another one.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            let name = scene.scheme().signature.name;
            let header = delivery.headers.iter().find(|(each, _)| each == name).cloned();
            delivery.headers.extend(header);
            Ok(delivery)
        },
        ..REFUSED
    },
    Attack {
        id: "signature-unmarked",
        title: "signature: nothing before the tag",
        why: "A mark that may be left out is none: one tag has several texts.",
        needs: &MARKED_TAG,
        make: |scene| {
            let delivery = scene.valid()?;
            let tag = delivery.signature().1.to_owned();
            Ok(delivery.with_signature(tag))
        },
        ..REFUSED
    },
    Attack {
        id: "signature-renamed",
        title: "signature: called md5",
        why: "Whoever skips the name of the algorithm lets the sender choose it.",
        make: |scene| {
            let delivery = scene.valid()?;
            let (head, tag) = delivery.signature();
            let text = match scene.scheme().signature.layout {
                Layout::Bare | Layout::Prefix(_) => format!("md5={tag}"),
                Layout::List { assign, name, .. } => {
                    let entry = format!("{name}{assign}");
                    let others = head.strip_suffix(&entry).unwrap_or(head);
                    format!("{others}md5{assign}{tag}")
                }
            };
            Ok(delivery.with_signature(text))
        },
        ..REFUSED
    },
    Attack {
        id: "signature-sha1",
        title: "signature: by SHA-1",
        why: "The sender chose the algorithm, and can choose one that is broken.",
        make: |scene| {
            let delivery = scene.valid()?;
            let forgery = Forgery { hash: Hash::Sha1, ..Forgery::of(scene.sender, &delivery) };
            let text = delivery.signature().0.replace("sha256", "sha1") + &forgery.tag();
            Ok(delivery.with_signature(text))
        },
        ..REFUSED
    },
    Attack {
        id: "signature-word",
        title: "signature: the word `undefined`",
        why: "It equals an expected text that was made of nothing.",
        make: |scene| Ok(scene.valid()?.with_signature("undefined")),
        ..REFUSED
    },
    Attack {
        id: "signature-200",
        title: "signature: 200 wrong candidates",
        why: "A MAC for each candidate makes a small request cost as much as 200.",
        needs: &LIST,
        expected: Expected::Refuse(LONG_HEADER),
        make: |scene| {
            let delivery = scene.valid()?;
            let wrong = scene.sender_of_other_secret()?.again(&delivery, scene.now)?;
            let Layout::List { separator, assign, name } = scene.scheme().signature.layout else {
                return Ok(delivery);
            };
            let (head, wrong) = wrong.signature();
            let more = format!("{separator}{name}{assign}{wrong}").repeat(199);
            let text = format!("{head}{wrong}{more}");
            Ok(delivery.with_signature(text))
        },
        ..REFUSED
    },
    Attack {
        id: "signature-long",
        title: "signature: 20 KiB of it",
        why: "A header costs the endpoint memory and time before anyone is known to have a right to it.",
        expected: Expected::Refuse(LONG_HEADER),
        make: |scene| {
            let delivery = scene.valid()?;
            let tag = "0".repeat(20 * 1024);
            Ok(delivery.with_tag(tag))
        },
        ..REFUSED
    },
];
