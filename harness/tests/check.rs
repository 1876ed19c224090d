//! Receivers that are careful or careless in one way, each a thread with a socket, and what `check` finds.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use hookproof::providers::{self, Provider};
use hookproof::{Error, Key, Options, verify};
use hookproof_harness::check::{self, Endpoint, Row, Verdict};
use hookproof_harness::delivery::Sender;
use hookproof_harness::report;
use hookproof_harness::send;

/// Base64 and text alike, so that it is a secret in every format.
const SECRET: &str = "YW4gZXhhbXBsZSwgbm90IGEgc2VjcmV0IGF0IGFsbCE=";

const TIMEOUT: Duration = Duration::from_secs(1);

type Headers = Vec<(String, Vec<u8>)>;

enum Reply {
    Answer(u16, String),
    Close,
    Hang,
}

use Reply::{Answer, Close, Hang};

/// What a careful receiver does.
fn careful(provider: &'static Provider, headers: &Headers, payload: &[u8]) -> Reply {
    match verdict(provider, headers, payload) {
        Ok(()) => Answer(200, "OK".to_owned()),
        Err(_) => Answer(401, "Unauthorized".to_owned()),
    }
}

fn verdict(
    provider: &'static Provider,
    headers: &Headers,
    payload: &[u8],
) -> Result<(), Error<'static>> {
    let keys = [Key::new(SECRET.as_bytes(), provider.scheme.secret)?];
    let options = Options { now: send::now(), tolerance_secs: None };
    verify(&provider.scheme, &keys, headers.as_slice(), payload, &options).map(drop)
}

#[tokio::test]
async fn a_careful_receiver_passes_for_every_provider() {
    for provider in providers::ALL {
        let rows = check(provider, careful).await;
        assert!(report::is_right(&rows), "{}", report::write(&rows, false));
    }
}

#[tokio::test]
async fn a_receiver_that_accepts_everything_fails_every_attack() {
    let rows = check(&providers::HUMIRIS, |_, _, _| Answer(200, "OK".to_owned())).await;
    let let_in = rows.iter().filter(|row| row.expected == "reject");
    assert!(let_in.clone().count() > 10);
    for row in let_in {
        assert_eq!(row.verdict, Verdict::Wrong("let in".to_owned()), "{}", row.case);
        assert_eq!((row.got, row.status.as_str()), ("accept", "200"));
    }
    assert!(wrong(&rows).contains("refusals-alike"), "it refused nothing");
    assert!(!wrong(&rows).contains("valid"));
}

#[tokio::test]
async fn a_receiver_that_refuses_everything_fails_every_valid_delivery() {
    let rows = check(&providers::KYC, |_, _, _| Answer(401, String::new())).await;
    let wrong = wrong(&rows);
    assert!(wrong.contains("valid") && wrong.contains("replay"));
    assert!(!wrong.contains("payload-bit") && !wrong.contains("refusals-alike"));
}

#[tokio::test]
async fn a_receiver_that_reads_the_payload_as_text_refuses_what_is_none() {
    let rows = check(&providers::IMMUTIS, |provider, headers, payload| {
        let text = String::from_utf8_lossy(payload).into_owned();
        careful(provider, headers, text.as_bytes())
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["valid-invalid-utf8"]));
}

#[tokio::test]
async fn a_receiver_that_verifies_what_its_parser_made_is_found() {
    let rows = check(&providers::IMMUNE, |provider, headers, payload| {
        let event: serde_json::Value = serde_json::from_slice(payload).unwrap_or_default();
        careful(provider, headers, event.to_string().as_bytes())
    })
    .await;
    let wrong = wrong(&rows);
    assert!(wrong.contains("payload-appended") && wrong.contains("payload-white-space"));
    assert!(wrong.contains("valid-crlf-bom") && wrong.contains("valid-empty"));
    assert!(!wrong.contains("payload-bit"));
}

#[tokio::test]
async fn a_receiver_that_takes_the_first_of_two_headers_is_found() {
    let rows = check(&providers::IMTEGRATE, |provider, headers, payload| {
        let mut seen = BTreeSet::new();
        let first = headers.iter().filter(|(name, _)| seen.insert(name.to_ascii_lowercase()));
        careful(provider, &first.cloned().collect(), payload)
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["signature-doubled"]));
}

#[tokio::test]
async fn a_receiver_that_fails_on_hostile_text_is_found() {
    let rows = check(&providers::IMTEGRATE, |provider, headers, payload| {
        match verdict(provider, headers, payload) {
            Err(Error::MalformedSignature { .. }) => Answer(500, "RangeError".to_owned()),
            Err(Error::MalformedHeader { .. }) => Close,
            _ => careful(provider, headers, payload),
        }
    })
    .await;
    let status = |id: &str| rows.iter().find(|row| row.id == id).unwrap().status.as_str();
    assert_eq!(status("signature-truncated"), "500");
    assert_eq!(status("signature-not-ascii"), "closed");
    assert!(wrong(&rows).contains("signature-truncated"));
    assert!(wrong(&rows).contains("signature-not-ascii"));
}

#[tokio::test]
async fn a_refusal_that_tells_its_reason_is_found() {
    let rows = check(&providers::KYC, |provider, headers, payload| {
        match verdict(provider, headers, payload) {
            Ok(()) => Answer(204, String::new()),
            Err(error) => Answer(401, error.code().to_owned()),
        }
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["refusals-alike"]));
}

#[tokio::test]
async fn a_refusal_that_is_not_401_is_found() {
    let rows = check(&providers::KYC, |provider, headers, payload| {
        match verdict(provider, headers, payload) {
            Ok(()) => Answer(200, String::new()),
            Err(_) => Answer(400, String::new()),
        }
    })
    .await;
    assert!(wrong(&rows).contains("payload-bit"));
}

#[tokio::test]
async fn a_receiver_that_hangs_is_not_waited_for() {
    let rows = check(&providers::IMMUTIS, |provider, headers, payload| {
        match headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("x-immutis-signature")) {
            true => careful(provider, headers, payload),
            false => Hang,
        }
    })
    .await;
    assert_eq!(wrong(&rows), BTreeSet::from(["signature-missing"]));
    let row = rows.iter().find(|row| row.id == "signature-missing").unwrap();
    assert_eq!(row.status, "timeout");
    assert!(row.time.unwrap() < 4 * TIMEOUT);
}

#[tokio::test]
async fn a_receiver_that_is_not_there_is_said_to_be_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = endpoint(&providers::KYC, &listener);
    drop(listener);
    let error = check::run(&[endpoint], TIMEOUT, |_| ()).await.err().unwrap();
    assert!(error.to_string().contains("is the receiver running?"), "{error}");
}

async fn check(
    provider: &'static Provider,
    receive: fn(&'static Provider, &Headers, &[u8]) -> Reply,
) -> Vec<Row> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoints = [endpoint(provider, &listener)];
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            thread::spawn(move || {
                serve(&stream, |headers, payload| receive(provider, headers, payload))
            });
        }
    });
    let mut told = 0;
    let rows = check::run(&endpoints, TIMEOUT, |_| told += 1).await.unwrap();
    assert_eq!((told, rows.len()), (check::count(&endpoints), check::count(&endpoints)));
    rows
}

fn endpoint(provider: &'static Provider, listener: &TcpListener) -> Endpoint {
    let address = listener.local_addr().unwrap();
    Endpoint {
        sender: Sender::new(provider, SECRET).unwrap(),
        url: format!("http://{address}/").parse().unwrap(),
    }
}

/// Reads one request and answers it: as much of HTTP as the harness sends.
fn serve(mut stream: &TcpStream, receive: impl Fn(&Headers, &[u8]) -> Reply) {
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).unwrap();
        line.trim_ascii_end().to_vec()
    };
    assert_eq!(line(), b"POST / HTTP/1.1");
    let mut headers = Headers::new();
    loop {
        let line = line();
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            break;
        };
        let name = String::from_utf8(line[..colon].to_vec()).unwrap();
        headers.push((name, line[colon + 1..].trim_ascii_start().to_vec()));
    }
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.map_or("0", |(_, value)| str::from_utf8(value).unwrap());
    let mut payload = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut payload).unwrap();
    match receive(&headers, &payload) {
        Answer(status, body) => {
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status} -\r\nConnection: close\r\nContent-Length: {length}");
            stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).unwrap();
        }
        Close => {}
        // Until the harness gives up and closes.
        Hang => drop(reader.read(&mut [0])),
    }
}

fn wrong(rows: &[Row]) -> BTreeSet<&'static str> {
    let wrong = rows.iter().filter(|row| matches!(row.verdict, Verdict::Wrong(_)));
    wrong.map(|row| row.id).collect()
}
