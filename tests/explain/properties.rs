//! What must hold for every delivery, explained or not.

use hookproof::explain::{Cause, Endpoint, MAX_MACS, Options, Received, explain};
use hookproof::scheme::Scheme;
use hookproof::{Key, UnixTime, providers, verify};
use proptest::prelude::*;
use proptest::sample::select;

use crate::delivery::{NOW, Sender};
use crate::spelling;

fn schemes() -> impl Strategy<Value = Scheme<'static>> {
    select(providers::ALL.iter().map(|row| row.scheme).collect::<Vec<_>>())
}

/// Header names that mean something to a scheme, and some that do not.
fn names() -> impl Strategy<Value = String> {
    let headers = providers::ALL.iter().flat_map(|row| {
        [Some(row.scheme.signature_header()), row.scheme.timestamp_header(), row.scheme.id_header()]
    });
    let names = headers.flatten().map(|header| header.name.to_owned()).collect::<Vec<_>>();
    prop_oneof![4 => select(names), 1 => ".{0,20}", 1 => Just("Content-Length".to_owned())]
}

fn values() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any::<Vec<u8>>(),
        "(t=[0-9]{1,14},)?(v1[=,]|sha256=)?[0-9a-f]{60,66}( |,)?".prop_map(String::into_bytes),
        "v1,[A-Za-z0-9+/_-]{40,44}=?".prop_map(String::into_bytes),
        "[0-9]{1,14}".prop_map(String::into_bytes),
    ]
}

fn payloads() -> impl Strategy<Value = Vec<u8>> {
    let spelled =
        spelling::spellings().into_iter().map(|(_, text)| text.into_bytes()).collect::<Vec<_>>();
    prop_oneof![
        any::<Vec<u8>>(),
        "[\\[\\]{}\",:0-9eE.+\\\\u -]{0,60}".prop_map(String::into_bytes),
        "\\PC{0,60}".prop_map(String::into_bytes),
        select(spelled),
    ]
}

/// Secrets that are in no message by chance.
fn secrets() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[A-Z][a-z0-9]{11,30}".prop_map(String::into_bytes),
        "whsec_[A-Za-z0-9+/]{32}".prop_map(String::into_bytes),
        "sk_live_[A-Za-z0-9]{20}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// Any headers, any payload: it ends, within its bounds, and says `verified` only as `verify` does.
    #[test]
    fn it_never_fails_and_never_verifies_alone(
        scheme in schemes(),
        secret in prop_oneof![secrets(), any::<Vec<u8>>()],
        headers in proptest::collection::vec((names(), values()), 0..6),
        payload in payloads(),
        now in prop_oneof![Just(NOW), any::<u64>()],
    ) {
        let secrets = [secret.as_slice()];
        let endpoint = Endpoint { scheme, secrets: &secrets, tolerance_secs: None };
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        let received = Received { headers: &headers, payload: &payload };
        let table: Vec<_> = providers::ALL.iter().map(|row| row.scheme).collect();
        let now = UnixTime::from_secs(now);
        let options = Options { now, table: &table, reveal_expected: false, reveal_signed: false };
        let explanation = explain(&endpoint, &[endpoint], &received, &options);

        prop_assert!(explanation.evidence.macs_tried <= MAX_MACS);
        let options = hookproof::Options { now, tolerance_secs: None };
        let verified = Key::new(&secret, scheme.secret)
            .and_then(|key| verify(&scheme, &[key], headers.as_slice(), &payload, &options).map(drop));
        prop_assert_eq!(explanation.cause == Cause::Verified, verified.is_ok());
    }

    /// A delivery that was spoilt anywhere is never called verified, whatever spoilt it.
    #[test]
    fn a_spoilt_payload_is_never_verified(scheme in schemes(), payload in payloads(), spoilt in payloads()) {
        prop_assume!(payload != spoilt);
        let mut receiver = Sender::new(scheme, &payload).send(scheme);
        receiver.payload = spoilt;
        prop_assert_ne!(receiver.explain().cause, Cause::Verified);
    }

    /// No text of an explanation holds the secret, though headers and payload may.
    #[test]
    fn the_secret_is_never_shown(
        scheme in schemes(),
        secret in secrets(),
        before in "[a-z \n\"{]{0,30}",
        after in "[a-z \n\"}]{0,30}",
        by_another in any::<bool>(),
    ) {
        let text = String::from_utf8(secret.clone()).unwrap();
        let payload = format!("{before}{text}{after}");
        let mut sender = Sender::new(scheme, payload.as_bytes());
        if by_another {
            sender.key_is(b"another sender's key");
        }
        let mut receiver = sender.send(scheme);
        receiver.payload = format!("{before}{text}{after}\n").into_bytes();
        receiver.secrets = vec![secret.clone()];
        receiver.others.push((scheme, [&secret[..], b"\n"].concat()));
        let explanation = receiver.explain();
        let debug = format!("{explanation:?}");
        prop_assert!(!debug.contains(&text), "{debug}");
        let json = serde_json::to_string(&explanation).unwrap();
        prop_assert!(!json.contains(&text), "{json}");
    }

    /// The signature that a payload would need is there where it was asked for, and verifies.
    #[test]
    fn the_expected_signature_is_shown_on_request_alone(scheme in schemes(), payload in payloads()) {
        let mut receiver = Sender::new(scheme, b"something else").send(scheme);
        receiver.payload = payload;
        prop_assert_eq!(receiver.explain().evidence.expected, None);
        receiver.reveal_expected = true;
        let explanation = receiver.explain();
        let debug = format!("{explanation:?}");
        let expected = explanation.evidence.expected.unwrap();
        prop_assert!(!debug.contains(&expected), "{debug}");
        *receiver.signature() = expected.into_bytes();
        prop_assert_eq!(receiver.explain().cause, Cause::Verified);
    }
}
