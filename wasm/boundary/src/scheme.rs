//! A scheme as it crosses the boundary: its columns one after another, in the order of [`Column`].
//!
//! A text is its length in two bytes (little endian; [`ABSENT`] where the column is absent) and its bytes. A column
//! that holds other columns is an empty text. A word is one byte, its number among its column's words; any other
//! number stands for an unknown word. The content is the number of its parts in two bytes, and for each part its
//! word; the number after the last of [`Part::WORDS`] is a literal, whose text follows. The tolerance is a length and
//! an `f64`, little endian.

use hookproof::Error;
use hookproof::scheme::{
    Column, Encoding, Flaw, IdSource, Layout, MAX_PARTS, Part, Scheme, SecretFormat,
    SignatureHeader, TimestampSource,
};

use crate::memory::MAX_SCHEME_BYTES;
use crate::status::seconds;

/// In place of a text's length: there is no such column.
pub const ABSENT: usize = 0xffff;

/// The number of columns that are texts.
const TEXTS: usize = Column::Encoding as usize;

/// The word of a literal.
const LITERAL: usize = Part::WORDS.len();

/// Room for one part more than a content may have, so that the core sees a content that is too long.
const PARTS: usize = MAX_PARTS + 1;

/// Room for the parts of a content.
pub type Parts<'a> = [Part<'a>; PARTS];

/// Parts before a scheme fills them in.
pub const NO_PARTS: Parts<'static> = [Part::Payload; PARTS];

/// Whether [`DecodedScheme::scheme`] reads the names of headers and members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// All names are read.
    Read,
    /// Names are empty. Verifying needs none, because headers cross the boundary by role, and checking that a name is
    /// UTF-8 takes time.
    Skip,
}

/// An encoded scheme whose columns were found, so that it is taken apart once and not in each call.
///
/// Nothing of it is borrowed: it has the places of the columns in the encoded bytes. All of it is zero at first, so
/// that a static which holds one adds no bytes to the module. That is why absence is a value of its own here: in an
/// `Option` of these it would not be zero.
#[derive(Clone, Copy, Debug)]
pub struct DecodedScheme {
    texts: [Span; TEXTS],
    layout: LayoutKind,
    timestamp: Timestamp,
    id: Id,
    encoding: Encoding,
    secret: SecretFormat,
    parts: [DecodedPart; PARTS],
    part_count: usize,
    tolerance_secs: Option<u64>,
}

/// The place of a text in the encoded bytes.
#[derive(Clone, Copy, Debug)]
struct Span {
    at: u16,
    bytes: u16,
}

impl Span {
    const EMPTY: Self = Self { at: 0, bytes: 0 };

    fn text(self, encoded: &[u8]) -> &str {
        let end = usize::from(self.at) + usize::from(self.bytes);
        let bytes = encoded.get(usize::from(self.at)..end).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

#[derive(Clone, Copy, Debug)]
enum LayoutKind {
    Bare,
    Prefix,
    List { separator: u8, assign: u8 },
}

#[derive(Clone, Copy, Debug)]
enum Timestamp {
    Absent,
    Header,
    Field,
}

#[derive(Clone, Copy, Debug)]
enum Id {
    Absent,
    Header,
    Payload,
    RepeatedPayload,
}

/// A part's word, and the text of a literal.
#[derive(Clone, Copy, Debug)]
struct DecodedPart {
    word: u8,
    literal: Span,
}

impl DecodedScheme {
    /// In place of a scheme, before one is set.
    pub const fn none() -> Self {
        Self {
            texts: [Span::EMPTY; TEXTS],
            layout: LayoutKind::Bare,
            timestamp: Timestamp::Absent,
            id: Id::Absent,
            encoding: Encoding::Hex,
            secret: SecretFormat::Utf8,
            parts: [DecodedPart { word: 0, literal: Span::EMPTY }; PARTS],
            part_count: 0,
            tolerance_secs: None,
        }
    }

    /// Finds the columns of an encoded scheme. It settles what a word means; [`Scheme::validate`] checks what columns
    /// mean together.
    ///
    /// # Errors
    /// [`Error::InvalidScheme`] for a column that is no known word or holds the wrong columns,
    /// [`Error::LargeScheme`] for bytes that were cut off.
    pub fn decode(encoded: &[u8]) -> Result<Self, Error<'static>> {
        let mut columns = Columns { encoded, at: 0, is_whole: true };
        // In the order of `Column`.
        let texts: [Option<Span>; TEXTS] = core::array::from_fn(|_| columns.text());
        let [_, _, layout, prefix, separator, assign, tag, ..] = texts;
        let [.., timestamp_header, field, id_header, member, timestamp, id] = texts;
        let encoding = Encoding::ALL.get(columns.byte()).copied();
        let secret = SecretFormat::ALL.get(columns.byte()).copied();

        let is_bare = layout.is_some_and(|layout| layout.text(encoded) == "bare");
        let holds_columns = layout.is_none_or(|layout| layout.bytes == 0);
        let layout = match (prefix, separator, assign, tag) {
            (None, None, None, None) if is_bare => LayoutKind::Bare,
            (Some(_), None, None, None) if holds_columns => LayoutKind::Prefix,
            (None, Some(separator), Some(assign), Some(_)) if holds_columns => LayoutKind::List {
                separator: sign(separator.text(encoded), Column::Separator)?,
                assign: sign(assign.text(encoded), Column::Assign)?,
            },
            _ => return wrong(Column::Layout, Flaw::NotALayout),
        };
        let timestamp = match (timestamp, timestamp_header, field) {
            (None, None, None) => Timestamp::Absent,
            (_, Some(_), None) => Timestamp::Header,
            (_, None, Some(_)) => Timestamp::Field,
            _ => return wrong(Column::Timestamp, Flaw::NotATimestamp),
        };
        let id = match (id, id_header, member) {
            (None, None, None) => Id::Absent,
            (_, Some(_), None) => Id::Header,
            (_, None, Some(_)) => Id::Payload,
            (_, Some(_), Some(_)) => Id::RepeatedPayload,
            (Some(_), None, None) => return wrong(Column::Id, Flaw::NotAnId),
        };
        let Some(encoding) = encoding else {
            return wrong(Column::Encoding, Flaw::NotAnEncoding);
        };
        let Some(secret) = secret else {
            return wrong(Column::Secret, Flaw::NotASecretFormat);
        };

        let mut decoded = Self::none();
        let count = columns.number();
        for at in 0..count {
            let word = columns.byte();
            let literal = match word {
                LITERAL => columns.text().unwrap_or(Span::EMPTY),
                0..LITERAL => Span::EMPTY,
                _ => return wrong(Column::Content, Flaw::NotAPart),
            };
            if let Some(part) = decoded.parts.get_mut(at) {
                *part = DecodedPart { word: word as u8, literal };
            }
        }

        decoded.tolerance_secs = match columns.next() {
            None => None,
            Some(bytes) => match bytes.try_into().map(f64::from_le_bytes).ok().and_then(seconds) {
                Some(tolerance_secs) => Some(tolerance_secs),
                None => return wrong(Column::Tolerance, Flaw::NotSeconds),
            },
        };
        if !columns.is_whole || columns.at != encoded.len() {
            return Err(Error::LargeScheme { max_bytes: MAX_SCHEME_BYTES as u64 });
        }
        decoded.texts = texts.map(|text| text.unwrap_or(Span::EMPTY));
        decoded.part_count = count.min(PARTS);
        Ok(Self { layout, timestamp, id, encoding, secret, ..decoded })
    }

    /// The scheme, from the bytes that it was decoded from.
    pub fn scheme<'a>(
        &self,
        encoded: &'a [u8],
        names: Names,
        parts: &'a mut Parts<'a>,
    ) -> Scheme<'a> {
        let text =
            |column: Column| self.texts.get(column as usize).map_or("", |span| span.text(encoded));
        let name = |column| if names == Names::Read { text(column) } else { "" };
        let layout = match self.layout {
            LayoutKind::Bare => Layout::Bare,
            LayoutKind::Prefix => Layout::Prefix(text(Column::Prefix)),
            LayoutKind::List { separator, assign } => Layout::List {
                separator: char::from(separator),
                assign: char::from(assign),
                name: text(Column::CandidateName),
            },
        };
        let timestamp = match self.timestamp {
            Timestamp::Absent => None,
            Timestamp::Header => Some(TimestampSource::Header(name(Column::TimestampHeader))),
            Timestamp::Field => Some(TimestampSource::Field(text(Column::TimestampField))),
        };
        let id = match self.id {
            Id::Absent => None,
            Id::Header => Some(IdSource::Header(name(Column::IdHeader))),
            Id::Payload => {
                Some(IdSource::Payload { member: name(Column::IdPayload), repeated_in: None })
            }
            Id::RepeatedPayload => Some(IdSource::Payload {
                member: name(Column::IdPayload),
                repeated_in: Some(name(Column::IdHeader)),
            }),
        };
        for (part, decoded) in parts.iter_mut().zip(&self.parts).take(self.part_count) {
            *part = match Part::WORDS.get(usize::from(decoded.word)) {
                Some((part, _)) => *part,
                None => Part::Literal(decoded.literal.text(encoded)),
            };
        }
        Scheme {
            name: name(Column::Name),
            signature: SignatureHeader { name: name(Column::SignatureHeader), layout },
            encoding: self.encoding,
            content: parts.get(..self.part_count).unwrap_or_default(),
            secret: self.secret,
            timestamp,
            id,
            tolerance_secs: self.tolerance_secs,
        }
    }
}

/// Encodes a scheme, byte by byte. `pkg/scheme.js` does the same for a caller's scheme; the build compares the two.
pub fn encode(scheme: &Scheme<'_>, put: &mut impl FnMut(u8)) {
    let mut sign_bytes = [[0; 4]; 2];
    let [separator_bytes, assign_bytes] = &mut sign_bytes;
    let (layout, prefix, separator, assign, tag) = match scheme.signature.layout {
        Layout::Bare => ("bare", None, None, None, None),
        Layout::Prefix(prefix) => ("", Some(prefix), None, None, None),
        Layout::List { separator, assign, name } => {
            let separator: &str = separator.encode_utf8(separator_bytes);
            let assign: &str = assign.encode_utf8(assign_bytes);
            ("", None, Some(separator), Some(assign), Some(name))
        }
    };
    let (timestamp_header, field) = match scheme.timestamp {
        None => (None, None),
        Some(TimestampSource::Header(name)) => (Some(name), None),
        Some(TimestampSource::Field(name)) => (None, Some(name)),
    };
    let (id_header, member) = match scheme.id {
        None => (None, None),
        Some(IdSource::Header(name)) => (Some(name), None),
        Some(IdSource::Payload { member, repeated_in }) => (repeated_in, Some(member)),
    };
    for column in Column::ALL {
        let text = match column {
            Column::Name => Some(scheme.name),
            Column::SignatureHeader => Some(scheme.signature.name),
            Column::Layout => Some(layout),
            Column::Prefix => prefix,
            Column::Separator => separator,
            Column::Assign => assign,
            Column::CandidateName => tag,
            Column::TimestampHeader => timestamp_header,
            Column::TimestampField => field,
            Column::IdHeader => id_header,
            Column::IdPayload => member,
            Column::Timestamp => scheme.timestamp.map(|_| ""),
            Column::Id => scheme.id.map(|_| ""),
            // The others are not texts.
            _ => break,
        };
        put_text(text, put);
    }
    put(scheme.encoding as u8);
    put(scheme.secret as u8);
    put_number(scheme.content.len(), put);
    for part in scheme.content {
        let word = Part::WORDS.iter().position(|(each, _)| each == part).unwrap_or(LITERAL);
        put(word as u8);
        if let Part::Literal(text) = part {
            put_text(Some(text), put);
        }
    }
    match scheme.tolerance_secs {
        None => put_number(ABSENT, put),
        Some(tolerance_secs) => {
            put_number(size_of::<f64>(), put);
            let number =
                if tolerance_secs == u64::MAX { f64::INFINITY } else { tolerance_secs as f64 };
            number.to_le_bytes().into_iter().for_each(put);
        }
    }
}

fn put_text(text: Option<&str>, put: &mut impl FnMut(u8)) {
    put_number(text.map_or(ABSENT, str::len), put);
    text.unwrap_or_default().bytes().for_each(put);
}

fn put_number(number: usize, put: &mut impl FnMut(u8)) {
    let [low, high, ..] = number.to_le_bytes();
    put(low);
    put(high);
}

fn sign(text: &str, column: Column) -> Result<u8, Error<'static>> {
    match text.as_bytes() {
        [sign] => Ok(*sign),
        _ => wrong(column, Flaw::NotASign),
    }
}

fn wrong<T>(column: Column, flaw: Flaw) -> Result<T, Error<'static>> {
    Err(Error::InvalidScheme { column, flaw })
}

/// Reads columns from the beginning of encoded bytes on.
struct Columns<'a> {
    encoded: &'a [u8],
    at: usize,
    /// Nothing was cut off so far.
    is_whole: bool,
}

impl<'a> Columns<'a> {
    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let end = self.at.saturating_add(bytes);
        let taken = self.encoded.get(self.at..end);
        match taken {
            Some(_) => self.at = end,
            None => self.is_whole = false,
        }
        taken
    }

    fn byte(&mut self) -> usize {
        self.take(1).and_then(<[u8]>::first).map_or(usize::MAX, |byte| usize::from(*byte))
    }

    fn number(&mut self) -> usize {
        let bytes = self.take(2).and_then(|bytes| bytes.first_chunk());
        bytes.map_or(0, |bytes| usize::from(u16::from_le_bytes(*bytes)))
    }

    fn next(&mut self) -> Option<&'a [u8]> {
        let bytes = self.number();
        if bytes == ABSENT { None } else { self.take(bytes) }
    }

    fn text(&mut self) -> Option<Span> {
        let bytes = self.next()?.len();
        Some(Span { at: (self.at - bytes) as u16, bytes: bytes as u16 })
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use hookproof::{Form, providers};

    use super::*;

    fn encoded(scheme: &Scheme<'_>) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode(scheme, &mut |byte| bytes.push(byte));
        bytes
    }

    #[test]
    fn a_scheme_is_the_same_on_both_sides() {
        let forms = Form::ALL.iter().map(|form| *form.scheme());
        for scheme in providers::SCHEMES.iter().copied().chain(forms) {
            let bytes = encoded(&scheme);
            let decoded = DecodedScheme::decode(&bytes).unwrap();
            assert_eq!(decoded.scheme(&bytes, Names::Read, &mut NO_PARTS.clone()), scheme);
            let mut parts = NO_PARTS;
            let nameless = decoded.scheme(&bytes, Names::Skip, &mut parts);
            assert_eq!(nameless.content, scheme.content);
            assert_eq!(nameless.signature.layout, scheme.signature.layout);
            assert_eq!((nameless.name, nameless.signature.name), ("", ""));
        }
    }

    #[test]
    fn a_scheme_that_is_cut_off_or_longer_is_refused() {
        for scheme in providers::SCHEMES {
            let bytes = encoded(scheme);
            for end in 0..bytes.len() {
                assert!(DecodedScheme::decode(&bytes[..end]).is_err(), "{}: {end}", scheme.name);
            }
            let longer = [bytes.as_slice(), &[0]].concat();
            let large = Error::LargeScheme { max_bytes: MAX_SCHEME_BYTES as u64 };
            assert_eq!(DecodedScheme::decode(&longer).unwrap_err(), large);
        }
    }

    #[test]
    fn any_tolerance_is_the_same_on_both_sides() {
        for tolerance_secs in [None, Some(0), Some(5), Some(u64::MAX)] {
            let scheme = Scheme { tolerance_secs, ..*Form::Timestamped.scheme() };
            let bytes = encoded(&scheme);
            let decoded = DecodedScheme::decode(&bytes).unwrap();
            let mut parts = NO_PARTS;
            assert_eq!(
                decoded.scheme(&bytes, Names::Skip, &mut parts).tolerance_secs,
                tolerance_secs
            );
        }
    }
}
