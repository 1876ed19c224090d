//! A provider's side of the wire.

use hookproof::providers::{EventSource, Provider};
use hookproof::scheme::{IdSource, SecretFormat};
use hookproof::{Error, Headers, Key, Options, Stamp, UnixTime};
use serde_json::Value;
use uuid::Uuid;

use crate::delivery::{Delivery, Writing, object, payload_id};

/// A provider's side of the wire: makes deliveries as it would, signed with a key.
pub struct Sender {
    /// The row that says how the provider sends.
    pub provider: &'static Provider,
    key: Key,
    /// The bytes that the key was made of, for signatures that the core refuses to make.
    pub(crate) key_bytes: Vec<u8>,
}

impl Sender {
    /// Reads the secret as the provider's scheme has it.
    ///
    /// # Errors
    /// `invalid_secret`, as [`Key::new`] says.
    pub fn new(provider: &'static Provider, secret: &str) -> Result<Self, Error<'static>> {
        let key = Key::new(secret.as_bytes(), provider.scheme.secret)?;
        let key_bytes = match provider.scheme.secret {
            SecretFormat::Utf8 => secret.as_bytes().to_vec(),
            SecretFormat::Base64 => base64(secret),
            SecretFormat::Whsec => base64(secret.split_once('_').map_or(secret, |(_, text)| text)),
        };
        Ok(Self { provider, key, key_bytes })
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
        let mut headers = vec![
            ("Content-Type".to_owned(), b"application/json".to_vec()),
            ("User-Agent".to_owned(), user_agent(provider).into()),
        ];
        let id = payload_id(provider, &payload).unwrap_or_else(|| Uuid::new_v4().to_string());
        headers.extend(self.headers(&payload, &id, now)?);
        if let EventSource::Header(name) = provider.event_in {
            headers.push((name.to_owned(), event.into()));
        }
        Ok(Delivery { provider, headers, payload, writing: Writing::Usual })
    }

    /// The same payload under the same id, stamped and signed now: a retry.
    ///
    /// # Errors
    /// As [`hookproof::sign`], where the delivery's id is none.
    pub fn again(&self, delivery: &Delivery, now: UnixTime) -> Result<Delivery, Error<'static>> {
        let id = delivery.id().unwrap_or_else(|| Uuid::new_v4().to_string());
        let headers = self.headers(&delivery.payload, &id, now)?;
        let again = headers.into_iter().fold(delivery.clone(), |again, (name, value)| {
            again.without(&name).with_header(&name, value)
        });
        Ok(Delivery { writing: Writing::Usual, ..again })
    }

    /// The deduplication key of a delivery that is made of this payload and id and is rightly signed.
    pub fn key(&self, delivery: &Delivery, now: UnixTime) -> Option<String> {
        let right = self.again(delivery, now).ok()?;
        let options = Options { now, tolerance_secs: None };
        self.verify(right.headers.as_slice(), &right.payload, &options).ok()?.key()
    }

    /// What the core says to a delivery that was made with the same secret.
    ///
    /// # Errors
    /// As [`hookproof::verify`].
    pub fn verify<'d>(
        &self,
        headers: impl Headers<'d>,
        payload: &'d [u8],
        options: &Options,
    ) -> Result<hookproof::Delivery<'static, 'd>, Error<'static>> {
        let keys = std::slice::from_ref(&self.key);
        hookproof::verify(&self.provider.scheme, keys, headers, payload, options)
    }

    /// The headers that carry the signature, the timestamp and the id.
    ///
    /// # Errors
    /// As [`hookproof::sign`].
    pub fn headers(
        &self,
        payload: &[u8],
        id: &str,
        now: UnixTime,
    ) -> Result<Vec<(String, Vec<u8>)>, Error<'static>> {
        let stamp = Stamp { timestamp: now, id: Some(id) };
        let signed = hookproof::sign(&self.provider.scheme, &self.key, payload, &stamp)?;
        let headers = signed.headers();
        Ok(headers.map(|(name, value)| (name.to_owned(), value.to_string().into())).collect())
    }

    /// A payload of the documented shape. What deduplication goes by is new in each.
    pub fn payload(&self, event: &str) -> Vec<u8> {
        let provider = self.provider;
        let mut members = object(provider.sample.as_bytes()).unwrap_or_default();
        if let EventSource::Payload(member) = provider.event_in {
            members.insert(member.to_owned(), event.into());
        }
        let fresh = Uuid::new_v4().simple();
        if let Some(IdSource::Payload { member, .. }) = provider.scheme.id {
            let sample = members.get(member).and_then(Value::as_str);
            let kind = sample.and_then(|id| id.split_once('_')).map(|(kind, _)| kind);
            members.insert(member.to_owned(), format!("{}_{fresh}", kind.unwrap_or("evt")).into());
        } else {
            members.insert(NONCE.to_owned(), fresh.to_string().into());
        }
        Value::Object(members).to_string().into_bytes()
    }
}

/// The member that makes a payload unlike every other where the provider's own has no id.
const NONCE: &str = "nonce";

fn base64(text: &str) -> Vec<u8> {
    <base64ct::Base64 as base64ct::Encoding>::decode_vec(text).unwrap_or_default()
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
}
