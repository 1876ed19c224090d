//! JSON as it is printed: in lines, and in characters that do nothing to a terminal.

use serde_json::Value;

use crate::pen::is_plain;

/// A value as it is printed. What JSON may hold as it is and a terminal obeys or does not show is written as
/// `\uXXXX`, which is the same value to whoever reads it.
pub fn text(value: &Value) -> String {
    let mut text = String::new();
    for c in format!("{value:#}\n").chars() {
        // JSON has escaped the control characters of ASCII but for DEL, and outside of texts there is ASCII alone.
        if is_plain(c) || (c.is_ascii() && c != '\u{7F}') {
            text.push(c);
        } else {
            text.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_terminal_obeys_or_does_not_show_is_escaped_and_the_value_is_the_same() {
        let value = json!({ "evt_\u{202E}1": "a\u{7F}\u{80}\u{9B}2J\u{FEFF}\u{E0041}\n\"é🐎" });
        let written = text(&value);
        assert_eq!(
            written,
            "{\n  \"evt_\\u202e1\": \"a\\u007f\\u0080\\u009b2J\\ufeff\\udb40\\udc41\\n\\\"é🐎\"\n}\n"
        );
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), value);
    }
}
