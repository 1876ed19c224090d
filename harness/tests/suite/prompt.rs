//! The prompt for a secret, in a terminal.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use hookproof::providers;
use hookproof_harness::sender::Sender;
use hookproof_harness::wire;
use pty_process::blocking::{Command, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};

use crate::receiver::SECRET;

#[test]
fn the_secret_is_asked_for_and_not_shown_also_where_the_payload_is_piped_in() {
    let sender = Sender::new(&providers::KYC, SECRET).unwrap();
    let right = sender.sign(b"{}".to_vec(), "", wire::now()).unwrap();
    for (payload, input) in [("{}", None), ("@-", Some(b"{}"))] {
        let (mut terminal, side) = open().unwrap();
        let mut command =
            Command::new(env!("CARGO_BIN_EXE_hookproof")).args(["sign", "kyc", payload]);
        if input.is_some() {
            command = command.stdin(Stdio::piped());
        }
        let mut child = command.spawn(side).unwrap();
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
            stdin.write_all(input).unwrap();
        }
        await_silence(&terminal);
        terminal.write_all(format!("{SECRET}\n").as_bytes()).unwrap();
        let shown = shown(&mut terminal);
        assert!(child.wait().unwrap().success(), "{shown}");
        assert!(shown.starts_with("secret for kyc: "), "{shown}");
        assert!(shown.contains(right.header("X-Webhook-Signature").unwrap()), "{shown}");
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

#[test]
fn nothing_typed_is_no_secret_and_no_variable_is_blamed() {
    let (mut terminal, side) = open().unwrap();
    let command = Command::new(env!("CARGO_BIN_EXE_hookproof")).args(["sign", "kyc", "{}"]);
    let mut child = command.spawn(side).unwrap();
    await_silence(&terminal);
    terminal.write_all(b"\n").unwrap();
    let shown = shown(&mut terminal);
    assert_eq!(child.wait().unwrap().code(), Some(2), "{shown}");
    assert!(shown.contains("nothing was typed") && !shown.contains("variable"), "{shown}");
}

#[test]
fn a_signal_at_the_prompt_ends_it_and_the_terminal_shows_again_what_is_typed() {
    for (signal, number, is_typed) in [("INT", 2, true), ("INT", 2, false), ("TERM", 15, false)] {
        let (mut terminal, side) = open().unwrap();
        let before = tcgetattr(&terminal).unwrap().local_modes;
        let command = Command::new(env!("CARGO_BIN_EXE_hookproof")).args(["sign", "kyc", "{}"]);
        let mut child = command.spawn(side).unwrap();
        await_silence(&terminal);
        if is_typed {
            terminal.write_all(b"half\x03").unwrap();
        } else {
            let args = [format!("-{signal}"), child.id().to_string()];
            assert!(std::process::Command::new("kill").args(args).status().unwrap().success());
        }
        assert_eq!(child.wait().unwrap().signal(), Some(number), "{signal}, typed: {is_typed}");
        assert_eq!(tcgetattr(&terminal).unwrap().local_modes, before, "{signal}");
        let shown = shown(&mut terminal);
        assert_eq!(shown.trim_end(), "secret for kyc:", "{signal}, typed: {is_typed}");
    }
}

/// Waits until the terminal no longer shows what is typed, as a person does who reads the prompt first.
fn await_silence(terminal: &Pty) {
    for _ in 0..3000 {
        if !tcgetattr(terminal).unwrap().local_modes.contains(LocalModes::ECHO) {
            return;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("the terminal still shows what is typed");
}

/// All that the terminal showed.
fn shown(terminal: &mut Pty) -> String {
    let (mut shown, mut buffer) = (Vec::new(), [0; 1024]);
    // Linux ends a terminal that nobody holds any more with an error.
    while let Ok(count @ 1..) = terminal.read(&mut buffer) {
        shown.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8(shown).unwrap()
}
