//! A delivery as a provider sends it: its payload, its headers, its signature.

use hookproof::providers::Provider;
use hookproof::scheme::{IdSource, Layout, Scheme, TimestampSource};
use serde_json::{Map, Value};

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

    /// The same delivery with one bit of its payload flipped, and the signature left as it is.
    #[must_use]
    pub fn with_flipped_bit(mut self) -> Self {
        let middle = self.payload.len() / 2;
        if let Some(byte) = self.payload.get_mut(middle) {
            *byte ^= 1;
        }
        self
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
        let Layout::List { separator, assign, .. } = self.provider.scheme.signature.layout else {
            return None;
        };
        let text = self.header(self.provider.scheme.signature.name)?;
        Some((text.split(separator).collect(), separator, assign))
    }
}

/// HMAC-SHA256.
const TAG_BYTES: usize = 32;

fn tag_chars(scheme: &Scheme<'_>) -> usize {
    scheme.encoding.chars(TAG_BYTES)
}

/// The id that the payload has where its scheme looks for one.
pub(crate) fn payload_id(provider: &Provider, payload: &[u8]) -> Option<String> {
    let Some(IdSource::Payload { member, .. }) = provider.scheme.id else {
        return None;
    };
    let id = object(payload)?.get(member)?.as_str()?.to_owned();
    Some(id)
}

pub(crate) fn object(json: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(json).ok()
}

#[cfg(test)]
mod tests {
    use crate::sender::Sender;
    use hookproof::{UnixTime, providers};

    /// Base64 and text alike, so that it is a secret in every format.
    const SECRET: &str = "YW4gZXhhbXBsZSwgbm90IGEgc2VjcmV0IGF0IGFsbCE=";

    #[test]
    fn a_signature_is_cut_before_its_tag() {
        for provider in providers::ALL {
            let sender = Sender::new(provider, SECRET).unwrap();
            let delivery = sender.sign(b"{}".to_vec(), "", UnixTime::from_secs(0)).unwrap();
            let (head, tag) = delivery.signature();
            let signs = ['=', ',', ' '];
            assert!(head.is_empty() || head.ends_with(signs), "{head}");
            assert!(!tag.trim_end_matches('=').contains(signs), "{tag}");
        }
    }
}
