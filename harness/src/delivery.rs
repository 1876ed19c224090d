//! A delivery as a provider sends it: its payload, its headers, its signature.

use hookproof::providers::{EventSource, Provider};
use hookproof::scheme::{Encoding, IdSource, Scheme, SecretFormat, SignatureForm, TimestampSource};
use hookproof::{Error, Headers, Key, Options, Stamp, UnixTime};
use serde_json::{Map, Value};
use uuid::Uuid;

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

/// How a request is written, where HTTP leaves a choice, and what becomes of it on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// By POST, names of headers in Title-Case, and the length of the body even if it is 0.
    Usual,
    /// Names of headers in lower case.
    LowerCase,
    /// No word of a body, where the payload is empty.
    NoBody,
    /// The body in chunks, and no word of its length.
    Chunked,
    /// The body piece by piece, with pauses.
    Slow,
    /// By PUT.
    Put,
    /// Half of the body, and then the end of the connection.
    Cut,
    /// Everything, and then the end of the connection before there is an answer.
    Abandoned,
}

impl Writing {
    /// Whether the sender waits for an answer.
    pub fn is_answered(self) -> bool {
        !matches!(self, Self::Cut | Self::Abandoned)
    }
}

impl Delivery {
    /// The value of a header, if it is there as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(each, _)| each == name);
        header.and_then(|(_, value)| str::from_utf8(value).ok())
    }

    /// The provider's id: from its header, or from the payload where the provider has it there.
    pub fn id(&self) -> Option<String> {
        let header = self.provider.scheme.id_header();
        let in_header = header.and_then(|header| self.header(header.name)).map(str::to_owned);
        payload_id(self.provider, &self.payload).or(in_header)
    }

    /// The text of the signature header, in two: what stands before the last tag, and that tag.
    pub fn signature(&self) -> (&str, &str) {
        let text = self.header(self.provider.scheme.signature.name).unwrap_or_default();
        text.split_at(text.len().saturating_sub(tag_chars(&self.provider.scheme)))
    }

    /// The same delivery with another text in the signature header.
    #[must_use]
    pub fn with_signature(self, text: impl Into<Vec<u8>>) -> Self {
        let name = self.provider.scheme.signature.name;
        self.with_header(name, text)
    }

    /// The same delivery with this tag in place of its last.
    #[must_use]
    pub fn with_tag(self, tag: impl AsRef<[u8]>) -> Self {
        let text = [self.signature().0.as_bytes(), tag.as_ref()].concat();
        self.with_signature(text)
    }

    /// The text of the timestamp, from its header or from its entry in the signature's list.
    pub fn timestamp(&self) -> Option<&str> {
        match self.provider.scheme.timestamp? {
            TimestampSource::Header(name) => self.header(name),
            TimestampSource::Field(field) => {
                let (entries, _, assign) = self.entries()?;
                let mut entries = entries.into_iter().filter_map(|entry| entry.split_once(assign));
                entries.find(|(name, _)| *name == field).map(|(_, text)| text)
            }
        }
    }

    /// The same delivery with another text for its timestamp; without one, where the text is `None`.
    #[must_use]
    pub fn with_timestamp(self, text: Option<&str>) -> Self {
        let field = match (self.provider.scheme.timestamp, text) {
            (Some(TimestampSource::Header(name)), Some(text)) => {
                return self.with_header(name, text);
            }
            (Some(TimestampSource::Header(name)), None) => return self.without(name),
            (Some(TimestampSource::Field(field)), _) => field,
            (None, _) => return self,
        };
        let Some((entries, separator, assign)) = self.entries() else {
            return self;
        };
        let others = entries
            .into_iter()
            .filter(|entry| entry.split_once(assign).is_none_or(|(name, _)| name != field));
        let stamped = text.map(|text| format!("{field}{assign}{text}"));
        let entries: Vec<_> = stamped.into_iter().chain(others.map(str::to_owned)).collect();
        let text = entries.join(&separator.to_string());
        self.with_signature(text)
    }

    /// The same delivery with another value in a header, or with a header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        match self.headers.iter_mut().find(|(each, _)| each == name) {
            Some(header) => header.1 = value.into(),
            None => self.headers.push((name.to_owned(), value.into())),
        }
        self
    }

    /// The same delivery without a header.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(each, _)| each != name);
        self
    }

    /// The same delivery, written in another way.
    #[must_use]
    pub fn written(self, writing: Writing) -> Self {
        Self { writing, ..self }
    }

    /// The entries of the signature header where it is a list, what separates them and what assigns.
    fn entries(&self) -> Option<(Vec<&str>, char, char)> {
        let SignatureForm::List { separator, assign, .. } = self.provider.scheme.signature.form
        else {
            return None;
        };
        let text = self.header(self.provider.scheme.signature.name)?;
        Some((text.split(separator).collect(), separator, assign))
    }
}

fn tag_chars(scheme: &Scheme<'_>) -> usize {
    match scheme.encoding {
        Encoding::Hex => 64,
        Encoding::Base64 => 44,
    }
}

fn base64(text: &str) -> Vec<u8> {
    <base64ct::Base64 as base64ct::Encoding>::decode_vec(text).unwrap_or_default()
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
