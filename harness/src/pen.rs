//! Colour, which only a terminal ever gets, and text of a sender, which must not act on one.

use hookproof::invisible::is_invisible;

/// For headings.
pub const BOLD: &str = "\x1b[1m";
/// For what is wrong.
pub const RED: &str = "\x1b[1;31m";
/// For what is right.
pub const GREEN: &str = "\x1b[32m";
/// For advice and warnings.
pub const YELLOW: &str = "\x1b[33m";
/// For what can be passed over.
pub const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// Writes in colours, or in none.
#[derive(Clone, Copy)]
pub struct Pen {
    /// Whether it has colours.
    pub coloured: bool,
}

impl Pen {
    /// Colours a text; a line break at its end stays plain.
    pub fn paint(self, text: &str, colour: &str) -> String {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let end = &text[line.len()..];
        if self.coloured { format!("{colour}{line}{PLAIN}{end}") } else { text.to_owned() }
    }
}

/// A text that does nothing to a terminal and shows all that is in it: names of headers and ids are the sender's.
pub fn visible(text: &str) -> String {
    let shown = |c: char| if is_plain(c) { c.into() } else { c.escape_default().to_string() };
    text.chars().map(shown).collect()
}

/// Whether a character survives being looked at and copied.
pub(crate) fn is_plain(c: char) -> bool {
    !is_invisible(c)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::json;

    #[test]
    fn what_a_sender_writes_does_nothing_to_a_terminal() {
        assert_eq!(visible("the X-\u{1b}[2J header\n"), "the X-\\u{1b}[2J header\\n");
        assert_eq!(visible("evt_\u{202E}1\u{9B}"), "evt_\\u{202e}1\\u{9b}");
        assert_eq!(visible("Žluťoučký 🐎"), "Žluťoučký 🐎");
    }

    #[test]
    fn text_and_json_escape_every_invisible_character_and_no_other() {
        // Above plane 3 there is one range, of which some will do.
        let is_tried = |c: &char| *c < '\u{40000}' || u32::from(*c) % 251 == 0;
        let all: Vec<char> = ('\0'..=char::MAX).filter(is_tried).collect();
        for some in all.chunks(4096) {
            let text: String = some.iter().collect();
            let kept: String = some.iter().filter(|c| !is_invisible(**c)).collect();
            let shown = visible(&text);
            let written = json::text(&Value::from(text.clone()));
            for shown in [&shown, written.trim_end_matches('\n')] {
                assert!(!shown.contains(is_invisible), "{:?}", some.first());
                let others = shown.chars().filter(|c| !c.is_ascii());
                assert!(others.eq(kept.chars().filter(|c| !c.is_ascii())), "{:?}", some.first());
            }
            assert!(serde_json::from_str::<Value>(&written).unwrap() == text);
        }
    }
}
