//! A payload, as every command that takes one takes it.

use std::path::Path;

use anyhow::Context;
use hookproof_harness::input::{self, MAX_DELIVERY_BYTES};

/// What a payload is made of: the text itself, `@` and the path of a file, or `@-` for standard input.
///
/// # Errors
/// Where it cannot be read, or is too long.
pub(crate) fn read(text: &str) -> anyhow::Result<Vec<u8>> {
    match text.strip_prefix('@') {
        None => Ok(text.into()),
        Some("-") => {
            input::standard_input(MAX_DELIVERY_BYTES).context("cannot read standard input")
        }
        Some(path) => file(path),
    }
}

/// The bytes of a file that holds a payload or a saved delivery.
///
/// # Errors
/// Where it cannot be read, or is too long.
pub(crate) fn file(path: &str) -> anyhow::Result<Vec<u8>> {
    input::file(Path::new(path), MAX_DELIVERY_BYTES).with_context(|| format!("cannot read {path}"))
}
