use std::time::Duration;

use super::*;
use crate::row::{Verdict, is_right};

fn row(provider: &'static str, id: &'static str, verdict: Verdict) -> Row {
    Row {
        provider,
        id,
        title: "payload: one bit flipped",
        expected: "refuse",
        status: "401".to_owned(),
        time: Some(Duration::from_micros(1234)),
        came_through: matches!(verdict, Verdict::Right(_)),
        verdict,
        why: "It matters.",
        repeat: "curl 'http://127.0.0.1/'".to_owned(),
    }
}

fn one_of_each(provider: &'static str) -> Vec<Row> {
    vec![
        row(provider, "one", Verdict::right()),
        row(provider, "two", Verdict::Wrong("let in <all> | some".to_owned())),
        row(provider, "three", Verdict::Advice("say 401".to_owned())),
        row(provider, "four", Verdict::NotApplicable("signs no time")),
        row(provider, "five", Verdict::Wrong("let in <all> | some".to_owned())),
    ]
}

fn text(rows: &[Row], format: Format) -> String {
    write(rows, format, false).unwrap()
}

#[test]
fn a_table_says_the_same_with_and_without_colour_and_each_reason_once() {
    for rows in [one_of_each("kyc"), two_providers()] {
        let plain = text(&rows, Format::Table);
        assert!(!plain.contains('\x1b'));
        let mut coloured = write(&rows, Format::Table, true).unwrap();
        assert!(coloured.contains('\x1b'));
        for colour in ["\x1b[1;31m", "\x1b[32m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m"] {
            coloured = coloured.replace(colour, "");
        }
        assert_eq!(coloured, plain);
        assert_eq!(plain.matches("It matters.").count(), 1, "{plain}");
        assert_eq!(plain.matches("say 401").count(), 1, "{plain}");
        assert!(plain.lines().all(|line| line.chars().count() <= 80), "{plain}");
        assert!(plain.contains("curl 'http://127.0.0.1/'"));
    }
}

fn two_providers() -> Vec<Row> {
    one_of_each("kyc").into_iter().chain(one_of_each("immutis")).collect()
}

#[test]
fn the_verdict_counts_what_applies() {
    let rows = one_of_each("kyc");
    assert!(!is_right(&rows));
    let line = "2 of 4 as they should be (1 with advice, 1 do not apply)";
    assert_eq!(verdict(&rows), line);
    for format in [Format::Table, Format::Json, Format::Markdown] {
        assert!(text(&rows, format).contains(line), "{format:?}");
    }
    assert_eq!(verdict(&rows[..1]), "1 of 1 as they should be");
    assert!(is_right(&rows[2..4]));
}

#[test]
fn where_nothing_valid_came_through_that_is_first_and_one_command_is_enough() {
    let valid = |came_through| {
        let wrong = row("kyc", "valid", Verdict::Wrong("handled twice".to_owned()));
        Row { expected: "accept", came_through, ..wrong }
    };
    let rows = |came_through| {
        let others = two_providers().into_iter().skip(1);
        [valid(came_through), valid(false)].into_iter().chain(others).collect::<Vec<_>>()
    };
    let says = "Nothing valid came through for kyc: are the secret and the address";
    for (format, start) in [(Format::Table, "WRONG   Nothing"), (Format::Markdown, "**3 of 9")] {
        let shut = text(&rows(false), format);
        assert!(shut.starts_with(start), "{shut}");
        assert!(shut.replace("\n        ", " ").contains(says), "{shut}");
        assert_eq!(shut.matches("curl '").count(), 1 + 2, "one of kyc, all of immutis: {shut}");
        let open = text(&rows(true), format);
        assert!(!open.contains("Nothing valid"), "2xx is through, whatever came of it: {open}");
        assert_eq!(open.matches("curl '").count(), 4 + 2, "{open}");
    }
}

#[test]
fn json_has_every_row() {
    let report: serde_json::Value =
        serde_json::from_str(&text(&one_of_each("kyc"), Format::Json)).unwrap();
    assert_eq!(report["ok"], false);
    let words: Vec<_> =
        report["rows"].as_array().unwrap().iter().map(|row| &row["verdict"]).collect();
    assert_eq!(words, ["ok", "wrong", "advice", "n/a", "wrong"]);
    assert_eq!(report["rows"][1]["text"], "let in <all> | some");
    assert_eq!(report["rows"][1]["milliseconds"], 1.234);
}

#[test]
fn junit_has_a_suite_for_each_provider_and_skips_what_does_not_apply() {
    let xml = text(&two_providers(), Format::Junit);
    assert_eq!(xml.matches("<testsuite ").count(), 2);
    assert_eq!(xml.matches("<failure ").count(), 4);
    assert_eq!(xml.matches("<skipped ").count(), 2);
    assert!(xml.contains("tests=\"10\" skipped=\"2\" failures=\"4\""), "{xml}");
    assert!(xml.contains("let in &lt;all&gt; | some"), "{xml}");
}

#[test]
fn markdown_keeps_its_columns() {
    let report = text(&one_of_each("kyc"), Format::Markdown);
    let line = report.lines().find(|line| line.starts_with("| **WRONG**")).unwrap();
    assert_eq!(line.replace("\\|", "").matches('|').count(), 7, "{line}");
    assert!(line.contains("&lt;all>"));
}
