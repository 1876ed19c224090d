//! Reads JSON (RFC 8259) and keeps its spelling.

use alloc::vec::Vec;

use super::node::{Node, Text};

/// The deepest nesting that is read. A deeper document counts as invalid.
const MAX_DEPTH: usize = 100;

/// The reason why bytes are not a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// They end in the middle of a document.
    Early,
    /// They cannot become a document, or nest too deep.
    Wrong,
}

type Read<T> = Result<T, Broken>;

/// Reads a whole document.
pub(crate) fn read(bytes: &[u8]) -> Read<Node<'_>> {
    let mut reader = Reader { rest: bytes };
    let root = reader.node(MAX_DEPTH)?;
    match reader.peek() {
        Err(Broken::Early) => Ok(root),
        _ => Err(Broken::Wrong),
    }
}

struct Reader<'p> {
    rest: &'p [u8],
}

impl<'p> Reader<'p> {
    fn node(&mut self, depth: usize) -> Read<Node<'p>> {
        let depth = depth.checked_sub(1).ok_or(Broken::Wrong)?;
        match self.peek()? {
            b'"' => self.text().map(Node::Text),
            b'[' => {
                let mut list = Vec::new();
                self.items(b']', &mut |reader| {
                    list.push(reader.node(depth)?);
                    Ok(())
                })?;
                Ok(Node::List(list))
            }
            b'{' => {
                let mut members = Vec::new();
                self.items(b'}', &mut |reader| {
                    let name = reader.text()?;
                    if reader.peek()? != b':' {
                        return Err(Broken::Wrong);
                    }
                    reader.skip(1);
                    members.push((name, reader.node(depth)?));
                    Ok(())
                })?;
                Ok(Node::Object(members))
            }
            b'-' | b'0'..=b'9' => self.number().map(Node::Word),
            _ => self.word().map(Node::Word),
        }
    }

    fn items(&mut self, end: u8, item: &mut dyn FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.skip(1);
        if self.peek()? == end {
            self.skip(1);
            return Ok(());
        }
        loop {
            item(self)?;
            let sign = self.peek()?;
            self.skip(1);
            match sign {
                b',' => {}
                sign if sign == end => return Ok(()),
                _ => return Err(Broken::Wrong),
            }
        }
    }

    fn text(&mut self) -> Read<Text<'p>> {
        if self.peek()? != b'"' {
            return Err(Broken::Wrong);
        }
        let mut rest = self.rest.get(1..).unwrap_or_default();
        loop {
            rest = match rest {
                [b'"', after @ ..] => {
                    let length = self.rest.len().saturating_sub(after.len());
                    return Ok(Text::new(self.take(length)));
                }
                [b'\\', b'u', digits @ ..] => {
                    let (digits, after) = digits.split_at_checked(4).ok_or(Broken::Early)?;
                    if !digits.iter().all(u8::is_ascii_hexdigit) {
                        return Err(Broken::Wrong);
                    }
                    after
                }
                [b'\\', escaped, after @ ..] if b"\"\\/bfnrt".contains(escaped) => after,
                [] | [b'\\'] => return Err(Broken::Early),
                [b'\\' | 0..=0x1f, ..] => return Err(Broken::Wrong),
                [_, after @ ..] => after,
            };
        }
    }

    fn number(&mut self) -> Read<&'p [u8]> {
        let mut ahead = Self { rest: self.rest };
        ahead.pass(b"-");
        let whole = ahead.pass(b"0") || ahead.digits();
        let fraction = !ahead.pass(b".") || ahead.digits();
        let exponent = !ahead.pass(b"eE") || (ahead.pass(b"+-"), ahead.digits()).1;
        if !(whole && fraction && exponent) {
            return Err(Broken::Wrong);
        }
        Ok(self.take(self.rest.len().saturating_sub(ahead.rest.len())))
    }

    /// Goes past one of these signs, if it is next.
    fn pass(&mut self, signs: &[u8]) -> bool {
        let is_next = self.rest.first().is_some_and(|next| signs.contains(next));
        self.skip(usize::from(is_next));
        is_next
    }

    /// Goes past digits, and says whether there was one.
    fn digits(&mut self) -> bool {
        let some = self.pass(b"0123456789");
        while self.pass(b"0123456789") {}
        some
    }

    fn word(&mut self) -> Read<&'p [u8]> {
        for word in [&b"true"[..], b"false", b"null"] {
            if self.rest.starts_with(word) {
                return Ok(self.take(word.len()));
            }
            if word.starts_with(self.rest) {
                return Err(Broken::Early);
            }
        }
        Err(Broken::Wrong)
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Read<u8> {
        while self.pass(b" \n\t\r") {}
        self.rest.first().copied().ok_or(Broken::Early)
    }

    fn take(&mut self, bytes: usize) -> &'p [u8] {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or_default();
        self.rest = rest;
        taken
    }

    fn skip(&mut self, bytes: usize) {
        self.take(bytes);
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::*;

    /// What serde_json says of the same bytes.
    fn theirs(bytes: &[u8]) -> Read<()> {
        match serde_json::from_slice::<IgnoredAny>(bytes) {
            Ok(_) => Ok(()),
            Err(error) if error.is_eof() => Err(Broken::Early),
            Err(_) => Err(Broken::Wrong),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5_000) })]

        #[test]
        fn documents_are_read_as_serde_json_reads_them(
            text in "([\\[\\]{}:,\"]|\"a\":|\"\\\\u00e9\"|[ \\n\\x0c]|-?[0-9]{1,2}(\\.[0-9]?)?([eE][+-]?[0-9]?)?|t(rue?)?|null|false|\"[\\\\ud8dce\"/\\x01é]{0,12}\"?){0,9}",
        ) {
            prop_assert_eq!(read(text.as_bytes()).map(drop), theirs(text.as_bytes()));
        }

        #[test]
        fn texts_say_what_serde_json_reads(text in "\"([a-zé😀]|\\\\[\"\\\\/bfnrt]|\\\\u([0-9a-f]{4}|d[89a-f]{1}[0-9a-f]{2})){0,6}\"") {
            let said = match read(text.as_bytes()) {
                Ok(Node::Text(text)) => text.read(),
                _ => None,
            };
            prop_assert_eq!(said, serde_json::from_str::<String>(&text).ok());
        }
    }
}
