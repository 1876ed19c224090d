//! Types for callers who compute the MAC themselves, for example with their runtime's own SHA-256.
//!
//! [`HeaderCheck`](crate::HeaderCheck) checks the headers and gives the [`Content`]. The caller makes one tag for each
//! key: with [`Macs`] where the payload arrives in chunks, with [`KeyStates`] where the caller keeps keys as bytes or
//! another implementation makes the inner hash. [`HeaderCheck::decide`](crate::HeaderCheck::decide) then compares the tags. A [`Draft`] does the same
//! for signing.

pub use crate::content::Content;
pub use crate::crypto::{KeyStates, Macs, Tag};
pub use crate::sign::Draft;
