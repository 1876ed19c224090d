//! A curl command, as browsers, API consoles and people write it for POSIX shells and for cmd.exe.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Capture, CaptureError, CaptureFlaw};
use crate::explain::encoding::{Space, to_percent};

/// What follows the command's name, if this is such a command.
pub(super) fn command(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_prefix(b"$ ").unwrap_or(text);
    let text = text.strip_prefix(b"curl").or_else(|| text.strip_prefix(b"curl.exe"))?;
    let text = text.strip_prefix(b".exe").unwrap_or(text);
    text.first().is_some_and(u8::is_ascii_whitespace).then_some(text)
}

/// Options that take a value and change neither headers nor body.
const IGNORED: &[&str] = &[
    "-o",
    "--output",
    "-w",
    "--write-out",
    "-m",
    "--max-time",
    "--connect-timeout",
    "--retry",
    "--cacert",
    "--cert",
    "--key",
    "-x",
    "--proxy",
    "--resolve",
    "--limit-rate",
    "-c",
    "--cookie-jar",
    "-D",
    "--dump-header",
];

/// Options that change the body in ways not followed here.
const REFUSED: &[&str] =
    &["-F", "--form", "--form-string", "-T", "--upload-file", "-K", "--config"];

/// Options whose value is a header's value, and the header.
const HEADERS: &[(&str, &str)] = &[
    ("-A", "User-Agent"),
    ("--user-agent", "User-Agent"),
    ("-e", "Referer"),
    ("--referer", "Referer"),
    ("-b", "Cookie"),
    ("--cookie", "Cookie"),
];

pub(super) fn parse(command: &[u8]) -> Result<Capture, CaptureError> {
    let mut words = Words { rest: command, caret: is_cmd(command) }.all()?.into_iter();
    let mut capture = Capture::default();
    let mut data: Vec<Vec<u8>> = Vec::new();
    let mut json = false;
    while let Some(word) = words.next() {
        let (option, mut value) = split_option(&word);
        let Some(option) = option else {
            capture.url = String::from_utf8_lossy(&word).into_owned();
            continue;
        };
        let mut next = || value.take().or_else(|| words.next()).ok_or(CaptureFlaw::OptionValue);
        match option.as_str() {
            "-X" | "--request" => capture.method = text(next()?)?,
            "--url" => capture.url = text(next()?)?,
            "-H" | "--header" => {
                let line = next()?;
                // `Name;` sends the header empty, `Name:` does not send it.
                match line.strip_suffix(b";") {
                    Some(name) if !name.contains(&b':') => {
                        capture.headers.push((text(name.into())?, String::new()));
                    }
                    _ => capture.headers.push(super::http::header(&line, CaptureFlaw::HeaderLine)?),
                }
            }
            "-d" | "--data" | "--data-ascii" => data.push(without_file(next()?)?),
            "--data-binary" => data.push(without_file(next()?)?),
            "--data-raw" => data.push(next()?),
            "--data-urlencode" => data.push(url_encoded(&without_file(next()?)?)),
            "--json" => {
                json = true;
                data.push(without_file(next()?)?);
            }
            "-u" | "--user" => {
                let login = crate::explain::encoding::to_base64(&next()?);
                capture.headers.push((
                    "Authorization".to_owned(),
                    ["Basic ".to_owned(), text(login)?].concat(),
                ));
            }
            option if REFUSED.contains(&option) => return Err(CaptureFlaw::CurlOption.into()),
            option if IGNORED.contains(&option) => drop(next()?),
            option => {
                if let Some((_, name)) = HEADERS.iter().find(|(each, _)| *each == option) {
                    capture.headers.push(((*name).to_owned(), text(next()?)?));
                }
            }
        }
    }
    let has_data = !data.is_empty();
    let separator: &[u8] = if json { b"" } else { b"&" };
    capture.payload = data.join(separator);
    add_default(
        &mut capture,
        "Content-Type",
        has_data,
        if json { "application/json" } else { "application/x-www-form-urlencoded" },
    );
    if capture.method.is_empty() {
        capture.method = if has_data { "POST".to_owned() } else { "GET".to_owned() };
    }
    Ok(capture)
}

/// The header that curl adds by itself where none was given.
fn add_default(capture: &mut Capture, name: &str, wanted: bool, value: &str) {
    if wanted && !capture.headers.iter().any(|header| header.0.eq_ignore_ascii_case(name)) {
        capture.headers.push((name.to_owned(), value.to_owned()));
    }
}

fn text(bytes: Vec<u8>) -> Result<String, CaptureError> {
    String::from_utf8(bytes).map_err(|_| CaptureFlaw::HeaderText.into())
}

fn without_file(data: Vec<u8>) -> Result<Vec<u8>, CaptureError> {
    if data.starts_with(b"@") { Err(CaptureFlaw::FileBody.into()) } else { Ok(data) }
}

/// `name=content`, of which the content is encoded.
fn url_encoded(data: &[u8]) -> Vec<u8> {
    match data.iter().position(|byte| *byte == b'=').and_then(|at| data.split_at_checked(at)) {
        Some((b"", content)) => to_percent(content.get(1..).unwrap_or_default(), Space::Percent),
        Some((name, content)) => {
            [name, b"=", &to_percent(content.get(1..).unwrap_or_default(), Space::Percent)].concat()
        }
        None => to_percent(data, Space::Percent),
    }
}

/// An option, and its value if that is written to it: `-XPOST`, `--request=POST`.
fn split_option(word: &[u8]) -> (Option<String>, Option<Vec<u8>>) {
    let Some(option) =
        core::str::from_utf8(word).ok().filter(|word| word.starts_with('-') && word.len() > 1)
    else {
        // A header or body is never the option itself; only its value may be other than text.
        let short =
            word.split_at_checked(2).filter(|(option, _)| matches!(option, [b'-', b'd' | b'H']));
        return match short {
            Some((option, value)) => {
                (Some(String::from_utf8_lossy(option).into_owned()), Some(value.into()))
            }
            None => (None, None),
        };
    };
    if option.starts_with("--") {
        return match option.split_once('=') {
            Some((option, value)) => (Some(option.to_owned()), Some(value.into())),
            None => (Some(option.to_owned()), None),
        };
    }
    match option.split_at_checked(2) {
        Some((short, value))
            if "XHdAebuoFTKxmwcD".contains(short.trim_start_matches('-')) && !value.is_empty() =>
        {
            (Some(short.to_owned()), Some(value.into()))
        }
        _ => (Some(option.to_owned()), None),
    }
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

/// A command's words, as a shell takes them apart.
struct Words<'c> {
    rest: &'c [u8],
    caret: bool,
}

impl Words<'_> {
    fn all(mut self) -> Result<Vec<Vec<u8>>, CaptureError> {
        let mut words = Vec::new();
        while let Some(word) = self.word()? {
            words.push(word);
        }
        Ok(words)
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn word(&mut self) -> Result<Option<Vec<u8>>, CaptureError> {
        let mut word = None;
        while let Some(byte) = self.next() {
            match byte {
                b'\\' if !self.caret => {
                    if let Some(escaped) = self.escaped(b"\n") {
                        word.get_or_insert_with(Vec::new).push(escaped);
                    }
                }
                b'^' if self.caret => {
                    if let Some(escaped) = self.escaped(b"\n") {
                        self.cmd_byte(escaped, &mut word)?;
                    }
                }
                b'"' if self.caret => self.cmd_quoted(word.get_or_insert_with(Vec::new))?,
                b'\'' if !self.caret => self.single_quoted(word.get_or_insert_with(Vec::new))?,
                b'"' => self.double_quoted(word.get_or_insert_with(Vec::new))?,
                b'$' if !self.caret && self.rest.starts_with(b"'") => {
                    self.next();
                    self.ansi_quoted(word.get_or_insert_with(Vec::new))?;
                }
                b'$' | b'`' if !self.caret => {
                    self.variable(byte, word.get_or_insert_with(Vec::new))?
                }
                b';' | b'|' | b'>' | b'<' if !self.caret && word.is_none() => {
                    // The next command, or where the answer goes.
                    self.rest = &[];
                    break;
                }
                byte if byte.is_ascii_whitespace() => {
                    if word.is_some() {
                        break;
                    }
                }
                byte => word.get_or_insert_with(Vec::new).push(byte),
            }
        }
        Ok(word)
    }

    /// What an escape stands for; nothing where it joins two lines.
    fn escaped(&mut self, joins: &[u8]) -> Option<u8> {
        if self.rest.starts_with(b"\r\n") {
            self.next();
        }
        self.next().filter(|byte| !joins.contains(byte))
    }

    /// A byte behind a caret: a quote still quotes for the program that is called.
    fn cmd_byte(&mut self, byte: u8, word: &mut Option<Vec<u8>>) -> Result<(), CaptureError> {
        let word = word.get_or_insert_with(Vec::new);
        if byte == b'"' {
            return self.cmd_quoted(word);
        }
        word.push(byte);
        Ok(())
    }

    /// Up to the next quote, by the rules of cmd.exe and of the C runtime: a caret or backslash before a
    /// quote makes it one of the text, and a caret before anything else is dropped.
    fn cmd_quoted(&mut self, word: &mut Vec<u8>) -> Result<(), CaptureError> {
        while let Some(byte) = self.next() {
            match byte {
                b'"' if self.rest.starts_with(b"\"") => {
                    self.next();
                    word.push(b'"');
                }
                b'"' => return Ok(()),
                b'^' if self.rest.starts_with(b"\\^\"") => {
                    self.rest = self.rest.get(3..).unwrap_or_default();
                    word.push(b'"');
                }
                b'^' if self.rest.starts_with(b"\"") => {
                    self.next();
                    return Ok(());
                }
                b'^' => word.extend(self.next()),
                b'\\' if self.rest.starts_with(b"\"") => word.extend(self.next()),
                b'\\' if self.rest.starts_with(b"^\"") => {
                    self.rest = self.rest.get(2..).unwrap_or_default();
                    word.push(b'"');
                }
                byte => word.push(byte),
            }
        }
        Err(CaptureFlaw::OpenQuote.into())
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
        let value = u32::from_str_radix(core::str::from_utf8(digits).ok()?, radix).ok()?;
        self.rest = rest;
        Some(value)
    }

    /// A dollar sign that begins nothing is itself; a variable's value is known to the shell alone.
    fn variable(&mut self, byte: u8, word: &mut Vec<u8>) -> Result<(), CaptureError> {
        let begins = |byte: &u8| byte.is_ascii_alphanumeric() || b"_({".contains(byte);
        if byte == b'`' || self.rest.first().is_some_and(begins) {
            return Err(CaptureFlaw::ShellVariable.into());
        }
        word.push(byte);
        Ok(())
    }
}
