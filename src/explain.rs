//! Why a delivery failed: the commonest mistakes are undone one by one, and where the signature then
//! verifies, the signature itself proves which it was.
//!
//! This is for development and for operators: it takes many times as long as [`verify`](crate::verify()),
//! allocates, and says more than a sender may know. Show nothing of it to the sender.

mod body;
mod case;
mod cause;
mod content;
pub(crate) mod encoding;
mod evidence;
pub(crate) mod header;
mod inflate;
pub(crate) mod json;
mod search;
mod secret;
pub(crate) mod sentence;
mod time;

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

pub use cause::Cause;
pub use evidence::{Difference, Evidence, Finding, Signed};

use crate::UnixTime;
use crate::scheme::Scheme;
use case::Case;

/// The most MACs that one explanation makes.
pub const MAX_MACS: usize = 4096;

/// The most bytes that one explanation hashes: fewer MACs are made of a large payload.
pub const MAX_HASHED_BYTES: usize = 48 * 1024 * 1024;

/// The most endpoints that are looked at beside the first.
pub const MAX_OTHERS: usize = 15;

/// One endpoint: how its deliveries are signed, and with what.
#[derive(Clone, Copy)]
pub struct Endpoint<'a> {
    /// The scheme by which deliveries are verified.
    pub scheme: Scheme<'a>,
    /// The secrets' texts, as they were passed to the verifier. Nothing of them is shown.
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
    /// What was passed as the payload.
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

/// What an explanation needs beside endpoints and delivery.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// What time it is, or was.
    pub now: UnixTime,
    /// Schemes that the sender may be using instead, such as those of [`providers::ALL`](crate::providers).
    pub table: &'a [Scheme<'a>],
    /// Whether [`Evidence::expected`] holds the signature that this payload would need. That makes a
    /// signing oracle: whoever can call it with a payload of theirs gets a valid signature. Never where a
    /// sender sees the answer.
    pub reveal_expected: bool,
    /// Whether [`Evidence::signed`] holds what was signed, the payload as a whole.
    pub reveal_signed: bool,
}

/// Why a delivery fails, in words for the operator.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The code of what is wrong; of two things, of the first.
    pub cause: Cause,
    /// The cause, in a sentence.
    pub message: String,
    /// What to do, in a sentence.
    pub fix: String,
    /// What speaks for it.
    pub evidence: Evidence,
}

/// Explains a delivery: which mistake, undone, makes it verify at `endpoint`?
///
/// `others` are further endpoints of the same receiver, of which the first [`MAX_OTHERS`] count: the delivery
/// may have been meant for one of them.
/// One fault is tried after the other, then pairs. Where several would explain the signature, the fewest
/// and most specific come first. `cause` is [`Cause::Verified`] only where [`verify`](crate::verify())
/// accepts the delivery. At most [`MAX_MACS`] MACs are made and [`MAX_HASHED_BYTES`] hashed.
///
/// It never fails: what cannot be explained is [`Cause::Unknown`], with what was ruled out.
///
/// ```
/// use hookproof::explain::{Cause, Endpoint, Options, Received, explain};
/// use hookproof::{UnixTime, providers};
///
/// let endpoint = Endpoint {
///     scheme: providers::GITHUB.scheme,
///     secrets: &[b"It's a Secret to Everybody\n"],
///     tolerance_secs: None,
/// };
/// let signature = b"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
/// let headers = [("X-Hub-Signature-256", &signature[..])];
/// let received = Received { headers: &headers, payload: b"Hello, World!" };
/// let options = Options {
///     now: UnixTime::from_secs(0),
///     table: &[],
///     reveal_expected: false,
///     reveal_signed: false,
/// };
///
/// let explanation = explain(&endpoint, &[], &received, &options);
/// assert_eq!(explanation.cause, Cause::SecretWhiteSpace);
/// assert!(explanation.evidence.proven);
/// ```
pub fn explain(
    endpoint: &Endpoint<'_>,
    others: &[Endpoint<'_>],
    received: &Received<'_>,
    options: &Options<'_>,
) -> Explanation {
    Case::new(endpoint, others, received, options).explain()
}
