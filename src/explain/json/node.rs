use alloc::string::String;
use alloc::vec::Vec;

use super::super::encoding::number;

/// A value of a document.
pub(crate) enum Node<'p> {
    /// A number, or `true`, `false`, `null`.
    Word(&'p [u8]),
    Text(Text<'p>),
    List(Vec<Node<'p>>),
    Object(Vec<(Text<'p>, Node<'p>)>),
}

/// A string of a document.
pub(crate) struct Text<'p> {
    /// Its bytes as written, with the quotes.
    pub(super) raw: &'p [u8],
    /// Its decoded text, where a style could write it in another way. `None` for half a surrogate pair, which is
    /// always written unchanged.
    pub(super) says: Option<String>,
}

impl<'p> Node<'p> {
    /// The value of this name, if this is an object that has one which is not null.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        let Node::Object(members) = self else {
            return None;
        };
        let found = members.iter().rfind(|member| member.0.read().is_some_and(|each| each == name));
        found.map(|member| &member.1).filter(|value| !matches!(value, Node::Word(b"null")))
    }

    /// The items, if this is a list.
    pub(crate) fn list(&self) -> Option<&[Self]> {
        match self {
            Node::List(list) => Some(list),
            _ => None,
        }
    }

    /// The decoded text, if this is a string.
    pub(crate) fn text(&self) -> Option<String> {
        match self {
            Node::Text(text) => text.read(),
            _ => None,
        }
    }

    pub(super) fn walk(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        match self {
            Node::List(list) => list.iter().for_each(|node| node.walk(visit)),
            Node::Object(members) => members.iter().for_each(|(_, node)| node.walk(visit)),
            Node::Word(_) | Node::Text(_) => {}
        }
    }

    pub(super) fn texts(&self, visit: &mut dyn FnMut(&Text<'_>)) {
        self.walk(&mut |node| match node {
            Node::Text(text) => visit(text),
            Node::Object(members) => members.iter().for_each(|(name, _)| visit(name)),
            Node::Word(_) | Node::List(_) => {}
        });
    }
}

impl<'p> Text<'p> {
    pub(super) fn new(raw: &'p [u8]) -> Self {
        let text = Self { raw, says: None };
        let says = if is_plain(text.inner()) { None } else { text.read() };
        Self { says, ..text }
    }

    /// The bytes between the quotes.
    pub(super) fn inner(&self) -> &'p [u8] {
        self.raw.get(1..self.raw.len().saturating_sub(1)).unwrap_or_default()
    }

    /// Decodes the text. `None` for half a surrogate pair.
    pub(super) fn read(&self) -> Option<String> {
        let mut rest = core::str::from_utf8(self.inner()).ok()?;
        let mut said = String::with_capacity(rest.len());
        while let Some(at) = rest.find('\\') {
            said.push_str(rest.get(..at)?);
            rest = rest.get(at.checked_add(1)?..)?;
            said.push(escaped(&mut rest)?);
        }
        said.push_str(rest);
        Some(said)
    }
}

/// Decodes the escape at the beginning of `rest` and moves past it.
fn escaped(rest: &mut &str) -> Option<char> {
    let mut characters = rest.chars();
    let character = characters.next()?;
    *rest = characters.as_str();
    Some(match character {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let high = unit(rest)?;
            match char::from_u32(high) {
                Some(character) => character,
                None => {
                    *rest = rest.strip_prefix("\\u")?;
                    let pair = [high, unit(rest)?].map(|unit| u16::try_from(unit).unwrap_or(0));
                    char::decode_utf16(pair).next()?.ok()?
                }
            }
        }
        other => other,
    })
}

/// Reads four hex digits from the beginning of `rest` and moves past them.
fn unit(rest: &mut &str) -> Option<u32> {
    let (digits, after) = rest.split_at_checked(4)?;
    *rest = after;
    u32::try_from(number(digits, 16)?).ok()
}

/// Whether a text has nothing that any style escapes.
fn is_plain(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b' '..=b'~') && !b"\\/<>&'+`".contains(byte))
}

pub(super) fn is_number(word: &[u8]) -> bool {
    matches!(word.first(), Some(b'-' | b'0'..=b'9'))
}
