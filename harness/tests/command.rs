//! The command itself: what it prints and its exit status.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::thread;

fn hookproof(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hookproof"))
        .args(args)
        .env("KYC_SECRET", "an example, not a secret")
        .env("BLANK_SECRET", "  ")
        .output()
        .unwrap()
}

#[test]
fn misuse_is_2_and_says_what_to_do() {
    let here = "http://127.0.0.1:9/";
    let env = "--secret-env={PROVIDER}_SECRET";
    for (args, says) in [
        (&["check", "acme", here, env][..], "acme is not one of immutis, immune"),
        (&["check", "kyc", here], "--secret-env <NAME>"),
        (&["check", "kyc", "https://example.com/", env], "--allow-remote"),
        (&["check", "kyc,immune", here, env], "set it to the endpoint's secret for immune"),
        (&["check", "kyc", here, "--secret-env=BLANK_SECRET"], "empty, blank or all zero"),
        (&["check", "kyc", here, env, "--timeout-secs=0"], "1..=3600"),
        (&["send", "kyc", "127.0.0.1:9", env], "http"),
        (&["check", "kyc", here, env], "is the receiver running?"),
        (&["send", "kyc", here, env], "is the receiver running?"),
    ] {
        let output = hookproof(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
        assert!(!said.contains("not a secret"), "{said}");
    }
}

#[test]
fn a_delivery_that_is_refused_is_1() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let receiver = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let _ = connection.read(&mut [0; 4096]).unwrap();
        let answer = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        connection.write_all(answer).unwrap();
    });
    let output = hookproof(&["send", "kyc", &url, "--secret-env=KYC_SECRET"]);
    receiver.join().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("kyc.session.processed: 401"), "{said}");
}
