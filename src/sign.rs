use core::fmt::{self, Write};

use crate::content::Content;
use crate::crypto::{Macs, Tag};
use crate::error::{Error, Header};
use crate::headers::MAX_HEADER_BYTES;
use crate::scheme::{Layout, Part, Scheme, TimestampSource};
use crate::secret::Key;
use crate::time::{MAX_TIMESTAMP_SECS, UnixTime};

/// The timestamp and the id of a signature.
///
/// ```
/// use hookproof::{Stamp, UnixTime};
///
/// let stamp = Stamp { timestamp: UnixTime::from_secs(1_712_419_200), id: Some("msg_1") };
/// # let _ = stamp;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'d> {
    /// The time to write where the scheme has one.
    pub timestamp: UnixTime,
    /// The id to write where the scheme has a header for it. A scheme that signs its id requires one. A scheme that
    /// only reports it leaves the header out for `None`.
    pub id: Option<&'d str>,
}

/// Signs a payload as the scheme's sender would: the inverse of [`verify`](crate::verify()).
///
/// Leaks the lengths of the content's parts.
///
/// # Errors
/// `invalid_option` for an invalid scheme, timestamp or id.
///
/// ```
/// use hookproof::scheme::SecretFormat;
/// use hookproof::{Key, Stamp, UnixTime, providers, sign};
///
/// let key = Key::new(b"an example, not a secret", SecretFormat::Utf8)?;
/// let stamp = Stamp { timestamp: UnixTime::from_secs(1_712_419_200), id: None };
/// let signed = sign(&providers::HUMIRIS.scheme, &key, b"{}", &stamp)?;
///
/// let (name, value) = signed.headers().next().expect("the signature's header comes first");
/// assert_eq!(name, "X-Humiris-Signature");
/// assert!(value.to_string().starts_with("t=1712419200,v1="));
/// # Ok::<(), hookproof::Error<'static>>(())
/// ```
pub fn sign<'s, 'd>(
    scheme: &Scheme<'s>,
    key: &Key,
    payload: &[u8],
    stamp: &Stamp<'d>,
) -> Result<Signed<'s, 'd>, Error<'s>> {
    let mut signer = Signer::new(scheme, key, stamp)?;
    signer.update(payload);
    Ok(signer.finish())
}

/// Signs a payload that arrives in chunks, in bounded memory. `Debug` shows neither key nor payload.
#[derive(Debug)]
pub struct Signer<'s, 'd> {
    draft: Draft<'s, 'd>,
    macs: Macs,
}

impl<'s, 'd> Signer<'s, 'd> {
    /// Checks the scheme and the stamp, and starts the MAC.
    ///
    /// # Errors
    /// As [`sign`].
    pub fn new(scheme: &Scheme<'s>, key: &Key, stamp: &Stamp<'d>) -> Result<Self, Error<'s>> {
        let draft = Draft::new(scheme, stamp)?;
        let mut macs = Macs::new([key]);
        draft.content().before().for_each(|part| macs.update(part));
        Ok(Self { draft, macs })
    }

    /// Hashes the next chunk of the payload.
    pub fn update(&mut self, chunk: &[u8]) {
        self.macs.update(chunk);
    }

    /// Ends the payload and makes the signature.
    pub fn finish(self) -> Signed<'s, 'd> {
        let Self { draft, mut macs } = self;
        draft.content().after().for_each(|part| macs.update(part));
        let tag = macs.finish().next().unwrap_or(Tag::ZERO);
        draft.sign(tag)
    }
}

/// A signature's headers, checked, without the tag.
///
/// [`sign`] and [`Signer`] use it. It is public for callers who compute the MAC themselves.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'s, 'd> {
    scheme: Scheme<'s>,
    timestamp: TimestampText,
    id: Option<&'d str>,
}

impl<'s, 'd> Draft<'s, 'd> {
    /// Checks the scheme and the stamp.
    ///
    /// # Errors
    /// As [`sign`].
    pub fn new(scheme: &Scheme<'s>, stamp: &Stamp<'d>) -> Result<Self, Error<'s>> {
        scheme.validate()?;
        let timestamp = TimestampText::new(stamp.timestamp)
            .ok_or(Error::UnsignableTimestamp { max_secs: MAX_TIMESTAMP_SECS })?;
        let header = scheme.id_header();
        if let Some(header) = header {
            check_id(scheme, header, stamp.id)?;
        }
        Ok(Self { scheme: *scheme, timestamp, id: stamp.id.filter(|_| header.is_some()) })
    }

    /// The content that the tag must be made of.
    pub fn content(&self) -> Content<'s, '_> {
        Content {
            parts: self.scheme.content,
            timestamp: self.timestamp.as_str().as_bytes(),
            id: self.id,
        }
    }

    /// Adds the content's tag.
    pub fn sign(self, tag: Tag) -> Signed<'s, 'd> {
        Signed { draft: self, tag }
    }
}

/// The headers of a signed payload. Each is a valid signature or part of one, so keep them out of logs. `Debug` shows
/// the scheme's name alone.
pub struct Signed<'s, 'd> {
    draft: Draft<'s, 'd>,
    tag: Tag,
}

impl Signed<'_, '_> {
    /// The headers as the provider spells them: the signature's, then those that carry timestamp and id.
    /// A value is written by its `Display`.
    pub fn headers(&self) -> impl Iterator<Item = (&str, SignedValue<'_>)> {
        let Draft { scheme, timestamp, id } = &self.draft;
        let timestamp = match scheme.timestamp {
            Some(TimestampSource::Header(name)) => {
                Some((name, SignedValue(Value::Text(timestamp.as_str()))))
            }
            _ => None,
        };
        let id = scheme.id_header().zip(*id);
        [
            Some((scheme.signature.name, self.signature())),
            timestamp,
            id.map(|(header, id)| (header.name, SignedValue(Value::Text(id)))),
        ]
        .into_iter()
        .flatten()
    }

    /// The text of the signature header.
    pub fn signature(&self) -> SignedValue<'_> {
        SignedValue(Value::Signature(self))
    }
}

impl fmt::Debug for Signed<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.draft.scheme.name;
        f.debug_struct("Signed").field("scheme", &scheme).finish_non_exhaustive()
    }
}

/// The value of a signed payload's header, not yet written out.
pub struct SignedValue<'a>(Value<'a>);

enum Value<'a> {
    Signature(&'a Signed<'a, 'a>),
    Text(&'a str),
}

impl SignedValue<'_> {
    /// Writes the value without `core::fmt`'s formatting machinery.
    ///
    /// # Errors
    /// Returned by `out`.
    pub fn write(&self, out: &mut impl Write) -> fmt::Result {
        let signed = match self.0 {
            Value::Text(text) => return out.write_str(text),
            Value::Signature(signed) => signed,
        };
        let scheme = &signed.draft.scheme;
        match scheme.signature.layout {
            Layout::Bare => {}
            Layout::Prefix(prefix) => out.write_str(prefix)?,
            Layout::List { separator, assign, name } => {
                if let Some(TimestampSource::Field(field)) = scheme.timestamp {
                    out.write_str(field)?;
                    out.write_char(assign)?;
                    out.write_str(signed.draft.timestamp.as_str())?;
                    out.write_char(separator)?;
                }
                out.write_str(name)?;
                out.write_char(assign)?;
            }
        }
        signed.tag.write(scheme.encoding, out)
    }
}

impl fmt::Display for SignedValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl fmt::Debug for SignedValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedValue([elided])")
    }
}

/// A timestamp's canonical text, without an allocator.
#[derive(Clone, Copy, Debug)]
struct TimestampText {
    bytes: [u8; 12],
    first: usize,
}

impl TimestampText {
    /// `None` for a time of more than twelve digits.
    fn new(timestamp: UnixTime) -> Option<Self> {
        let mut text = Self { bytes: [b'0'; 12], first: 12 };
        let mut rest = timestamp.as_secs();
        for (place, byte) in text.bytes.iter_mut().enumerate().rev() {
            let digit = u8::try_from(rest % 10).ok()?;
            *byte = byte.saturating_add(digit);
            text.first = place;
            rest /= 10;
            if rest == 0 {
                return Some(text);
            }
        }
        None
    }

    fn as_str(&self) -> &str {
        let digits = self.bytes.get(self.first..).unwrap_or_default();
        core::str::from_utf8(digits).unwrap_or_default()
    }
}

/// Checks that `verify` reads the id back as it was written.
fn check_id<'s>(
    scheme: &Scheme<'s>,
    header: Header<'s>,
    id: Option<&str>,
) -> Result<(), Error<'s>> {
    let writable = match id {
        None => !scheme.content.contains(&Part::Id),
        Some(id) => {
            matches!(id.len(), 1..=MAX_HEADER_BYTES)
                && id.bytes().all(|byte| matches!(byte, b' '..=b'~'))
                && !id.starts_with(' ')
                && !id.ends_with(' ')
                && !scheme.is_ambiguous_id(id)
        }
    };
    if writable { Ok(()) } else { Err(Error::UnsignableId { header }) }
}
