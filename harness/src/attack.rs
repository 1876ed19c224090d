//! The attack table: what is sent to an endpoint, and what a careful one does with it.

use hookproof::scheme::{Part, Scheme, SignatureForm, TimestampSource};
use hookproof::{Error, UnixTime};

use crate::delivery::{Delivery, Sender, Writing};

/// One row of the table.
pub struct Attack {
    /// Its stable name, for programs.
    pub id: &'static str,
    /// What is sent, for people.
    pub title: &'static str,
    /// What goes wrong where an endpoint gets it wrong.
    pub why: &'static str,
    /// What a careful endpoint does.
    pub expected: Expected,
    /// What a scheme must have for the attack to mean anything.
    pub needs: Needs,
    /// How often the very same delivery is sent.
    pub times: u32,
    /// Whether it is made of every documented event, or of the first.
    pub every_event: bool,
    /// What a reader should know about the row even when all is well.
    pub note: &'static str,
    /// Makes the delivery.
    pub make: fn(&Scene<'_>) -> Result<Delivery, Error<'static>>,
}

/// What a careful endpoint does with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Answers 2xx.
    Accept,
    /// Answers 401.
    Reject,
}

/// What a scheme must have for an attack to mean anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: every scheme has a signature and a payload.
    Nothing,
    /// A timestamp that is signed, with a tolerance.
    SignedTime,
    /// A list of candidates in the signature header.
    List,
    /// A header that the signature does not cover.
    UnsignedHeader,
}

impl Needs {
    /// What the scheme has not, as half a sentence; `None` where it has what it takes.
    pub fn lacking(self, scheme: &Scheme<'_>) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::SignedTime => {
                let has = scheme.signs_timestamp() && scheme.tolerance_secs.is_some();
                (!has).then_some("signs no time")
            }
            Self::List => {
                let has = matches!(scheme.signature.form, SignatureForm::List { .. });
                (!has).then_some("carries one signature")
            }
            Self::UnsignedHeader => {
                let has = unsigned_headers(scheme).next().is_some();
                (!has).then_some("has no unsigned header")
            }
        }
    }
}

/// What an attack is made of.
pub struct Scene<'a> {
    /// Who delivers.
    pub sender: &'a Sender,
    /// The event that is delivered.
    pub event: &'a str,
    /// What time it is.
    pub now: UnixTime,
}

impl Scene<'_> {
    fn valid(&self) -> Result<Delivery, Error<'static>> {
        self.sender.deliver(self.event, self.now)
    }

    fn valid_at(&self, secs: u64) -> Result<Delivery, Error<'static>> {
        self.sender.deliver(self.event, UnixTime::from_secs(secs))
    }

    fn valid_bytes(&self, payload: &[u8]) -> Result<Delivery, Error<'static>> {
        self.sender.sign(payload.to_vec(), self.event, self.now)
    }

    fn sender_of_other_secret(&self) -> Result<Sender, Error<'static>> {
        Sender::new(self.sender.provider, OTHER_SECRET)
    }

    /// A minute more than the provider's tolerance, so that clocks need not agree to the second.
    fn too_far_secs(&self) -> u64 {
        let scheme = &self.sender.provider.scheme;
        scheme.tolerance_secs.unwrap_or_default() + 60
    }
}

/// A secret that is nobody's. It can be read in every format.
const OTHER_SECRET: &str = "bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBlbmRwb2ludCE=";

const UNICODE: &str = "{\"note\":\"Žluťoučký kůň 🐎 \u{2028} ﷽\"}";

/// What most rows have, so that a row says only what is its own.
const ACCEPTED: Attack = Attack {
    id: "",
    title: "",
    why: "",
    expected: Expected::Accept,
    needs: Needs::Nothing,
    times: 1,
    every_event: false,
    note: "",
    make: |scene| scene.valid(),
};
const REJECTED: Attack = Attack { expected: Expected::Reject, ..ACCEPTED };

/// Every attack, in the order in which they are sent.
pub const ATTACKS: &[Attack] = &[
    Attack {
        id: "valid",
        title: "valid",
        why: "An endpoint that refuses its provider loses events.",
        every_event: true,
        ..ACCEPTED
    },
    Attack {
        id: "valid-unicode",
        title: "valid: accents and emoji",
        why: "The payload was decoded and encoded again, or measured in characters: verify its bytes.",
        make: |scene| scene.valid_bytes(UNICODE.as_bytes()),
        ..ACCEPTED
    },
    Attack {
        id: "valid-crlf-bom",
        title: "valid: byte order mark, CRLF",
        why: "The payload was trimmed or its line ends changed: verify its bytes as they came.",
        make: |scene| scene.valid_bytes(b"\xEF\xBB\xBF{\r\n  \"note\": \"two lines\"\r\n}\r\n"),
        ..ACCEPTED
    },
    Attack {
        id: "valid-invalid-utf8",
        title: "valid: invalid UTF-8",
        why: "The payload was made a string, which replaces what is not UTF-8: verify its bytes.",
        make: |scene| scene.valid_bytes(b"{\"note\":\"\xFF\xFE\xC3\x28\"}"),
        ..ACCEPTED
    },
    Attack {
        id: "valid-empty",
        title: "valid: empty payload",
        why: "No bytes are a payload too, and the signature covers just that.",
        make: |scene| scene.valid_bytes(b""),
        ..ACCEPTED
    },
    Attack {
        id: "valid-no-body",
        title: "valid: no body at all",
        why: "Frameworks leave the body undefined then, or make an object of it: it is an empty payload.",
        make: |scene| Ok(Delivery { writing: Writing::NoBody, ..scene.valid_bytes(b"")? }),
        ..ACCEPTED
    },
    Attack {
        id: "valid-lower-case",
        title: "valid: lower-case headers",
        why: "Names of headers have no case, and HTTP/2 sends them all in lower case.",
        make: |scene| Ok(Delivery { writing: Writing::LowerCase, ..scene.valid()? }),
        ..ACCEPTED
    },
    Attack {
        id: "valid-candidates",
        title: "valid: one good among wrong",
        why: "While a secret is rotated a provider signs with the old one and the new one.",
        needs: Needs::List,
        make: |scene| {
            let delivery = scene.valid()?;
            let wrong = scene.sender_of_other_secret()?.deliver(scene.event, scene.now)?;
            let SignatureForm::List { separator, assign, tag } =
                scene.sender.provider.scheme.signature.form
            else {
                return Ok(delivery);
            };
            let (head, good) = delivery.signature();
            let (_, wrong) = wrong.signature();
            let entry = format!("{separator}{tag}{assign}");
            let text = format!("{head}{wrong}{entry}{good}{entry}{wrong}");
            Ok(delivery.with_signature(text))
        },
        ..ACCEPTED
    },
    Attack {
        id: "unsigned-headers",
        title: "unsigned headers changed",
        why: "Nobody vouches for these headers, so nothing may hang on them: not even a refusal.",
        needs: Needs::UnsignedHeader,
        make: |scene| {
            let delivery = scene.valid()?;
            let unsigned = unsigned_headers(&scene.sender.provider.scheme);
            Ok(unsigned.fold(delivery, |delivery, name| delivery.with_header(name, "1000000000")))
        },
        ..ACCEPTED
    },
    Attack {
        id: "replay",
        title: "replayed: sent twice",
        why: "Providers retry, so a delivery comes twice, and that must not fail.",
        times: 2,
        note: "dedup comes later",
        ..ACCEPTED
    },
    Attack {
        id: "payload-bit",
        title: "payload: one bit flipped",
        why: "The payload is not verified at all, or not all of it.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            let middle = delivery.payload.len() / 2;
            delivery.payload[middle] ^= 1;
            Ok(delivery)
        },
        ..REJECTED
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
        ..REJECTED
    },
    Attack {
        id: "payload-white-space",
        title: "payload: other white space",
        why: "What is verified is what a JSON parser made of the payload: verify its bytes.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            let json: Option<serde_json::Value> = serde_json::from_slice(&delivery.payload).ok();
            delivery.payload = format!("{:#}", json.unwrap_or_default()).into_bytes();
            Ok(delivery)
        },
        ..REJECTED
    },
    Attack {
        id: "payload-other",
        title: "payload: another one",
        why: "A signature that was seen once would let any payload in.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            delivery.payload = UNICODE.as_bytes().to_vec();
            Ok(delivery)
        },
        ..REJECTED
    },
    Attack {
        id: "secret-other",
        title: "signature: by another secret",
        why: "Anyone can make a signature with a secret of their own.",
        make: |scene| scene.sender_of_other_secret()?.deliver(scene.event, scene.now),
        ..REJECTED
    },
    Attack {
        id: "signature-missing",
        title: "signature: header missing",
        why: "What is not signed is not from the provider; an endpoint must not fail on it either.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            let name = delivery.provider.scheme.signature.name;
            delivery.headers.retain(|(each, _)| each != name);
            Ok(delivery)
        },
        ..REJECTED
    },
    Attack {
        id: "signature-empty",
        title: "signature: header empty",
        why: "An empty text may pass for an absent check, or equal an expected text that is empty too.",
        make: |scene| Ok(scene.valid()?.with_signature("")),
        ..REJECTED
    },
    Attack {
        id: "signature-malformed",
        title: "signature: wrong alphabet",
        why: "A lenient decoder makes no bytes of it, and no bytes equal any prefix of none.",
        make: |scene| with_tag(scene.valid()?, |tag| "!".repeat(tag.len()).into_bytes()),
        ..REJECTED
    },
    Attack {
        id: "signature-not-ascii",
        title: "signature: not ASCII",
        why: "As many characters, more bytes: timingSafeEqual throws on it, and the endpoint answers 500.",
        make: |scene| {
            with_tag(scene.valid()?, |tag| {
                let mut bytes = tag.to_owned().into_bytes();
                if let Some(last) = bytes.last_mut() {
                    *last = 0xE9;
                }
                bytes
            })
        },
        ..REJECTED
    },
    Attack {
        id: "signature-truncated",
        title: "signature: its first half",
        why: "A tag that may be short can be guessed; and timingSafeEqual throws on another length.",
        make: |scene| with_tag(scene.valid()?, |tag| tag[..tag.len() / 2].into()),
        ..REJECTED
    },
    Attack {
        id: "signature-doubled",
        title: "signature: header sent twice",
        why: "Two parts of an endpoint may each read another one.",
        make: |scene| {
            let mut delivery = scene.valid()?;
            let name = delivery.provider.scheme.signature.name;
            let header = delivery.headers.iter().find(|(each, _)| each == name).cloned();
            delivery.headers.extend(header);
            Ok(delivery)
        },
        ..REJECTED
    },
    Attack {
        id: "signature-renamed",
        title: "signature: called md5",
        why: "Whoever skips the name of the algorithm lets the sender choose it.",
        make: |scene| {
            let delivery = scene.valid()?;
            let (head, tag) = delivery.signature();
            let text = match delivery.provider.scheme.signature.form {
                SignatureForm::Bare | SignatureForm::Prefix(_) => format!("md5={tag}"),
                SignatureForm::List { assign, tag: name, .. } => {
                    let entry = format!("{name}{assign}");
                    let others = head.strip_suffix(&entry).unwrap_or(head);
                    format!("{others}md5{assign}{tag}")
                }
            };
            Ok(delivery.with_signature(text))
        },
        ..REJECTED
    },
    Attack {
        id: "time-stale",
        title: "time: signed too long ago",
        why: "A delivery that was seen once could be replayed for ever.",
        needs: Needs::SignedTime,
        make: |scene| {
            let now_secs = scene.now.as_secs();
            scene.valid_at(now_secs.saturating_sub(scene.too_far_secs()))
        },
        ..REJECTED
    },
    Attack {
        id: "time-future",
        title: "time: signed too far ahead",
        why: "A delivery that is stamped ahead could be replayed until its time has come.",
        needs: Needs::SignedTime,
        make: |scene| {
            let now_secs = scene.now.as_secs();
            scene.valid_at(now_secs.saturating_add(scene.too_far_secs()))
        },
        ..REJECTED
    },
    Attack {
        id: "time-changed",
        title: "time: changed, not re-signed",
        why: "The time is not verified, so an old delivery becomes fresh at will.",
        needs: Needs::SignedTime,
        make: |scene| {
            let delivery = scene.valid()?;
            let later = UnixTime::from_secs(scene.now.as_secs().saturating_add(1));
            if let Some(TimestampSource::Header(name)) = delivery.provider.scheme.timestamp {
                return Ok(delivery.with_header(name, later.to_string()));
            }
            let restamped = scene.sender.sign(delivery.payload.clone(), scene.event, later)?;
            let text = [restamped.signature().0, delivery.signature().1].concat();
            Ok(delivery.with_signature(text))
        },
        ..REJECTED
    },
];

fn with_tag(
    delivery: Delivery,
    change: impl FnOnce(&str) -> Vec<u8>,
) -> Result<Delivery, Error<'static>> {
    let (head, tag) = delivery.signature();
    let text = [head.as_bytes(), &change(tag)].concat();
    Ok(delivery.with_signature(text))
}

/// The headers of a scheme that its signature does not cover.
fn unsigned_headers<'s>(scheme: &Scheme<'s>) -> impl Iterator<Item = &'s str> {
    let timestamp = match scheme.timestamp {
        Some(TimestampSource::Header(name)) if !scheme.signs_timestamp() => Some(name),
        _ => None,
    };
    let id = scheme.id_header().map(|header| header.name);
    let id = id.filter(|_| !scheme.content.contains(&Part::Id));
    [timestamp, id].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hookproof::{Key, Options, providers, verify};

    use super::*;

    const SECRET: &str = "YW4gZXhhbXBsZSwgbm90IGEgc2VjcmV0IGF0IGFsbCE=";
    const NOW: UnixTime = UnixTime::from_secs(1_712_419_200);

    #[test]
    fn every_row_says_what_it_is_in_words_of_its_own() {
        for column in [|a: &Attack| a.id, |a: &Attack| a.title, |a: &Attack| a.why] {
            let texts: BTreeSet<_> = ATTACKS.iter().map(column).collect();
            assert_eq!(texts.len(), ATTACKS.len());
            assert!(!texts.contains(""));
        }
    }

    #[test]
    fn the_core_does_with_every_attack_what_an_endpoint_should() {
        let options = Options { now: NOW, tolerance_secs: None };
        for provider in providers::ALL {
            let sender = Sender::new(provider, SECRET).unwrap();
            let keys = [Key::new(SECRET.as_bytes(), provider.scheme.secret).unwrap()];
            let scene = Scene { sender: &sender, event: provider.events[0], now: NOW };
            for attack in ATTACKS {
                if attack.needs.lacking(&provider.scheme).is_some() {
                    continue;
                }
                let delivery = (attack.make)(&scene).unwrap();
                let headers = delivery.headers.as_slice();
                let verdict = verify(&provider.scheme, &keys, headers, &delivery.payload, &options);
                let got = match verdict {
                    Ok(_) => Expected::Accept,
                    Err(_) => Expected::Reject,
                };
                assert_eq!(got, attack.expected, "{}: {}", provider.title, attack.title);
            }
        }
    }

    #[test]
    fn each_attack_is_refused_for_its_own_reason() {
        let code = |id: &str| {
            let sender = Sender::new(&providers::HUMIRIS, SECRET).unwrap();
            let keys = [Key::new(SECRET.as_bytes(), providers::HUMIRIS.scheme.secret).unwrap()];
            let options = Options { now: NOW, tolerance_secs: None };
            let scene = Scene { sender: &sender, event: "sms.sent", now: NOW };
            let attack = ATTACKS.iter().find(|attack| attack.id == id).unwrap();
            let delivery = (attack.make)(&scene).unwrap();
            let headers = delivery.headers.as_slice();
            verify(&providers::HUMIRIS.scheme, &keys, headers, &delivery.payload, &options)
                .map(drop)
                .unwrap_err()
                .code()
        };
        assert_eq!(code("payload-bit"), "signature_mismatch");
        assert_eq!(code("secret-other"), "signature_mismatch");
        assert_eq!(code("time-changed"), "signature_mismatch");
        assert_eq!(code("signature-missing"), "missing_header");
        assert_eq!(code("signature-empty"), "missing_header");
        assert_eq!(code("signature-malformed"), "malformed_signature");
        assert_eq!(code("signature-not-ascii"), "malformed_header");
        assert_eq!(code("signature-truncated"), "malformed_signature");
        assert_eq!(code("signature-doubled"), "malformed_header");
        assert_eq!(code("signature-renamed"), "malformed_signature");
        assert_eq!(code("time-stale"), "too_old");
        assert_eq!(code("time-future"), "too_new");
    }

    #[test]
    fn a_row_that_does_not_apply_says_why() {
        let attack = ATTACKS.iter().find(|attack| attack.id == "time-stale");
        let lacking = attack.unwrap().needs.lacking(&providers::KYC.scheme);
        assert_eq!(lacking, Some("signs no time"));
    }
}
