//! A curl command, as browsers, API consoles and people write it for POSIX shells and for cmd.exe.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use super::error::{CaptureError, CaptureFlaw};
use super::request::Capture;
use super::shell;
use crate::explain::encoding::{Space, to_base64, to_percent};

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

/// What an option does.
enum Does {
    Method,
    Url,
    Header,
    /// Sets the header of this name.
    Sets(&'static str),
    Login,
    Data,
    BinaryData,
    RawData,
    EncodedData,
    Json,
    /// Has a value, and changes neither headers nor body.
    Nothing,
    /// Has no value. Some make a request of this method without a body.
    Flag(Option<&'static str>),
}

/// The options that are understood, by their letters and their names, of which the empty one is that of `--`.
/// Any other may change what is sent.
const OPTIONS: &[(Does, &str, &str)] = &[
    (Does::Method, "X", "request"),
    (Does::Url, "", "url"),
    (Does::Header, "H", "header"),
    (Does::Sets("User-Agent"), "A", "user-agent"),
    (Does::Sets("Referer"), "e", "referer"),
    (Does::Sets("Cookie"), "b", "cookie"),
    (Does::Login, "u", "user"),
    (Does::Data, "d", "data data-ascii"),
    (Does::BinaryData, "", "data-binary"),
    (Does::RawData, "", "data-raw"),
    (Does::EncodedData, "", "data-urlencode"),
    (Does::Json, "", "json"),
    (
        Does::Nothing,
        "owmxcDUrEyY",
        "output write-out max-time proxy cookie-jar dump-header proxy-user range cert speed-time \
         speed-limit connect-timeout retry retry-delay retry-max-time max-redirs max-filesize limit-rate \
         keepalive-time output-dir stderr trace trace-ascii resolve connect-to interface dns-servers \
         doh-url unix-socket noproxy proxy-header socks5 socks5-hostname cacert capath cert-type key \
         key-type pass pinnedpubkey ciphers tls-max proto aws-sigv4",
    ),
    (Does::Flag(Some("GET")), "G", "get"),
    (Does::Flag(Some("HEAD")), "I", "head"),
    (
        Does::Flag(None),
        "sSkLivfgNjnOJRqp#012346",
        " silent show-error insecure location location-trusted include verbose fail fail-with-body globoff \
         buffer junk-session-cookies netrc remote-name remote-name-all remote-header-name remote-time \
         disable proxytunnel progress-bar progress-meter http1.0 http1.1 http2 http2-prior-knowledge http3 \
         tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 ssl ssl-reqd ssl-no-revoke ipv4 ipv6 compressed \
         compressed-ssh raw path-as-is post301 post302 post303 retry-connrefused retry-all-errors keepalive \
         alpn sessionid tcp-nodelay basic create-dirs",
    ),
];

/// What the first option of a word does, and what is written to its letter: its value, or more letters.
fn first(word: &[u8]) -> Option<(&'static Does, Option<&[u8]>)> {
    let Some(name) = word.strip_prefix(b"-") else {
        let (letter, rest) = word.split_first()?;
        let (does, ..) =
            OPTIONS.iter().find(|(_, letters, _)| letters.as_bytes().contains(letter))?;
        return Some((does, (!rest.is_empty()).then_some(rest)));
    };
    let named = |name: &[u8]| {
        let is_name = |names: &str| names.split(' ').any(|each| each.as_bytes() == name);
        OPTIONS.iter().find(|(_, _, names)| is_name(names)).map(|(does, ..)| does)
    };
    let negated = || {
        let does = named(name.strip_prefix(b"no-")?);
        does.filter(|does| matches!(does, Does::Flag(None)))
    };
    Some((named(name).or_else(negated)?, None))
}

pub(super) fn parse(mut command: Command<'_>) -> Result<Capture, CaptureError> {
    let mut words = shell::words(command.options)?.into_iter();
    let mut capture = Capture::default();
    let mut is_untyped = false;
    let mut data: Vec<Vec<u8>> = Vec::new();
    let mut json = false;
    let mut bodiless = None;
    while let Some(word) = words.next() {
        let mut options = word.strip_prefix(b"-");
        if options.is_none() {
            capture.url = lossy(&word);
        }
        while let Some(option) = options {
            let (does, rest) = first(option).ok_or(CaptureFlaw::CurlOption)?;
            if let Does::Flag(method) = does {
                // HEAD, which is the greater, stays HEAD beside -G.
                bodiless = bodiless.max(*method);
                options = rest;
                continue;
            }
            options = None;
            let value = match rest {
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
                    let login = format!("Basic {}", text(to_base64(&value))?);
                    capture.headers.push(("Authorization".to_owned(), login));
                }
                Does::Data | Does::BinaryData if value == b"@-" && command.piped.is_some() => {
                    // What was read once is gone.
                    let mut read = command.piped.as_mut().map(mem::take).unwrap_or_default();
                    if matches!(does, Does::Data) {
                        read.retain(|byte| !b"\r\n\0".contains(byte));
                    }
                    data.push(read);
                }
                Does::Data | Does::BinaryData | Does::Json if value.starts_with(b"@") => {
                    return Err(CaptureFlaw::FileBody.into());
                }
                Does::Data | Does::BinaryData | Does::RawData => data.push(value),
                Does::EncodedData => data.push(url_encoded(&value)?),
                Does::Json => {
                    json = true;
                    data.push(value);
                }
                Does::Nothing | Does::Flag(_) => {}
            }
        }
    }
    let has_data = !data.is_empty();
    let body = data.join(if json { &b""[..] } else { b"&" });
    if bodiless.is_none() {
        capture.payload = body;
        let is_typed = is_untyped || capture.headers.iter().any(|(name, _)| is_content_type(name));
        if has_data && !is_typed {
            let default =
                if json { "application/json" } else { "application/x-www-form-urlencoded" };
            capture.headers.push((CONTENT_TYPE.to_owned(), default.to_owned()));
        }
    } else if has_data {
        capture.url.push(if capture.url.contains('?') { '&' } else { '?' });
        capture.url.push_str(&lossy(&body));
    }
    if capture.method.is_empty() {
        capture.method = bodiless.unwrap_or(if has_data { "POST" } else { "GET" }).to_owned();
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

/// `name=content`, of which the content is encoded; without `=` it is content alone, or `name@file`.
fn url_encoded(data: &[u8]) -> Result<Vec<u8>, CaptureError> {
    let (name, content) = match data.iter().position(|byte| *byte == b'=') {
        Some(0) => (None, data.get(1..)),
        Some(end) => (data.get(..=end), data.get(end.saturating_add(1)..)),
        None if data.contains(&b'@') => return Err(CaptureFlaw::FileBody.into()),
        None => (None, Some(data)),
    };
    let content = to_percent(content.unwrap_or_default(), Space::Percent);
    Ok([name.unwrap_or_default(), &content].concat())
}
