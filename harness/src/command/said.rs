//! What is written to standard output and standard error.

use std::io::{ErrorKind, Write, stderr, stdout};

use anyhow::Context;

/// Writes to standard output. Whoever reads it may have read enough, as `head` has: what is left is then for
/// nobody, and the command ends as it would have.
///
/// # Errors
/// Where it cannot be written for another reason: a disk may be full.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    let mut out = stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// Writes a line to standard error. There is nowhere to say that it cannot be.
pub(crate) fn warn(line: &str) {
    drop(writeln!(stderr(), "{line}"));
}
