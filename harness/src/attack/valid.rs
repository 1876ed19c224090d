//! What a provider may send, and how it may be written: all of it must come through.

use hookproof::scheme::Layout;

use super::expected::Expected;
use super::need::{LIST, UNSIGNED_HEADER, unsigned_headers};
use super::row::{ACCEPTED, Attack};
use crate::delivery::{Delivery, Writing};

const MIB_BYTES: usize = 1024 * 1024;

pub(super) const ROWS: &[Attack] = &[
    Attack {
        id: "valid",
        title: "valid, each documented event",
        why: "An endpoint that refuses its provider loses events.",
        every_event: true,
        ..ACCEPTED
    },
    Attack {
        id: "valid-unicode",
        title: "valid: accents and emoji",
        why: "The payload was decoded and encoded again, or measured in characters: verify its bytes.",
        make: |scene| scene.noted("Žluťoučký kůň 🐎 \u{2028} ﷽".as_bytes()),
        ..ACCEPTED
    },
    Attack {
        id: "valid-bom",
        title: "valid: byte order mark in front",
        why: "Many decoders drop a byte order mark, and then the bytes are not those that were signed.",
        make: |scene| {
            scene.valid_bytes([b"\xEF\xBB\xBF", scene.noted_payload(b"").as_slice()].concat())
        },
        ..ACCEPTED
    },
    Attack {
        id: "valid-crlf",
        title: "valid: CRLF at its end",
        why: "The payload was trimmed or its line ends changed: verify its bytes as they came.",
        make: |scene| scene.valid_bytes([scene.noted_payload(b"").as_slice(), b"\r\n"].concat()),
        ..ACCEPTED
    },
    Attack {
        id: "valid-nul",
        title: "valid: a NUL byte inside",
        why: "Something took the payload for a text that ends at its first NUL.",
        make: |scene| scene.noted(b"before\0after"),
        ..ACCEPTED
    },
    Attack {
        id: "valid-invalid-utf8",
        title: "valid: invalid UTF-8",
        why: "The payload was made a string, which replaces what is not UTF-8: verify its bytes.",
        make: |scene| scene.noted(b"\xFF\xFE\xC3\x28"),
        ..ACCEPTED
    },
    Attack {
        id: "valid-numbers",
        title: "valid: numbers no double holds",
        why: "What is verified is what a JSON parser made of the payload, and it made other numbers.",
        make: |scene| {
            let payload =
                scene.noted_payload(b"\",\"numbers\":[1.0,1e2,9007199254740993],\"end\":\"");
            scene.valid_bytes(payload)
        },
        ..ACCEPTED
    },
    Attack {
        id: "valid-dollars",
        title: "valid: $& and $$ inside",
        why: "The signed text was put together with replace(), which gives $& and $$ a meaning.",
        make: |scene| scene.noted(b"$& $$ $' %s {body}"),
        ..ACCEPTED
    },
    Attack {
        id: "valid-empty",
        title: "valid: empty payload",
        why: "No bytes are a payload too, and the signature covers just that.",
        make: |scene| scene.valid_bytes(*b""),
        ..ACCEPTED
    },
    Attack {
        id: "valid-no-body",
        title: "valid: no body at all",
        why: "Frameworks leave the body undefined then, or make an object of it: it is an empty payload.",
        make: |scene| Ok(scene.valid_bytes(*b"")?.written(Writing::NoBody)),
        ..ACCEPTED
    },
    Attack {
        id: "valid-1-mib",
        title: "valid: 1 MiB, to the byte",
        why: "Some frameworks read 100 kB and no more, and large deliveries would be lost.",
        make: |scene| {
            let rest = MIB_BYTES.saturating_sub(scene.noted_payload(b"").len());
            scene.noted(&vec![b'x'; rest])
        },
        ..ACCEPTED
    },
    Attack {
        id: "valid-chunked",
        title: "valid: chunked, no length given",
        why: "A body need not say its length: whoever reads as much as Content-Length says reads nothing.",
        make: |scene| Ok(scene.valid()?.written(Writing::Chunked)),
        ..ACCEPTED
    },
    Attack {
        id: "valid-slow",
        title: "valid: body in pieces, over 1 s",
        why: "Networks are slow: the end of a packet is not the end of the body.",
        make: |scene| Ok(scene.valid()?.written(Writing::Slow)),
        ..ACCEPTED
    },
    Attack {
        id: "valid-lower-case",
        title: "valid: lower-case headers",
        why: "Names of headers have no case, and HTTP/2 sends them all in lower case.",
        make: |scene| Ok(scene.valid()?.written(Writing::LowerCase)),
        ..ACCEPTED
    },
    Attack {
        id: "valid-candidates",
        title: "valid: one good among wrong",
        why: "While a secret is rotated a provider signs with the old one and the new one.",
        needs: &LIST,
        make: |scene| {
            let delivery = scene.valid()?;
            let wrong = scene.sender_of_other_secret()?.again(&delivery, scene.now)?;
            let Layout::List { separator, assign, name } = scene.scheme().signature.layout else {
                return Ok(delivery);
            };
            let (head, good) = delivery.signature();
            let (_, wrong) = wrong.signature();
            let entry = format!("{separator}{name}{assign}");
            let text = format!("{head}{wrong}{entry}{good}{entry}{wrong}");
            Ok(delivery.with_signature(text))
        },
        ..ACCEPTED
    },
    Attack {
        id: "unsigned-headers",
        title: "unsigned headers changed",
        why: "Nobody vouches for these headers, so nothing may hang on them: not even a refusal.",
        needs: &UNSIGNED_HEADER,
        make: |scene| {
            let delivery = scene.valid()?;
            let unsigned = unsigned_headers(scene.scheme());
            Ok(unsigned.fold(delivery, |delivery, name| delivery.with_header(name, "1000000000")))
        },
        ..ACCEPTED
    },
    Attack {
        id: "type-text",
        title: "content type text/plain",
        why: "A framework reads bodies by their type: an unexpected one must be an answer, not an accident.",
        expected: Expected::Answer,
        make: |scene| Ok(of_type(scene.valid()?, "text/plain")),
        ..ACCEPTED
    },
    Attack {
        id: "type-form",
        title: "content type of a form",
        why: "A form parser that ran first has eaten the bytes that were signed.",
        expected: Expected::Answer,
        make: |scene| Ok(of_type(scene.valid()?, "application/x-www-form-urlencoded")),
        ..ACCEPTED
    },
    Attack {
        id: "type-missing",
        title: "no content type",
        why: "A framework that cannot tell the type may leave the body unread.",
        expected: Expected::Answer,
        make: |scene| Ok(scene.valid()?.without("Content-Type")),
        ..ACCEPTED
    },
    Attack {
        id: "encoding-claimed",
        title: "said to be gzip, is not",
        why: "Anyone can make a framework inflate what is no gzip before a signature is looked at.",
        expected: Expected::Answer,
        make: |scene| Ok(scene.valid()?.with_header("Content-Encoding", "gzip")),
        ..ACCEPTED
    },
];

fn of_type(delivery: Delivery, content_type: &str) -> Delivery {
    delivery.with_header("Content-Type", content_type)
}
