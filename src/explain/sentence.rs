//! Sentences, put together and looked into. What `format!` and the searches of the standard library link is made
//! for long texts, and large. What many call is kept out of line, which is smaller yet.

use alloc::string::String;

use crate::invisible::is_invisible;

/// The sentence with these words, each in place of the next pair of braces.
#[inline(never)]
pub(crate) fn fill(sentence: &str, words: &[&str]) -> String {
    let mut filled = String::new();
    let mut words = words.iter();
    let mut rest = sentence;
    while let Some(at) = rest.as_bytes().windows(2).position(|pair| pair == b"{}") {
        let (before, after) = rest.split_at_checked(at).unwrap_or_default();
        filled.push_str(before);
        filled.push_str(words.next().copied().unwrap_or_default());
        rest = after.get(2..).unwrap_or_default();
    }
    filled.push_str(rest);
    filled
}

/// The words in a row, with the same text between any two.
#[inline(never)]
pub(crate) fn join(words: &[&str], between: &str) -> String {
    let mut joined = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            joined.push_str(between);
        }
        joined.push_str(word);
    }
    joined
}

/// The line of this number, counted from zero.
pub(crate) fn line(lines: &'static str, number: usize) -> &'static str {
    lines.split('\n').nth(number).unwrap_or_default()
}

/// Whether a text has this word somewhere in it.
#[inline(never)]
pub(crate) fn holds(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|window| window == word.as_bytes())
}

/// A number in decimal digits.
pub(crate) fn decimal(number: impl TryInto<u64>) -> String {
    digits(number.try_into().unwrap_or(u64::MAX), 10, 1)
}

/// A number in hex digits, small letters, and zeros before it up to so many.
pub(crate) fn hex(number: impl Into<u64>, least: usize) -> String {
    digits(number.into(), 16, least)
}

fn digits(mut number: u64, base: u64, least: usize) -> String {
    let mut digits = alloc::vec::Vec::new();
    while number > 0 || digits.len() < least {
        let digit = u32::try_from(number.checked_rem(base).unwrap_or(0)).unwrap_or(0);
        digits.extend(char::from_digit(digit, 16));
        number = number.checked_div(base).unwrap_or(0);
    }
    digits.iter().rev().collect()
}

/// Adds a character so that it is seen: an invisible one is escaped, and a space is a dot.
pub(crate) fn show(c: char, shown: &mut String) {
    match c {
        ' ' => shown.push('·'),
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        c if is_invisible(c) => {
            shown.push_str(&join(&["\\u{", &hex(c, 1), "}"], ""));
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_their_places() {
        assert_eq!(fill("{} and {}", &["é", "{}"]), "é and {}");
        assert_eq!(fill("{}", &[]), "");
        assert_eq!(fill("{a} { }", &["b"]), "{a} { }");
    }

    #[test]
    fn numbers_are_written_as_format_writes_them() {
        for number in [0, 1, 9, 10, 255, 4096, u64::MAX] {
            assert_eq!(decimal(number), alloc::format!("{number}"));
            assert_eq!(hex(number, 4), alloc::format!("{number:04x}"));
        }
    }
}
