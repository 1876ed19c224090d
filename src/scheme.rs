//! The columns of the provider table: where a signature stands, how it is written, what is signed.
//!
//! A scheme is data. The rows of [`providers`](crate::providers) and a scheme of the caller's own are
//! the same type and walk the same way.

use core::mem::discriminant;

use crate::time::{DEFAULT_TOLERANCE_SECS, MAX_TIMESTAMP_SECS};
use crate::{Error, Header, Options, Role};

/// How one sender signs.
///
/// ```
/// use hookproof::scheme::{Encoding, Part, Scheme, SecretFormat, SignatureForm, SignatureHeader};
/// use hookproof::scheme::TimestampSource;
///
/// const ACME: Scheme = Scheme {
///     name: "acme",
///     signature: SignatureHeader {
///         name: "Acme-Signature",
///         form: SignatureForm::List { separator: ';', assign: '=', tag: "h1" },
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
    /// What the sender is called; the first part of every deduplication key.
    pub name: &'s str,
    /// Where the signature is and how the header's text is laid out.
    pub signature: SignatureHeader<'s>,
    /// How a tag is written as text.
    pub encoding: Encoding,
    /// The bytes that are signed, in order. `Payload` stands in it exactly once.
    pub content: &'s [Part<'s>],
    /// How the secret's text becomes the key's bytes.
    pub secret: SecretFormat,
    /// Where the timestamp is; signed if `content` has it, else only reported.
    pub timestamp: Option<TimestampSource<'s>>,
    /// Where the provider's id is.
    pub id: Option<IdSource<'s>>,
    /// Freshness in seconds where the caller names none. `None` means 300. Only with a signed timestamp.
    /// [`Scheme::settle_tolerance_secs`] reads it.
    pub tolerance_secs: Option<u64>,
}

/// The header that carries the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureHeader<'s> {
    /// The header's name, as the provider spells it; found in any ASCII case.
    pub name: &'s str,
    /// How its text is laid out.
    pub form: SignatureForm<'s>,
}

/// How the text of a signature header is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureForm<'s> {
    /// The tag and nothing else.
    Bare,
    /// A fixed text, then the tag: `sha256=<hex>`.
    Prefix(&'s str),
    /// Named entries, of which those called `tag` are candidates: `t=1,v1=<hex>,v1=<hex>`.
    List {
        /// Stands between entries; one ASCII character.
        separator: char,
        /// Stands between an entry's name and its value; one ASCII character.
        assign: char,
        /// The name of the entries that are candidates.
        tag: &'s str,
    },
}

named! {
    /// How a tag is written as text.
    pub enum Encoding {
        /// 64 hexadecimal digits, in either case.
        Hex = "hex",
        /// Standard base64, padded and canonical: 44 characters.
        Base64 = "base64",
    }
}

named! {
    /// How a secret's text becomes the key's bytes.
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

/// Where a timestamp is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampSource<'s> {
    /// In a header of its own.
    Header(&'s str),
    /// In the entry of this name in the signature header's list.
    Field(&'s str),
}

/// Where a provider's id is.
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

named! {
    /// A column of a scheme, by its path in the JavaScript object.
    #[non_exhaustive]
    pub enum Column {
        /// [`Scheme::name`].
        Name = "name",
        /// [`SignatureHeader::name`].
        SignatureHeader = "signature.header",
        /// [`SignatureHeader::form`].
        SignatureForm = "signature.form",
        /// [`SignatureForm::Prefix`].
        Prefix = "signature.form.prefix",
        /// The separator of [`SignatureForm::List`].
        Separator = "signature.form.separator",
        /// The assignment sign of [`SignatureForm::List`].
        Assign = "signature.form.assign",
        /// The candidates' name in [`SignatureForm::List`].
        Tag = "signature.form.tag",
        /// [`TimestampSource::Header`].
        TimestampHeader = "timestamp.header",
        /// [`TimestampSource::Field`].
        TimestampField = "timestamp.field",
        /// [`IdSource::Header`], or the header that repeats the id of [`IdSource::Payload`].
        IdHeader = "id.header",
        /// [`IdSource::Payload`].
        IdPayload = "id.payload",
        /// [`Scheme::timestamp`].
        Timestamp = "timestamp",
        /// [`Scheme::id`].
        Id = "id",
        /// [`Scheme::encoding`].
        Encoding = "encoding",
        /// [`Scheme::secret`].
        Secret = "secret",
        /// [`Scheme::content`].
        Content = "content",
        /// [`Scheme::tolerance_secs`].
        Tolerance = "toleranceSeconds",
    }
}

named! {
    /// What is wrong with a column, as the second half of a sentence.
    #[non_exhaustive]
    pub enum Flaw {
        /// A name that cannot begin a deduplication key.
        BadName = "must be 1 to 64 printable ASCII characters without ':'",
        /// Not a header's name.
        NotAHeader = "must be an HTTP header name",
        /// Two columns name one header.
        HeaderTaken = "names a header that another column names",
        /// Nothing where something must be.
        Empty = "must not be empty",
        /// A text that no header can carry as it is.
        NotPlain = "must be printable ASCII, with no space in front",
        /// Not a sign that can separate.
        NotASign = "must be one ASCII character, no letter or digit",
        /// A separator that a tag may hold.
        InAlphabet = "must not be a character of base64",
        /// Separator and assignment sign are the same.
        SameSign = "must differ from separator",
        /// An entry's name holds a sign that ends it.
        HoldsSign = "must not hold separator or assign",
        /// The timestamp's entry and the candidates have one name.
        SameField = "must differ from tag",
        /// None of the three layouts.
        NotAForm = "must be 'bare', { prefix } or { separator, assign, tag }",
        /// Not an encoding.
        NotAnEncoding = "must be 'hex' or 'base64'",
        /// Not a secret format.
        NotASecretFormat = "must be 'utf8', 'base64' or 'whsec'",
        /// Neither of the places a timestamp can be in, or both.
        NotATimestamp = "must be { header } or { field }",
        /// None of the places an id can be in.
        NotAnId = "must be { header }, { payload } or { payload, header }",
        /// Not a part of the content.
        NotAPart = "must hold only 'payload', 'timestamp', 'id' and { literal }",
        /// The payload is not signed exactly once.
        PayloadOnce = "must hold 'payload' once: what is not signed is not verified",
        /// The timestamp or id is signed twice.
        PartTwice = "must hold 'timestamp' and 'id' once at most",
        /// More parts than any provider signs.
        TooLong = "must have at most 8 parts",
        /// The content signs a timestamp that is nowhere.
        NoTimestamp = "is needed, because the content has the timestamp",
        /// The content signs an id that no header carries.
        NoIdHeader = "must name a header, because the content has the id",
        /// A field without a list.
        NoList = "needs a signature form of { separator, assign, tag }",
        /// A tolerance without a signed timestamp.
        NothingToTolerate = "has no meaning: the content has no timestamp",
        /// Not a number of seconds.
        NotSeconds = "must be a number of seconds from 0 up",
        /// Bytes could move between the id and its neighbour.
        Adjoining = "must have a literal between 'id' and its neighbours: bytes could move across",
    }
}

/// The most parts a content may have.
pub const MAX_PARTS: usize = 8;

/// The widest tolerance where nothing separates the timestamp from the payload. A digit that moves across
/// makes today's timestamp longer or shorter by a digit, which is always further away than a year.
const MAX_ADJOINING_TOLERANCE_SECS: u64 = 31_536_000;

impl<'s> Scheme<'s> {
    /// Whether the content has the timestamp.
    pub fn signs_timestamp(&self) -> bool {
        self.has(Part::Timestamp)
    }

    /// How many seconds a timestamp may be from now, before or after: what the caller names, else what the
    /// scheme does, else 300. `None` where no timestamp is signed.
    ///
    /// ```
    /// use hookproof::providers::{HUMIRIS, KYC};
    ///
    /// assert_eq!(HUMIRIS.scheme.settle_tolerance_secs(None), Some(300));
    /// assert_eq!(HUMIRIS.scheme.settle_tolerance_secs(Some(60)), Some(60));
    /// assert_eq!(KYC.scheme.settle_tolerance_secs(None), None);
    /// ```
    pub fn settle_tolerance_secs(&self, named_secs: Option<u64>) -> Option<u64> {
        let named_secs = named_secs.or(self.tolerance_secs);
        self.signs_timestamp().then(|| named_secs.unwrap_or(DEFAULT_TOLERANCE_SECS))
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

    /// Checks every column against the others, once, before anything is verified by it.
    ///
    /// # Errors
    /// [`Error::InvalidScheme`] with the first wrong column and what is wrong with it.
    pub fn validate(&self) -> Result<(), Error<'s>> {
        let name_ok = matches!(self.name.len(), 1..=64)
            && self.name.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b':');
        ensure(name_ok, Column::Name, Flaw::BadName)?;
        self.validate_headers()?;
        self.validate_form()?;
        self.validate_content()?;
        let tolerance_ok = self.tolerance_secs.is_none() || self.signs_timestamp();
        ensure(tolerance_ok, Column::Tolerance, Flaw::NothingToTolerate)
    }

    fn validate_headers(&self) -> Result<(), Error<'s>> {
        ensure(is_token(self.signature.name), Column::SignatureHeader, Flaw::NotAHeader)?;
        let timestamp = match self.timestamp {
            Some(TimestampSource::Header(name)) => Some(name),
            _ => None,
        };
        if let Some(name) = timestamp {
            ensure(is_token(name), Column::TimestampHeader, Flaw::NotAHeader)?;
            let taken = name.eq_ignore_ascii_case(self.signature.name);
            ensure(!taken, Column::TimestampHeader, Flaw::HeaderTaken)?;
        }
        if let Some(IdSource::Payload { member, .. }) = self.id {
            ensure(!member.is_empty(), Column::IdPayload, Flaw::Empty)?;
        }
        if let Some(Header { name, .. }) = self.id_header() {
            ensure(is_token(name), Column::IdHeader, Flaw::NotAHeader)?;
            let taken = name.eq_ignore_ascii_case(self.signature.name)
                || timestamp.is_some_and(|timestamp| name.eq_ignore_ascii_case(timestamp));
            ensure(!taken, Column::IdHeader, Flaw::HeaderTaken)?;
        }
        Ok(())
    }

    fn validate_form(&self) -> Result<(), Error<'s>> {
        let list = match self.signature.form {
            SignatureForm::Bare => None,
            SignatureForm::Prefix(prefix) => {
                ensure(!prefix.is_empty(), Column::Prefix, Flaw::Empty)?;
                ensure(is_plain(prefix), Column::Prefix, Flaw::NotPlain)?;
                None
            }
            SignatureForm::List { separator, assign, tag } => {
                ensure(is_sign(separator), Column::Separator, Flaw::NotASign)?;
                ensure(is_sign(assign), Column::Assign, Flaw::NotASign)?;
                ensure(separator != assign, Column::Assign, Flaw::SameSign)?;
                let base64 =
                    self.encoding == Encoding::Base64 && matches!(separator, '+' | '/' | '=');
                ensure(!base64, Column::Separator, Flaw::InAlphabet)?;
                ensure(!tag.is_empty(), Column::Tag, Flaw::Empty)?;
                ensure(is_plain(tag), Column::Tag, Flaw::NotPlain)?;
                let holds = |text: &str| {
                    holds(text.as_bytes(), separator) || holds(text.as_bytes(), assign)
                };
                ensure(!holds(tag), Column::Tag, Flaw::HoldsSign)?;
                Some((tag, holds(tag) || self.field().is_some_and(holds)))
            }
        };
        let Some(field) = self.field() else {
            return Ok(());
        };
        let Some((tag, holds_sign)) = list else {
            return ensure(false, Column::TimestampField, Flaw::NoList);
        };
        ensure(!field.is_empty(), Column::TimestampField, Flaw::Empty)?;
        ensure(is_plain(field), Column::TimestampField, Flaw::NotPlain)?;
        ensure(!holds_sign, Column::TimestampField, Flaw::HoldsSign)?;
        ensure(field != tag, Column::TimestampField, Flaw::SameField)
    }

    fn validate_content(&self) -> Result<(), Error<'s>> {
        let count = |kind| self.content.iter().filter(|part| part.is(kind)).count();
        ensure(self.content.len() <= MAX_PARTS, Column::Content, Flaw::TooLong)?;
        ensure(count(Part::Payload) == 1, Column::Content, Flaw::PayloadOnce)?;
        let once = count(Part::Timestamp) <= 1 && count(Part::Id) <= 1;
        ensure(once, Column::Content, Flaw::PartTwice)?;
        let empty = |part: &Part<'_>| matches!(part, Part::Literal(text) if text.is_empty());
        ensure(!self.content.iter().any(empty), Column::Content, Flaw::Empty)?;
        let timestamp_ok = !self.signs_timestamp() || self.timestamp.is_some();
        ensure(timestamp_ok, Column::Timestamp, Flaw::NoTimestamp)?;
        let id_ok = !self.has(Part::Id) || matches!(self.id, Some(IdSource::Header(_)));
        ensure(id_ok, Column::Id, Flaw::NoIdHeader)?;
        let literal = |part: Part<'_>| part.is(Part::Literal(""));
        let adjoining = self.neighbours().any(|(left, right)| {
            (left.is(Part::Id) && !literal(right)) || (right.is(Part::Id) && !literal(left))
        });
        ensure(!adjoining, Column::Content, Flaw::Adjoining)
    }

    /// Checks a caller's options against the scheme.
    ///
    /// # Errors
    /// `invalid_option`: a tolerance where no time is signed, or one so wide that freshness no longer
    /// keeps digits from moving between the timestamp and a neighbour that nothing separates from it.
    pub fn validate_options(&self, options: &Options) -> Result<(), Error<'s>> {
        let Some(tolerance_secs) = self.settle_tolerance_secs(options.tolerance_secs) else {
            return match options.tolerance_secs {
                None => Ok(()),
                Some(_) => Err(Error::UnusedTolerance {}),
            };
        };
        let adjoining = self.neighbours().any(|(left, right)| {
            let digits = |part| match part {
                Part::Literal(text) => text.bytes().all(|byte| byte.is_ascii_digit()),
                Part::Payload | Part::Id | Part::Timestamp => true,
            };
            (left.is(Part::Timestamp) && digits(right))
                || (right.is(Part::Timestamp) && digits(left))
        });
        let max_secs = MAX_ADJOINING_TOLERANCE_SECS;
        if adjoining && tolerance_secs > max_secs {
            return Err(Error::WideTolerance { max_secs });
        }
        Ok(())
    }

    /// Whether an id could be taken apart in two ways: it holds the byte with which the literal beside it
    /// begins (or ends, on the other side), so bytes could move across.
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

    /// Whether something that a sender chooses stands before the id.
    fn varies_before_id(&self) -> bool {
        let before = self.content.iter().take_while(|part| !part.is(Part::Id));
        before.into_iter().any(|part| !matches!(part, Part::Literal(_)))
    }

    // Not copied into its callers.
    #[inline(never)]
    fn has(&self, kind: Part<'_>) -> bool {
        self.content.iter().any(|part| part.is(kind))
    }

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

fn ensure(ok: bool, column: Column, flaw: Flaw) -> Result<(), Error<'static>> {
    if ok { Ok(()) } else { Err(Error::InvalidScheme { column, flaw }) }
}

/// Whether a text holds a sign, which is ASCII. Texts are short: the search of the standard library, made for
/// long ones, is most of a kilobyte.
pub(crate) fn holds(text: &[u8], sign: char) -> bool {
    text.iter().any(|byte| char::from(*byte) == sign)
}

/// A token of RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    let sign = |byte| matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || sign(byte))
}

/// Whether a header carries the text as it is: nothing to trim, nothing to break a line.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.starts_with(' ')
}

fn is_sign(sign: char) -> bool {
    sign.is_ascii() && !sign.is_ascii_alphanumeric() && !sign.is_ascii_control()
}

const _: () = assert!(
    MAX_ADJOINING_TOLERANCE_SECS < MAX_TIMESTAMP_SECS,
    "a bound that nothing reaches bounds nothing"
);
