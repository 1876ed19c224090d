//! An explanation, for a terminal of 80 columns.

use hookproof::explain::{Cause, Difference, Evidence, Explanation, Finding};

use crate::columns::noted;
use crate::pen::{BOLD, DIM, GREEN, Pen, RED, visible};

/// How much of a line is left beside the words at its start.
const ROOM: usize = 66;

/// What is wrong and what to do, each with its code, and below it what speaks for it.
pub fn write(explanation: &Explanation, pen: Pen) -> String {
    let evidence = &explanation.evidence;
    let mut text = String::new();
    for finding in &evidence.faults {
        text += &fault(finding, pen);
    }
    text += &format!("{}\n", pen.paint("Evidence", BOLD));
    for (name, fact) in facts(evidence, explanation.cause) {
        text += &noted(&format!("{name:10}"), &visible(&fact));
    }
    if let Some(caret) = evidence.difference.as_ref().and_then(caret) {
        text += &format!("{:12}{}\n", "", pen.paint(&caret, RED));
    }
    if let Some(expected) = &evidence.expected {
        // In one piece, so that it can be copied.
        text += &format!("{:10}  {expected}\n", "expected");
    }
    // Where the cause is unknown, the message says it.
    if explanation.cause != Cause::Unknown && !evidence.ruled_out.is_empty() {
        text += &pen.paint(&noted("ruled out ", &evidence.ruled_out.join("; ")), DIM);
    }
    text
}

fn fault(finding: &Finding, pen: Pen) -> String {
    let (word, colour) =
        if finding.cause == Cause::Verified { ("ok", GREEN) } else { ("WRONG", RED) };
    let head = pen.paint(&noted(word, finding.cause.code()), colour);
    let message = noted("", &visible(&finding.message));
    match finding.cause {
        Cause::Verified => format!("{head}{message}\n"),
        _ => format!("{head}{message}{}\n", noted("fix", finding.fix)),
    }
}

/// What speaks for it, each with its name.
fn facts(evidence: &Evidence, cause: Cause) -> Vec<(&'static str, String)> {
    let proof = match (evidence.proven, cause) {
        (true, Cause::Verified) => "the signature verifies",
        (true, _) => "with this undone, the signature verifies",
        (false, Cause::Unknown) => "none: nothing that was tried makes the signature verify",
        (false, _) => "a guess: this is what it looks like",
    };
    let signatures = match evidence.macs_tried {
        1 => "1 signature".to_owned(),
        several => format!("{several} signatures"),
    };
    let tried = match evidence.complete {
        true => signatures,
        false => format!("{signatures}, and then the bound was reached"),
    };
    let difference = evidence.difference.as_ref();
    let facts = [
        ("proof", Some(proof.to_owned())),
        ("refused as", evidence.code.map(str::to_owned)),
        ("provider", Some(evidence.provider.clone())),
        ("secret", evidence.secret_index.map(|index| format!("number {}", index + 1))),
        ("stamped", evidence.age.clone()),
        ("tried", Some(tried)),
        ("content", Some(evidence.content.clone())),
        ("differs", difference.map(place)),
        ("came as", difference.map(|difference| difference.received.clone())),
        ("signed as", difference.map(|difference| difference.signed.clone())),
    ];
    facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect()
}

fn place(difference: &Difference) -> String {
    let Difference { offset_bytes, received_bytes, signed_bytes, .. } = difference;
    format!("at offset {offset_bytes}; {received_bytes} bytes came and {signed_bytes} were signed")
}

/// What points at the first character that differs; `None` where the texts do not fit into a line.
fn caret(difference: &Difference) -> Option<String> {
    let (received, signed) = (visible(&difference.received), visible(&difference.signed));
    let fits = received.chars().count().max(signed.chars().count()) <= ROOM;
    let same = received.chars().zip(signed.chars()).take_while(|(left, right)| left == right);
    fits.then(|| format!("{}^", " ".repeat(same.count())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_signature_is_one() {
        let tried = |macs_tried| {
            let evidence = Evidence { macs_tried, complete: true, ..Evidence::default() };
            facts(&evidence, Cause::Unknown)
                .into_iter()
                .find(|(name, _)| *name == "tried")
                .unwrap()
                .1
        };
        assert_eq!([tried(1), tried(2)], ["1 signature", "2 signatures"]);
    }

    #[test]
    fn the_caret_points_where_both_fit_into_a_line() {
        let difference = |signed: &str| Difference {
            offset_bytes: 3,
            received: "…café!".to_owned(),
            signed: signed.to_owned(),
            received_bytes: 8,
            signed_bytes: 8,
        };
        assert_eq!(caret(&difference("…café?")).unwrap(), "     ^");
        assert_eq!(caret(&difference(&"x".repeat(ROOM + 1))), None);
        // What is written out is longer than it was, and the caret is below what is printed.
        let unseen = Difference { received: "\u{202E}!".to_owned(), ..difference("\u{202E}?") };
        assert_eq!(caret(&unseen).unwrap(), format!("{}^", " ".repeat("\\u{202e}".len())));
    }

    #[test]
    fn what_was_ruled_out_is_said_of_a_guess_and_colour_changes_no_word() {
        let finding = Finding {
            cause: Cause::EmptyPayload,
            message: "the payload is empty".to_owned(),
            fix: Cause::EmptyPayload.fix(),
        };
        let evidence = Evidence {
            faults: vec![finding],
            ruled_out: vec!["not this", "not that"],
            ..Evidence::default()
        };
        let (message, fix) = (String::new(), String::new());
        let explanation = Explanation { cause: Cause::EmptyPayload, message, fix, evidence };
        let plain = write(&explanation, Pen { coloured: false });
        assert!(plain.contains("proof       a guess: "), "{plain}");
        assert!(plain.ends_with("ruled out   not this; not that\n"), "{plain}");
        let mut coloured = write(&explanation, Pen { coloured: true });
        assert_ne!(coloured, plain);
        for colour in [BOLD, DIM, RED, "\x1b[0m"] {
            coloured = coloured.replace(colour, "");
        }
        assert_eq!(coloured, plain);
    }
}
