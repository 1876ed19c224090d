//! Deliveries as people have them, taken apart into headers and exact payload bytes: a raw HTTP request, a
//! curl command, a HAR entry.

mod curl;
mod error;
mod har;
mod http;
mod request;
mod shell;

pub use error::{CaptureError, CaptureFlaw};
pub use request::Capture;

use crate::explain::{MAX_HEADERS_BYTES, header_line_bytes};

/// The largest capture that is taken apart.
pub const MAX_CAPTURE_BYTES: usize = 16 * 1024 * 1024;

/// Takes a capture apart, whichever of the three kinds it is.
///
/// The payload is exact, with one reservation: a raw request without Content-Length ends where the text
/// ends, line break included.
///
/// # Errors
/// A sentence that names what was not understood, or which of [`MAX_CAPTURE_BYTES`] and [`MAX_HEADERS_BYTES`] was
/// exceeded. It never panics, and looks at no byte twice for long.
///
/// ```
/// use hookproof::capture::parse;
///
/// let raw = b"POST /hooks HTTP/1.1\r\nX-Acme-Signature: 00ff\r\nContent-Length: 2\r\n\r\n{}\r\n";
/// let capture = parse(raw)?;
/// assert_eq!(capture.headers[0], ("X-Acme-Signature".into(), "00ff".into()));
/// assert_eq!(capture.payload, b"{}");
///
/// let same = parse(b"curl https://a.example/hooks -H 'X-Acme-Signature: 00ff' -d '{}'")?;
/// assert_eq!(same.payload, b"{}");
/// # Ok::<(), hookproof::capture::CaptureError>(())
/// ```
pub fn parse(capture: &[u8]) -> Result<Capture, CaptureError> {
    if capture.len() > MAX_CAPTURE_BYTES {
        return Err(CaptureFlaw::TooLarge.into());
    }
    let parsed = parse_any(capture)?;
    let lines = parsed.headers.iter();
    let bytes = lines.map(|(name, value)| header_line_bytes(name, value.as_bytes()));
    if bytes.fold(0, usize::saturating_add) > MAX_HEADERS_BYTES {
        return Err(CaptureFlaw::LargeHeaders.into());
    }
    Ok(parsed)
}

fn parse_any(capture: &[u8]) -> Result<Capture, CaptureError> {
    let bytes = capture.strip_prefix("\u{feff}".as_bytes()).unwrap_or(capture);
    let start = bytes.trim_ascii_start();
    if start.is_empty() {
        return Err(CaptureFlaw::Empty.into());
    }
    if let Some(command) = curl::command(start) {
        return curl::parse(command);
    }
    if start.starts_with(b"{") {
        return har::parse(start);
    }
    http::parse(start)
}
