use core::fmt;

named! {
    /// The part of a capture that was not understood.
    #[non_exhaustive]
    pub enum CaptureFlaw {
        /// Nothing but white space.
        Empty = "the capture is empty: paste a raw HTTP request, a curl command or a HAR entry",
        /// More than [`MAX_CAPTURE_BYTES`](crate::capture::MAX_CAPTURE_BYTES).
        TooLarge = "the capture has more than 16 MiB: cut it down to the one delivery",
        /// Headers of more than [`MAX_HEADERS_BYTES`](crate::explain::MAX_HEADERS_BYTES).
        LargeHeaders = "the headers of the capture have more than 1 MiB together",
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

/// The reason why a capture could not be parsed. It contains nothing of the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptureError {
    /// The part that was not understood.
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
