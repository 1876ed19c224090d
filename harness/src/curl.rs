//! The command that sends a delivery again.

use std::fmt::Write as _;

use reqwest::Url;

use crate::delivery::{Delivery, Writing};
use crate::endpoint::Endpoint;
use crate::pen::is_plain;
use crate::target::shown;

/// The longest payload that is written out in a command.
const MAX_PAYLOAD_BYTES: usize = 2048;

/// The curl command that sends a delivery, for bash, zsh and whatever else knows `$'…'`, as POSIX has it since
/// 2024. It holds a signature and no secret, and [`hookproof::capture::parse`] reads it.
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
    let has_body = delivery.writing != Writing::NoBody || !delivery.payload.is_empty();
    if has_body && delivery.header("Content-Type").is_none() {
        // Else curl would say that the body is a form.
        command.push_str(" -H 'Content-Type:'");
    }
    match delivery.payload.as_slice() {
        _ if !has_body => command,
        // No argument of a program holds a NUL byte.
        payload if payload.contains(&0) => {
            format!("printf '{}' | {command} --data-binary @-", escaped(payload, "%%"))
        }
        // Unlike --data-binary it takes no `@` for the name of a file.
        payload => format!("{command} --data-raw {}", quoted(payload)),
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
    let only = id.map(|id| ["--only".to_owned(), id.to_owned()]);
    let options = endpoint.options.iter().cloned().chain(only.into_iter().flatten());
    let options: String = options.map(|option| format!(" {}", word(&option))).collect();
    format!("hookproof check {name} {url}{options}")
}

/// A text as one word, which is quoted only where a shell would find something in it.
fn word(text: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:".contains(&byte);
    if text.bytes().all(is_bare) { text.to_owned() } else { quoted(text.as_bytes()) }
}

fn method(delivery: &Delivery) -> &'static str {
    match delivery.writing {
        Writing::Put => "PUT",
        _ => "POST",
    }
}

/// A text as a shell takes it to be one word, byte for byte.
fn quoted(text: &[u8]) -> String {
    match str::from_utf8(text) {
        Ok(text) if text.chars().all(is_plain) => format!("'{}'", text.replace('\'', r"'\''")),
        _ => format!("$'{}'", escaped(text, "%")),
    }
}

/// Bytes as they stand between the quotes of `$'…'` and of printf's format, which has a word of its own for
/// a percent sign: what is not plain as octal digits.
fn escaped(bytes: &[u8], percent: &str) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '%' => text.push_str(percent),
                '\'' | '\\' => octal(&mut text, c.encode_utf8(&mut [0; 4]).as_bytes()),
                c if is_plain(c) => text.push(c),
                c => octal(&mut text, c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        octal(&mut text, chunk.invalid());
    }
    text
}

fn octal(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        let _ = write!(text, "\\{byte:03o}");
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::string::FromUtf8Error;

    use hookproof::capture::{self, Capture, CaptureFlaw};
    use hookproof::{UnixTime, providers};

    use super::*;
    use crate::attack::{self, Scene};
    use crate::route::Reach;
    use crate::sender::Sender;

    const SECRET: &str = "YW4gZXhhbXBsZSwgbm90IGEgc2VjcmV0IGF0IGFsbCE=";
    const NOW: UnixTime = UnixTime::from_secs(1_712_419_200);

    /// What a shell that knows `$'…'` writes, by these words.
    fn said(script: &str) -> Vec<u8> {
        Command::new("bash").args(["-c", script]).output().unwrap().stdout
    }

    #[test]
    fn a_shell_reads_what_was_quoted() {
        for text in [
            b"it's $HOME `id` \"quoted\" \\n %s".as_slice(),
            "Žluťoučký 🐎".as_bytes(),
            "\u{FEFF}it's 100% Žluťoučký\u{200B}\r\n".as_bytes(),
            b"caf\xE9 100% it's \\ \x01",
        ] {
            assert_eq!(said(&format!("printf %s {}", quoted(text))), text, "{}", quoted(text));
        }
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(said(&format!("printf '{}'", escaped(&bytes, "%%"))), bytes);
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        for unseen in ["\u{FEFF}", "\u{200B}", "\u{2028}", "\u{A0}", "\u{202E}", "\u{1B}"] {
            let quoted = quoted(format!("{unseen}{{}}").as_bytes());
            assert!(quoted.starts_with(r"$'\") && quoted.ends_with("{}'"), "{quoted}");
            assert!(quoted.is_ascii(), "{quoted}");
        }
        assert_eq!(quoted("é".as_bytes()), "'é'");
    }

    #[test]
    fn every_command_is_read_back_as_what_was_sent() {
        let url: Url = "http://127.0.0.1:3000/it's?a=%20&b".parse().unwrap();
        let text = |value: &Vec<u8>| String::from_utf8(value.clone());
        for provider in providers::ALL {
            let sender = Sender::new(provider, SECRET).unwrap();
            for attack in attack::all().filter(|attack| attack.lacking(provider).is_none()) {
                let events =
                    if attack.every_event { provider.events } else { &provider.events[..1] };
                for event in events {
                    let scene = Scene { sender: &sender, event, now: NOW };
                    let delivery = (attack.make)(&scene).unwrap();
                    if delivery.payload.len() > MAX_PAYLOAD_BYTES {
                        continue;
                    }
                    let command = command(&url, &delivery);
                    let headers = delivery.headers.iter();
                    let headers: Result<Vec<_>, _> =
                        headers.map(|(name, value)| Ok((name.clone(), text(value)?))).collect();
                    let Ok(mut headers): Result<_, FromUtf8Error> = headers else {
                        // A capture's headers are texts.
                        let error = capture::parse(command.as_bytes()).unwrap_err();
                        assert_eq!(error.flaw, CaptureFlaw::HeaderText, "{command}");
                        continue;
                    };
                    if delivery.writing == Writing::Chunked {
                        headers.push(("Transfer-Encoding".to_owned(), "chunked".to_owned()));
                    }
                    let method = method(&delivery).to_owned();
                    let sent =
                        Capture { method, url: shown(&url), headers, payload: delivery.payload };
                    assert_eq!(capture::parse(command.as_bytes()), Ok(sent), "{command}");
                }
            }
        }
    }

    #[test]
    fn a_check_is_repeated_with_its_options() {
        let options = ["--secret-env", "{PROVIDER}_SECRET", "--allow-remote"].map(str::to_owned);
        let sender = Sender::new(&providers::KYC, SECRET).unwrap();
        let url = "http://127.0.0.1/".parse().unwrap();
        let endpoint = Endpoint { sender, url, reach: Reach::AnyMachine, options: options.into() };
        assert_eq!(
            checking(&endpoint, Some("at-once")),
            "hookproof check kyc 'http://127.0.0.1/' --secret-env '{PROVIDER}_SECRET' --allow-remote --only at-once"
        );
    }
}
