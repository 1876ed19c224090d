//! Types for callers who compute the MAC themselves, for example with their runtime's own SHA-256.
//!
//! [`HeaderCheck`](crate::HeaderCheck) checks the headers and gives the [`Content`]. The caller makes one tag for each
//! key: with [`Macs`] where the payload arrives in chunks, with [`SplitHmac`] where another implementation makes the
//! inner hash. [`HeaderCheck::decide`](crate::HeaderCheck::decide) then compares the tags. A [`Draft`] does the same
//! for signing.

pub use crate::content::Content;
pub use crate::crypto::{Macs, SplitHmac, Tag};
pub use crate::sign::Draft;
