use alloc::vec::Vec;

use crate::scheme::Scheme;
use crate::time::UnixTime;

/// The largest payload that the npm package and the command explain. Deliveries of 10 MiB exist. One of 16 MiB takes 1
/// to 10 seconds in WebAssembly, the most where it is an array of millions of numbers.
pub const MAX_PAYLOAD_BYTES: usize = 16 * 1024 * 1024;

/// The most bytes that the headers may have together, each counted as the line `name: value` with its line break.
pub const MAX_HEADERS_BYTES: usize = 1024 * 1024;

/// How many bytes a header has, as [`MAX_HEADERS_BYTES`] counts them.
#[must_use]
pub fn header_line_bytes(name: &str, value: &[u8]) -> usize {
    ": \r\n".len().saturating_add(name.len()).saturating_add(value.len())
}

/// The most other endpoints that are considered.
pub const MAX_OTHERS: usize = 15;

/// One endpoint: its scheme and its secrets. `Debug` shows the scheme's name alone.
#[derive(Clone, Copy)]
pub struct Endpoint<'a> {
    /// The scheme by which deliveries are verified.
    pub scheme: Scheme<'a>,
    /// The secrets' texts, as they were passed to the verifier. No output contains them.
    pub secrets: &'a [&'a [u8]],
    /// As [`Options::tolerance_secs`](crate::Options::tolerance_secs).
    pub tolerance_secs: Option<u64>,
}

impl core::fmt::Debug for Endpoint<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Endpoint").field("scheme", &self.scheme.name).finish_non_exhaustive()
    }
}

/// A delivery as it reached the verifier.
#[derive(Clone, Copy)]
pub struct Received<'d> {
    /// All of the request's headers, in order, with their copies.
    pub headers: &'d [(&'d str, &'d [u8])],
    /// The bytes that were passed as the payload.
    pub payload: &'d [u8],
}

/// Shows the headers' names, and of the payload only its length.
impl core::fmt::Debug for Received<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Received")
            .field("headers", &names)
            .field("payload_bytes", &self.payload.len())
            .finish()
    }
}

/// The options of an explanation.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The current time, or the time of a recorded delivery.
    pub now: UnixTime,
    /// Schemes that the sender may be using instead, such as those of [`providers::ALL`](crate::providers).
    pub table: &'a [Scheme<'a>],
    /// Whether [`Evidence::expected`](super::Evidence::expected) contains the signature that this payload needs. This
    /// is a signing oracle: anyone who can call it with a payload gets a valid signature. Never set it where a sender
    /// sees the answer.
    pub reveal_expected: bool,
    /// Whether [`Evidence::signed`](super::Evidence::signed) contains the signed parts, with the whole payload.
    pub reveal_signed: bool,
}
