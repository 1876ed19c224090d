//! Rust source text without what is not code.

/// The code of a file: without comments, the text of string literals, and its tests.
pub(crate) fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = literal_or_comment(rest);
        if skipped > 0 {
            code.push(' ');
            rest = &rest[skipped..];
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    let tests = code.find("#[cfg(test)]\nmod tests").unwrap_or(code.len());
    code.truncate(tests);
    code
}

/// The bytes of the comment, string or character at the beginning of `rest`; 0 if it begins otherwise.
fn literal_or_comment(rest: &str) -> usize {
    let until = |end: &str, from: usize| {
        rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return until("*/", 2);
    }
    if let Some(raw) = rest.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            return until(&format!("\"{}", "#".repeat(hashes)), hashes + 2);
        }
    }
    if rest.starts_with('"') {
        return end_of_string(rest);
    }
    // A character, and not a lifetime.
    match rest.strip_prefix('\'').map(|rest| rest.chars().take(2).collect::<Vec<_>>()).as_deref() {
        Some(['\\', _]) => until("'", 3),
        Some([character, '\'']) => character.len_utf8() + 2,
        _ => 0,
    }
}

fn end_of_string(rest: &str) -> usize {
    let mut escaped = true; // so that the first quote does not end it
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'"' if !escaped => return at + 1,
            b'\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// The words of a code, `::` and every other sign.
pub(crate) fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let end = match first {
            first if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            first => first.len_utf8(),
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_texts_and_tests_are_not_code() {
        let text = r##"use a::b; // use c::d
/* e::f */ let g = "h::i \" j::k"; let l = r#"m::" n"#;
fn o<'p>(q: &'p str) -> char { '"' } fn r() { '\''; s::t() }
#[cfg(test)]
mod tests { u::v }"##;
        let code = code(text);
        for kept in ["a::b", "'p", "s::t"] {
            assert!(code.contains(kept), "{kept} in {code}");
        }
        for dropped in ["c::d", "e::f", "h::i", "j::k", "m::", "u::v"] {
            assert!(!code.contains(dropped), "{dropped} in {code}");
        }
    }

    #[test]
    fn tokens_are_words_double_colons_and_signs() {
        assert_eq!(tokens("use a_1::{b, *};"), ["use", "a_1", "::", "{", "b", ",", "*", "}", ";"]);
    }
}
