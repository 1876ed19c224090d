//! The command itself: what it prints and its exit status.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;

use hookproof::providers;

use crate::program::{LETTERS, PASSWORD, command, hookproof, run, said, with_input};
use crate::receiver::{Answer, Answers, OK, REFUSED, Receive, Request, SECRET, careful, start};

#[test]
fn misuse_is_2_and_says_what_to_do() {
    let here = "http://127.0.0.1:9/";
    let env = "--secret-env={PROVIDER}_SECRET";
    for (args, says) in [
        (&["check", "acme", here, env][..], "[possible values: immutis"),
        (&["check", "kycc", here, env], "a similar value exists: 'kyc'"),
        (&["check", "kyc", here, env, "--only=acme"], "payload-bit"),
        (&["check", "kyc", here], "--secret-env <NAME>"),
        (&["check", "kyc", here, env, "--secret=x"], "cannot be used with"),
        (
            &["check", "kyc", here, "--secret-file=/nowhere/at/all"],
            "--secret-file names for kyc: No",
        ),
        (
            &["check", "kyc", "https://192.0.2.1/", env],
            "192.0.2.1 is not this machine: pass --allow",
        ),
        (&["check", "kyc", "https://receiver.invalid/", env], "cannot look up receiver.invalid ("),
        (&["check", "kyc", "http://0.0.0.0:9/", env], "write 127.0.0.1, or pass --allow-remote"),
        (&["send", "kyc", "https://192.0.2.1/", env], "--allow-remote"),
        (&["load", "kyc", "https://192.0.2.1/", env], "--allow-remote"),
        (&["check", "kyc", here, env, "--observe=https://192.0.2.1/"], "--allow-remote"),
        (&["check", "kyc", here, env, "--observe=/nowhere/at/all"], "/nowhere/at/all"),
        (&["check", "kyc", "localhost:9/x", env], "write it as http://localhost:9/x"),
        (&["check", "kyc", here, "--secret-env=$SECRET"], "without the $"),
        (&["check", "kyc,immune", here, env], "set it to the endpoint's secret for immune"),
        (&["check", "kyc", here, "--secret-env=BLANK_SECRET"], "empty, blank or all zero"),
        (&["check", "kyc", here, env, "--timeout-secs=0"], "it must be from 1 to 3600"),
        (&["check", "kyc", here, env], "is the receiver running?"),
        (&["check", "kyc", here, env, "--only=time-stale,payload-bit"], "is the receiver running?"),
        (&["send", "kyc", "127.0.0.1:9", env], "http"),
        (&["send", "kyc", here, env], "is the receiver running?"),
        (
            &["send", "kyc", "kyc.session.lost", here, env],
            "no such event: it is one of kyc.session.processed",
        ),
        (&["send", "kyc", here, env, "--retry"], "KYC documents no retries"),
        (&["load", "kyc", here, env], "is the receiver running?"),
        (&["load", "kyc", here, env, "--mix=valid"], "write it as valid=80"),
        (&["load", "kyc", here, env, "--rate=1", "--concurrency=1"], "cannot be used with"),
        (&["sign", "kyc", "@/nowhere/at/all", env], "/nowhere/at/all"),
        (&["sign", "kyc", "{}", env, "--timestamp=9999999999999"], "milliseconds"),
        (&["sign", "humiris", "{}", "--secret-env=SECRET", "--id=a"], "has no header for an id"),
        (&["sign", "kyc", "{}", "--secret-env=SECRET", "--secret-env=KYC_SECRET"], "one secret"),
        (&["verify", "kyc", "{}", env, "-H", "no header"], "Name: value"),
        (&["verify", "kyc", "{}", env, "-H", "a: b", "--tolerance-secs=5"], "tolerance"),
        (&["verify", "kyc", "{}", env, "-H", "X-A: b\nX-B: c"], "a header is one line"),
        (&["verify", "kyc", "{}", "-H", "a: b", "--secret-env=BLANK_SECRET"], "cannot be used"),
        (&["verify", "kyc", "{}", env], "-i <FILE>"),
        (&["verify", "kyc", env], "the capture is empty"),
        (&["verify", "kyc", "-i", "/nowhere/at/all", env], "/nowhere/at/all"),
        (&["explain", "kyc", "{}", "-i", "-", env], "cannot be used with"),
        (&["explain", "kyc", "{}", "-H", "a: b"], "--secret-env <NAME>"),
        (&["explain", "kyc", "{}", "-H", "a: b", env, "--or=acme"], "[possible values: immutis"),
    ] {
        let output = hookproof(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
    }
}

#[test]
fn a_payload_that_is_taken_for_a_capture_is_told_how_it_is_passed() {
    let output = with_input(&["explain", "kyc", "--secret-env=SECRET"], b"{\"id\":\"evt_1\"}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("given as @-, with each header as -H 'Name: value'"), "{said}");
}

/// Every command with all that it requires.
const COMMANDS: [&[&str]; 7] = [
    &["sign", "kyc", "{}"],
    &["verify", "kyc", "{}", "-H", "a: b"],
    &["explain", "kyc", "{}", "-H", "a: b"],
    &["send", "kyc", "http://127.0.0.1:9/"],
    &["check", "kyc", "http://127.0.0.1:9/"],
    &["load", "kyc", "http://127.0.0.1:9/"],
    &["providers"],
];

#[test]
fn a_misspelt_option_is_named_without_its_value() {
    let value = |option: &str| format!("{option}={SECRET}");
    for (typed, named) in [
        ("--secrets", "'--secrets' found"),
        ("--secrt", "'--secrt' found"),
        ("--Secret", "'--Secret' found"),
        ("--SECRET", "'--SECRET' found"),
        ("--secret-fle", "'--secret-fle' found"),
        ("--secret_file", "'--secret_file' found"),
        ("--secret-evn", "'--secret-evn' found"),
        ("--sekret", "'--sekret' found"),
        ("-secret", "'…' found"),
        ("-s", "'…' found"),
        ("--geheim", "'…' found"),
    ] {
        for command in COMMANDS {
            for args in [vec![value(typed)], vec![typed.to_owned(), SECRET.to_owned()]] {
                let args: Vec<_> = args.iter().map(String::as_str).collect();
                // That no secret is said is seen where it is run.
                let output = hookproof(&[command, &args].concat());
                let said = String::from_utf8(output.stderr).unwrap();
                assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
                let letter = args == ["-s", SECRET] && said.contains("'-s' found");
                assert!(said.contains(named) || letter, "{command:?} {args:?}: {said}");
            }
        }
    }
    let output = hookproof(&["send", "kyc", "http://127.0.0.1:9/", "--secrt", SECRET]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("a similar argument exists: '--secret'"), "{said}");
}

#[test]
fn no_misuse_repeats_what_may_be_a_secret() {
    let joined = |option: &str| format!("{option}{SECRET}");
    let address = format!("http://ada:{PASSWORD}@127.0.0.1:9/");
    let (here, env) = ("http://127.0.0.1:9/", "--secret-env=SECRET");
    let twice = ["--secret", SECRET, "--secret", SECRET];
    let mut cases: Vec<Vec<String>> = Vec::new();
    let mut add = |args: &[&str]| cases.push(args.iter().map(|arg| (*arg).to_owned()).collect());
    for command in COMMANDS {
        for args in [
            &[joined("--secret").as_str()][..],
            &[&joined("--secret-env")],
            &[&joined("--allow-remote=")],
            &[&joined("--help=")],
            &["--", SECRET, SECRET, SECRET, SECRET],
            &[SECRET, SECRET, SECRET],
            &["--timeout-secs", SECRET],
            &["--timeout-secs", "99999999"],
            &["--format", SECRET],
            &["--now", SECRET],
            &["--secret", SECRET, "--secret-env", SECRET],
            &["--secret-file", SECRET],
        ] {
            add(&[command, args].concat());
        }
    }
    for command in ["sign", "verify", "explain", "send", "check", "load", "providers"] {
        for args in [&[SECRET][..], &[SECRET, "kyc"], &[&address], &[&address, "kyc", env]] {
            add(&[&[command], args].concat());
        }
    }
    for args in [
        &[SECRET][..],
        &["help", SECRET],
        &["completions", SECRET],
        &["--secret", SECRET, "send", "kyc", here],
        &["send", "kyc", SECRET, here, env],
        &["send", "kyc", SECRET, env],
        &["check", "kyc", SECRET, env],
        &["load", "kyc", SECRET, env],
        &["load", "kyc", &joined("localhost:"), env],
        &["sign", "kyc", "{}", env, "--format=curl", "--url", SECRET],
        &["send", "kyc", here, env, "--retry", "--speed", SECRET],
        &["send", "kyc", here, env, "--count", SECRET],
        &["load", "kyc", here, env, "--mix", SECRET],
        &["load", "kyc", here, env, "--mix", &joined("valid=")],
        &["load", "kyc", here, env, "--rate", SECRET],
        &["check", "kyc", here, env, "--only", SECRET],
        &["check", "kyc", here, env, "--skip", SECRET],
        &["verify", "kyc", "{}", env, "-H", SECRET],
        &["verify", "kyc", "{}", env, "-H", &format!("{SECRET}\n: a\nb")],
        &["explain", "kyc", "{}", env, "-H", "a: b", "--or", SECRET],
        &[&["sign", "kyc", "{}"], &twice[..]].concat(),
        &[&["send", "kyc", here], &twice[..]].concat(),
        &[&["check", "kyc", here], &twice[..]].concat(),
        &[&["load", "kyc", here], &twice[..]].concat(),
    ] {
        add(args);
    }
    for args in &cases {
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        let output = hookproof(&args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(!said.contains("99999999") && said.starts_with("error: "), "{args:?}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_no_text_is_not_repeated() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let broken = |before: &str| [before.as_bytes(), SECRET.as_bytes(), b"\xFF"].concat();
    for before in ["--secret=", "--secrets=", "--secret", "--secret-file=", "--format=", "-H", ""] {
        for command in COMMANDS {
            let argument = broken(before);
            let argument = OsStr::from_bytes(&argument);
            let output = run(command_of(command).arg(argument), b"");
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{command:?} {before}: {said}");
        }
    }
}

#[cfg(unix)]
fn command_of(args: &[&str]) -> Command {
    let mut command = command();
    command.args(args);
    command
}

#[test]
fn a_secret_that_is_given_for_its_variable_is_not_repeated() {
    let output = hookproof(&["sign", "kyc", "{}", "--secret-env", LETTERS]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("pass its name without a $"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_secret_that_is_no_text_is_not_repeated() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let secret = [SECRET.as_bytes(), b"\xFF"].concat();
    let args = ["send", "kyc", "http://127.0.0.1:9/", "--secret-env=BYTES_SECRET"];
    let output = run(command().args(args).env("BYTES_SECRET", OsStr::from_bytes(&secret)), b"");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("BYTES_SECRET") && said.contains("is not UTF-8 text"), "{said}");
}

#[test]
fn an_address_is_shown_without_its_password() {
    let env = "--secret-env=SECRET";
    let url = |rest: &str| format!("http://ada:{PASSWORD}@{rest}");
    let (here, observed) =
        (url("127.0.0.1:9/"), format!("--observe={}", url("127.0.0.1:9/observed")));
    let (broken, file) =
        (url("127.0.0.1:x/"), format!("--observe=HTTP{}", &url("127.0.0.1/")[4..]));
    for (args, says) in [
        (&["send", "kyc", &here, env][..], "cannot connect to http://ada@127.0.0.1:9/ ("),
        (&["send", "kyc", &here, &here, env], "documents no such event"),
        (&["load", "kyc", &here, env], "cannot connect to http://ada@127.0.0.1:9/ ("),
        (&["check", "kyc", &here, env], "cannot connect to http://ada@127.0.0.1:9/ ("),
        (&["check", "kyc", &here, env, &observed], "--observe http://ada@127.0.0.1:9/observed"),
        (&["check", "kyc", &here, env, &file], "--observe http://ada@127.0.0.1/"),
        (&["check", "kyc", &broken, env], "http://127.0.0.1:x/ is not an address"),
        (&["sign", "kyc", "{}", env, "--format=curl", "--url", &broken], "127.0.0.1:x/ is not"),
    ] {
        // That it is not said is seen where it is run.
        let output = hookproof(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
    }

    let answers = start(&providers::KYC, Answers::After, |_, _| Answer(500, String::new()));
    let mut observed = answers.join("observed").unwrap();
    observed.set_username("ada").unwrap();
    observed.set_password(Some(PASSWORD)).unwrap();
    let observe = format!("--observe={observed}");
    for format in ["table", "json", "junit", "markdown"] {
        let format = format!("--format={format}");
        let only = ["--only=at-once,timing", "--timing-samples=10"];
        let args = ["check", "kyc", answers.as_str(), env, &observe, &format];
        let report = said(&hookproof(&[&args[..], &only].concat()));
        assert!(report.contains("http://ada@127.0.0.1") && report.contains("at-once"), "{report}");
    }
}

#[test]
fn what_applies_to_nobody_is_misuse_and_said() {
    let url = start(&providers::IMMUTIS, Answers::After, careful);
    let args = ["check", "immutis", url.as_str(), "--secret-env=SECRET", "--only=unsigned-headers"];
    let output = hookproof(&args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("unsigned-headers: immutis has no unsigned header"), "{said}");
}

#[test]
fn whoever_has_read_enough_ends_a_command_quietly() {
    let url = start(&providers::KYC, Answers::After, |_, _| REFUSED);
    let secret = "--secret-env=SECRET";
    for (args, status) in [
        (&["providers"][..], 0),
        (&["completions", "bash"], 0),
        (&["--help"], 0),
        (&["sign", "kyc", "{}", secret], 0),
        (&["verify", "kyc", "{}", secret, "-H", "X-Webhook-Signature: sha256=0"], 1),
        (&["explain", "kyc", "{}", secret, "-H", "X-Webhook-Signature: sha256=0"], 1),
        (&["send", "kyc", url.as_str(), secret], 1),
        (&["check", "kyc", url.as_str(), secret, "--only=valid"], 1),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command().args(args).stdout(writer).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {said}");
        assert!(!said.contains("panicked") && !said.contains("pipe"), "{args:?}: {said}");
    }
}

#[test]
fn what_was_signed_verifies_for_every_provider_and_nothing_else_does() {
    for provider in providers::ALL {
        let name = provider.scheme.name;
        let signed =
            with_input(&["sign", name, "@-", "--secret-env=SECRET"], b"{\"id\":\"evt_1\"}");
        assert_eq!(signed.status.code(), Some(0), "{signed:?}");
        let signed = said(&signed);
        let mut args = vec!["verify", name, "{\"id\":\"evt_1\"}", "--secret-env=SECRET"];
        args.extend(signed.lines().flat_map(|line| ["-H", line]));
        let verified = hookproof(&args);
        assert_eq!(verified.status.code(), Some(0), "{name}: {verified:?}");
        assert!(said(&verified).starts_with("ok\n"), "{name}");
        args[2] = "{\"id\":\"evt_2\"}";
        let refused = hookproof(&args);
        assert_eq!(refused.status.code(), Some(1), "{name}");
        assert!(said(&refused).starts_with("signature_mismatch: "), "{name}");
    }
}

#[test]
fn an_id_does_nothing_to_a_terminal() {
    for (id, shown, escaped) in [
        ("\u{1b}[2J", r"\u{1b}[2J", r"\u001b[2J"),
        ("\u{9b}2J", r"\u{9b}2J", r"\u009b2J"),
        ("\u{202e}1_tve", r"\u{202e}1_tve", r"\u202e1_tve"),
    ] {
        let payload = &serde_json::json!({ "id": id }).to_string();
        let signed = said(&hookproof(&["sign", "immutis", payload, "--secret-env=SECRET"]));
        let args = ["verify", "immutis", payload, "--secret-env=SECRET", "-H", signed.trim_end()];
        for (format, written) in [("--format=text", shown), ("--format=json", escaped)] {
            let verified = said(&hookproof(&[&args[..], &[format]].concat()));
            assert!(verified.contains(written), "{verified}");
            assert!(
                verified.chars().all(|c| c == '\n' || c == ' ' || c.is_ascii_graphic()),
                "{verified}"
            );
        }
    }
}

#[test]
fn an_error_does_nothing_to_a_terminal() {
    let output = hookproof(&["verify", "kyc", "-i", "\u{1b}[2J\u{202e}", "--secret-env=SECRET"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(r"cannot read \u{1b}[2J\u{202e}"), "{said}");
}

#[test]
fn a_signature_is_made_as_it_was_asked_for() {
    let sign = |more: &[&str]| {
        let args = ["sign", "standard-webhooks", "it's", "--secret-env=SECRET"];
        let output = hookproof(&[&args, more].concat());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        said(&output)
    };
    let stamp = ["--id=msg_1", "--timestamp=1712419200"];
    let json: serde_json::Value =
        serde_json::from_str(&sign(&[&stamp[..], &["--format=json"]].concat())).unwrap();
    assert_eq!(json["webhook-id"], "msg_1");
    assert_eq!(json["webhook-timestamp"], "1712419200");
    let curl = sign(&[&stamp[..], &["--format=curl", "--url=http://127.0.0.1:1/x"]].concat());
    assert!(curl.starts_with("curl -i -X POST 'http://127.0.0.1:1/x'"), "{curl}");
    assert!(curl.contains(json["webhook-signature"].as_str().unwrap()), "{curl}");
    assert!(curl.trim_end().ends_with(r"--data-raw 'it'\''s'"), "{curl}");
}

#[test]
fn a_delivery_that_is_refused_is_1() {
    let url = start(&providers::KYC, Answers::After, |_, _| REFUSED);
    let output = hookproof(&["send", "kyc", url.as_str(), "--secret-env=KYC_SECRET"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).starts_with("kyc.session.processed: 401"), "{}", said(&output));
}

#[test]
fn many_deliveries_are_counted_and_each_is_new() {
    let url = start(&providers::HUMIRIS, Answers::After, |request, handled| match request.key() {
        Ok(key) => handled.again(key),
        Err(_) => REFUSED,
    });
    let args = ["send", "humiris", "sms.sent", url.as_str(), "--secret-env=SECRET"];
    let output = hookproof(&[&args[..], &["--count=30", "--concurrency=7"]].concat());
    assert_eq!(output.status.code(), Some(0));
    assert!(said(&output).starts_with("200 ×30"), "{}", said(&output));
    let runs = get(&url.join("observed").unwrap());
    let runs: serde_json::Value = serde_json::from_str(&runs).unwrap();
    assert_eq!(runs.as_object().unwrap().len(), 30);
}

#[test]
fn a_payload_of_one_s_own_is_sent_as_it_is_under_any_event() {
    let folder = std::env::temp_dir().join(format!("hookproof-payload-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("body.bin");
    fs::write(&file, b"\xFF\r\n").unwrap();
    let url = start(&providers::GITHUB, Answers::After, |request, handled| {
        let event = request.headers.iter().find(|(name, _)| name == "x-github-event").unwrap();
        match (request.payload.as_slice(), event.1.as_slice()) {
            (b"\xFF\r\n", b"push") => careful(request, handled),
            _ => Answer(500, String::new()),
        }
    });
    let payload = format!("--payload=@{}", file.display());
    let output =
        hookproof(&["send", "github", "push", url.as_str(), "--secret-env=SECRET", &payload]);
    fs::remove_dir_all(folder).unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(said(&output).starts_with("push: 200"), "{}", said(&output));
}

#[test]
fn a_payload_of_one_s_own_is_called_by_the_event_that_it_names() {
    let url = start(&providers::KYC, Answers::After, careful);
    for (payload, name) in [
        (r#"{"type":"kyc.session.lost\u001b"}"#, "kyc.session.lost\\u{1b}: 200"),
        ("[]", "payload: 200"),
        ("no JSON", "payload: 200"),
    ] {
        let args = ["send", "kyc", url.as_str(), "--secret-env=SECRET", "--payload", payload];
        let output = hookproof(&args);
        assert!(said(&output).starts_with(name), "{}", said(&output));
    }
}

#[test]
fn a_retry_follows_the_schedule_until_it_comes_through() {
    // Refuses its first two attempts, which are the same delivery, stamped anew.
    let url = start(&providers::IMMUTIS, Answers::After, |request, handled| {
        let Ok(key) = request.key() else {
            return REFUSED;
        };
        handled.again(key.clone());
        match handled.times(&key) {
            3 => Answer(204, String::new()),
            _ => Answer(503, String::new()),
        }
    });
    let args = ["send", "immutis", url.as_str(), "--secret-env=SECRET", "--retry"];
    // An hour passes in less than a millisecond: what is followed is the schedule's order and its end.
    let output = hookproof(&[&args[..], &["--speed=1e7"]].concat());
    let lines = said(&output);
    let lines: Vec<_> = lines.lines().map(|line| line.split("  ").next().unwrap()).collect();
    assert_eq!(
        lines,
        [
            "evidence.captured: 503",
            "evidence.captured, attempt 2: 503",
            "evidence.captured, attempt 3: 204"
        ]
    );
    assert_eq!(output.status.code(), Some(0));

    let url = start(&providers::IMMUTIS, Answers::After, |_, _| Answer(503, String::new()));
    let args = ["send", "immutis", url.as_str(), "--secret-env=SECRET", "--retry", "--speed=1e9"];
    let output = hookproof(&args);
    assert_eq!(said(&output).lines().count(), 6, "the first attempt and five more");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_check_reports_in_every_format_and_repeats_what_failed() {
    let url =
        start(&providers::KYC, Answers::After, |request, handled| handled.once(request.digest()));
    let check = |format: &str| {
        let args = ["check", "kyc", url.as_str(), "--secret-env=SECRET", "--skip=oversize,timing"];
        let only = ["--only=valid,payload-bit,signature-missing,time-stale,timing"];
        let output = hookproof(&[&args[..], &only, &[format]].concat());
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        said(&output)
    };
    let report: serde_json::Value = serde_json::from_str(&check("--format=json")).unwrap();
    let ids: Vec<_> = report["rows"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, ["valid", "payload-bit", "signature-missing", "time-stale"]);
    assert!(check("--format=table").contains("1 of 3 as they should be (1 do not apply)"));
    assert!(check("--format=markdown").contains("| **WRONG** | payload: one bit flipped |"));
    let xml = check("--format=junit");
    assert!(xml.contains("tests=\"4\" skipped=\"1\" failures=\"2\""), "{xml}");

    // What a shell makes of the command that is printed is the attack.
    let repeat = report["rows"][1]["repeat"].as_str().unwrap();
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}; {repeat}");
    let words = Command::new("bash").args(["-c", &script]).output().unwrap().stdout;
    let words: Vec<_> = words.split(|byte| *byte == 0).collect();
    assert_eq!(words[..4], [b"-i", b"-X".as_slice(), b"POST", url.as_str().as_bytes()]);
    let after = |option: &[u8]| {
        let options = words.windows(2).filter(move |pair| pair[0] == option);
        options.map(|pair| pair[1].to_vec()).collect::<Vec<_>>()
    };
    let headers = after(b"-H").into_iter().map(|header| {
        let header = String::from_utf8(header).unwrap();
        let (name, value) = header.split_once(": ").unwrap();
        (name.to_owned(), value.into())
    });
    let request = Request {
        provider: &providers::KYC,
        headers: headers.collect(),
        payload: after(b"--data-raw").concat(),
    };
    assert_eq!(request.key().unwrap_err().code(), "signature_mismatch", "{repeat}");
}

/// The file that a handler writes a line to for each delivery.
fn log() -> PathBuf {
    std::env::temp_dir().join(format!("hookproof-observed-{}", std::process::id()))
}

#[test]
fn a_file_that_the_handler_writes_to_shows_what_was_handled() {
    let forgetful: Receive = |request, _| {
        if request.key().is_err() {
            return REFUSED;
        }
        // By the provider's id, as one does who knows no deduplication key.
        let event: serde_json::Value = serde_json::from_slice(&request.payload).unwrap();
        let handled = fs::read_to_string(log()).unwrap();
        fs::write(log(), handled + event["id"].as_str().unwrap() + "\n").unwrap();
        OK
    };
    fs::write(log(), "").unwrap();
    let url = start(&providers::KYC, Answers::After, forgetful);
    let observe = format!("--observe={}", log().display());
    for (only, status) in [("--only=valid,payload-bit", 0), ("--only=replay", 1)] {
        let args = ["check", "kyc", url.as_str(), "--secret-env=SECRET", only, &observe];
        let output = hookproof(&args);
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        assert_eq!(said(&output).contains("handled 2 times"), status == 1, "{}", said(&output));
    }
    fs::remove_file(log()).unwrap();
}

#[test]
fn a_load_counts_what_was_answered_and_fails_where_forgeries_get_in() {
    let load = |url: &str, more: &[&str]| {
        let args = ["load", "kyc", url, "--secret-env=SECRET", "--duration-secs=1"];
        hookproof(&[&args[..], more].concat())
    };
    let url = start(&providers::KYC, Answers::After, careful);
    let output = load(url.as_str(), &["--format=json", "--rate=100"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let loaded: serde_json::Value = serde_json::from_str(&said(&output)).unwrap();
    let sent = |kind: &str| loaded["kinds"][kind]["sent"].as_u64().unwrap();
    assert_eq!(["valid", "tampered", "duplicated"].map(sent), [80, 10, 10]);

    let url =
        start(&providers::KYC, Answers::After, |request, handled| handled.once(request.digest()));
    let output = load(url.as_str(), &["--concurrency=4"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("tampered were answered 200"), "{}", said(&output));
    assert!(!said(&output).contains("Nothing valid"), "{}", said(&output));

    let url = start(&providers::KYC, Answers::After, |_, _| REFUSED);
    let output = load(url.as_str(), &["--concurrency=1"]);
    assert_eq!(output.status.code(), Some(1));
    let asks = "Nothing valid came through: are the secret and the address the endpoint's own?";
    assert!(said(&output).contains(asks), "{}", said(&output));
}

#[test]
fn the_table_and_the_completions_name_every_provider() {
    let table = said(&hookproof(&["providers"]));
    let completions = said(&hookproof(&["completions", "bash"]));
    for provider in providers::ALL {
        let scheme = &provider.scheme;
        assert!(table.contains(scheme.name) && table.contains(scheme.signature.name), "{table}");
        assert!(completions.contains(scheme.name));
        let row = said(&hookproof(&["providers", scheme.name]));
        assert!(provider.events.iter().all(|event| row.contains(event)), "{row}");
        let is_address = provider.docs.starts_with("https://");
        assert!(!is_address || row.contains(&format!("  {}\n", provider.docs)), "{row}");
    }
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
}

#[test]
fn every_command_has_help_with_examples_for_80_columns() {
    for command in
        ["", "sign", "verify", "explain", "providers", "send", "check", "load", "completions"]
    {
        let args: Vec<_> = [command, "--help"].into_iter().filter(|arg| !arg.is_empty()).collect();
        let help = said(&hookproof(&args));
        let (_, examples) = help.split_once("\nExamples:\n").expect(command);
        let examples = examples.lines().take_while(|line| !line.is_empty());
        // An example that was too long for a line goes on at its margin.
        for line in examples {
            let starts = ["  hookproof ", "  pbpaste | hookproof ", "    --", "    > "];
            assert!(starts.iter().any(|start| line.starts_with(start)), "{line}");
        }
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
    }
}

#[test]
fn the_page_has_every_attack() {
    let page = include_str!("../../../docs/harness.md");
    for (id, title) in hookproof_harness::check::ids() {
        assert!(page.contains(&format!("| `{id}` | {title} |")), "{id}");
    }
}

/// What a GET answers, as little of HTTP as that needs.
fn get(url: &reqwest::Url) -> String {
    let address = (url.host_str().unwrap(), url.port().unwrap());
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let path = url.path();
    stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// Counts the connections to it and answers each with 204.
fn counting() -> (reqwest::Url, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            counted.fetch_add(1, SeqCst);
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
        }
    });
    (url, count)
}

#[test]
fn a_proxy_never_gets_what_is_for_this_machine() {
    let (proxy, carried) = counting();
    let proxied = |args: &[&str]| {
        let mut command = command();
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
            command.env(name, proxy.as_str());
        }
        run(command.args(args).env_remove("NO_PROXY").env_remove("no_proxy"), b"")
    };
    let url = start(&providers::KYC, Answers::After, careful);
    let by_name = format!("http://localhost:{}/", url.port().unwrap());
    for url in [url.as_str(), &by_name] {
        for more in [&[][..], &["--allow-remote"]] {
            let send = ["send", "kyc", url, "--secret-env=SECRET"];
            let output = proxied(&[&send[..], more].concat());
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            assert!(said(&output).contains(": 200"), "{output:?}");
        }
    }
    assert_eq!(carried.load(SeqCst), 0);

    // The endpoint is on another machine and the observer on this one.
    let (observed, asked) = counting();
    let observe = format!("--observe={observed}");
    let remote = ["check", "kyc", "http://receiver.invalid/", "--allow-remote", &observe];
    let output = proxied(&[&remote[..], &["--secret-env=SECRET", "--only=valid"]].concat());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(carried.load(SeqCst) > 0);
    assert!(asked.load(SeqCst) > 0);
}

#[test]
fn a_redirect_is_an_answer_and_is_not_followed() {
    let (elsewhere, reached) = counting();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for (status, stream) in [301, 302, 303, 307, 308].iter().zip(listener.incoming()) {
            let mut stream = stream.unwrap();
            assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
            let head = format!("HTTP/1.1 {status} Moved\r\nlocation: {elsewhere}\r\n");
            stream.write_all((head + "connection: close\r\n\r\n").as_bytes()).unwrap();
        }
    });
    for status in ["301", "302", "303", "307", "308"] {
        let output = hookproof(&["send", "kyc", &url, "--secret-env=SECRET"]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(said(&output).contains(status), "{output:?}");
    }
    assert_eq!(reached.load(SeqCst), 0);
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_read_up_to_a_bound() {
    let pipe = std::env::temp_dir().join(format!("hookproof-fifo-{}", std::process::id()));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    let (url, env) = ("http://127.0.0.1:9/", "--secret-env=SECRET");
    let zeros = "it is longer than";
    let runs = [
        (&["verify", "kyc", env, "-i", "/dev/zero"][..], zeros),
        (&["explain", "kyc", env, "-i", "/dev/zero"], zeros),
        (&["verify", "kyc", env, "@/dev/zero", "-H", "a: b"], zeros),
        (&["sign", "kyc", "@/dev/zero", env], zeros),
        (&["send", "kyc", url, env, "--payload=@/dev/zero"], zeros),
        (&["sign", "kyc", "{}", "--secret-file=/dev/zero"], zeros),
        (&["check", "kyc", url, env, "--observe=/dev/zero"], zeros),
        (&["verify", "kyc", env, "-i", pipe], "did not end within 10 seconds"),
    ];
    let start = std::time::Instant::now();
    for (args, says) in runs {
        let output = hookproof(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
    }
    // Standard input has the same bound, and the time of its writer.
    for args in [&["verify", "kyc", env][..], &["sign", "kyc", "@-", env]] {
        let zero = fs::File::open("/dev/zero").unwrap();
        let output = command().args(args).stdin(zero).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("cannot read standard input: it is longer than 64 MiB"), "{said}");
    }
    fs::remove_file(pipe).unwrap();
    assert!(start.elapsed() < std::time::Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn a_secret_has_a_bound_wherever_it_comes_from() {
    let long = "a".repeat(64 * 1024 + 1);
    let option = format!("--secret={long}");
    for source in [option.as_str(), "--secret-env=LONG_SECRET"] {
        let output =
            run(command().args(["sign", "kyc", "{}", source]).env("LONG_SECRET", &long), b"");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said, "error: the secret for kyc is longer than 64 KiB\n");
    }
}
