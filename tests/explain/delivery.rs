//! A delivery on its way: how its sender made it, and what the receiver made of it.

use hookproof::explain::{Endpoint, Explanation, Options, Received, explain};
use hookproof::scheme::{Scheme, SecretFormat};
use hookproof::{Key, Stamp, UnixTime, providers, sign};

pub(crate) const NOW: u64 = 1_712_419_200;

/// A secret that every scheme takes, and in which every fault of a secret shows.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// How the sender signs. What a fault changes here the receiver does not know of.
pub(crate) struct Sender {
    pub(crate) scheme: Scheme<'static>,
    pub(crate) secret: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) timestamp: u64,
    pub(crate) id: &'static str,
}

/// What reached the receiver, and what it was set up with.
pub(crate) struct Receiver {
    pub(crate) scheme: Scheme<'static>,
    pub(crate) secrets: Vec<Vec<u8>>,
    pub(crate) others: Vec<(Scheme<'static>, Vec<u8>)>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) payload: Vec<u8>,
    pub(crate) now: u64,
    pub(crate) tolerance_secs: Option<u64>,
    pub(crate) reveal_expected: bool,
    pub(crate) reveal_signed: bool,
}

impl Sender {
    pub(crate) fn new(scheme: Scheme<'static>, payload: &[u8]) -> Self {
        Self { scheme, secret: SECRET.into(), payload: payload.into(), timestamp: NOW, id: "msg_1" }
    }

    /// The key is these bytes and not made of a secret's text.
    pub(crate) fn key_is(&mut self, key: &[u8]) {
        self.scheme.secret = SecretFormat::Utf8;
        self.secret = key.into();
    }

    /// Signs, and delivers to a receiver that knows the scheme and the secret as they were before.
    pub(crate) fn send(&self, scheme: Scheme<'static>) -> Receiver {
        let key = Key::new(&self.secret, self.scheme.secret).unwrap();
        let stamp = Stamp { timestamp: UnixTime::from_secs(self.timestamp), id: Some(self.id) };
        let signed = sign(&self.scheme, &key, &self.payload, &stamp).unwrap();
        let headers =
            signed.headers().map(|(name, value)| (name.to_owned(), value.to_string().into_bytes()));
        let mut headers: Vec<_> = headers.collect();
        headers.insert(0, ("Host".into(), b"receiver.example".to_vec()));
        headers.push(("Content-Type".into(), b"application/json".to_vec()));
        headers.push(("User-Agent".into(), b"Sender/1.0".to_vec()));
        Receiver {
            scheme,
            secrets: vec![SECRET.into()],
            others: Vec::new(),
            headers,
            payload: self.payload.clone(),
            now: NOW,
            tolerance_secs: None,
            reveal_expected: false,
            reveal_signed: false,
        }
    }
}

impl Receiver {
    pub(crate) fn explain(&self) -> Explanation {
        let secrets: Vec<&[u8]> = self.secrets.iter().map(Vec::as_slice).collect();
        let endpoint = Endpoint {
            scheme: self.scheme,
            secrets: &secrets,
            tolerance_secs: self.tolerance_secs,
        };
        let lists: Vec<[&[u8]; 1]> =
            self.others.iter().map(|(_, secret)| [secret.as_slice()]).collect();
        let others = self.others.iter().zip(&lists).map(|((scheme, _), secrets)| Endpoint {
            scheme: *scheme,
            secrets,
            tolerance_secs: None,
        });
        let others: Vec<_> = others.collect();
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        let received = Received { headers: &headers, payload: &self.payload };
        let now = UnixTime::from_secs(self.now);
        let Self { reveal_expected, reveal_signed, .. } = *self;
        let options = Options { now, table: providers::SCHEMES, reveal_expected, reveal_signed };
        explain(&endpoint, &others, &received, &options)
    }

    /// The value of the signature header.
    pub(crate) fn signature(&mut self) -> &mut Vec<u8> {
        let name = self.scheme.signature.name;
        &mut self.headers.iter_mut().find(|header| header.0 == name).unwrap().1
    }

    /// Writes the value of the signature header anew.
    pub(crate) fn rewrite(&mut self, change: impl Fn(&str) -> String) {
        let value = change(std::str::from_utf8(self.signature()).unwrap());
        *self.signature() = value.into_bytes();
    }

    /// Takes the headers of this name away.
    pub(crate) fn lose(&mut self, name: &str) {
        self.headers.retain(|header| !header.0.eq_ignore_ascii_case(name));
    }

    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.headers.push((name.into(), value.into()));
    }
}
