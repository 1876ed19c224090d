//! A delivery as a provider sends it: its payload, its headers, its signature.

use hookproof::providers::{EventSource, Provider};
use hookproof::scheme::{Encoding, IdSource};
use hookproof::{Error, Key, Stamp, UnixTime};
use serde_json::{Map, Value};
use uuid::Uuid;

/// A provider's side of the wire: makes deliveries as it would, signed with a key.
pub struct Sender {
    /// The row that says how the provider sends.
    pub provider: &'static Provider,
    key: Key,
}

impl Sender {
    /// Reads the secret as the provider's scheme has it.
    ///
    /// # Errors
    /// `invalid_secret`, as [`Key::new`] says.
    pub fn new(provider: &'static Provider, secret: &str) -> Result<Self, Error<'static>> {
        let key = Key::new(secret.as_bytes(), provider.scheme.secret)?;
        Ok(Self { provider, key })
    }

    /// A delivery of this event, of the documented shape, with an id of its own.
    ///
    /// # Errors
    /// As [`hookproof::sign`].
    pub fn deliver(&self, event: &str, now: UnixTime) -> Result<Delivery, Error<'static>> {
        self.sign(self.payload(event), event, now)
    }

    /// A delivery of any bytes. The event is told only where it stands in a header.
    ///
    /// # Errors
    /// As [`hookproof::sign`].
    pub fn sign(
        &self,
        payload: Vec<u8>,
        event: &str,
        now: UnixTime,
    ) -> Result<Delivery, Error<'static>> {
        let provider = self.provider;
        let id = payload_id(provider, &payload).unwrap_or_else(|| Uuid::new_v4().to_string());
        let stamp = Stamp { timestamp: now, id: Some(&id) };
        let signed = hookproof::sign(&provider.scheme, &self.key, &payload, &stamp)?;
        let mut headers = vec![
            ("Content-Type".to_owned(), b"application/json".to_vec()),
            ("User-Agent".to_owned(), user_agent(provider).into()),
        ];
        for (name, value) in signed.headers() {
            headers.push((name.to_owned(), value.to_string().into_bytes()));
        }
        if let EventSource::Header(name) = provider.event_in {
            headers.push((name.to_owned(), event.into()));
        }
        Ok(Delivery { provider, headers, payload, writing: Writing::Usual })
    }

    fn payload(&self, event: &str) -> Vec<u8> {
        let provider = self.provider;
        let mut members = object(provider.sample.as_bytes()).unwrap_or_default();
        if let EventSource::Payload(member) = provider.event_in {
            members.insert(member.to_owned(), event.into());
        }
        if let Some(IdSource::Payload { member, .. }) = provider.scheme.id {
            let sample = members.get(member).and_then(Value::as_str);
            let kind = sample.and_then(|id| id.split_once('_')).map(|(kind, _)| kind);
            let id = format!("{}_{}", kind.unwrap_or("evt"), Uuid::new_v4().simple());
            members.insert(member.to_owned(), id.into());
        }
        Value::Object(members).to_string().into_bytes()
    }
}

/// A delivery, ready to be sent or spoiled. Its signature may be valid: not for logs.
#[derive(Clone)]
pub struct Delivery {
    /// Who sends it.
    pub provider: &'static Provider,
    /// The headers by name, the provider's own as it spells them.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub payload: Vec<u8>,
    /// How the request is written.
    pub writing: Writing,
}

/// How a request is written, where HTTP leaves a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Names of headers in Title-Case, and the length of the body even if it is 0.
    Usual,
    /// Names of headers in lower case.
    LowerCase,
    /// No word of a body, where the payload is empty.
    NoBody,
}

impl Delivery {
    /// The text of the signature header, in two: what stands before the last tag, and that tag.
    pub fn signature(&self) -> (&str, &str) {
        let name = self.provider.scheme.signature.name;
        let header = self.headers.iter().find(|(each, _)| each == name);
        let text = header.and_then(|(_, value)| str::from_utf8(value).ok());
        let tag_chars = match self.provider.scheme.encoding {
            Encoding::Hex => 64,
            Encoding::Base64 => 44,
        };
        let text = text.unwrap_or_default();
        text.split_at(text.len().saturating_sub(tag_chars))
    }

    /// The same delivery with another text in the signature header.
    #[must_use]
    pub fn with_signature(self, text: impl Into<Vec<u8>>) -> Self {
        let name = self.provider.scheme.signature.name;
        self.with_header(name, text)
    }

    /// The same delivery with another value in a header that it has.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        if let Some(header) = self.headers.iter_mut().find(|(each, _)| each == name) {
            header.1 = value.into();
        }
        self
    }
}

/// The id that the payload has where its scheme looks for one.
fn payload_id(provider: &Provider, payload: &[u8]) -> Option<String> {
    let Some(IdSource::Payload { member, .. }) = provider.scheme.id else {
        return None;
    };
    let id = object(payload)?.get(member)?.as_str()?.to_owned();
    Some(id)
}

fn object(json: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(json).ok()
}

fn user_agent(provider: &Provider) -> &'static str {
    provider.user_agent.unwrap_or(concat!("hookproof/", env!("CARGO_PKG_VERSION")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hookproof::providers;

    /// Base64 and text alike, so that it is a secret in every format.
    const SECRET: &str = "YW4gZXhhbXBsZSwgbm90IGEgc2VjcmV0IGF0IGFsbCE=";
    const NOW: UnixTime = UnixTime::from_secs(1_712_419_200);

    #[test]
    fn every_documented_event_of_every_provider_verifies_and_is_told_where_it_belongs() {
        for provider in providers::ALL {
            let sender = Sender::new(provider, SECRET).unwrap();
            for event in provider.events {
                let delivery = sender.deliver(event, NOW).unwrap();
                let told = match provider.event_in {
                    EventSource::Payload(member) => {
                        object(&delivery.payload).unwrap()[member].as_str().unwrap().to_owned()
                    }
                    EventSource::Header(name) => {
                        let header = delivery.headers.iter().find(|(each, _)| each == name);
                        String::from_utf8(header.unwrap().1.clone()).unwrap()
                    }
                };
                assert_eq!(told, *event, "{}", provider.title);
                let options = hookproof::Options { now: NOW, tolerance_secs: None };
                let keys = [Key::new(SECRET.as_bytes(), provider.scheme.secret).unwrap()];
                hookproof::verify(
                    &provider.scheme,
                    &keys,
                    delivery.headers.as_slice(),
                    &delivery.payload,
                    &options,
                )
                .unwrap();
            }
        }
    }

    #[test]
    fn ids_are_fresh_keep_their_kind_and_are_repeated_where_the_provider_repeats_them() {
        let sender = Sender::new(&providers::KYC, SECRET).unwrap();
        let [one, other] = [(); 2].map(|()| sender.deliver("kyc.session.processed", NOW).unwrap());
        assert_ne!(one.payload, other.payload);
        let id = payload_id(&providers::KYC, &one.payload).unwrap();
        assert!(id.starts_with("evt_"), "{id}");
        let repeated = one.headers.iter().find(|(name, _)| name == "X-Webhook-ID");
        assert_eq!(repeated.unwrap().1, id.as_bytes());
    }

    #[test]
    fn what_is_documented_about_the_request_is_sent() {
        let sender = Sender::new(&providers::KYC, SECRET).unwrap();
        let delivery = sender.deliver("kyc.session.processed", NOW).unwrap();
        let has = |name: &str, value: &str| {
            delivery.headers.contains(&(name.to_owned(), value.as_bytes().to_vec()))
        };
        assert!(has("User-Agent", "KYC-Webhooks/1.0"));
        assert!(has("Content-Type", "application/json"));
        assert!(has("X-Webhook-Timestamp", "1712419200"));
    }

    #[test]
    fn a_signature_is_cut_before_its_tag() {
        for provider in providers::ALL {
            let sender = Sender::new(provider, SECRET).unwrap();
            let delivery = sender.sign(b"{}".to_vec(), "", NOW).unwrap();
            let (head, tag) = delivery.signature();
            let signs = ['=', ',', ' '];
            assert!(head.is_empty() || head.ends_with(signs), "{head}");
            assert!(!tag.trim_end_matches('=').contains(signs), "{tag}");
        }
    }
}
