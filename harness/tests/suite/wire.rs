//! What goes over the socket is what was asked for, byte for byte.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hookproof::providers;
use hookproof_harness::delivery::{Delivery, Writing};
use hookproof_harness::route::Reach;
use hookproof_harness::sender::Sender;
use hookproof_harness::wire::{Connections, Outcome, Wire, now};
use reqwest::Url;

use crate::receiver::SECRET;

/// What came over one connection.
struct Came {
    text: String,
    reads: usize,
    /// Whether the sender closed it before it was answered.
    cut: bool,
}

/// Takes one connection, reads until nothing more comes, and answers 200.
fn listen() -> (Url, JoinHandle<Came>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let came = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // Much longer than any pause of a sender.
        stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        let (mut bytes, mut reads, mut buffer) = (Vec::new(), 0, [0; 4096]);
        let cut = loop {
            match stream.read(&mut buffer) {
                Ok(0) => break true,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
                Err(_) => break false,
            }
            reads += 1;
        };
        if !cut {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        }
        Came { text: bytes.into_iter().map(char::from).collect(), reads, cut }
    });
    (url, came)
}

async fn wire(url: &Url) -> Wire {
    let timeout = Duration::from_secs(20);
    Wire::new(url, Reach::ThisMachine, timeout, Connections::Fresh).await.unwrap()
}

async fn sent(delivery: &Delivery) -> (Outcome, Came) {
    let (url, came) = listen();
    let wire = wire(&url).await;
    let answer = wire.send(delivery).await.unwrap();
    drop(wire);
    // In a thread of its own: the connection still has to be closed in this one.
    let came = tokio::task::spawn_blocking(|| came.join().unwrap()).await.unwrap();
    (answer.outcome, came)
}

fn delivery() -> Delivery {
    let sender = Sender::new(&providers::KYC, SECRET).unwrap();
    sender.deliver("kyc.session.processed", now()).unwrap()
}

fn accepted() -> Outcome {
    Outcome::Status(200, Vec::new())
}

#[tokio::test]
async fn a_get_that_is_not_answered_2xx_gives_no_text() {
    for (status, text) in [
        ("200 OK", Some("evt_1")),
        ("299 Odd", Some("evt_1")),
        ("101 Switching Protocols", None),
        ("302 Found", None),
        ("304 Not Modified", None),
        ("404 Not Found", None),
        ("500 Internal Server Error", None),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let answering = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 5\r\nconnection: close\r\n\r\nevt_1");
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let wire = wire(&url).await;
        assert_eq!(wire.text().await.ok().as_deref(), text, "{status}");
        answering.join().unwrap();
    }
}

#[tokio::test]
async fn usual_in_lower_case_and_by_put() {
    let delivery = delivery();
    let payload = String::from_utf8(delivery.payload.clone()).unwrap();
    let length = format!("ontent-length: {}\r\n", payload.len());
    for (writing, method, name) in [
        (Writing::Usual, "POST / HTTP/1.1\r\n", "X-Webhook-Signature: sha256="),
        (Writing::LowerCase, "POST / HTTP/1.1\r\n", "x-webhook-signature: sha256="),
        (Writing::Put, "PUT / HTTP/1.1\r\n", "X-Webhook-Signature: sha256="),
    ] {
        let (outcome, came) = sent(&delivery.clone().written(writing)).await;
        assert_eq!(outcome, accepted(), "{writing:?}");
        assert!(came.text.starts_with(method) && came.text.contains(name), "{}", came.text);
        assert!(came.text.to_lowercase().contains(&length), "{}", came.text);
        assert!(came.text.ends_with(&format!("\r\n\r\n{payload}")), "{}", came.text);
    }
}

#[tokio::test]
async fn a_chunked_body_has_no_length_and_no_body_has_none_either() {
    let (outcome, came) = sent(&delivery().written(Writing::Chunked)).await;
    assert_eq!(outcome, accepted());
    let text = came.text.to_lowercase();
    assert!(text.contains("transfer-encoding: chunked\r\n"), "{text}");
    assert!(!text.contains("content-length"), "{text}");
    assert!(text.ends_with("\r\n0\r\n\r\n"), "{text}");

    let empty = Delivery { payload: Vec::new(), ..delivery() };
    let (_, came) = sent(&empty.clone().written(Writing::NoBody)).await;
    assert!(!came.text.to_lowercase().contains("content-length"), "{}", came.text);
    let (_, came) = sent(&empty).await;
    assert!(came.text.to_lowercase().contains("content-length: 0\r\n"), "{}", came.text);
}

#[tokio::test]
async fn a_slow_body_comes_in_pieces() {
    let delivery = delivery();
    let (outcome, came) = sent(&delivery.clone().written(Writing::Slow)).await;
    assert_eq!(outcome, accepted());
    assert!(came.reads > 5, "{} reads", came.reads);
    assert!(came.text.ends_with(str::from_utf8(&delivery.payload).unwrap()), "{}", came.text);
}

#[tokio::test]
async fn a_cut_body_ends_in_the_middle_and_nobody_waits_after_giving_up() {
    let delivery = delivery();
    let (outcome, came) = sent(&delivery.clone().written(Writing::Cut)).await;
    assert_eq!((outcome, came.cut), (Outcome::NotAwaited, true));
    let half = str::from_utf8(&delivery.payload[..delivery.payload.len() / 2]).unwrap();
    assert!(came.text.ends_with(&format!("\r\n\r\n{half}")), "{}", came.text);
    let length = format!("content-length: {}\r\n", delivery.payload.len());
    assert!(came.text.to_lowercase().contains(&length), "{}", came.text);

    let (outcome, came) = sent(&delivery.clone().written(Writing::Abandoned)).await;
    assert_eq!((outcome, came.cut), (Outcome::NotAwaited, true));
    assert!(came.text.ends_with(str::from_utf8(&delivery.payload).unwrap()), "{}", came.text);
}

#[tokio::test]
async fn a_header_goes_twice_and_with_bytes_that_are_no_text() {
    let mut twice = delivery().with_signature(*b"caf\xE9");
    twice.headers.push(("X-Webhook-Signature".to_owned(), b"".to_vec()));
    let (_, came) = sent(&twice).await;
    assert_eq!(came.text.matches("X-Webhook-Signature: ").count(), 2, "{}", came.text);
    // Each byte is read as the character of its number.
    assert!(came.text.contains("X-Webhook-Signature: caf\u{E9}\r\n"), "{}", came.text);
}
