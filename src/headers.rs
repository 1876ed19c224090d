use crate::error::{Error, Header};

/// The most bytes that a header's value may have. No provider sends nearly as many. A longer value is refused by its
/// length, before it is read.
pub const MAX_HEADER_BYTES: usize = 8192;

/// The result of a header lookup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderValue<'d> {
    /// The header is missing.
    Missing,
    /// The header came once, with these bytes.
    One(&'d [u8]),
    /// The header came several times, or its value is not text.
    Malformed,
}

/// Anything that can look a header up by name, in any ASCII case.
///
/// Implemented for slices of pairs, and for closures that give the value of a header that came once. A closure must
/// not hide that a header came twice: it then gives no value, or you implement the trait.
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

    /// The value of a header, for an implementation that keeps its headers by role and ignores their names.
    fn header(&self, header: Header<'_>) -> HeaderValue<'d> {
        self.value(header.name)
    }
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

/// A header that a scheme reads, looked up. White space around its value is dropped.
#[derive(Clone, Copy)]
pub(crate) struct Lookup<'s, 'd> {
    header: Header<'s>,
    value: HeaderValue<'d>,
    is_signed: bool,
}

impl<'s, 'd> Lookup<'s, 'd> {
    pub(crate) fn new(header: Header<'s>, headers: &impl Headers<'d>, is_signed: bool) -> Self {
        Self { header, value: headers.header(header), is_signed }
    }

    /// The first check: a signed header must be there and not empty.
    pub(crate) fn check_present(&self) -> Result<(), Error<'s>> {
        if self.is_signed && self.is_missing() {
            return Err(Error::MissingHeader { header: self.header });
        }
        Ok(())
    }

    /// The second check: a signed header must have one value, which is text of at most [`MAX_HEADER_BYTES`].
    ///
    /// An unsigned header is never a reason to refuse. It is `None` if anything is wrong with it.
    pub(crate) fn text(&self) -> Result<Option<&'d str>, Error<'s>> {
        if self.is_signed {
            return self.one_text().map(Some);
        }
        Ok(if self.is_missing() { None } else { self.one_text().ok() })
    }

    fn is_missing(&self) -> bool {
        match self.value {
            HeaderValue::Missing => true,
            HeaderValue::One(value) => trim(value).is_empty(),
            HeaderValue::Malformed => false,
        }
    }

    fn one_text(&self) -> Result<&'d str, Error<'s>> {
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
}

/// Drops the white space that HTTP allows around a value.
pub(crate) fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}
