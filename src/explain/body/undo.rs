//! What undoes the faults that take more than a line to undo.

use alloc::vec::Vec;

use super::super::encoding::{Space, form_of, from_hex, from_percent, number, to_percent};
use super::super::json::Json;
use super::received::Body;

pub(super) fn lf_to_crlf(body: &Body<'_>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.payload.len());
    for byte in body.payload {
        if *byte == b'\n' && out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    Some(out)
}

pub(super) fn crlf_to_lf(body: &Body<'_>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.payload.len());
    for byte in body.payload {
        if *byte == b'\n' && out.last() == Some(&b'\r') {
            out.pop();
        }
        out.push(*byte);
    }
    Some(out)
}

pub(super) fn form(body: &Body<'_>, field: &[u8], space: Space) -> Option<Vec<u8>> {
    Some([field, &to_percent(body.payload, space)].concat())
}

/// The form of which a parser made this object of texts.
pub(super) fn fields(body: &Body<'_>, space: Space) -> Option<Vec<u8>> {
    Some(form_of(&body.json.as_ref()?.fields()?, space))
}

/// What express.urlencoded makes of JSON: `{"{…}":""}`, or the form `…=`.
pub(super) fn form_name(body: &Body<'_>) -> Option<Vec<u8>> {
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
pub(super) fn decimals(body: &Body<'_>) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(body.payload).ok()?;
    let mut bytes = Vec::new();
    for digits in text.split(',') {
        bytes.push(u8::try_from(number(digits.trim(), 10)?).ok()?);
    }
    Some(bytes)
}

/// `b'…'`: what Python prints of bytes.
pub(super) fn python_literal(body: &Body<'_>) -> Option<Vec<u8>> {
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
                out.extend(from_hex(digits)?);
                rest = after;
            }
            other => out.push(*other),
        }
    }
    Some(out)
}
