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

/// Takes a capture apart, whichever of the three kinds it is.
///
/// The payload is exact, with one reservation: a raw request without Content-Length ends where the text
/// ends, line break included.
///
/// # Errors
/// A sentence that names what was not understood. It never panics, and looks at no byte twice for long.
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
