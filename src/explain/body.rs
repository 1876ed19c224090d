//! What happens to a payload between the wire and the verifier: each row undoes one of these things.

mod received;
mod styles;
mod suspicion;
mod undo;

use alloc::format;
use alloc::vec::Vec;

use super::cause::{Cause, Fault};
use super::encoding::{
    Space, from_base64, from_latin1, from_percent, to_base64, to_base64url, to_latin1, to_percent,
};
use super::inflate::inflate;
use super::json::{Style, quoted};
pub(crate) use received::Body;
use styles::{likely_styles, rare_styles, spellings};
pub(super) use suspicion::suspect;
use undo::{crlf_to_lf, decimals, fields, form, form_name, lf_to_crlf, python_literal};

/// One payload that may have been signed instead of the one received.
#[derive(Clone, Copy)]
pub(crate) enum Variant {
    Row(&'static Row),
    Json(Style),
}

/// A fault, the detail of it, and what undoes it.
pub(crate) struct Row {
    cause: Cause,
    what: &'static str,
    undo: Undo,
}

/// What gives the bytes that were signed.
enum Undo {
    /// They end without these.
    Strip(&'static [u8]),
    /// They have these before and behind.
    Add(&'static [u8], &'static [u8]),
    By(fn(&Body<'_>) -> Option<Vec<u8>>),
}

impl Body<'_> {
    /// What is tried first: what happens at the edges, and the commonest spellings of JSON.
    pub(crate) fn likely(&self) -> Vec<Variant> {
        let mut variants = rows(EDGES);
        variants.extend(self.styles(likely_styles));
        variants
    }

    /// What is tried after it: other encodings, and what is wrapped around a payload.
    pub(crate) fn encodings(&self) -> Vec<Variant> {
        rows(ENCODINGS)
    }

    /// All of these.
    pub(crate) fn common(&self) -> Vec<Variant> {
        let mut variants = self.likely();
        variants.extend(self.encodings());
        variants
    }

    /// Every layout of JSON with every escaping.
    pub(crate) fn spellings(&self) -> Vec<Variant> {
        self.styles(spellings)
    }

    /// What is tried last: the root's members in every order, and number forms one by one.
    pub(crate) fn rare(&self) -> Vec<Variant> {
        self.json.as_ref().map(|json| styles(rare_styles(json, self.received))).unwrap_or_default()
    }

    fn styles(&self, all: fn() -> Vec<Style>) -> Vec<Variant> {
        self.json.as_ref().map(|_| styles(all())).unwrap_or_default()
    }

    /// The payload that was signed if this is what happened; `None` where it cannot have, or changes
    /// nothing.
    pub(crate) fn undo(&self, variant: Variant) -> Option<Vec<u8>> {
        let signed = match variant {
            Variant::Row(row) => match row.undo {
                Undo::Strip(end) => self.payload.strip_suffix(end)?.into(),
                Undo::Add(start, end) => [start, self.payload, end].concat(),
                Undo::By(undo) => undo(self)?,
            },
            Variant::Json(style) => self.json.as_ref()?.write(&style, self.max_written_bytes()),
        };
        (signed != self.payload).then_some(signed)
    }

    /// What tells variants apart before they are made: a style without the escapes that change nothing.
    pub(crate) fn essence(&self, variant: Variant) -> Option<Style> {
        match (variant, &self.json) {
            (Variant::Json(style), Some(json)) => Some(json.essence(&style)),
            _ => None,
        }
    }

    pub(crate) fn fault(&self, variant: Variant) -> Fault {
        match variant {
            Variant::Row(row) => {
                let fix = (row.cause == Cause::OtherContent)
                    .then_some("pass the body alone: the content that was signed is made of it");
                Fault { fix, ..Fault::new(row.cause, row.what) }
            }
            Variant::Json(style) => {
                let signed = style.describe();
                let received = self.received.map(|received| received.layout);
                match received.filter(|layout| *layout != style.layout) {
                    Some(layout) => Fault::new(
                        Cause::JsonReserialised,
                        format!("signed: {signed}; received: {}", layout.name),
                    ),
                    None => Fault::new(Cause::JsonReserialised, format!("signed: {signed}")),
                }
            }
        }
    }
}

fn rows(rows: &'static [Row]) -> Vec<Variant> {
    rows.iter().map(Variant::Row).collect()
}

fn styles(styles: Vec<Style>) -> Vec<Variant> {
    styles.into_iter().map(Variant::Json).collect()
}

macro_rules! rows {
    ($($cause:ident, $what:expr, $undo:ident $arguments:tt;)+) => {
        &[$(Row { cause: Cause::$cause, what: $what, undo: Undo::$undo $arguments }),+]
    };
}

/// What happens to a payload's ends and lines, undone. Where two undo to the same bytes, the first counts.
const EDGES: &[Row] = rows! {
    OtherContent, "the payload passed is already the whole of it", By(|body| {
        let [before, after] = &body.around;
        Some(body.payload.strip_prefix(&**before)?.strip_suffix(&**after)?.into())
    });
    NewlineAdded, "a line feed", Strip(b"\n");
    NewlineAdded, "a carriage return and a line feed", Strip(b"\r\n");
    NewlineLost, "a line feed", Add(b"", b"\n");
    NewlineLost, "a carriage return and a line feed", Add(b"", b"\r\n");
    WhiteSpace, "some was added that was not signed", By(|body| Some(body.payload.trim_ascii().into()));
    WhiteSpace, "some was added at the start", By(|body| Some(body.payload.trim_ascii_start().into()));
    WhiteSpace, "some was added at the end", By(|body| Some(body.payload.trim_ascii_end().into()));
    WhiteSpace, "a space at the end was lost", Add(b"", b" ");
    WhiteSpace, "a space at the start was lost", Add(b" ", b"");
    WhiteSpace, "a line break at the start was lost", Add(b"\n", b"");
    WhiteSpace, "line breaks at both ends were lost", Add(b"\n", b"\n");
    WhiteSpace, "two line breaks at the end were lost", Add(b"", b"\n\n");
    LineEndings, "CRLF was signed, LF was received", By(lf_to_crlf);
    LineEndings, "LF was signed, CRLF was received", By(crlf_to_lf);
    LineEndings, "LF was signed, CR was received", By(|body| {
        let no_lf = !body.payload.contains(&b'\n');
        no_lf.then(|| body.payload.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect())
    });
    ByteOrderMark, "added", By(|body| body.payload.strip_prefix(BOM).map(Vec::from));
    ByteOrderMark, "lost", Add(BOM, b"");
};

/// How a payload is encoded and wrapped on its way, undone.
const ENCODINGS: &[Row] = rows! {
    Base64Payload, "received was base64 of it", By(|body| from_base64(body.payload));
    Base64Payload, "received was base64 of it, in quotes", By(|body| {
        from_base64(body.payload.strip_prefix(b"\"")?.strip_suffix(b"\"")?)
    });
    Base64Payload, "signed was its base64 text", By(|body| Some(to_base64(body.payload)));
    Base64Payload, "signed was its base64url text", By(|body| Some(to_base64url(body.payload)));
    CompressedPayload, "received is gzip, and the inflated bytes were signed", By(|body| inflate(body.payload));
    CompressedPayload, "received is base64 of gzip, and the inflated bytes were signed", By(|body| {
        inflate(&from_base64(body.payload)?)
    });
    WrongCharset, "received was read as Latin-1 and written as UTF-8", By(|body| to_latin1(body.payload, false));
    WrongCharset, "received was read as Windows-1252 and written as UTF-8", By(|body| to_latin1(body.payload, true));
    WrongCharset, "UTF-8 was signed, and received was written as Latin-1", By(|body| Some(from_latin1(body.payload)));
    UrlEncodedPayload, "received is percent-encoded, and signed was the plain text", By(|body| {
        from_percent(body.payload, Space::Percent)
    });
    UrlEncodedPayload, "received is form-encoded, and signed was the plain text", By(|body| {
        from_percent(body.payload, Space::Plus)
    });
    UrlEncodedPayload, "signed was percent-encoded text, and received was decoded", By(|body| {
        Some(to_percent(body.payload, Space::Percent))
    });
    UrlEncodedPayload, "signed was form-encoded text, and received was decoded", By(|body| {
        Some(to_percent(body.payload, Space::Plus))
    });
    FormPayload, "signed was the JSON, and received has it in a form's field", By(|body| {
        let at = body.payload.iter().position(|byte| *byte == b'=')?;
        let value = body.payload.get(at.checked_add(1)?..)?;
        let value = value.split(|byte| *byte == b'&').next()?;
        from_percent(value, Space::Plus)
    });
    FormPayload, "a form parser took the text for a field's name, and wrote it again as JSON or a form", By(form_name);
    FormPayload, "signed was a form whose field payload holds the JSON", By(|body| form(body, b"payload=", Space::Plus));
    FormPayload, "signed was a form whose field payload holds the JSON, spaces as %20", By(|body| {
        form(body, b"payload=", Space::Percent)
    });
    FormPayload, "signed was a form, and received is what a form parser made of it, as JSON", By(|body| fields(body, Space::Plus));
    FormPayload, "signed was a form with spaces as %20, and received is what a form parser made of it, as JSON", By(|body| {
        fields(body, Space::Percent)
    });
    JsonStringPayload, "received was stringified once more", By(|body| Some(body.json.as_ref()?.text()?.into_bytes()));
    JsonStringPayload, "signed was stringified once more", By(|body| {
        core::str::from_utf8(body.payload).ok().map(quoted)
    });
    BytesAsText, "a buffer written as JSON", By(|body| body.json.as_ref()?.buffer());
    BytesAsText, "decimal numbers with commas", By(decimals);
    BytesAsText, "hex", By(|body| super::encoding::from_hex(body.payload));
    BytesAsText, "a Python bytes literal, b'…'", By(python_literal);
    TruncatedPayload, "the last brace is missing", Add(b"", b"}");
    BytesAfterPayload, "Content-Length counts fewer bytes", By(|body| {
        body.payload.get(..body.content_length?).map(Vec::from)
    });
    BytesAfterPayload, "bytes of zero follow", By(|body| {
        let end = body.payload.iter().rposition(|byte| *byte != 0)?.checked_add(1)?;
        body.payload.get(..end).map(Vec::from)
    });
};

const BOM: &[u8] = "\u{feff}".as_bytes();
