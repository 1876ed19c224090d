//! `explain` and `verify`, of deliveries as people have them.

use std::fs;

use hookproof::UnixTime;
use hookproof::providers::{self, Provider};
use hookproof_harness::curl;
use hookproof_harness::delivery::Delivery;
use hookproof_harness::sender::Sender;
use serde_json::{Value, json};

use crate::program::{hookproof, said, with_input};
use crate::receiver::SECRET;

const NOW: &str = "--now=1712419200";
const SIGNED_AT: UnixTime = UnixTime::from_secs(1_712_419_200);
const ENV: &str = "--secret-env=SECRET";

fn delivery(provider: &'static Provider) -> Delivery {
    let sender = Sender::new(provider, SECRET).unwrap();
    let payload = r#"{"id":"evt_1","note":"it's 100% café"}"#;
    sender.sign(payload.into(), provider.events[0], SIGNED_AT).unwrap()
}

fn headers(delivery: &Delivery) -> Vec<(&str, &str)> {
    let text = |bytes| str::from_utf8(bytes).unwrap();
    delivery.headers.iter().map(|(name, value)| (name.as_str(), text(value))).collect()
}

fn http(delivery: &Delivery) -> String {
    let headers = headers(delivery);
    let lines: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let payload = str::from_utf8(&delivery.payload).unwrap();
    format!("POST /hooks HTTP/1.1\r\n{lines}\r\n{payload}")
}

fn har(delivery: &Delivery) -> String {
    let headers = headers(delivery);
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let text = str::from_utf8(&delivery.payload).unwrap();
    let request = json!({
        "method": "POST",
        "url": "https://example.com/hooks",
        "headers": headers,
        "postData": { "mimeType": "application/json", "text": text },
    });
    json!({ "log": { "entries": [{ "request": request }] } }).to_string()
}

fn respaced(delivery: Delivery) -> Delivery {
    let text = str::from_utf8(&delivery.payload).unwrap().replace("\":", "\": ");
    Delivery { payload: text.into(), ..delivery }
}

#[test]
fn a_delivery_is_read_as_it_was_saved() {
    let url = "http://127.0.0.1:1/hooks".parse().unwrap();
    for provider in providers::ALL {
        let name = provider.scheme.name;
        let right = delivery(provider);
        let wrong = respaced(right.clone());
        for (saved, status) in [(&right, 0), (&wrong, 1)] {
            for capture in [http(saved), curl::command(&url, saved), har(saved)] {
                let verified = with_input(&["verify", name, ENV, NOW], capture.as_bytes());
                assert_eq!(verified.status.code(), Some(status), "{capture}: {verified:?}");
                let stderr = String::from_utf8(verified.stderr).unwrap();
                assert_eq!(stderr.contains("hookproof explain"), status == 1, "{stderr}");
                let args = ["explain", name, ENV, NOW, "--format=json"];
                let explained = with_input(&args, capture.as_bytes());
                assert_eq!(explained.status.code(), Some(status), "{capture}: {explained:?}");
                let explanation: Value = serde_json::from_str(&said(&explained)).unwrap();
                let cause = if status == 0 { "verified" } else { "json_reserialised" };
                assert_eq!(explanation["cause"], cause, "{explanation:#}");
                assert_eq!(explanation["evidence"]["proven"], true, "{explanation:#}");
            }
        }
    }
}

#[test]
fn the_name_of_a_header_does_nothing_to_a_terminal() {
    let args = ["explain", "kyc", "{}", ENV, "-H", "X-Webhook-\u{202e}\u{9b}Signatur: sha256=00"];
    for (format, written) in [
        ("--format=text", r"\u{202e}\u{9b}Signatur"),
        ("--format=json", r"\\u{202e}\\u{9b}Signatur"),
    ] {
        let explained = said(&hookproof(&[&args[..], &[format]].concat()));
        assert!(explained.contains(written), "{explained}");
        assert!(!explained.contains(['\u{202e}', '\u{9b}']), "{explained}");
    }
}

#[test]
fn a_file_is_a_capture_and_a_payload_comes_with_its_headers() {
    let folder = std::env::temp_dir().join(format!("hookproof-explain-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("delivery.http");
    let saved = delivery(&providers::SLACK);
    fs::write(&path, http(&saved)).unwrap();
    let file = path.display().to_string();
    let lines = headers(&saved).into_iter().map(|(name, value)| format!("{name}: {value}"));
    let lines: Vec<_> = lines.collect();
    let payload = str::from_utf8(&saved.payload).unwrap();
    let mut apart = vec!["slack", ENV, NOW, payload];
    apart.extend(lines.iter().flat_map(|line| ["-H", line.as_str()]));
    for args in [vec!["slack", ENV, NOW, "-i", &file], apart] {
        for command in ["verify", "explain"] {
            let output = hookproof(&[&[command], args.as_slice()].concat());
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            assert!(said(&output).starts_with("ok"), "{}", said(&output));
        }
    }
    fs::write(&path, "POST /hooks HTTP/1.1\r\nno header\r\n\r\n{}").unwrap();
    let output = hookproof(&["explain", "slack", ENV, "-i", &file]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains(&file) && stderr.contains("name: value"), "{stderr}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_verdict_is_an_object_for_programs() {
    let json = |delivery: &Delivery| {
        let args = ["verify", "kyc", ENV, "--format=json"];
        let output = with_input(&args, http(delivery).as_bytes());
        (output.status.code(), serde_json::from_str::<Value>(&said(&output)).unwrap())
    };
    let delivered = json!({
        "provider": "kyc",
        "id": "evt_1",
        "timestamp": 1_712_419_200,
        "signed": ["payload", "id"],
        "secretIndex": 0,
        "key": "kyc:id:evt_1",
    });
    let right = json!({ "ok": true, "delivery": delivered });
    assert_eq!(json(&delivery(&providers::KYC)), (Some(0), right));
    let (status, wrong) = json(&respaced(delivery(&providers::KYC)));
    assert_eq!((status, &wrong["code"]), (Some(1), &json!("signature_mismatch")));
    assert!(wrong["ok"] == false && wrong["message"].is_string(), "{wrong}");
}

#[test]
fn an_explanation_is_laid_out_for_a_terminal() {
    let capture = http(&respaced(delivery(&providers::HUMIRIS)));
    let args = ["explain", "humiris", "--secret-env=QUOTED_SECRET", "--now=1712419212"];
    let output = with_input(&args, capture.as_bytes());
    let said = said(&output);
    let expected = "\
WRONG   json_reserialised
        the payload's JSON was parsed and written again: signed: compact;
        received: with spaces after colons only
fix     pass the raw body, byte for byte as it came, before any JSON parser

WRONG   secret_quotes
";
    assert!(said.starts_with(expected), "{said}");
    for line in [
        "proof       with this undone, the signature verifies\n",
        "refused as  signature_mismatch\n",
        "provider    humiris\n",
        "stamped     12 seconds ago\n",
        "came as     {\"id\":·\"evt_1\",\"note\":·\"it's·1…\n",
    ] {
        assert!(said.contains(line), "{line}{said}");
    }
    assert!(said.ends_with("\n                  ^\n"), "the caret is below what differs: {said}");
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    assert!(!said.contains('\x1b'), "colour is for a terminal");
}

#[test]
fn the_page_shows_what_is_printed() {
    let capture = http(&respaced(delivery(&providers::HUMIRIS)));
    let output = with_input(&["explain", "humiris", ENV, "--now=1712419212"], capture.as_bytes());
    let page = include_str!("../../../docs/harness.md");
    assert!(page.contains(&format!("```text\n{}```\n", said(&output))), "{}", said(&output));
}

#[test]
fn what_nobody_can_know_is_not_guessed() {
    let capture = http(&delivery(&providers::IMMUTIS));
    let output = with_input(&["explain", "immutis", "--secret-env=KYC_SECRET"], capture.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    assert!(said.starts_with("WRONG   unknown\n"), "{said}");
    let unfolded = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(unfolded.contains("which leaves another secret"), "{said}");
    assert!(unfolded.contains("not the payload's white space"), "{said}");
}

#[test]
fn an_old_delivery_is_told_of_now() {
    let capture = http(&delivery(&providers::STRIPE));
    let output = with_input(&["explain", "stripe", ENV], capture.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    assert!(said.starts_with("WRONG   too_old\n") && said.contains("--now"), "{said}");
}

#[test]
fn several_secrets_and_several_endpoints_are_taken() {
    let capture = http(&delivery(&providers::KYC));
    let two = ["--secret-env=KYC_SECRET", ENV];
    let output = with_input(&[&["verify", "kyc"], &two[..]].concat(), capture.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(said(&output).contains("secret     number 2 of 2\n"), "{}", said(&output));
    let output = with_input(&["explain", "humiris", "--or=slack,kyc", ENV], capture.as_bytes());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(said(&output).starts_with("WRONG   other_provider\n"), "{}", said(&output));
    assert!(said(&output).contains("provider    kyc\n"), "{}", said(&output));
}

#[test]
fn the_expected_signature_is_shown_only_where_it_is_asked_for_and_is_warned_of() {
    let wrong = respaced(delivery(&providers::GITHUB));
    let sender = Sender::new(&providers::GITHUB, SECRET).unwrap();
    let right = sender.sign(wrong.payload.clone(), "push", SIGNED_AT).unwrap();
    let expected = right.header("X-Hub-Signature-256").unwrap();
    for (more, shown) in [(&[][..], false), (&["--reveal-expected"], true)] {
        let args = [&["explain", "github", ENV], more].concat();
        let output = with_input(&args, http(&wrong).as_bytes());
        assert_eq!(said(&output).contains(expected), shown, "{}", said(&output));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(stderr.contains("warning: "), shown, "{stderr}");
    }
}
