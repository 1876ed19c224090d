//! A payload, as every command that takes one takes it.

use std::io::{Read, stdin};

use anyhow::Context;

/// What a payload is made of: the text itself, `@` and the path of a file, or `@-` for standard input.
///
/// # Errors
/// Where the file cannot be read.
pub(crate) fn read(text: &str) -> anyhow::Result<Vec<u8>> {
    match text.strip_prefix('@') {
        None => Ok(text.into()),
        Some("-") => {
            let mut payload = Vec::new();
            stdin().read_to_end(&mut payload).context("cannot read standard input")?;
            Ok(payload)
        }
        Some(path) => std::fs::read(path).with_context(|| format!("cannot read {path}")),
    }
}
