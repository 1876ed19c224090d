use alloc::string::String;

use serde::Serialize;

use super::cause::Cause;
use super::evidence::Evidence;

/// The reason why a delivery fails, in words for the operator.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The code of the first fault.
    pub cause: Cause,
    /// The cause, in a sentence.
    pub message: String,
    /// The fix, in a sentence.
    pub fix: String,
    /// The evidence for it.
    pub evidence: Evidence,
}
