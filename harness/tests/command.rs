//! The command itself: what it prints and its exit status.

use std::process::{Command, Output};

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
    ] {
        let output = hookproof(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
        assert!(!said.contains("not a secret"), "{said}");
    }
}

#[test]
fn a_delivery_that_nobody_takes_is_1() {
    let output = hookproof(&["send", "kyc", "http://127.0.0.1:9/", "--secret-env=KYC_SECRET"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("kyc.session.processed: cannot connect"), "{said}");
}
