//! What a payload looks like where nothing was proven.

use super::super::cause::{Cause, Fault};
use super::super::inflate::inflate;
use super::super::json;
use super::received::Body;
use alloc::format;

/// What the payload looks like where nothing was proven: the body is lost, or cannot be got back.
pub(in crate::explain) fn suspect(
    body: &Body<'_>,
    content_encoding: Option<&str>,
) -> Option<Fault> {
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
        return Some(Fault::new(
            Cause::WrongCharset,
            format!("{replaced} characters were replaced by U+FFFD and cannot be got back"),
        ));
    }
    if let Some(fault) = truncated(body) {
        return Some(fault);
    }
    if let Some(encoding) = content_encoding
        && inflate(payload).is_none()
    {
        return Some(Fault::new(
            Cause::CompressedPayload,
            format!(
                "the Content-Encoding header says {encoding} and the payload is not, so it was inflated on the way; perhaps the compressed bytes were signed"
            ),
        ));
    }
    rewritten(body)
}

const STAND_INS: &[&str] =
    &["undefined", "null", "None", "NaN", "true", "false", "{}", "\"\"", "''"];

/// Where readers of bodies stop, in bytes.
const READ_LIMITS: &[usize] = &[
    1024, 2048, 4096, 8192, 16_384, 32_768, 65_535, 65_536, 100_000, 102_400, 131_072, 262_144,
    500_000, 512_000, 524_288, 1_000_000, 1_048_576, 2_097_152, 4_194_304, 5_242_880, 6_291_456,
    10_485_760,
];

fn truncated(body: &Body<'_>) -> Option<Fault> {
    let bytes = body.payload.len();
    if let Some(due) = body.content_length
        && due > bytes
    {
        return Some(Fault::new(
            Cause::TruncatedPayload,
            format!("Content-Length says {due} bytes and {bytes} are here"),
        ));
    }
    let opens = matches!(body.payload.trim_ascii_start().first(), Some(b'{' | b'['));
    if body.json.is_some() || !opens {
        return None;
    }
    let limit = READ_LIMITS.contains(&bytes);
    let ends_early = matches!(json::read(body.payload), Err(json::Broken::Early));
    let how = if limit { "which is a common limit" } else { "in the middle" };
    ends_early.then(|| {
        Fault::new(
            Cause::TruncatedPayload,
            format!("it is JSON that stops after {bytes} bytes, {how}"),
        )
    })
}

/// What speaks for JSON that was parsed and written again in a way that cannot be undone. White space in it does not:
/// some senders write it so, and what removes or adds it was tried.
fn rewritten(body: &Body<'_>) -> Option<Fault> {
    body.json.as_ref().filter(|json| json.sorted)?;
    let fault = Fault::new(
        Cause::JsonReserialised,
        "its keys are all in alphabetical order, so something may have sorted them, which cannot be undone from here; that is not proven, and if they came so, the secret is another one",
    );
    let fix = "pass the raw body, byte for byte as it came, before any JSON parser; if that is done, compare the secret with the sender's";
    Some(Fault { fix: Some(fix), ..fault })
}
