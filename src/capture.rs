//! Deliveries as people have them, taken apart into headers and exact payload bytes: a raw HTTP request, a
//! curl command, a HAR entry.

mod curl;
mod har;
mod http;
mod shell;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A captured request, taken apart.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Capture {
    /// The method, in capitals as it stands: `POST` where nothing says otherwise.
    pub method: String,
    /// The URL or path, as it stands.
    pub url: String,
    /// Every header in order, with its copies.
    pub headers: Vec<(String, String)>,
    /// The body's bytes, exactly: what a signature is over.
    pub payload: Vec<u8>,
}

/// Shows the headers' names, and of the payload only its length.
impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Capture")
            .field("method", &self.method)
            .field("headers", &names)
            .field("payload_bytes", &self.payload.len())
            .finish_non_exhaustive()
    }
}

named! {
    /// What of a capture was not understood.
    #[non_exhaustive]
    pub enum CaptureFlaw {
        /// Nothing but white space.
        Empty = "the capture is empty: paste a raw HTTP request, a curl command or a HAR entry",
        /// None of the three kinds.
        UnknownKind = "the capture is no raw HTTP request (its first line is METHOD /path HTTP/1.1, or a header), no curl command and no HAR entry",
        /// A line among the headers that is none.
        HeaderLine = "a line among the headers is not of the form name: value",
        /// No empty line ends the headers.
        NoBlankLine = "no empty line ends the headers: without it headers and payload cannot be told apart",
        /// A header that is not text.
        HeaderText = "a header is not UTF-8 text",
        /// A chunk's length or its end is wrong.
        Chunk = "the body is said to be chunked, and a chunk's length or end is missing",
        /// Fewer bytes than Content-Length says.
        ShortBody = "the body has fewer bytes than Content-Length says: the capture is cut off",
        /// Two Content-Length headers that differ.
        TwoLengths = "the headers hold two different Content-Length: where the body ends is not known",
        /// A quote that does not end.
        OpenQuote = "a quote in the curl command does not end: the command is cut off, or was pasted from another shell",
        /// A command that the shell would put something into.
        ShellVariable = "the curl command holds a variable or a command ($NAME, $(…), `…`) that only the shell can fill in",
        /// An option without its value.
        OptionValue = "the last option of the curl command lacks its value",
        /// An option that is not known, or that changes what is sent in a way that is not followed.
        CurlOption = "the curl command has an option that is not understood: of those that give a body only -d, --data, --data-ascii, --data-raw, --data-binary, --data-urlencode and --json are",
        /// A body that is in a file.
        FileBody = "the curl command takes the body from a file (@name): paste the file's content with --data-binary",
        /// JSON that is no HAR.
        NotHar = "the capture is JSON but no HAR: a HAR has log.entries, and an entry has request",
        /// More than one entry.
        ManyEntries = "the HAR has several entries (or none): cut it down to the one delivery",
        /// The parts of a multipart body in place of its bytes.
        HarParts = "the HAR holds the parts of a multipart body, and not its bytes: they cannot be put together again",
        /// Base64 that cannot be decoded.
        HarBase64 = "the HAR says that its body is base64, and it is not",
    }
}

/// Why a capture could not be taken apart. Nothing of the capture is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptureError {
    /// What was not understood.
    pub flaw: CaptureFlaw,
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.flaw.name())
    }
}

impl core::error::Error for CaptureError {}

impl From<CaptureFlaw> for CaptureError {
    fn from(flaw: CaptureFlaw) -> Self {
        Self { flaw }
    }
}

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
