#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "a panic in WebAssembly is a trap, and a trap is a way for a sender to stop a receiver"
    )
)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        reason = "what a sender sends must neither overflow nor be cut silently"
    )
)]

#[cfg(feature = "json")]
extern crate alloc;
#[cfg(test)]
extern crate std;

#[macro_use]
mod named;

mod verify;

mod sign;

mod form;

pub mod providers;

pub mod scheme;

mod options;

mod headers;

mod signature;

mod content;

mod crypto;

mod secret;

mod time;

pub mod parts;

mod delivery;

#[cfg(feature = "json")]
mod payload_id;

#[cfg(feature = "explain")]
pub mod explain;

#[cfg(feature = "explain")]
pub mod capture;

pub mod invisible;

mod error;

pub use crypto::{HexDigest, MAX_KEYS, PayloadDigest};
pub use delivery::Delivery;
pub use error::{Error, Header, Role};
pub use form::{Form, verify_webhook};
pub use headers::{HeaderValue, Headers, MAX_HEADER_BYTES};
pub use options::Options;
pub use scheme::Scheme;
pub use secret::{Key, MAX_SECRET_BYTES};
pub use sign::{Signed, SignedValue, Signer, Stamp, sign};
pub use signature::MAX_CANDIDATES;
pub use time::UnixTime;
pub use verify::{HeaderCheck, Verifier, verify};
