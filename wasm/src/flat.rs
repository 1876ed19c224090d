//! A scheme as it crosses the boundary: its columns one after another, in the order of [`Column`].
//!
//! A text is its length in two bytes (little endian; all ones where the column is absent) and so many bytes,
//! none where the column is there and holds others. A word is one byte, its number among its column's, and
//! any other number where it is none of them. The content is the number of its parts, in two bytes, and
//! for each its word; after the last of [`Part::WORDS`] comes that of a literal, whose text follows. The
//! tolerance is a length and an `f64`, little endian.

use hookproof::Error;
use hookproof::scheme::{
    Column, Encoding, Flaw, IdSource, Layout, MAX_PARTS, Part, Scheme, SecretFormat,
    SignatureHeader, TimestampSource,
};

use crate::area::SCHEME_BYTES;
use crate::door::seconds;

const ABSENT: usize = 0xffff;

/// How many columns are texts.
const TEXTS: usize = Column::Encoding as usize;

/// The texts that only errors and signatures have: of headers and members nothing but roles cross the boundary
/// when a delivery is verified. A bit each.
const NAMES: u32 = 1 << Column::Name as u32
    | 1 << Column::SignatureHeader as u32
    | 1 << Column::TimestampHeader as u32
    | 1 << Column::IdHeader as u32
    | 1 << Column::IdPayload as u32;

/// Room for a content of every length that can be told from one that is too long.
pub(crate) type Parts<'a> = [Part<'a>; MAX_PARTS + 1];

pub(crate) const NO_PARTS: Parts<'static> = [Part::Payload; MAX_PARTS + 1];

/// What is read of a scheme.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// All but the names, which are empty: to see that they are UTF-8 takes as long as the rest.
    Nameless,
}

/// Takes a scheme off the boundary. What a word means is settled here; what columns mean beside each
/// other is for [`Scheme::validate`].
pub(crate) fn read<'a>(
    bytes: &'a [u8],
    extent: Extent,
    parts: &'a mut Parts<'a>,
) -> Result<Scheme<'a>, Error<'a>> {
    let mut columns = Columns { rest: bytes, whole: true };
    let skipped = if extent == Extent::Nameless { NAMES } else { 0 };
    // In the order of `Column`.
    let texts: [Option<&str>; TEXTS] =
        core::array::from_fn(|at| columns.text(skipped >> at & 1 != 0));
    let [name, header, form, prefix, separator, assign, tag, ..] = texts;
    let [.., timestamp_header, field, id_header, member, timestamp, id] = texts;
    let encoding = Encoding::ALL.get(columns.byte());
    let secret = SecretFormat::ALL.get(columns.byte());

    let layout = match (form.filter(|form| !form.is_empty()), prefix, separator, assign, tag) {
        (Some("bare"), None, None, None, None) => Layout::Bare,
        (None, Some(prefix), None, None, None) => Layout::Prefix(prefix),
        (None, None, Some(separator), Some(assign), Some(tag)) => Layout::List {
            separator: sign(separator, Column::Separator)?,
            assign: sign(assign, Column::Assign)?,
            name: tag,
        },
        _ => return wrong(Column::Layout, Flaw::NotALayout),
    };
    let timestamp = match (timestamp, timestamp_header, field) {
        (None, None, None) => None,
        (_, Some(header), None) => Some(TimestampSource::Header(header)),
        (_, None, Some(field)) => Some(TimestampSource::Field(field)),
        _ => return wrong(Column::Timestamp, Flaw::NotATimestamp),
    };
    let id = match (id, id_header, member) {
        (None, None, None) => None,
        (_, Some(header), None) => Some(IdSource::Header(header)),
        (_, repeated_in, Some(member)) => Some(IdSource::Payload { member, repeated_in }),
        (Some(_), None, None) => return wrong(Column::Id, Flaw::NotAnId),
    };
    let Some(&encoding) = encoding else {
        return wrong(Column::Encoding, Flaw::NotAnEncoding);
    };
    let Some(&secret) = secret else {
        return wrong(Column::Secret, Flaw::NotASecretFormat);
    };

    let count = columns.number();
    for at in 0..count {
        let word = columns.byte();
        let part = match Part::WORDS.get(word) {
            Some((part, _)) => *part,
            None if word == Part::WORDS.len() => {
                Part::Literal(columns.text(false).unwrap_or_default())
            }
            None => return wrong(Column::Content, Flaw::NotAPart),
        };
        if let Some(place) = parts.get_mut(at) {
            *place = part;
        }
    }
    let content = parts.get(..count.min(MAX_PARTS + 1)).unwrap_or_default();

    let tolerance_secs = match columns.next() {
        None => None,
        Some(bytes) => match bytes.try_into().map(f64::from_le_bytes).ok().and_then(seconds) {
            Some(tolerance_secs) => Some(tolerance_secs),
            None => return wrong(Column::Tolerance, Flaw::NotSeconds),
        },
    };

    if !columns.whole || !columns.rest.is_empty() {
        return Err(Error::LargeScheme { max_bytes: SCHEME_BYTES as u64 });
    }
    Ok(Scheme {
        name: name.unwrap_or_default(),
        signature: SignatureHeader { name: header.unwrap_or_default(), layout },
        encoding,
        content,
        secret,
        timestamp,
        id,
        tolerance_secs,
    })
}

fn sign(text: &str, column: Column) -> Result<char, Error<'static>> {
    match text.as_bytes() {
        [sign] => Ok(char::from(*sign)),
        _ => wrong(column, Flaw::NotASign),
    }
}

fn wrong<T>(column: Column, flaw: Flaw) -> Result<T, Error<'static>> {
    Err(Error::InvalidScheme { column, flaw })
}

/// What is left to read, and whether nothing was cut off so far.
struct Columns<'a> {
    rest: &'a [u8],
    whole: bool,
}

impl<'a> Columns<'a> {
    fn number(&mut self) -> usize {
        let Some((number, rest)) = self.rest.split_first_chunk() else {
            self.whole = false;
            return 0;
        };
        self.rest = rest;
        usize::from(u16::from_le_bytes(*number))
    }

    fn next(&mut self) -> Option<&'a [u8]> {
        let bytes = self.number();
        if bytes == ABSENT {
            return None;
        }
        let Some((column, rest)) = self.rest.split_at_checked(bytes) else {
            self.whole = false;
            return None;
        };
        self.rest = rest;
        Some(column)
    }

    /// A text; an empty one where it is skipped.
    #[inline(never)]
    fn text(&mut self, skipped: bool) -> Option<&'a str> {
        let bytes = self.next()?;
        if skipped { Some("") } else { core::str::from_utf8(bytes).ok() }
    }

    fn byte(&mut self) -> usize {
        let Some((byte, rest)) = self.rest.split_first() else {
            self.whole = false;
            return usize::MAX;
        };
        self.rest = rest;
        usize::from(*byte)
    }
}
