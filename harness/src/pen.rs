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

/// A text whose control characters do nothing to a terminal: names of headers and ids are the sender's.
pub fn visible(text: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sender_writes_does_nothing_to_a_terminal() {
        assert_eq!(visible("the X-\u{1b}[2J header\n"), "the X-\\u{1b}[2J header\\n");
    }
}
