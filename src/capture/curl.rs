//! A curl command, as browsers, API consoles and people write it for POSIX shells and for cmd.exe.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use super::{Capture, CaptureError, CaptureFlaw, shell};
use crate::explain::encoding::{Space, to_base64, to_percent};
use crate::explain::sentence::fill;

/// A curl command, and what is piped into it.
pub(super) struct Command<'c> {
    options: &'c [u8],
    piped: Option<Vec<u8>>,
}

/// The command, if this is one. Of all pipes `printf '…' |` alone is known: the harness writes that for what no
/// argument can hold.
pub(super) fn command(text: &[u8]) -> Option<Command<'_>> {
    let text = text.strip_prefix(b"$ ").unwrap_or(text);
    let Some(text) = text.strip_prefix(b"printf '") else {
        return Some(Command { options: options(text)?, piped: None });
    };
    let end = text.iter().position(|byte| *byte == b'\'')?;
    let (format, text) = text.split_at_checked(end)?;
    let options = options(text.strip_prefix(b"' | ")?)?;
    Some(Command { options, piped: Some(shell::printed(format)?) })
}

/// What follows the command's name.
fn options(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_prefix(b"curl")?;
    let text = text.strip_prefix(b".exe").unwrap_or(text);
    text.first().is_some_and(u8::is_ascii_whitespace).then_some(text)
}

/// What an option that takes a value does.
enum Does {
    Method,
    Url,
    Header,
    /// Sets the header of this name.
    Sets(&'static str),
    Login,
    Data,
    RawData,
    EncodedData,
    Json,
    /// Changes the body in a way that is not followed here.
    Refused,
    /// Changes neither headers nor body.
    Nothing,
}

/// The options that take a value.
const OPTIONS: &[(&str, Does)] = &[
    ("-X", Does::Method),
    ("--request", Does::Method),
    ("--url", Does::Url),
    ("-H", Does::Header),
    ("--header", Does::Header),
    ("-A", Does::Sets("User-Agent")),
    ("--user-agent", Does::Sets("User-Agent")),
    ("-e", Does::Sets("Referer")),
    ("--referer", Does::Sets("Referer")),
    ("-b", Does::Sets("Cookie")),
    ("--cookie", Does::Sets("Cookie")),
    ("-u", Does::Login),
    ("--user", Does::Login),
    ("-d", Does::Data),
    ("--data", Does::Data),
    ("--data-ascii", Does::Data),
    ("--data-binary", Does::Data),
    ("--data-raw", Does::RawData),
    ("--data-urlencode", Does::EncodedData),
    ("--json", Does::Json),
    ("-F", Does::Refused),
    ("--form", Does::Refused),
    ("--form-string", Does::Refused),
    ("-T", Does::Refused),
    ("--upload-file", Does::Refused),
    ("-K", Does::Refused),
    ("--config", Does::Refused),
    ("-o", Does::Nothing),
    ("--output", Does::Nothing),
    ("-w", Does::Nothing),
    ("--write-out", Does::Nothing),
    ("-m", Does::Nothing),
    ("--max-time", Does::Nothing),
    ("--connect-timeout", Does::Nothing),
    ("--retry", Does::Nothing),
    ("--cacert", Does::Nothing),
    ("--cert", Does::Nothing),
    ("--key", Does::Nothing),
    ("-x", Does::Nothing),
    ("--proxy", Does::Nothing),
    ("--resolve", Does::Nothing),
    ("--limit-rate", Does::Nothing),
    ("-c", Does::Nothing),
    ("--cookie-jar", Does::Nothing),
    ("-D", Does::Nothing),
    ("--dump-header", Does::Nothing),
];

pub(super) fn parse(mut command: Command<'_>) -> Result<Capture, CaptureError> {
    let mut words = shell::words(command.options)?.into_iter();
    let mut capture = Capture::default();
    let mut is_untyped = false;
    let mut data: Vec<Vec<u8>> = Vec::new();
    let mut json = false;
    while let Some(word) = words.next() {
        let Some((option, value)) = split_option(&word) else {
            capture.url = lossy(&word);
            continue;
        };
        let known = OPTIONS.iter().find(|(name, _)| name.as_bytes() == option);
        let Some((_, does)) = known else {
            continue;
        };
        if matches!(does, Does::Refused) {
            return Err(CaptureFlaw::CurlOption.into());
        }
        let value = match value {
            Some(value) => value.into(),
            None => words.next().ok_or(CaptureFlaw::OptionValue)?,
        };
        match does {
            Does::Method => capture.method = text(value)?,
            Does::Url => capture.url = text(value)?,
            // `Name;` sends the header empty, `Name:` does not send it.
            Does::Header => match value.strip_suffix(b";") {
                Some(name) if !name.contains(&b':') => {
                    capture.headers.push((text(name.into())?, String::new()));
                }
                _ => match super::http::header(&value, CaptureFlaw::HeaderLine)? {
                    (name, value) if value.is_empty() => is_untyped |= is_content_type(&name),
                    header => capture.headers.push(header),
                },
            },
            Does::Sets(name) => capture.headers.push(((*name).to_owned(), text(value)?)),
            Does::Login => {
                let login = fill("Basic {}", &[&text(to_base64(&value))?]);
                capture.headers.push(("Authorization".to_owned(), login));
            }
            Does::RawData => data.push(value),
            Does::Data if value == b"@-" && command.piped.is_some() => {
                // What was read once is gone.
                data.extend(command.piped.as_mut().map(mem::take));
            }
            Does::Data | Does::EncodedData | Does::Json if value.starts_with(b"@") => {
                return Err(CaptureFlaw::FileBody.into());
            }
            Does::Data => data.push(value),
            Does::EncodedData => data.push(url_encoded(&value)),
            Does::Json => {
                json = true;
                data.push(value);
            }
            Does::Refused | Does::Nothing => {}
        }
    }
    let has_data = !data.is_empty();
    let is_typed = is_untyped || capture.headers.iter().any(|(name, _)| is_content_type(name));
    let separator: &[u8] = if json { b"" } else { b"&" };
    capture.payload = data.join(separator);
    if has_data && !is_typed {
        let default = if json { "application/json" } else { "application/x-www-form-urlencoded" };
        capture.headers.push((CONTENT_TYPE.to_owned(), default.to_owned()));
    }
    if capture.method.is_empty() {
        capture.method = if has_data { "POST".to_owned() } else { "GET".to_owned() };
    }
    Ok(capture)
}

/// A text in which what is none is replaced.
fn lossy(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// The header that curl adds by itself where none was given.
const CONTENT_TYPE: &str = "Content-Type";

fn is_content_type(name: &str) -> bool {
    name.eq_ignore_ascii_case(CONTENT_TYPE)
}

fn text(bytes: Vec<u8>) -> Result<String, CaptureError> {
    String::from_utf8(bytes).map_err(|_| CaptureFlaw::HeaderText.into())
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
fn split_option(word: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    match word {
        [b'-', b'-', ..] => {
            let end = word.iter().position(|byte| *byte == b'=');
            let (option, value) = word.split_at_checked(end.unwrap_or(word.len()))?;
            Some((option, value.get(1..)))
        }
        [b'-', letter, value @ ..] if !value.is_empty() && b"XHdAebuoFTKxmwcD".contains(letter) => {
            Some((word.get(..2)?, Some(value)))
        }
        [b'-', _, ..] => Some((word, None)),
        _ => None,
    }
}
