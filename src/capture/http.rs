//! A raw HTTP request (RFC 9112), its lines ended by CRLF or, as people save it, by LF.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::error::{CaptureError, CaptureFlaw};
use super::request::Capture;
use crate::explain::encoding::number;
use crate::explain::header::trim;

pub(super) fn parse(bytes: &[u8]) -> Result<Capture, CaptureError> {
    let mut lines = Lines { rest: bytes };
    let mut capture = Capture { method: "POST".to_owned(), ..Capture::default() };
    let mut first = true;
    loop {
        let line = lines.next().ok_or(CaptureFlaw::NoBlankLine)?;
        let request_line = if first { request_line(line) } else { None };
        if let Some((method, url)) = request_line {
            (capture.method, capture.url) = (method, url);
        } else if line.is_empty() {
            break;
        } else {
            let wrong = if first { CaptureFlaw::UnknownKind } else { CaptureFlaw::HeaderLine };
            let (name, value) = header(line, wrong)?;
            match name.as_str() {
                // What stands in the request line of HTTP/1.1.
                ":method" => capture.method = value,
                ":path" => capture.url = value,
                name if name.starts_with(':') => {}
                _ => capture.headers.push((name, value)),
            }
        }
        first = false;
    }
    capture.payload = body(&capture, lines.rest)?;
    Ok(capture)
}

/// `POST /path HTTP/1.1`, or the same without the version.
fn request_line(line: &[u8]) -> Option<(String, String)> {
    let mut words = core::str::from_utf8(line).ok()?.split(' ');
    let (method, url, version) = (words.next()?, words.next()?, words.next());
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_version = version.is_none_or(|version| version.starts_with("HTTP/"));
    (is_method && !url.is_empty() && is_version && words.next().is_none())
        .then(|| (method.to_owned(), url.to_owned()))
}

/// `name: value`. HTTP/2 captures have pseudo-headers, whose names begin with a colon.
pub(super) fn header(line: &[u8], wrong: CaptureFlaw) -> Result<(String, String), CaptureError> {
    let line = core::str::from_utf8(line).map_err(|_| CaptureFlaw::HeaderText)?;
    let skip = usize::from(line.starts_with(':'));
    let colon = line
        .get(skip..)
        .and_then(|rest| rest.find(':'))
        .map(|at| at.saturating_add(skip))
        .ok_or(wrong)?;
    let (name, value) = line.split_at_checked(colon).ok_or(wrong)?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    let value = value.get(1..).unwrap_or_default();
    if is_name { Ok((name.to_owned(), trim(value).to_owned())) } else { Err(wrong.into()) }
}

/// What the headers say is the body; else all that follows.
fn body(capture: &Capture, rest: &[u8]) -> Result<Vec<u8>, CaptureError> {
    let values = |name: &'static str| {
        let named = move |header: &&(String, String)| header.0.eq_ignore_ascii_case(name);
        capture.headers.iter().filter(named).map(|header| header.1.as_str())
    };
    let chunked = values("transfer-encoding")
        .next()
        .is_some_and(|value| value.to_ascii_lowercase().ends_with("chunked"));
    if chunked {
        return unchunk(rest);
    }
    let mut lengths = values("content-length");
    let first = lengths.next();
    if lengths.any(|other| Some(other) != first) {
        return Err(CaptureFlaw::TwoLengths.into());
    }
    match first.and_then(length) {
        Some(length) => Ok(rest.get(..length).ok_or(CaptureFlaw::ShortBody)?.to_vec()),
        None => Ok(rest.to_vec()),
    }
}

fn length(digits: &str) -> Option<usize> {
    number(digits, 10).and_then(|length| usize::try_from(length).ok())
}

fn unchunk(bytes: &[u8]) -> Result<Vec<u8>, CaptureError> {
    let mut lines = Lines { rest: bytes };
    let mut body = Vec::new();
    loop {
        let line = lines.next().ok_or(CaptureFlaw::Chunk)?;
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        let digits = core::str::from_utf8(digits).map_err(|_| CaptureFlaw::Chunk)?;
        let length = number(digits, 16).and_then(|length| usize::try_from(length).ok());
        let length = length.ok_or(CaptureFlaw::Chunk)?;
        if length == 0 {
            return Ok(body);
        }
        let (chunk, rest) = lines.rest.split_at_checked(length).ok_or(CaptureFlaw::Chunk)?;
        body.extend(chunk);
        lines.rest = rest;
        if lines.next().is_none_or(|line| !line.is_empty()) {
            return Err(CaptureFlaw::Chunk.into());
        }
    }
}

/// Lines that end with CRLF or LF, without their ends.
struct Lines<'c> {
    rest: &'c [u8],
}

impl<'c> Lines<'c> {
    fn next(&mut self) -> Option<&'c [u8]> {
        let end = self.rest.iter().position(|byte| *byte == b'\n')?;
        let (line, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.get(1..)?;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}
