//! What happens to a payload between the wire and the verifier: each row undoes one of these things.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::cause::{Cause, Fault};
use super::encoding::{
    Space, from_base64, from_latin1, from_percent, to_base64, to_base64url, to_latin1, to_percent,
};
use super::json::{COMPACT, ESCAPES, Json, LAYOUTS, Numbers, Order, Style};

/// The most bytes a compressed payload may inflate to.
const MAX_INFLATED_BYTES: usize = 8 * 1024 * 1024;

/// The most bytes of JSON that are taken apart: of more, no spelling could be tried within the bounds.
const MAX_JSON_BYTES: usize = 8 * 1024 * 1024;

/// The most members that are tried in every order.
const MAX_PERMUTED: usize = 6;

/// The most numbers of which every choice is tried.
const MAX_CHOSEN: usize = 8;

/// The received payload, and what it is if it is JSON.
pub(crate) struct Body<'p> {
    pub(crate) payload: &'p [u8],
    pub(crate) json: Option<Json<'p>>,
    content_length: Option<usize>,
    received: Option<Style>,
}

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
    undo: fn(&Body<'_>) -> Option<Vec<u8>>,
}

impl<'p> Body<'p> {
    pub(crate) fn new(payload: &'p [u8], content_length: Option<usize>) -> Self {
        let json = if payload.len() <= MAX_JSON_BYTES { Json::parse(payload) } else { None };
        let received = json.as_ref().and_then(|json| json.style_of(payload));
        Self { payload, json, content_length, received }
    }

    /// What is tried first: what happens at the edges, and the commonest spellings of JSON.
    pub(crate) fn likely(&self) -> impl Iterator<Item = Variant> {
        let styles = if self.json.is_some() { likely_styles() } else { Vec::new() };
        EDGES.iter().map(Variant::Row).chain(styles.into_iter().map(Variant::Json))
    }

    /// What is tried after it: other encodings, and what is wrapped around a payload.
    pub(crate) fn encodings(&self) -> impl Iterator<Item = Variant> {
        ENCODINGS.iter().map(Variant::Row)
    }

    /// Every layout of JSON with every escaping.
    pub(crate) fn spellings(&self) -> impl Iterator<Item = Variant> {
        self.json.iter().flat_map(|_| spellings()).map(Variant::Json)
    }

    /// What is tried last: the root's members in every order, and number forms one by one.
    pub(crate) fn rare(&self) -> impl Iterator<Item = Variant> {
        self.json.iter().flat_map(|json| rare_styles(json, self.received)).map(Variant::Json)
    }

    /// The payload that was signed if this is what happened; `None` where it cannot have, or changes
    /// nothing.
    pub(crate) fn undo(&self, variant: Variant) -> Option<Vec<u8>> {
        let signed = match variant {
            Variant::Row(row) => (row.undo)(self)?,
            Variant::Json(style) => self.json.as_ref()?.write(&style),
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
            Variant::Row(row) => Fault::new(row.cause, row.what),
            Variant::Json(style) => {
                let signed = style.describe();
                let what = match self.received {
                    Some(received) if received.layout != style.layout => {
                        format!("signed: {signed}; received: {}", received.layout.name)
                    }
                    _ => format!("signed: {signed}"),
                };
                Fault::new(Cause::JsonReserialised, what)
            }
        }
    }
}

macro_rules! rows {
    ($($cause:ident, $what:expr, $undo:expr;)+) => {
        &[$(Row { cause: Cause::$cause, what: $what, undo: $undo }),+]
    };
}

/// What happens to a payload's ends and lines, undone. Where two undo to the same bytes, the first counts.
const EDGES: &[Row] = rows! {
    NewlineAdded, "a line feed", |body| strip_end(body, b"\n");
    NewlineAdded, "a carriage return and a line feed", |body| strip_end(body, b"\r\n");
    NewlineLost, "a line feed", |body| add(body, b"", b"\n");
    NewlineLost, "a carriage return and a line feed", |body| add(body, b"", b"\r\n");
    WhiteSpace, "some was added that was not signed", |body| Some(body.payload.trim_ascii().into());
    WhiteSpace, "some was added at the start", |body| Some(body.payload.trim_ascii_start().into());
    WhiteSpace, "some was added at the end", |body| Some(body.payload.trim_ascii_end().into());
    WhiteSpace, "a space at the end was lost", |body| add(body, b"", b" ");
    WhiteSpace, "a space at the start was lost", |body| add(body, b" ", b"");
    WhiteSpace, "a line break at the start was lost", |body| add(body, b"\n", b"");
    WhiteSpace, "line breaks at both ends were lost", |body| add(body, b"\n", b"\n");
    WhiteSpace, "two line breaks at the end were lost", |body| add(body, b"", b"\n\n");
    LineEndings, "CRLF was signed, LF was received", lf_to_crlf;
    LineEndings, "LF was signed, CRLF was received", crlf_to_lf;
    LineEndings, "LF was signed, CR was received", |body| {
        let no_lf = !body.payload.contains(&b'\n');
        no_lf.then(|| body.payload.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect())
    };
    ByteOrderMark, "added", |body| body.payload.strip_prefix(BOM).map(Vec::from);
    ByteOrderMark, "lost", |body| add(body, BOM, b"");
};

/// How a payload is encoded and wrapped on its way, undone.
const ENCODINGS: &[Row] = rows! {
    Base64Payload, "received was base64 of it", |body| from_base64(body.payload);
    Base64Payload, "received was base64 of it, in quotes", |body| {
        from_base64(body.payload.strip_prefix(b"\"")?.strip_suffix(b"\"")?)
    };
    Base64Payload, "signed was its base64 text", |body| Some(to_base64(body.payload));
    Base64Payload, "signed was its base64url text", |body| Some(to_base64url(body.payload));
    CompressedPayload, "received is gzip, and the inflated bytes were signed", |body| inflate(body.payload);
    CompressedPayload, "received is base64 of gzip, and the inflated bytes were signed", |body| {
        inflate(&from_base64(body.payload)?)
    };
    WrongCharset, "received was read as Latin-1 and written as UTF-8", |body| to_latin1(body.payload, false);
    WrongCharset, "received was read as Windows-1252 and written as UTF-8", |body| to_latin1(body.payload, true);
    WrongCharset, "UTF-8 was signed, and received was written as Latin-1", |body| Some(from_latin1(body.payload));
    UrlEncodedPayload, "received is percent-encoded, and signed was the plain text", |body| {
        from_percent(body.payload, Space::Percent)
    };
    UrlEncodedPayload, "received is form-encoded, and signed was the plain text", |body| {
        from_percent(body.payload, Space::Plus)
    };
    UrlEncodedPayload, "signed was percent-encoded text, and received was decoded", |body| {
        Some(to_percent(body.payload, Space::Percent))
    };
    UrlEncodedPayload, "signed was form-encoded text, and received was decoded", |body| {
        Some(to_percent(body.payload, Space::Plus))
    };
    FormPayload, "signed was the JSON, and received has it in a form's field", |body| {
        let at = body.payload.iter().position(|byte| *byte == b'=')?;
        let value = body.payload.get(at.checked_add(1)?..)?;
        let value = value.split(|byte| *byte == b'&').next()?;
        from_percent(value, Space::Plus)
    };
    FormPayload, "a form parser took the text for a field's name, and wrote it again as JSON or a form", form_name;
    FormPayload, "signed was a form whose field payload holds the JSON", |body| form(body, b"payload=", Space::Plus);
    FormPayload, "signed was a form whose field payload holds the JSON, spaces as %20", |body| {
        form(body, b"payload=", Space::Percent)
    };
    FormPayload, "signed was a form, and received is what a form parser made of it, as JSON", |body| fields(body, Space::Plus);
    FormPayload, "signed was a form with spaces as %20, and received is what a form parser made of it, as JSON", |body| {
        fields(body, Space::Percent)
    };
    JsonStringPayload, "received was stringified once more", |body| Some(body.json.as_ref()?.text()?.into_bytes());
    JsonStringPayload, "signed was stringified once more", |body| {
        serde_json::to_vec(core::str::from_utf8(body.payload).ok()?).ok()
    };
    BytesAsText, "a buffer written as JSON", |body| body.json.as_ref()?.buffer();
    BytesAsText, "decimal numbers with commas", decimals;
    BytesAsText, "hex", |body| super::encoding::from_hex(body.payload);
    BytesAsText, "a Python bytes literal, b'…'", python_literal;
    TruncatedPayload, "the last brace is missing", |body| add(body, b"", b"}");
    BytesAfterPayload, "Content-Length counts fewer bytes", |body| {
        body.payload.get(..body.content_length?).map(Vec::from)
    };
    BytesAfterPayload, "bytes of zero follow", |body| {
        let end = body.payload.iter().rposition(|byte| *byte != 0)?.checked_add(1)?;
        body.payload.get(..end).map(Vec::from)
    };
};

const BOM: &[u8] = "\u{feff}".as_bytes();

/// What libraries write by default, the likeliest first.
fn likely_styles() -> Vec<Style> {
    let all = |list: &[(usize, usize)]| -> Vec<Style> {
        let style = |(layout, escapes): &(usize, usize)| {
            Some(Style::new(*LAYOUTS.get(*layout)?, *ESCAPES.get(*escapes)?))
        };
        list.iter().filter_map(style).collect()
    };
    let mut styles = all(&[
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 2),
        (2, 0),
        (3, 0),
        (4, 0),
        (0, 3),
        (0, 2),
        (0, 4),
        (0, 5),
    ]);
    styles.extend(all(&[(0, 7), (0, 6), (1, 1), (2, 1), (3, 3), (3, 2), (2, 2), (3, 1)]));
    let compact = styles.first().copied();
    let plain = styles.get(1).copied();
    styles.extend(plain.map(|style| Style { numbers: Numbers::JavaScript, ..style }));
    let padded = Numbers::Padded { decimals: 1, which: u64::MAX };
    styles.extend(compact.map(|style| Style { numbers: padded, ..style }));
    styles.extend(compact.map(|style| Style { order: Order::Sorted, ..style }));
    styles.extend(compact.map(|style| Style { end: "\n", ..style }));
    styles
}

/// Every layout with every escaping: as it is, with a line break at the end, with sorted keys.
fn spellings() -> impl Iterator<Item = Style> {
    let each = || {
        LAYOUTS
            .iter()
            .flat_map(|layout| ESCAPES.iter().map(|escapes| Style::new(*layout, *escapes)))
    };
    let ended = each().map(|style| Style { end: "\n", ..style });
    let sorted = each().map(|style| Style { order: Order::Sorted, ..style });
    each().chain(ended).chain(sorted)
}

/// The styles that change more than white space and escapes, written compactly and as received.
fn rare_styles(json: &Json<'_>, received: Option<Style>) -> impl Iterator<Item = Style> {
    let compact = ESCAPES.first().map(|kept| Style::new(COMPACT, *kept));
    let bases: Vec<_> = received.into_iter().chain(compact).collect();
    let permutations = match json.members {
        members @ 2..=MAX_PERMUTED => (1..=members).product(),
        _ => 0,
    };
    let numbers = number_forms(json);
    bases.into_iter().flat_map(move |base| {
        let counted: Vec<_> =
            numbers.iter().map(|numbers| Style { numbers: *numbers, ..base }).collect();
        let ordered =
            (0..permutations).map(move |number| Style { order: Order::Permuted(number), ..base });
        counted.into_iter().chain(ordered)
    })
}

/// The number forms that this document could have had.
fn number_forms(json: &Json<'_>) -> Vec<Numbers> {
    let mut forms = alloc::vec![Numbers::JavaScript, Numbers::Python];
    for decimals in [1, 2] {
        forms.push(Numbers::Padded { decimals, which: u64::MAX });
        let bits =
            |count: usize| 1_u64.checked_shl(u32::try_from(count).unwrap_or(u32::MAX)).unwrap_or(0);
        let choices: Vec<u64> = match json.numbers {
            0 => Vec::new(),
            count @ 1..=MAX_CHOSEN => (1..bits(count)).collect(),
            count => (0..count.min(64)).map(bits).collect(),
        };
        forms.extend(choices.into_iter().map(|which| Numbers::Padded { decimals, which }));
    }
    if json.numbers == 0 { Vec::new() } else { forms }
}

fn strip_end(body: &Body<'_>, end: &[u8]) -> Option<Vec<u8>> {
    body.payload.strip_suffix(end).map(Vec::from)
}

fn add(body: &Body<'_>, start: &[u8], end: &[u8]) -> Option<Vec<u8>> {
    Some([start, body.payload, end].concat())
}

fn lf_to_crlf(body: &Body<'_>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.payload.len());
    for byte in body.payload {
        if *byte == b'\n' && out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    Some(out)
}

fn crlf_to_lf(body: &Body<'_>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.payload.len());
    for byte in body.payload {
        if *byte == b'\n' && out.last() == Some(&b'\r') {
            out.pop();
        }
        out.push(*byte);
    }
    Some(out)
}

/// Inflates gzip or zlib, up to a bound.
pub(crate) fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    use miniz_oxide::inflate::{decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};
    match bytes {
        [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] => {
            decompress_to_vec_with_limit(after_gzip_header(*flags, rest)?, MAX_INFLATED_BYTES).ok()
        }
        [0x78, ..] => decompress_to_vec_zlib_with_limit(bytes, MAX_INFLATED_BYTES).ok(),
        _ => None,
    }
}

/// Skips what RFC 1952 lets stand between gzip's fixed header and the data.
fn after_gzip_header(flags: u8, mut rest: &[u8]) -> Option<&[u8]> {
    let [crc, extra, name, comment] = [2, 4, 8, 16].map(|bit| flags & bit != 0);
    if extra {
        let (length, after) = rest.split_first_chunk()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [name, comment] {
        if text {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end.checked_add(1)?..)?;
        }
    }
    if crc { rest.get(2..) } else { Some(rest) }
}

fn form(body: &Body<'_>, field: &[u8], space: Space) -> Option<Vec<u8>> {
    Some([field, &to_percent(body.payload, space)].concat())
}

/// The form of which a parser made this object of texts.
fn fields(body: &Body<'_>, space: Space) -> Option<Vec<u8>> {
    let fields = body.json.as_ref()?.fields()?;
    let pair = |(name, value): &(String, String)| {
        [to_percent(name.as_bytes(), space), to_percent(value.as_bytes(), space)].join(&b'=')
    };
    Some(fields.iter().map(pair).collect::<Vec<_>>().join(&b'&'))
}

/// What express.urlencoded makes of JSON: `{"{…}":""}`, or the form `…=`.
fn form_name(body: &Body<'_>) -> Option<Vec<u8>> {
    if let Some(fields) = body.json.as_ref().and_then(Json::fields) {
        return match fields.as_slice() {
            [(name, value)] if value.is_empty() => Some(name.clone().into_bytes()),
            _ => None,
        };
    }
    let name = body.payload.strip_suffix(b"=")?;
    Some(from_percent(name, Space::Plus).unwrap_or_else(|| name.into()))
}

/// `123,34,105`: what JavaScript prints of a list of bytes.
fn decimals(body: &Body<'_>) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(body.payload).ok()?;
    text.split(',').map(|number| number.trim().parse().ok()).collect()
}

/// `b'…'`: what Python prints of bytes.
fn python_literal(body: &Body<'_>) -> Option<Vec<u8>> {
    let [b'b', quote @ (b'\'' | b'"'), inner @ .., end] = body.payload else {
        return None;
    };
    if quote != end {
        return None;
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        let (escaped, after) = rest.split_first()?;
        rest = after;
        match escaped {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'x' => {
                let (digits, after) = rest.split_at_checked(2)?;
                out.extend(super::encoding::from_hex(digits)?);
                rest = after;
            }
            other => out.push(*other),
        }
    }
    Some(out)
}

/// What the payload looks like where nothing was proven: the body is lost, or cannot be got back.
pub(crate) fn suspect(body: &Body<'_>, content_encoding: Option<&str>) -> Option<Fault> {
    let payload = body.payload;
    if payload.is_empty() {
        return Some(Fault::new(Cause::EmptyPayload, ""));
    }
    let stand_in = |text: &&str| payload == text.as_bytes();
    let object = payload.starts_with(b"[object ") && payload.ends_with(b"]");
    let python = payload.starts_with(b"{'")
        || payload.starts_with(b"<_io.")
        || payload.starts_with(b"<bound method");
    if let Some(text) = STAND_INS.iter().find(|text| stand_in(text)) {
        return Some(Fault::new(Cause::StringifiedObject, *text));
    }
    if object || python {
        let what = if object {
            "the JavaScript text of an object"
        } else {
            "the Python text of an object"
        };
        return Some(Fault::new(Cause::StringifiedObject, what));
    }
    let replaced = payload.windows(3).filter(|bytes| *bytes == "\u{fffd}".as_bytes()).count();
    if replaced > 0 {
        let what = format!("{replaced} characters were replaced by U+FFFD and cannot be got back");
        return Some(Fault::new(Cause::WrongCharset, what));
    }
    if let Some(what) = truncated(body) {
        return Some(Fault::new(Cause::TruncatedPayload, what));
    }
    if let Some(encoding) = content_encoding
        && inflate(payload).is_none()
    {
        let what = format!(
            "the Content-Encoding header says {encoding} and the payload is not, so it was inflated on the way; perhaps the compressed bytes were signed"
        );
        return Some(Fault::new(Cause::CompressedPayload, what));
    }
    rewritten(body).map(|what| Fault::new(Cause::JsonReserialised, what))
}

const STAND_INS: &[&str] =
    &["undefined", "null", "None", "NaN", "true", "false", "{}", "\"\"", "''"];

/// Where readers of bodies stop, in bytes.
const READ_LIMITS: &[usize] = &[
    1024, 2048, 4096, 8192, 16_384, 32_768, 65_535, 65_536, 100_000, 102_400, 131_072, 262_144,
    500_000, 512_000, 524_288, 1_000_000, 1_048_576, 2_097_152, 4_194_304, 5_242_880, 6_291_456,
    10_485_760,
];

fn truncated(body: &Body<'_>) -> Option<String> {
    let bytes = body.payload.len();
    if let Some(due) = body.content_length
        && due > bytes
    {
        return Some(format!("Content-Length says {due} bytes and {bytes} are here"));
    }
    let opens = matches!(body.payload.trim_ascii_start().first(), Some(b'{' | b'['));
    if body.json.is_some() || !opens {
        return None;
    }
    let limit = READ_LIMITS.contains(&bytes);
    let ends_early = serde_json::from_slice::<serde::de::IgnoredAny>(body.payload)
        .is_err_and(|error| error.is_eof());
    match (limit, ends_early) {
        (true, true) => {
            Some(format!("it is JSON that stops after {bytes} bytes, which is a common limit"))
        }
        (false, true) => Some(format!("it is JSON that stops after {bytes} bytes, in the middle")),
        _ => None,
    }
}

/// What speaks for JSON that was parsed and written again in a way that cannot be undone.
fn rewritten(body: &Body<'_>) -> Option<String> {
    let json = body.json.as_ref()?;
    let lost = "which cannot be undone from here; this may be and is not proven; if it is not so, the secret is another one";
    if json.sorted {
        return Some(format!(
            "its keys are all in alphabetical order, so something may have sorted them, {lost}"
        ));
    }
    let layout = body.received.map(|style| style.layout).filter(|layout| *layout != COMPACT)?;
    Some(format!(
        "it is JSON {}, as programs write it that parsed it before, perhaps in another order of keys, {lost}",
        layout.name
    ))
}
