use crate::{Error, Header};

/// The most bytes a header's value may have. No provider comes near it, and what is longer is refused
/// before it costs anything.
pub const MAX_HEADER_BYTES: usize = 8192;

/// What looking a header up came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderValue<'d> {
    /// Not there.
    Missing,
    /// There once, with these bytes.
    One(&'d [u8]),
    /// There several times, or as something that is no text.
    Malformed,
}

/// Anything that can look a header up by name, in any ASCII case.
///
/// Implemented for slices of pairs and for closures that give the value of a header that came once. A
/// closure must not hide that a header came twice: give no value then, or write an implementation.
///
/// ```
/// use hookproof::{HeaderValue, Headers};
///
/// let headers = [("X-Acme-Signature", "00ff"), ("x-acme-signature", "00fe")];
/// assert_eq!((&headers[..1]).value("x-acme-signature"), HeaderValue::One(b"00ff"));
/// assert_eq!((&headers[..]).value("x-acme-signature"), HeaderValue::Malformed);
/// ```
pub trait Headers<'d> {
    /// The value of the header with this name.
    fn value(&self, name: &str) -> HeaderValue<'d>;
}

impl<'d, F: Fn(&str) -> Option<&'d str>> Headers<'d> for F {
    fn value(&self, name: &str) -> HeaderValue<'d> {
        self(name).map_or(HeaderValue::Missing, |value| HeaderValue::One(value.as_bytes()))
    }
}

impl<'d, N: AsRef<str>, V: AsRef<[u8]>> Headers<'d> for &'d [(N, V)] {
    fn value(&self, name: &str) -> HeaderValue<'d> {
        let mut values = self
            .iter()
            .filter(|(each, _)| each.as_ref().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_ref());
        match (values.next(), values.next()) {
            (None, _) => HeaderValue::Missing,
            (Some(value), None) => HeaderValue::One(value),
            (Some(_), Some(_)) => HeaderValue::Malformed,
        }
    }
}

impl<'d, const N: usize, K: AsRef<str>, V: AsRef<[u8]>> Headers<'d> for &'d [(K, V); N] {
    fn value(&self, name: &str) -> HeaderValue<'d> {
        Headers::value(&self.as_slice(), name)
    }
}

/// A looked-up header, without the optional white space that HTTP allows around a value.
#[derive(Clone, Copy)]
pub(crate) struct Found<'s, 'd> {
    header: Header<'s>,
    value: HeaderValue<'d>,
}

impl<'s, 'd> Found<'s, 'd> {
    pub(crate) fn new(header: Header<'s>, headers: &impl Headers<'d>) -> Self {
        Self { header, value: headers.value(header.name) }
    }

    /// The first question of all: is it there, and not empty?
    pub(crate) fn check_present(&self) -> Result<(), Error<'s>> {
        let missing = match self.value {
            HeaderValue::Missing => true,
            HeaderValue::One(value) => trim(value).is_empty(),
            HeaderValue::Malformed => false,
        };
        if missing { Err(Error::MissingHeader { header: self.header }) } else { Ok(()) }
    }

    /// The second: is it one text of a sane length?
    pub(crate) fn text(&self) -> Result<&'d str, Error<'s>> {
        let header = self.header;
        let HeaderValue::One(value) = self.value else {
            return Err(Error::MalformedHeader { header });
        };
        if value.len() > MAX_HEADER_BYTES {
            let max_bytes = u64::try_from(MAX_HEADER_BYTES).unwrap_or(u64::MAX);
            return Err(Error::LongHeader { header, max_bytes });
        }
        core::str::from_utf8(trim(value)).map_err(|_| Error::MalformedHeader { header })
    }

    /// The text of a header that the signature does not cover: whatever is wrong with it, it only goes
    /// unreported.
    pub(crate) fn unsigned_text(&self) -> Option<&'d str> {
        self.check_present().ok()?;
        self.text().ok()
    }
}

pub(crate) fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}
