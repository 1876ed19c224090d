//! The contestants: each verifies the hex tag of a payload with a key that was made before.

use hookproof::scheme::SecretFormat;
use hookproof::{Key, Options, UnixTime, providers};

/// A secret of a usual length.
pub const SECRET: &str = "a secret of a usual length, 40 letters!!";

/// A library by its name, and its verifier.
pub type Contestant = (&'static str, Box<dyn Fn(&[u8], &str) -> bool>);

/// All of them. The key is made here, outside what is timed.
pub fn contestants() -> Vec<Contestant> {
    vec![
        ("hookproof", Box::new(hookproof_verify())),
        ("ring", Box::new(ring_verify())),
        ("aws-lc-rs", Box::new(aws_lc_verify())),
    ]
}

/// The signature of a payload, as a sender writes it.
pub fn sign(payload: &[u8]) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
    hex::encode(ring::hmac::sign(&key, payload))
}

fn hookproof_verify() -> impl Fn(&[u8], &str) -> bool {
    let provider = providers::IMMUTIS;
    let keys = [Key::new(SECRET.as_bytes(), SecretFormat::Utf8).expect("a good secret")];
    let options = Options { now: UnixTime::from_secs(1_712_419_200), tolerance_secs: None };
    move |payload, signature| {
        let headers = [(provider.scheme.signature.name, signature)];
        hookproof::verify(&provider.scheme, &keys, &headers, payload, &options).is_ok()
    }
}

fn ring_verify() -> impl Fn(&[u8], &str) -> bool {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
    move |payload, signature| {
        let mut tag = [0; 32];
        hex::decode_to_slice(signature, &mut tag).is_ok()
            && ring::hmac::verify(&key, payload, &tag).is_ok()
    }
}

fn aws_lc_verify() -> impl Fn(&[u8], &str) -> bool {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET.as_bytes());
    move |payload, signature| {
        let mut tag = [0; 32];
        hex::decode_to_slice(signature, &mut tag).is_ok()
            && aws_lc_rs::hmac::verify(&key, payload, &tag).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_accepts_an_honest_payload_and_nobody_another() {
        for (name, verify) in contestants() {
            assert!(verify(b"{}", &sign(b"{}")), "{name}");
            assert!(!verify(b"[]", &sign(b"{}")), "{name}");
        }
    }
}
