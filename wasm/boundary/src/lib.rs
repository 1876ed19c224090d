//! The boundary between JavaScript and the WebAssembly modules, declared once.
//!
//! Both modules use this crate, and `xtask` writes its numbers to `pkg/gen/tables/boundary.js`, from which the
//! package imports them by name. So no number of the boundary is written by hand on both sides.

#![no_std]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "a sender must not be able to trap the module"
    )
)]

pub mod memory;
pub mod scheme;
pub mod status;

#[cfg(test)]
extern crate std;

/// The constants that JavaScript imports, by the names that they have there.
pub const CONSTANTS: &[(&str, isize)] = &[
    ("MISSING", status::MISSING),
    ("NOT_TEXT", status::NOT_TEXT),
    ("ABSENT", scheme::ABSENT.cast_signed()),
    ("MAX_SCHEME_BYTES", memory::MAX_SCHEME_BYTES.cast_signed()),
    ("MAX_KEYS", hookproof::MAX_KEYS.cast_signed()),
    ("KEY_STATES_BYTES", hookproof::parts::KeyStates::BYTES.cast_signed()),
    ("INNER_DIGEST_BYTES", memory::INNER_DIGEST_BYTES.cast_signed()),
    ("UTF8_FORMAT", hookproof::scheme::SecretFormat::Utf8 as isize),
    ("ANY_FORM", status::ANY_FORM.cast_signed()),
];
