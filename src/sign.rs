use core::fmt;

use crate::content::Content;
use crate::headers::MAX_HEADER_BYTES;
use crate::scheme::{Part, Scheme, SignatureForm, TimestampSource};
use crate::secret::Key;
use crate::tag::{Macs, Tag};
use crate::time::MAX_TIMESTAMP_SECS;
use crate::{Error, Header, UnixTime};

/// What a signature is stamped with.
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
    /// The id to write where the scheme has a header for it. A scheme that signs its id needs one; one
    /// that only reports it leaves the header out.
    pub id: Option<&'d str>,
}

/// Signs a payload as the scheme's sender would: the mirror of [`verify`](crate::verify()).
///
/// # Errors
/// `invalid_option` for a scheme, timestamp or id that cannot be.
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

/// Signs a payload that comes in chunks, in bounded memory.
#[derive(Debug)]
pub struct Signer<'s, 'd> {
    scheme: Scheme<'s>,
    timestamp: TimestampText,
    id: Option<&'d str>,
    macs: Macs,
}

impl<'s, 'd> Signer<'s, 'd> {
    /// Checks what is to be written and starts the MAC.
    ///
    /// # Errors
    /// As [`sign`].
    pub fn new(scheme: &Scheme<'s>, key: &Key, stamp: &Stamp<'d>) -> Result<Self, Error<'s>> {
        let (timestamp, id) = read(scheme, stamp)?;
        let macs = Macs::new(core::slice::from_ref(key), content(scheme, &timestamp, id));
        Ok(Self { scheme: *scheme, timestamp, id, macs })
    }

    /// Takes the next chunk of the payload.
    pub fn update(&mut self, chunk: &[u8]) {
        self.macs.update(chunk);
    }

    /// Ends the payload and makes the signature.
    pub fn finish(self) -> Signed<'s, 'd> {
        let Self { scheme, timestamp, id, macs } = self;
        let tag = macs.finish(content(&scheme, &timestamp, id)).next().unwrap_or(Tag::ZERO);
        Signed { scheme, timestamp, id, tag }
    }

    /// Sets the signing aside as the part of it that borrows nothing.
    pub fn suspend(self) -> Macs {
        self.macs
    }

    /// Takes a suspended signing up again, with the very scheme and stamp it was made with.
    ///
    /// # Errors
    /// As [`sign`].
    pub fn resume(macs: Macs, scheme: &Scheme<'s>, stamp: &Stamp<'d>) -> Result<Self, Error<'s>> {
        let (timestamp, id) = read(scheme, stamp)?;
        Ok(Self { scheme: *scheme, timestamp, id, macs })
    }
}

/// A signed payload's headers. Each is a valid signature or part of one: not for logs.
pub struct Signed<'s, 'd> {
    scheme: Scheme<'s>,
    timestamp: TimestampText,
    id: Option<&'d str>,
    tag: Tag,
}

impl Signed<'_, '_> {
    /// The headers as the provider spells them: the signature's, then those that carry timestamp and id.
    /// A value is written by its `Display`.
    pub fn headers(&self) -> impl Iterator<Item = (&str, impl fmt::Display)> {
        let signature = self.scheme.signature.name;
        let timestamp = match self.scheme.timestamp {
            Some(TimestampSource::Header(name)) => {
                Some((name, Value::Text(self.timestamp.as_str())))
            }
            _ => None,
        };
        let id = self.scheme.id_header().zip(self.id);
        [
            Some((signature, Value::Signature(self))),
            timestamp,
            id.map(|(header, id)| (header.name, Value::Text(id))),
        ]
        .into_iter()
        .flatten()
    }

    /// The text of the signature header.
    pub fn signature(&self) -> impl fmt::Display {
        Value::Signature(self)
    }
}

impl fmt::Debug for Signed<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed").field("scheme", &self.scheme.name).finish_non_exhaustive()
    }
}

/// A header's value: what it is, not yet written out.
enum Value<'a> {
    Signature(&'a Signed<'a, 'a>),
    Text(&'a str),
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = match self {
            Self::Text(text) => return f.write_str(text),
            Self::Signature(signed) => signed,
        };
        let scheme = &signed.scheme;
        match scheme.signature.form {
            SignatureForm::Bare => {}
            SignatureForm::Prefix(prefix) => f.write_str(prefix)?,
            SignatureForm::List { separator, assign, tag } => {
                if let Some(TimestampSource::Field(field)) = scheme.timestamp {
                    write!(f, "{field}{assign}{}{separator}", signed.timestamp.as_str())?;
                }
                write!(f, "{tag}{assign}")?;
            }
        }
        signed.tag.write(scheme.encoding, f)
    }
}

/// A timestamp's canonical text, kept without an allocator.
#[derive(Clone, Copy, Debug)]
struct TimestampText {
    bytes: [u8; 12],
    len: usize,
}

impl TimestampText {
    fn new(timestamp: UnixTime) -> Option<Self> {
        let mut text = Self { bytes: [0; 12], len: 0 };
        fmt::Write::write_fmt(&mut text, format_args!("{timestamp}")).ok()?;
        Some(text)
    }

    fn as_str(&self) -> &str {
        self.bytes
            .get(..self.len)
            .and_then(|bytes| core::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

impl fmt::Write for TimestampText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len.saturating_add(text.len());
        let free = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        free.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// Checks the scheme and what is to be written in its headers.
fn read<'s, 'd>(
    scheme: &Scheme<'s>,
    stamp: &Stamp<'d>,
) -> Result<(TimestampText, Option<&'d str>), Error<'s>> {
    scheme.validate()?;
    let timestamp = TimestampText::new(stamp.timestamp)
        .ok_or(Error::UnsignableTimestamp { max_secs: MAX_TIMESTAMP_SECS })?;
    let Some(header) = scheme.id_header() else {
        return Ok((timestamp, None));
    };
    check_id(scheme, header, stamp.id)?;
    Ok((timestamp, stamp.id))
}

/// An id must be one that `verify` reads back as it was written.
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
                && id.trim_matches(' ').len() == id.len()
                && !scheme.is_ambiguous_id(id)
        }
    };
    if writable { Ok(()) } else { Err(Error::UnsignableId { header }) }
}

fn content<'a>(
    scheme: &Scheme<'a>,
    timestamp: &'a TimestampText,
    id: Option<&'a str>,
) -> Content<'a> {
    Content { parts: scheme.content, timestamp: timestamp.as_str(), id: id.unwrap_or_default() }
}
