//! The command's output: standard output, standard error, and colour.

use std::env;
use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};

use anyhow::Context;

/// Writes to standard output. A reader such as `head` may have closed it early, which is not an error.
///
/// # Errors
/// Where it cannot be written for another reason, such as a full disk.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    let mut out = stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// Writes a line to standard error. A failure is ignored, because there is nowhere left to report it.
pub(crate) fn warn(line: &str) {
    drop(writeln!(stderr(), "{line}"));
}

/// Whether standard output is coloured.
pub(super) fn is_coloured() -> bool {
    colours(stdout().is_terminal())
}

/// Colour is for a terminal, unless `NO_COLOR` is set: <https://no-color.org>.
pub(super) fn colours(is_terminal: bool) -> bool {
    is_terminal && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
