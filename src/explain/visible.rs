//! Text with what cannot be seen made visible.

use alloc::format;
use alloc::string::String;

use crate::invisible::is_invisible;

/// Adds a character so that it is seen: an invisible one is escaped, and a space is a dot.
pub(crate) fn show(c: char, shown: &mut String) {
    match c {
        ' ' => shown.push('·'),
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        c if is_invisible(c) => shown.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        c => shown.push(c),
    }
}

/// A sentence in which a sender's words may stand. Its spaces are seen.
pub(crate) fn visible(sentence: &str) -> String {
    let mut shown = String::new();
    for c in sentence.chars() {
        if c == ' ' { shown.push(c) } else { show(c, &mut shown) }
    }
    shown
}
