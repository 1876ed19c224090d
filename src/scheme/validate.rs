use super::column::{Column, Flaw};
use super::{IdSource, Layout, MAX_PARTS, Part, Scheme, TimestampSource, holds};
use crate::error::{Error, Header};
use crate::options::Options;
use crate::time::MAX_TIMESTAMP_SECS;

/// The widest tolerance where no literal separates the timestamp from its neighbour. A digit that moves across makes
/// today's timestamp a digit longer or shorter, which is always more than a year away.
const MAX_ADJOINING_TOLERANCE_SECS: u64 = 31_536_000;

impl<'s> Scheme<'s> {
    /// Checks every column, and the columns against each other. [`verify`](crate::verify()) does this first.
    ///
    /// # Errors
    /// [`Error::InvalidScheme`] with the first wrong column and its flaw.
    pub fn validate(&self) -> Result<(), Error<'s>> {
        let name_ok = matches!(self.name.len(), 1..=64)
            && self.name.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b':');
        ensure(name_ok, Column::Name, Flaw::BadName)?;
        self.validate_headers()?;
        self.validate_layout()?;
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

    fn validate_layout(&self) -> Result<(), Error<'s>> {
        let list = match self.signature.layout {
            Layout::Bare => None,
            Layout::Prefix(prefix) => {
                ensure(!prefix.is_empty(), Column::Prefix, Flaw::Empty)?;
                ensure(is_plain(prefix), Column::Prefix, Flaw::NotPlain)?;
                None
            }
            Layout::List { separator, assign, name } => {
                ensure(is_sign(separator), Column::Separator, Flaw::NotASign)?;
                ensure(is_sign(assign), Column::Assign, Flaw::NotASign)?;
                ensure(separator != assign, Column::Assign, Flaw::SameSign)?;
                ensure(!self.encoding.has(separator), Column::Separator, Flaw::InAlphabet)?;
                ensure(!name.is_empty(), Column::CandidateName, Flaw::Empty)?;
                ensure(is_plain(name), Column::CandidateName, Flaw::NotPlain)?;
                let holds = |text: &str| {
                    holds(text.as_bytes(), separator) || holds(text.as_bytes(), assign)
                };
                ensure(!holds(name), Column::CandidateName, Flaw::HoldsSign)?;
                Some((name, holds(name) || self.field().is_some_and(holds)))
            }
        };
        let Some(field) = self.field() else {
            return Ok(());
        };
        let Some((name, holds_sign)) = list else {
            return ensure(false, Column::TimestampField, Flaw::NoList);
        };
        ensure(!field.is_empty(), Column::TimestampField, Flaw::Empty)?;
        ensure(is_plain(field), Column::TimestampField, Flaw::NotPlain)?;
        ensure(!holds_sign, Column::TimestampField, Flaw::HoldsSign)?;
        ensure(field != name, Column::TimestampField, Flaw::SameField)
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
    /// `invalid_option`: a tolerance where no timestamp is signed, or one so wide that digits could move between the
    /// timestamp and a neighbour without a literal between them.
    pub fn validate_options(&self, options: &Options) -> Result<(), Error<'s>> {
        let Some(tolerance_secs) = self.effective_tolerance_secs(options.tolerance_secs) else {
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
}

fn ensure(ok: bool, column: Column, flaw: Flaw) -> Result<(), Error<'static>> {
    if ok { Ok(()) } else { Err(Error::InvalidScheme { column, flaw }) }
}

/// Whether `text` is a token (RFC 9110, section 5.6.2).
fn is_token(text: &str) -> bool {
    let sign = |byte| matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || sign(byte))
}

/// Whether a header carries `text` unchanged: it has no white space in front and no control character.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.starts_with(' ')
}

fn is_sign(sign: char) -> bool {
    sign.is_ascii() && !sign.is_ascii_alphanumeric() && !sign.is_ascii_control()
}

const _: () =
    assert!(MAX_ADJOINING_TOLERANCE_SECS < MAX_TIMESTAMP_SECS, "a bound must be within reach");
