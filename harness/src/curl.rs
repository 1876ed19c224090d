//! The command that sends a delivery again.

use std::fmt::Write as _;

use reqwest::Url;

use crate::check::Endpoint;
use crate::delivery::{Delivery, Writing};

/// The longest payload that is written out in a command.
const MAX_PAYLOAD_BYTES: usize = 2048;

/// The curl command that sends a delivery, for a POSIX shell. It holds a signature and no secret.
pub fn command(url: &Url, delivery: &Delivery) -> String {
    let mut command = format!("curl -i -X {} {}", method(delivery), quoted(shown(url).as_bytes()));
    for (name, value) in &delivery.headers {
        let header = match value.as_slice() {
            // Without a value curl would leave the header out.
            [] => format!("{name};").into_bytes(),
            value => [name.as_bytes(), b": ", value].concat(),
        };
        let _ = write!(command, " -H {}", quoted(&header));
    }
    if delivery.writing == Writing::Chunked {
        command.push_str(" -H 'Transfer-Encoding: chunked'");
    }
    match delivery.payload.as_slice() {
        [] if delivery.writing == Writing::NoBody => command,
        payload if is_plain(payload) => format!("{command} --data-raw {}", quoted(payload)),
        payload => format!("printf '{}' | {command} --data-binary @-", escaped(payload)),
    }
}

/// The command that repeats an attack: curl where it can, else `hookproof check` with this attack alone.
pub(crate) fn repeating(endpoint: &Endpoint, id: &str, deliveries: &[Delivery]) -> String {
    match deliveries {
        [delivery]
            if delivery.payload.len() <= MAX_PAYLOAD_BYTES
                && !matches!(delivery.writing, Writing::Slow | Writing::LowerCase)
                && delivery.headers.iter().all(|(_, value)| value.len() <= MAX_PAYLOAD_BYTES) =>
        {
            command(&endpoint.url, delivery)
        }
        _ => checking(endpoint, Some(id)),
    }
}

/// The command that checks an endpoint again, for one attack or for all.
pub(crate) fn checking(endpoint: &Endpoint, id: Option<&str>) -> String {
    let name = endpoint.sender.provider.scheme.name;
    let url = quoted(shown(&endpoint.url).as_bytes());
    let only = id.map(|id| format!(" --only {id}")).unwrap_or_default();
    format!("hookproof check {name} {url} --secret-env SECRET{only}")
}

fn method(delivery: &Delivery) -> &'static str {
    match delivery.writing {
        Writing::Put => "PUT",
        _ => "POST",
    }
}

/// An address without the password that may stand in it.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // An address that can have no password has none.
    let _ = url.set_password(None);
    url.into()
}

/// A text as a shell takes it to be one word, byte for byte.
fn quoted(text: &[u8]) -> String {
    if !is_plain(text) {
        return format!("\"$(printf '{}')\"", escaped(text));
    }
    format!("'{}'", String::from_utf8_lossy(text).replace('\'', r"'\''"))
}

fn is_plain(text: &[u8]) -> bool {
    str::from_utf8(text).is_ok_and(|text| !text.chars().any(char::is_control))
}

/// Bytes as printf's format takes them: what is not plain as octal digits.
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = match byte {
            b'%' => text.write_str("%%"),
            b'\'' | b'\\' => write!(text, "\\{byte:03o}"),
            b' '..=b'~' => text.write_char(char::from(*byte)),
            _ => write!(text, "\\{byte:03o}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What a shell makes of a word.
    fn said(word: &str) -> Vec<u8> {
        let script = format!("printf %s {word}");
        Command::new("sh").args(["-c", &script]).output().unwrap().stdout
    }

    #[test]
    fn a_shell_reads_what_was_quoted() {
        for text in [
            b"it's $HOME `id` \"quoted\" \\n %s".as_slice(),
            "Žluťoučký 🐎".as_bytes(),
            b"caf\xE9 100% it's \\ \x01",
        ] {
            assert_eq!(said(&quoted(text)), text, "{}", quoted(text));
        }
    }

    #[test]
    fn printf_writes_every_byte() {
        let bytes: Vec<u8> = (0..=255).collect();
        let script = format!("printf '{}'", escaped(&bytes));
        assert_eq!(Command::new("sh").args(["-c", &script]).output().unwrap().stdout, bytes);
    }

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        let url = "http://ada:hidden@127.0.0.1/".parse().unwrap();
        assert_eq!(shown(&url), "http://ada@127.0.0.1/");
    }
}
