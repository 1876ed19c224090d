//! Colour, which only a terminal ever gets, and text of a sender, which must not act on one.

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

/// Whether a character survives being looked at and copied: it is seen, and is what it seems to be.
pub(crate) fn is_plain(c: char) -> bool {
    let is_unseen = matches!(
        c,
        '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    );
    c == ' ' || !(c.is_control() || c.is_whitespace() || is_unseen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sender_writes_does_nothing_to_a_terminal() {
        assert_eq!(visible("the X-\u{1b}[2J header\n"), "the X-\\u{1b}[2J header\\n");
        assert_eq!(visible("evt_\u{202E}1\u{9B}"), "evt_\\u{202e}1\\u{9b}");
        assert_eq!(visible("Žluťoučký 🐎"), "Žluťoučký 🐎");
    }
}
