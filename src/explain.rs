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
mod explanation;
pub(crate) mod header;
mod inflate;
mod input;
pub(crate) mod json;
mod search;
mod secret;
mod time;
mod visible;

pub use cause::Cause;
pub use evidence::{Difference, Evidence, Finding, Signed};
pub use explanation::Explanation;
pub use input::{
    Endpoint, MAX_HEADERS_BYTES, MAX_OTHERS, MAX_PAYLOAD_BYTES, Options, Received,
    header_line_bytes,
};
pub use search::{MAX_HASHED_BYTES, MAX_MACS};

use case::Case;

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
