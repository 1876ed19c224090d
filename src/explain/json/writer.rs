//! Writes a document in a style.

use alloc::collections::BinaryHeap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::float;
use super::node::{Node, Text, is_number};
use super::style::{
    HTML, KEPT, NON_ASCII, Numbers, Order, QUOTES, SLASH, Style, UPPER, is_html, is_quote,
};

pub(super) struct Writer<'s> {
    pub(super) style: &'s Style,
    pub(super) out: Vec<u8>,
    /// With more than so many it stops.
    pub(super) max_bytes: usize,
    /// How many numbers were written.
    pub(super) numbers: u32,
}

impl Writer<'_> {
    pub(super) fn node(&mut self, node: &Node<'_>, depth: usize) {
        match node {
            Node::Word(word) if is_number(word) => self.number(word),
            Node::Word(word) => self.out.extend(*word),
            Node::Text(text) => self.text(text),
            Node::List(list) => {
                self.items(b"[]", list.len(), depth, &mut |writer, index, depth| {
                    list.get(index).into_iter().for_each(|node| writer.node(node, depth));
                })
            }
            Node::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                if self.style.order == Order::Sorted {
                    let names = members.iter().enumerate().map(|(at, member)| (member.0.raw, at));
                    let sorted = names.collect::<BinaryHeap<_>>().into_sorted_vec();
                    members =
                        sorted.iter().filter_map(|(_, at)| members.get(*at).copied()).collect();
                }
                self.object(&members, depth);
            }
        }
    }

    pub(super) fn object(&mut self, members: &[&(Text<'_>, Node<'_>)], depth: usize) {
        self.items(b"{}", members.len(), depth, &mut |writer, index, depth| {
            for (name, node) in members.get(index).into_iter().copied() {
                writer.text(name);
                writer.out.extend(writer.style.layout.colon.as_bytes());
                writer.node(node, depth);
            }
        });
    }

    fn items(
        &mut self,
        [open, close]: &[u8; 2],
        count: usize,
        depth: usize,
        item: &mut dyn FnMut(&mut Self, usize, usize),
    ) {
        self.out.push(*open);
        let inner = depth.saturating_add(1);
        for index in 0..count {
            if index > 0 {
                self.out.extend(self.style.layout.comma.as_bytes());
            }
            self.line(inner);
            item(self, index, inner);
            // What was written is a beginning of the whole, at every level.
            if self.out.len() > self.max_bytes {
                return;
            }
        }
        if count > 0 {
            self.line(depth);
        }
        self.out.push(*close);
    }

    fn line(&mut self, depth: usize) {
        if let Some(indent) = self.style.layout.indent {
            self.out.push(b'\n');
            (0..depth).for_each(|_| self.out.extend(indent.as_bytes()));
        }
    }

    fn text(&mut self, text: &Text<'_>) {
        let Some(says) = text.says.as_ref().filter(|_| !self.style.escapes.has(KEPT)) else {
            self.out.extend(text.raw);
            return;
        };
        self.quoted(says);
    }

    pub(super) fn quoted(&mut self, says: &str) {
        self.out.push(b'"');
        let mut rest = says;
        while let Some(at) = rest.find(|c| self.escapes(c)) {
            let (plain, after) = rest.split_at_checked(at).unwrap_or_default();
            self.out.extend(plain.as_bytes());
            let mut characters = after.chars();
            characters.next().into_iter().for_each(|c| self.escape(c));
            rest = characters.as_str();
        }
        self.out.extend(rest.as_bytes());
        self.out.push(b'"');
    }

    fn escapes(&self, c: char) -> bool {
        let has = |way| self.style.escapes.has(way);
        c < ' '
            || matches!(c, '"' | '\\')
            || (has(SLASH) && c == '/')
            || (has(NON_ASCII) && c > '~')
            || (has(HTML) && is_html(c))
            || (has(QUOTES) && is_quote(c))
    }

    fn escape(&mut self, c: char) {
        let short: &[u8] = match c {
            '"' if !self.style.escapes.has(QUOTES) => b"\\\"",
            '\\' => b"\\\\",
            '/' => b"\\/",
            '\n' => b"\\n",
            '\r' => b"\\r",
            '\t' => b"\\t",
            '\u{8}' => b"\\b",
            '\u{c}' => b"\\f",
            _ => b"",
        };
        if !short.is_empty() {
            self.out.extend(short);
            return;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let escape = match self.style.escapes.has(UPPER) {
                true => format!("\\u{unit:04X}"),
                false => format!("\\u{unit:04x}"),
            };
            self.out.extend(escape.as_bytes());
        }
    }

    fn number(&mut self, word: &[u8]) {
        let index = self.numbers;
        self.numbers = index.saturating_add(1);
        let text = core::str::from_utf8(word).unwrap_or_default();
        let written = match self.style.numbers {
            Numbers::Kept => None,
            Numbers::JavaScript => float::javascript(text),
            Numbers::Python if word.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) => {
                float::python(text)
            }
            Numbers::Python => None,
            Numbers::Padded { decimals, which } => {
                let chosen = which == u64::MAX
                    || 1_u64.checked_shl(index).is_some_and(|bit| which & bit != 0);
                chosen.then(|| padded(text, decimals)).flatten()
            }
        };
        match written {
            Some(written) => self.out.extend(written.as_bytes()),
            None => self.out.extend(word),
        }
    }
}

fn padded(text: &str, decimals: usize) -> Option<String> {
    if text.bytes().any(|byte| matches!(byte, b'e' | b'E')) {
        return None;
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let zeros = decimals.checked_sub(fraction.len()).filter(|zeros| *zeros > 0)?;
    Some(format!("{whole}.{fraction}{}", "0".repeat(zeros)))
}
