//! What must hold for every input, not only for the rows of `vectors/`.

use hookproof::scheme::{
    Encoding, IdSource, Layout, Part, Scheme, SecretFormat, SignatureHeader, TimestampSource,
};
use hookproof::{
    Error, Form, Key, Options, Stamp, UnixTime, Verifier, providers, sign, verify, verify_webhook,
};
use proptest::prelude::*;
use proptest::sample::select;

const NOW: u64 = 1_712_419_200;
const OPTIONS: Options = Options { now: UnixTime::from_secs(NOW), tolerance_secs: None };

/// A delivery as its sender made it.
#[derive(Clone, Debug)]
struct Sent {
    scheme: Scheme<'static>,
    secret: Vec<u8>,
    payload: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Sent {
    fn new(scheme: Scheme<'static>, secret: Vec<u8>, payload: Vec<u8>) -> Self {
        let key = Key::new(&secret, scheme.secret).unwrap();
        let stamp = Stamp { timestamp: UnixTime::from_secs(NOW), id: Some("msg_1") };
        let signed = sign(&scheme, &key, &payload, &stamp).unwrap();
        let headers = signed.headers().map(|(name, value)| (name.to_owned(), value.to_string()));
        let headers = headers.collect();
        Self { scheme, secret, payload, headers }
    }

    fn verdict(&self) -> Result<(), Error<'static>> {
        let keys = [Key::new(&self.secret, self.scheme.secret)?];
        verify(&self.scheme, &keys, self.headers.as_slice(), &self.payload, &OPTIONS).map(drop)
    }
}

fn secrets() -> impl Strategy<Value = Vec<u8>> {
    // A first byte that is not blank keeps every secret usable.
    proptest::collection::vec(any::<u8>(), 0..200).prop_map(|mut bytes| {
        bytes.insert(0, b'k');
        bytes
    })
}

fn schemes() -> impl Strategy<Value = Scheme<'static>> {
    let layouts = vec![
        Layout::Bare,
        Layout::Prefix("sha256="),
        Layout::List { separator: ',', assign: '=', name: "v1" },
        Layout::List { separator: ' ', assign: ',', name: "v1" },
    ];
    let contents: Vec<&'static [Part<'static>]> = vec![
        &[Part::Payload],
        &[Part::Timestamp, Part::Literal("."), Part::Payload],
        &[Part::Payload, Part::Literal("."), Part::Timestamp],
        &[Part::Timestamp, Part::Payload],
        &[Part::Id, Part::Literal("."), Part::Timestamp, Part::Literal("."), Part::Payload],
        &[Part::Literal("v0:"), Part::Payload, Part::Literal(":"), Part::Id],
    ];
    let encodings = vec![Encoding::Hex, Encoding::Base64];
    (select(layouts), select(contents), select(encodings), any::<bool>()).prop_map(
        |(layout, content, encoding, in_field)| {
            let list = matches!(layout, Layout::List { .. });
            Scheme {
                name: "acme",
                signature: SignatureHeader { name: "Acme-Signature", layout },
                encoding,
                content,
                secret: SecretFormat::Utf8,
                timestamp: Some(if in_field && list {
                    TimestampSource::Field("t")
                } else {
                    TimestampSource::Header("Acme-Timestamp")
                }),
                id: Some(IdSource::Header("Acme-Id")),
                tolerance_secs: None,
            }
        },
    )
}

fn deliveries() -> impl Strategy<Value = Sent> {
    let presets = providers::ALL.iter().map(|row| row.scheme);
    let presets = presets.filter(|scheme| scheme.secret == SecretFormat::Utf8).collect::<Vec<_>>();
    let schemes = prop_oneof![select(presets), schemes()];
    let payloads = proptest::collection::vec(any::<u8>(), 0..300);
    (schemes, secrets(), payloads)
        .prop_map(|(scheme, secret, payload)| Sent::new(scheme, secret, payload))
}

fn flip(bytes: &mut [u8], bit: usize) {
    let bit = bit % (bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn what_is_signed_verifies(sent in deliveries()) {
        prop_assert_eq!(sent.scheme.validate(), Ok(()));
        prop_assert_eq!(sent.verdict(), Ok(()));
    }

    #[test]
    fn chunks_are_verified_as_the_whole(sent in deliveries(), size in 1_usize..70) {
        let keys = [Key::new(&sent.secret, sent.scheme.secret).unwrap()];
        let mut verifier = Verifier::new(&sent.scheme, &keys, sent.headers.as_slice(), &OPTIONS).unwrap();
        sent.payload.chunks(size).for_each(|chunk| verifier.update(chunk));
        prop_assert!(verifier.finish().is_ok());
    }

    #[test]
    fn a_flipped_bit_of_the_payload_is_refused(mut sent in deliveries(), bit: usize) {
        prop_assume!(!sent.payload.is_empty());
        flip(&mut sent.payload, bit);
        prop_assert!(sent.verdict().is_err());
    }

    #[test]
    fn a_flipped_bit_of_the_secret_is_refused(mut sent in deliveries(), bit: usize) {
        flip(&mut sent.secret, bit);
        prop_assert!(sent.verdict().is_err());
    }

    /// But for the case of a hex digit, which is the one freedom a tag's text has.
    #[test]
    fn a_flipped_bit_of_a_tag_is_refused(mut sent in deliveries(), bit: usize) {
        let tag_len = match sent.scheme.encoding {
            Encoding::Hex => 64,
            Encoding::Base64 => 44,
        };
        let value = sent.headers[0].1.clone();
        let mut bytes = value.clone().into_bytes();
        let tag_at = bytes.len() - tag_len;
        flip(&mut bytes[tag_at..], bit);
        sent.headers[0].1 = String::from_utf8_lossy(&bytes).into_owned();
        let only_case =
            sent.scheme.encoding == Encoding::Hex && sent.headers[0].1.eq_ignore_ascii_case(&value);
        prop_assert_eq!(sent.verdict().is_ok(), only_case, "{:?}", sent.headers);
    }

    #[test]
    fn another_timestamp_or_id_is_refused_where_it_is_signed(mut sent in deliveries(), later in 1_u64..300) {
        let stamp = NOW.to_string();
        let moved = (NOW + later).to_string();
        for (_, value) in &mut sent.headers {
            *value = value.replace(&stamp, &moved);
        }
        prop_assert_eq!(sent.verdict().is_err(), sent.scheme.signs_timestamp());
        let mut sent = Sent::new(sent.scheme, sent.secret, sent.payload);
        for (_, value) in &mut sent.headers {
            *value = value.replace("msg_1", "msg_2");
        }
        prop_assert_eq!(sent.verdict().is_err(), sent.scheme.content.contains(&Part::Id));
    }

    #[test]
    fn no_proper_prefix_of_a_signature_is_accepted(mut sent in deliveries(), cut: usize) {
        let value = &mut sent.headers[0].1;
        value.truncate(cut % value.len());
        prop_assert!(sent.verdict().is_err());
    }

    #[test]
    fn nothing_a_sender_writes_stops_the_verifier(
        scheme in schemes(),
        values in proptest::collection::vec(".{0,200}|[t=v1,0-9a-f .]{0,400}", 3),
        payload in proptest::collection::vec(any::<u8>(), 0..100),
    ) {
        let keys = [Key::new(b"k", scheme.secret).unwrap()];
        let names = ["Acme-Signature", "Acme-Timestamp", "Acme-Id"];
        let headers: Vec<_> = names.into_iter().zip(values).collect();
        prop_assert!(verify(&scheme, &keys, headers.as_slice(), &payload, &OPTIONS).is_err());
    }

    /// The bytes that are signed can be taken apart in one way only: nothing a sender captured verifies
    /// with other parts.
    #[test]
    fn bytes_cannot_move_between_the_parts(sent in deliveries(), shift in 1_usize..4) {
        if !sent.scheme.signs_timestamp() {
            return Ok(());
        }
        let stamp = NOW.to_string();
        let mut moved = sent.clone();
        for (_, value) in &mut moved.headers {
            *value = value.replace(&stamp, &stamp[..stamp.len() - shift]);
        }
        moved.payload = [&stamp.as_bytes()[stamp.len() - shift..], b".", &sent.payload].concat();
        prop_assert!(moved.verdict().is_err());
    }

    #[test]
    fn several_keys_are_tried_in_order(sent in deliveries(), others in proptest::collection::vec(secrets(), 0..7), place: usize) {
        prop_assume!(!others.contains(&sent.secret));
        let mut secrets = others;
        let place = place % (secrets.len() + 1);
        secrets.insert(place, sent.secret.clone());
        let keys: Vec<_> =
            secrets.iter().map(|secret| Key::new(secret, sent.scheme.secret).unwrap()).collect();
        let delivery = verify(&sent.scheme, &keys, sent.headers.as_slice(), &sent.payload, &OPTIONS);
        prop_assert_eq!(delivery.unwrap().secret_index(), place);
    }

    #[test]
    fn a_form_verifies_what_its_scheme_signs(secret in secrets(), payload: Vec<u8>, form in select(Form::ALL)) {
        let keys = [Key::new(&secret, SecretFormat::Utf8).unwrap()];
        let stamp = Stamp { timestamp: UnixTime::from_secs(NOW), id: None };
        let signature = sign(form.scheme(), &keys[0], &payload, &stamp).unwrap().signature().to_string();
        prop_assert!(verify_webhook(&payload, &signature, &keys, Some(form), &OPTIONS));
        let recognised = verify_webhook(&payload, &signature, &keys, None, &OPTIONS);
        prop_assert_eq!(recognised, form == Form::Timestamped || !Form::is_confusable(&payload));
    }
}
