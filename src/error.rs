use core::fmt::{self, Write};

use crate::scheme::column::{Column, Flaw};

named! {
    /// What a header is for.
    pub enum Role {
        /// It carries the signature.
        Signature = "signature",
        /// It carries the timestamp.
        Timestamp = "timestamp",
        /// It carries the provider's id.
        Id = "id",
    }
}

/// A header that a scheme names: what it is for, and what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'s> {
    /// What the header is for.
    pub role: Role,
    /// Its name, as the scheme spells it.
    pub name: &'s str,
}

/// One value that stands in an error's text.
///
/// The WebAssembly boundary carries its number; the text that belongs to the number is looked up on the
/// other side, in tables made from the same source. The two are apart so that the module holds no texts.
trait Datum {
    fn number(&self) -> u64;
    fn write(&self, out: &mut impl Write) -> fmt::Result;
}

/// The number of a value of an enum without data.
macro_rules! as_number {
    ($value:expr) => {{
        #[allow(clippy::as_conversions, reason = "an enum without data is its number")]
        let number = $value as u64;
        number
    }};
}

impl Datum for u64 {
    fn number(&self) -> u64 {
        *self
    }
    fn write(&self, out: &mut impl Write) -> fmt::Result {
        let (tens, digit) = (self / 10, u8::try_from(self % 10).unwrap_or(0));
        if tens > 0 {
            tens.write(out)?;
        }
        out.write_char(char::from(b'0' | digit))
    }
}

impl Datum for Header<'_> {
    fn number(&self) -> u64 {
        as_number!(self.role)
    }
    fn write(&self, out: &mut impl Write) -> fmt::Result {
        out.write_str(self.name)
    }
}

impl Datum for Column {
    fn number(&self) -> u64 {
        as_number!(*self)
    }
    fn write(&self, out: &mut impl Write) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl Datum for Flaw {
    fn number(&self) -> u64 {
        as_number!(*self)
    }
    fn write(&self, out: &mut impl Write) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// Declares `Error` from a table: a row is a variant, its data, its code and its text.
///
/// A text names its data in braces. The same rows are handed to the npm package when it is built, so that
/// a message is written once.
macro_rules! errors {
    ($($(#[$meta:meta])* $Variant:ident { $($field:ident: $Type:ty),* } = $code:literal, $text:literal;)+) => {
        /// Why a delivery was refused, or what a caller got wrong.
        ///
        /// `code` is stable and made for programs; the text is made for people and may change. An error
        /// holds both sides of the check that failed, and never a secret, a key, a payload or an expected
        /// tag. What a sender's mistake tells an operator must still not be told to the sender: answer
        /// every refused delivery alike.
        ///
        /// ```
        /// use hookproof::{Error, Header, Role};
        ///
        /// let error = Error::TooOld { age_secs: 301, tolerance_secs: 300 };
        /// assert_eq!(error.code(), "too_old");
        /// assert!(error.to_string().contains("301"));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Error<'s> {
            $($(#[$meta])* $Variant {
                $(#[doc = concat!("`", stringify!($field), "` in the text.")] $field: $Type),*
            }),+
        }

        impl<'s> Error<'s> {
            /// The rows of the table: each error's name, code, text and the names of its data.
            #[doc(hidden)]
            pub const ROWS: &'static [(&'static str, &'static str, &'static str, &'static [&'static str])] =
                &[$((stringify!($Variant), $code, $text, &[$(stringify!($field)),*])),+];

            /// The stable code, in snake_case.
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$Variant { .. } => $code),+ }
            }

            /// The row's number and its data as numbers, in the row's order; 0 where there is none.
            #[doc(hidden)]
            #[allow(clippy::as_conversions, reason = "an enum without data is its number")]
            pub fn row(&self) -> (usize, [u64; 2]) {
                enum Row { $($Variant),+ }
                match self {
                    $(Self::$Variant { $($field),* } => {
                        (Row::$Variant as usize, two!($($field.number()),*))
                    })+
                }
            }

            fn text(&self) -> &'static str {
                match self { $(Self::$Variant { .. } => $text),+ }
            }

            /// Writes the datum of this name.
            fn write_datum(&self, name: &str, out: &mut impl Write) -> fmt::Result {
                $($(
                    if let (Self::$Variant { $field, .. }, stringify!($field)) = (self, name) {
                        return $field.write(out);
                    }
                )*)+
                Ok(())
            }
        }
    };
}

/// At most two numbers, filled up with zeros.
macro_rules! two {
    () => {
        [0, 0]
    };
    ($first:expr) => {
        [$first, 0]
    };
    ($first:expr, $second:expr) => {
        [$first, $second]
    };
}

errors! {
    /// A header that must be there is not, or is empty.
    MissingHeader { header: Header<'s> } = "missing_header",
        "the {header} header is missing or empty: pass all of the request's headers, and check which provider sent it";
    /// A header has several values, or one that is not text.
    MalformedHeader { header: Header<'s> } = "malformed_header",
        "the {header} header must come once, with one text value";
    /// A header is longer than any provider's.
    LongHeader { header: Header<'s>, max_bytes: u64 } = "malformed_header",
        "the {header} header is longer than {max_bytes} bytes";
    /// The signed id holds the character that ends it in the signed content.
    AmbiguousId { header: Header<'s> } = "malformed_header",
        "the {header} header holds what ends the id in the signed content: bytes could move across";
    /// The signed timestamp is not 1 to 12 digits, or does not stand exactly once.
    MalformedTimestamp { header: Header<'s> } = "malformed_timestamp",
        "the {header} header must hold one timestamp, in 1 to 12 digits of unix seconds, without sign or leading zero";
    /// No candidate decodes to a whole tag.
    MalformedSignature { header: Header<'s>, candidates: u64 } = "malformed_signature",
        "the {header} header holds no whole tag as this scheme writes it (64 digits of hex or 44 characters of base64, after its prefix if any; candidates: {candidates}): check which provider sent it";
    /// More candidates than any provider sends.
    TooManyCandidates { header: Header<'s>, candidates: u64 } = "malformed_signature",
        "the {header} header holds {candidates} candidates, and at most 16 are allowed";
    /// Well formed, but no secret gives this signature for this payload.
    SignatureMismatch { candidates: u64, keys: u64 } = "signature_mismatch",
        "no signature matches (candidates: {candidates}, secrets: {keys}): either the payload is not what was signed (pass the raw body, before any parser), or the secret is another endpoint's or was copied with white space or quotes";
    /// The signature is right and the delivery too old.
    TooOld { age_secs: u64, tolerance_secs: u64 } = "too_old",
        "the signature is right, but {age_secs} s old and the tolerance is {tolerance_secs} s: a replay, a retry that was not signed anew, a clock that is ahead, or now in milliseconds";
    /// The signature is right and stamped in the future.
    TooNew { ahead_secs: u64, tolerance_secs: u64 } = "too_new",
        "the signature is right, but {ahead_secs} s in the future and the tolerance is {tolerance_secs} s: a clock that is behind";
    /// The payload is larger than the caller allows.
    PayloadTooLarge { payload_bytes: u64, max_bytes: u64 } = "payload_too_large",
        "the payload has {payload_bytes} bytes or more, and at most {max_bytes} are allowed";
    /// The payload is not UTF-8 where text was asked for.
    PayloadNotText {} = "invalid_payload",
        "the payload is not well-formed Unicode: pass the raw bytes";
    /// The payload is not JSON where JSON was asked for.
    PayloadNotJson {} = "invalid_payload",
        "the payload is not JSON";
    /// The secret is empty, or nothing but white space and zeros.
    BlankSecret {} = "invalid_secret",
        "the secret is empty, blank or all zero, a key that everyone knows: is the environment variable set?";
    /// The secret cannot be decoded.
    UndecodableSecret {} = "invalid_secret",
        "the secret must be padded base64 for this scheme: copy it again, whole";
    /// The secret is longer than any provider's.
    LongSecret { max_bytes: u64 } = "invalid_secret",
        "the secret is longer than {max_bytes} bytes";
    /// No secret, or more than the bound.
    SecretCount { secrets: u64, max_secrets: u64 } = "invalid_secret",
        "there are {secrets} secrets, and 1 to {max_secrets} are allowed";
    /// No row of the table has this name.
    UnknownProvider {} = "unknown_provider",
        "no provider has this name";
    /// A column of a scheme cannot be so.
    InvalidScheme { column: Column, flaw: Flaw } = "invalid_option",
        "scheme.{column} {flaw}";
    /// A scheme whose texts have no room at the boundary.
    LargeScheme { max_bytes: u64 } = "invalid_option",
        "the scheme's texts are longer than {max_bytes} bytes in all";
    /// A tolerance for a scheme that signs no time.
    UnusedTolerance {} = "invalid_option",
        "toleranceSeconds has no meaning here: this scheme signs no timestamp";
    /// A tolerance so wide that digits could move between the timestamp and its neighbour.
    WideTolerance { max_secs: u64 } = "invalid_option",
        "toleranceSeconds must be at most {max_secs}, because no literal stands beside the timestamp: digits could move across";
    /// Not a number of seconds from zero up.
    InvalidSeconds {} = "invalid_option",
        "now, timestamp and toleranceSeconds must be a number of seconds from 0 up (Infinity for toleranceSeconds alone)";
    /// A payload that two forms could have signed, and no form named.
    UnnamedForm {} = "invalid_option",
        "the payload begins as one that the timestamped form signs, with digits and a dot: name the form";
    /// A timestamp that has no twelve-digit text.
    UnsignableTimestamp { max_secs: u64 } = "invalid_option",
        "timestamp must be at most {max_secs} unix seconds: is it in milliseconds?";
    /// An id that a header cannot carry, or none where the scheme needs one.
    UnsignableId { header: Header<'s> } = "invalid_option",
        "id must fit the {header} header: 1 to 8192 printable ASCII characters, no space at either end, without what ends it in the signed content";
}

impl Error<'_> {
    /// Writes the text, without the machinery of formatting.
    ///
    /// # Errors
    /// When `out` takes no more.
    pub fn write(&self, out: &mut impl Write) -> fmt::Result {
        let mut rest = self.text();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            out.write_str(before)?;
            self.write_datum(name, out)?;
            rest = after;
        }
        out.write_str(rest)
    }
}

impl fmt::Display for Error<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl core::error::Error for Error<'_> {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::string::ToString;

    use super::*;

    #[test]
    fn every_row_has_its_own_name_a_known_code_and_data_that_stand_in_its_text() {
        let codes = BTreeSet::from([
            "missing_header",
            "malformed_header",
            "malformed_signature",
            "malformed_timestamp",
            "signature_mismatch",
            "too_old",
            "too_new",
            "payload_too_large",
            "invalid_payload",
            "invalid_secret",
            "unknown_provider",
            "invalid_option",
        ]);
        let mut seen = BTreeSet::new();
        for (name, code, text, fields) in Error::ROWS {
            assert!(codes.contains(code), "{name}: {code}");
            assert_eq!(text.matches('{').count(), fields.len(), "{name}");
            let mut rest = *text;
            for field in *fields {
                let named = std::format!("{{{field}}}");
                (_, rest) = rest.split_once(&named).expect("data stand in the text in their order");
            }
            seen.insert(*code);
        }
        assert_eq!(seen, codes, "every code is somebody's");
        let names: BTreeSet<_> = Error::ROWS.iter().map(|row| row.0).collect();
        assert_eq!(names.len(), Error::ROWS.len());
    }

    #[test]
    fn the_text_says_the_real_header_and_both_sides() {
        let header = Header { role: Role::Signature, name: "X-Acme-Signature" };
        let text = Error::LongHeader { header, max_bytes: 8192 }.to_string();
        assert_eq!(text, "the X-Acme-Signature header is longer than 8192 bytes");
        let text =
            Error::InvalidScheme { column: Column::Content, flaw: Flaw::PayloadOnce }.to_string();
        assert!(text.starts_with("scheme.content must hold 'payload'"), "{text}");
    }

    #[test]
    fn rows_are_numbered_as_they_stand() {
        let error = Error::TooNew { ahead_secs: 7, tolerance_secs: 5 };
        let (row, data) = error.row();
        assert_eq!(Error::ROWS[row].0, "TooNew");
        assert_eq!(data, [7, 5]);
    }
}
