//! The columns of the provider table: where the signature is, how it is written, and which bytes are signed.
//!
//! A scheme is data. The rows of [`providers`](crate::providers) and a caller's own scheme have the same type and
//! take the same path.

pub(crate) mod column;
mod validate;

use core::mem::discriminant;

pub use crate::crypto::Encoding;
use crate::error::{Header, Role};
pub use column::{Column, Flaw};

/// The rule by which one sender signs.
///
/// ```
/// use hookproof::scheme::{Encoding, Layout, Part, Scheme, SecretFormat, SignatureHeader};
/// use hookproof::scheme::TimestampSource;
///
/// const ACME: Scheme = Scheme {
///     name: "acme",
///     signature: SignatureHeader {
///         name: "Acme-Signature",
///         layout: Layout::List { separator: ';', assign: '=', name: "h1" },
///     },
///     encoding: Encoding::Hex,
///     content: &[Part::Timestamp, Part::Literal(":"), Part::Payload],
///     secret: SecretFormat::Utf8,
///     timestamp: Some(TimestampSource::Field("ts")),
///     id: None,
///     tolerance_secs: Some(5),
/// };
/// assert_eq!(ACME.validate(), Ok(()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme<'s> {
    /// The sender's name; the first part of every deduplication key.
    pub name: &'s str,
    /// The header that carries the signature, and its layout.
    pub signature: SignatureHeader<'s>,
    /// The text form of a tag.
    pub encoding: Encoding,
    /// The bytes that are signed, in order. It contains `Payload` exactly once.
    pub content: &'s [Part<'s>],
    /// The way from the secret's text to the key's bytes.
    pub secret: SecretFormat,
    /// The place of the timestamp. It is signed if `content` has it, else only reported.
    pub timestamp: Option<TimestampSource<'s>>,
    /// The place of the provider's id.
    pub id: Option<IdSource<'s>>,
    /// The tolerance in seconds where the caller gives none. `None` means 300. Allowed only with a signed
    /// timestamp. [`Scheme::effective_tolerance_secs`] reads it.
    pub tolerance_secs: Option<u64>,
}

/// The header that carries the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureHeader<'s> {
    /// The header's name, as the provider spells it; found in any ASCII case.
    pub name: &'s str,
    /// The layout of its text.
    pub layout: Layout<'s>,
}

/// The layout of a signature header's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout<'s> {
    /// The tag and nothing else.
    Bare,
    /// A fixed text, then the tag: `sha256=<hex>`.
    Prefix(&'s str),
    /// Named entries. Those called `name` are candidates: `t=1,v1=<hex>,v1=<hex>`.
    List {
        /// The character between entries: printable ASCII that is no letter or digit. With base64 it is not `+`,
        /// `/` or `=` either.
        separator: char,
        /// The character between an entry's name and its value: another one of these, also `+`, `/` or `=`.
        assign: char,
        /// The name of the entries that are candidates.
        name: &'s str,
    },
}

named! {
    /// The way from a secret's text to the key's bytes.
    pub enum SecretFormat {
        /// The text's own bytes, all of them, whatever they look like.
        Utf8 = "utf8",
        /// Standard base64, padded and canonical.
        Base64 = "base64",
        /// The same, after an optional prefix that Standard Webhooks puts before its secrets.
        Whsec = "whsec",
    }
}

/// One part of the signed content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'s> {
    /// The payload's bytes, exactly as received.
    Payload,
    /// The timestamp's text, exactly as received.
    Timestamp,
    /// The text of the id's header.
    Id,
    /// A fixed text.
    Literal(&'s str),
}

impl Part<'static> {
    /// The parts that are one word where a scheme is written as data, in the order of their numbers at the
    /// WebAssembly boundary.
    pub const WORDS: [(Self, &'static str); 3] =
        [(Self::Payload, "payload"), (Self::Timestamp, "timestamp"), (Self::Id, "id")];
}

impl Part<'_> {
    /// Whether both are of one kind, whatever a literal's text.
    fn is(&self, kind: Part<'_>) -> bool {
        discriminant(self) == discriminant(&kind)
    }
}

/// The place of a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampSource<'s> {
    /// In a header of its own.
    Header(&'s str),
    /// In the entry of this name in the signature header's list.
    Field(&'s str),
}

/// The place of a provider's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdSource<'s> {
    /// In a header.
    Header(&'s str),
    /// In the payload: the member of this name at the top level of its JSON, and so always signed.
    Payload {
        /// The member's name.
        member: &'s str,
        /// A header that repeats the id, unsigned. It is written when signing and never read.
        repeated_in: Option<&'s str>,
    },
}

/// The most parts a content may have.
pub const MAX_PARTS: usize = 8;

/// The tolerance where neither the caller nor the scheme gives one.
const DEFAULT_TOLERANCE_SECS: u64 = 300;

impl<'s> Scheme<'s> {
    /// Whether the content has the timestamp.
    pub fn signs_timestamp(&self) -> bool {
        self.has(Part::Timestamp)
    }

    /// The tolerance that applies, in seconds before or after now: the caller's, else the scheme's, else 300.
    /// `None` where no timestamp is signed.
    ///
    /// ```
    /// use hookproof::providers::{HUMIRIS, KYC};
    ///
    /// assert_eq!(HUMIRIS.scheme.effective_tolerance_secs(None), Some(300));
    /// assert_eq!(HUMIRIS.scheme.effective_tolerance_secs(Some(60)), Some(60));
    /// assert_eq!(KYC.scheme.effective_tolerance_secs(None), None);
    /// ```
    pub fn effective_tolerance_secs(&self, tolerance_secs: Option<u64>) -> Option<u64> {
        let tolerance_secs = tolerance_secs.or(self.tolerance_secs);
        self.signs_timestamp().then(|| tolerance_secs.unwrap_or(DEFAULT_TOLERANCE_SECS))
    }

    /// Whether the MAC covers the id: it is in the payload, or the content has its header.
    pub fn signs_id(&self) -> bool {
        matches!(self.id, Some(IdSource::Payload { .. })) || self.has(Part::Id)
    }

    /// The header that carries the signature.
    pub fn signature_header(&self) -> Header<'s> {
        Header { role: Role::Signature, name: self.signature.name }
    }

    /// The header that carries the timestamp: one of its own, or the signature's.
    pub fn timestamp_header(&self) -> Option<Header<'s>> {
        match self.timestamp? {
            TimestampSource::Header(name) => Some(Header { role: Role::Timestamp, name }),
            TimestampSource::Field(_) => Some(self.signature_header()),
        }
    }

    /// The header that carries the id, or repeats it.
    pub fn id_header(&self) -> Option<Header<'s>> {
        match self.id? {
            IdSource::Header(name) => Some(name),
            IdSource::Payload { repeated_in, .. } => repeated_in,
        }
        .map(|name| Header { role: Role::Id, name })
    }

    /// Whether `id` makes the content readable in two ways: it contains the byte with which the literal after it
    /// begins, or, where a timestamp or the payload precedes it, with which the literal before it ends. Then bytes
    /// could move across.
    pub(crate) fn is_ambiguous_id(&self, id: &str) -> bool {
        let holds = |edge: &u8| id.bytes().any(|byte| byte == *edge);
        self.neighbours().any(|pair| match pair {
            (Part::Id, Part::Literal(text)) => text.as_bytes().first().is_some_and(holds),
            (Part::Literal(text), Part::Id) => {
                self.varies_before_id() && text.as_bytes().last().is_some_and(holds)
            }
            _ => false,
        })
    }

    /// Whether a part that the sender chooses comes before the id.
    fn varies_before_id(&self) -> bool {
        let before = self.content.iter().take_while(|part| !part.is(Part::Id));
        before.into_iter().any(|part| !matches!(part, Part::Literal(_)))
    }

    // Not copied into its callers.
    #[inline(never)]
    fn has(&self, kind: Part<'_>) -> bool {
        self.content.iter().any(|part| part.is(kind))
    }

    /// Every part with the part after it.
    fn neighbours(&self) -> impl Iterator<Item = (Part<'s>, Part<'s>)> {
        self.content.windows(2).filter_map(|pair| pair.first().copied().zip(pair.last().copied()))
    }

    /// The list entry that carries the timestamp.
    pub(crate) fn field(&self) -> Option<&'s str> {
        match self.timestamp {
            Some(TimestampSource::Field(field)) => Some(field),
            _ => None,
        }
    }
}

/// Whether `text` contains `sign`, which is ASCII. The standard library's search is made for long texts and takes
/// most of a kilobyte.
pub(crate) fn holds(text: &[u8], sign: char) -> bool {
    text.iter().any(|byte| char::from(*byte) == sign)
}
