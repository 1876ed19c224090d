//! A command line as words, by the rules of POSIX shells or of cmd.exe.

use alloc::vec::Vec;

use super::error::{CaptureError, CaptureFlaw};
use crate::explain::encoding::number;

/// The words of a command.
pub(super) fn words(command: &[u8]) -> Result<Vec<Vec<u8>>, CaptureError> {
    if is_cmd(command) { called_with(&passed_on(command)) } else { Words { rest: command }.all() }
}

/// What printf writes of a format that it puts nothing into.
pub(super) fn printed(format: &[u8]) -> Option<Vec<u8>> {
    let mut words = Words { rest: format };
    let mut text = Vec::new();
    while let Some(byte) = words.next() {
        match byte {
            b'%' => text.push(words.next().filter(|byte| *byte == b'%')?),
            b'\\' => {
                let escaped = words.next()?;
                words.ansi_escape(escaped, &mut text);
            }
            byte => text.push(byte),
        }
    }
    Some(text)
}

/// Whether the command is written for cmd.exe: a caret stands before a line's end or a quote, and no
/// quoting of another shell before it.
fn is_cmd(command: &[u8]) -> bool {
    let first =
        |pattern: &[u8]| command.windows(pattern.len()).position(|window| window == pattern);
    let cmd: [&[u8]; 3] = [b"^\n", b"^\r\n", b" ^\""];
    let other: [&[u8]; 3] = [b"'", b"\\\n", b"\\\r\n"];
    let earliest = |patterns: [&[u8]; 3]| patterns.into_iter().filter_map(first).min();
    earliest(cmd).is_some_and(|at| earliest(other).is_none_or(|other| at < other))
}

/// What cmd.exe hands on of a line. A caret outside quotes makes the byte after it one of the text, and after a
/// line's end that is joined, too; a bare line's end, `&`, `|`, `<` or `>` is where curl's part is over.
fn passed_on(command: &[u8]) -> Vec<u8> {
    let mut line = Vec::new();
    let mut quoted = false;
    // cmd.exe drops every CR.
    let mut bytes = command.iter().filter(|byte| **byte != b'\r');
    while let Some(byte) = bytes.next() {
        match byte {
            b'^' if !quoted => {
                let escaped = bytes.next();
                line.extend(if escaped == Some(&b'\n') { bytes.next() } else { escaped });
            }
            b'\n' => break,
            b'&' | b'|' | b'<' | b'>' if !quoted => {
                // `2>nul`
                if line.ends_with(b" 2") {
                    line.pop();
                }
                break;
            }
            byte => {
                quoted ^= *byte == b'"';
                line.push(*byte);
            }
        }
    }
    line
}

/// The words of a line by the rules of the C runtime, which a program on Windows takes its line apart with:
/// of backslashes before a quote each second one is dropped, and an odd one makes the quote one of the text, as
/// a quote does that stands doubled inside quotes.
fn called_with(line: &[u8]) -> Result<Vec<Vec<u8>>, CaptureError> {
    let (mut words, mut word) = (Vec::new(), None);
    let (mut quoted, mut backslashes) = (false, 0_usize);
    let mut bytes = line.iter().peekable();
    while let Some(byte) = bytes.next() {
        if !quoted && b" \t".contains(byte) {
            words.extend(word.take());
            backslashes = 0;
            continue;
        }
        let word = word.get_or_insert_with(Vec::new);
        if *byte == b'"' {
            word.truncate(word.len().saturating_sub(backslashes.div_ceil(2)));
            if backslashes % 2 == 1 || quoted && bytes.next_if_eq(&&b'"').is_some() {
                word.push(b'"');
            } else {
                quoted = !quoted;
            }
        } else {
            word.push(*byte);
        }
        backslashes = if *byte == b'\\' { backslashes.saturating_add(1) } else { 0 };
    }
    words.extend(word);
    if quoted { Err(CaptureFlaw::OpenQuote.into()) } else { Ok(words) }
}

/// A command's words, as a POSIX shell takes them apart.
struct Words<'c> {
    rest: &'c [u8],
}

impl Words<'_> {
    /// The words of the first command; where its input comes from and its output goes is none of them.
    fn all(mut self) -> Result<Vec<Vec<u8>>, CaptureError> {
        let mut words = Vec::new();
        loop {
            match self.rest {
                [b'<' | b'>', ..] | [b'0'..=b'9' | b'&', b'<' | b'>', ..] => {
                    self.next();
                    while self.rest.first().is_some_and(|byte| b"<>&| \t".contains(byte)) {
                        self.next();
                    }
                    self.word()?;
                }
                // Lines that lost their backslash: no command begins with a dash.
                [b'\n', rest @ ..] if rest.trim_ascii_start().starts_with(b"-") => {
                    self.rest = rest.trim_ascii_start();
                }
                [] | [b';' | b'&' | b'|' | b'\n' | b'#', ..] => return Ok(words),
                [b'\\', b'\n', rest @ ..] | [b'\\', b'\r', b'\n', rest @ ..] => self.rest = rest,
                [byte, rest @ ..] if byte.is_ascii_whitespace() => self.rest = rest,
                _ => words.extend(self.word()?),
            }
        }
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// The word that begins here; nothing where two lines are joined.
    fn word(&mut self) -> Result<Option<Vec<u8>>, CaptureError> {
        let mut word = None;
        while let Some(byte) = self.rest.first().copied() {
            if byte.is_ascii_whitespace() || b";&|<>".contains(&byte) {
                break;
            }
            self.next();
            if byte == b'\\' {
                if let Some(escaped) = self.escaped() {
                    word.get_or_insert_with(Vec::new).push(escaped);
                }
                continue;
            }
            let word = word.get_or_insert_with(Vec::new);
            match byte {
                b'\'' => self.single_quoted(word)?,
                b'"' => self.double_quoted(word)?,
                b'$' if self.rest.starts_with(b"'") => {
                    self.next();
                    self.ansi_quoted(word)?;
                }
                b'$' | b'`' => self.variable(byte, word)?,
                byte => word.push(byte),
            }
        }
        Ok(word)
    }

    /// What an escape stands for; nothing where it joins two lines.
    fn escaped(&mut self) -> Option<u8> {
        if self.rest.starts_with(b"\r\n") {
            self.next();
        }
        self.next().filter(|byte| *byte != b'\n')
    }

    fn single_quoted(&mut self, word: &mut Vec<u8>) -> Result<(), CaptureError> {
        while let Some(byte) = self.next() {
            if byte == b'\'' {
                return Ok(());
            }
            word.push(byte);
        }
        Err(CaptureFlaw::OpenQuote.into())
    }

    fn double_quoted(&mut self, word: &mut Vec<u8>) -> Result<(), CaptureError> {
        while let Some(byte) = self.next() {
            match byte {
                b'"' => return Ok(()),
                b'\\' => match self.next() {
                    Some(b'\n') => {}
                    Some(escaped @ (b'"' | b'\\' | b'$' | b'`')) => word.push(escaped),
                    other => {
                        word.push(b'\\');
                        word.extend(other);
                    }
                },
                b'$' | b'`' => self.variable(byte, word)?,
                byte => word.push(byte),
            }
        }
        Err(CaptureFlaw::OpenQuote.into())
    }

    /// `$'…'`: backslash escapes as in C.
    fn ansi_quoted(&mut self, word: &mut Vec<u8>) -> Result<(), CaptureError> {
        while let Some(byte) = self.next() {
            match byte {
                b'\'' => return Ok(()),
                b'\\' => {
                    let escaped = self.next().ok_or(CaptureFlaw::OpenQuote)?;
                    self.ansi_escape(escaped, word);
                }
                byte => word.push(byte),
            }
        }
        Err(CaptureFlaw::OpenQuote.into())
    }

    fn ansi_escape(&mut self, escaped: u8, word: &mut Vec<u8>) {
        match escaped {
            b'n' => word.push(b'\n'),
            b'r' => word.push(b'\r'),
            b't' => word.push(b'\t'),
            b'a' => word.push(7),
            b'b' => word.push(8),
            b'f' => word.push(12),
            b'v' => word.push(11),
            b'e' | b'E' => word.push(27),
            b'x' => word.extend(self.digits(2, 16).and_then(|byte| u8::try_from(byte).ok())),
            b'u' => self.code_point(4, word),
            b'U' => self.code_point(8, word),
            b'0'..=b'7' => {
                let first = u32::from(escaped.saturating_sub(b'0'));
                let more = (0..2).fold(first, |value, _| match self.rest.first() {
                    Some(digit @ b'0'..=b'7') => {
                        let digit = u32::from(digit.saturating_sub(b'0'));
                        self.next();
                        value.saturating_mul(8).saturating_add(digit)
                    }
                    _ => value,
                });
                word.extend(u8::try_from(more & 0xff).ok());
            }
            b'\\' | b'\'' | b'"' | b'?' => word.push(escaped),
            other => word.extend([b'\\', other]),
        }
    }

    /// `\u00e9`. Browsers write characters beyond 16 bits as two of them.
    fn code_point(&mut self, digits: usize, word: &mut Vec<u8>) {
        let mut units: Vec<u32> = self.digits(digits, 16).into_iter().collect();
        if matches!(units.first(), Some(0xd800..=0xdbff)) && self.rest.starts_with(b"\\u") {
            self.rest = self.rest.get(2..).unwrap_or_default();
            units.extend(self.digits(4, 16));
        }
        let code = match units.as_slice() {
            [high @ 0xd800..=0xdbff, low @ 0xdc00..=0xdfff] => {
                0x10000_u32.saturating_add((high & 0x3ff) << 10 | (low & 0x3ff))
            }
            [code, ..] => *code,
            [] => return,
        };
        let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        word.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn digits(&mut self, most: usize, radix: u32) -> Option<u32> {
        let count = self
            .rest
            .iter()
            .take(most)
            .take_while(|byte| char::from(**byte).is_digit(radix))
            .count();
        let (digits, rest) = self.rest.split_at_checked(count)?;
        let value = number(core::str::from_utf8(digits).ok()?, radix)?;
        self.rest = rest;
        u32::try_from(value).ok()
    }

    /// A dollar sign that begins nothing is itself; a variable's value is known to the shell alone.
    fn variable(&mut self, byte: u8, word: &mut Vec<u8>) -> Result<(), CaptureError> {
        let begins = |byte: &u8| byte.is_ascii_alphanumeric() || b"_({$!?@#*-".contains(byte);
        if byte == b'`' || self.rest.first().is_some_and(begins) {
            return Err(CaptureFlaw::ShellVariable.into());
        }
        word.push(byte);
        Ok(())
    }
}
