//! Endpoints that speak TLS, and machines that cannot.

use std::fs;

use hookproof::providers;

use crate::program::{command, hookproof, run, said};
use crate::receiver::{Answers, careful, start, start_tls};

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused_and_said_to_be() {
    let (url, _) = start_tls(&providers::KYC, careful);
    let output = hookproof(&["send", "kyc", url.as_str(), "--secret-env=SECRET"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("cannot connect") && stderr.contains("certificate"), "{stderr}");
}

#[test]
fn an_endpoint_that_speaks_no_tls_is_said_to_speak_none() {
    let url = start(&providers::KYC, Answers::After, careful);
    let url = url.as_str().replace("http://", "https://");
    let output = hookproof(&["send", "kyc", &url, "--secret-env=SECRET"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("does not speak TLS: try it with http://"), "{stderr}");
}

/// Elsewhere the system's own store vouches, which a test does not write to.
#[cfg(target_os = "linux")]
#[test]
fn an_endpoint_with_a_certificate_of_one_s_own_passes_every_attack() {
    let (url, certificate) = start_tls(&providers::HUMIRIS, careful);
    let file =
        std::env::temp_dir().join(format!("hookproof-certificate-{}.pem", std::process::id()));
    fs::write(&file, certificate).unwrap();
    let observe = format!("--observe={}observed", url.as_str());
    let args = ["check", "humiris", url.as_str(), "--secret-env=SECRET", &observe];
    let output = run(command().args(args).env("SSL_CERT_FILE", &file), b"");
    fs::remove_file(file).unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(said(&output).contains("as they should be"), "{}", said(&output));
}

#[test]
fn a_machine_without_certificates_speaks_http() {
    let url = start(&providers::KYC, Answers::After, careful);
    let args = ["send", "kyc", url.as_str(), "--secret-env=SECRET"];
    let mut command = command();
    let command =
        command.args(args).env("SSL_CERT_FILE", "/nowhere").env("SSL_CERT_DIR", "/nowhere");
    let output = run(command, b"");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}
