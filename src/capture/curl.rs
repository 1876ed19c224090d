//! A curl command, as browsers, API consoles and people write it for POSIX shells and for cmd.exe.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Capture, CaptureError, CaptureFlaw, shell};
use crate::explain::encoding::{Space, to_percent};
use crate::explain::sentence::holds;

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
    let mut words = shell::words(command)?.into_iter();
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
                capture
                    .headers
                    .push(("Authorization".to_owned(), "Basic ".to_owned() + &text(login)?));
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
            if holds("XHdAebuoFTKxmwcD", short.trim_start_matches('-')) && !value.is_empty() =>
        {
            (Some(short.to_owned()), Some(value.into()))
        }
        _ => (Some(option.to_owned()), None),
    }
}
