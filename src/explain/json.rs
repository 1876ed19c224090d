//! A JSON payload whose every spelling is kept, to be written again as some library would.

mod float;
mod node;
mod reader;
mod style;
mod writer;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::encoding::number;
pub(crate) use node::Node;
use node::{Text, is_number};
pub(crate) use reader::{Broken, read};
pub(super) use style::{
    AS_WRITTEN, ASCII, COMPACT, ESCAPES, LAYOUTS, Numbers, Order, PLAIN, PYTHON, Style,
};
use style::{Escapes, HTML, KEPT, NON_ASCII, QUOTES, SLASH, UPPER, is_html, is_quote};
use writer::Writer;

/// A document. Texts keep their escapes, numbers their digits, and members their order and repetitions.
pub(crate) struct Json<'p> {
    root: Node<'p>,
    /// How many numbers it holds.
    pub(crate) numbers: usize,
    /// How many members its root has, if that is an object.
    pub(crate) members: usize,
    /// Whether some object has five members or more, and every object has its own in alphabetical order.
    pub(crate) sorted: bool,
    /// Which ways of escaping would change something in it.
    effects: u8,
    /// How long it was.
    bytes: usize,
}

/// Which ways of escaping would change something in this text, a bit for each.
fn effects(text: &Text<'_>) -> u8 {
    let mut effects = if text.says.is_some() && text.raw.contains(&b'\\') { KEPT } else { 0 };
    for c in text.says.as_deref().unwrap_or_default().chars() {
        effects |= match c {
            '/' => SLASH,
            c if is_html(c) => HTML | UPPER,
            c if is_quote(c) => QUOTES | UPPER,
            ' '..='~' => 0,
            _ => UPPER,
        };
        effects |= if c > '~' { NON_ASCII } else { 0 };
    }
    effects
}

impl<'p> Json<'p> {
    /// Reads a document; `None` where the payload is none, or nests too deep.
    pub(crate) fn parse(payload: &'p [u8]) -> Option<Self> {
        let payload = payload.strip_prefix("\u{feff}".as_bytes()).unwrap_or(payload);
        let text = core::str::from_utf8(payload).ok()?;
        let root = read(text.as_bytes()).ok()?;
        let members = match &root {
            Node::Object(members) => members.len(),
            _ => 0,
        };
        let (mut numbers, mut sorted, mut widest) = (0, true, 0);
        root.walk(&mut |node| match node {
            Node::Word(word) if is_number(word) => numbers = 1_usize.saturating_add(numbers),
            Node::Object(members) => {
                sorted &= members.is_sorted_by_key(|member| member.0.raw);
                widest = members.len().max(widest);
            }
            _ => {}
        });
        let mut all_effects = 0;
        root.texts(&mut |text| all_effects |= effects(text));
        Some(Self {
            root,
            numbers,
            members,
            sorted: sorted && widest >= 5,
            effects: all_effects,
            bytes: payload.len(),
        })
    }

    /// Writes the document in a style, and stops soon after so many bytes: white space may make it hundreds of times
    /// as long.
    pub(in crate::explain) fn write(&self, style: &Style, max_bytes: usize) -> Vec<u8> {
        let out = Vec::with_capacity(self.bytes);
        let mut writer = Writer { style, out, max_bytes, numbers: 0 };
        match (&self.root, style.order) {
            (Node::Object(members), Order::Permuted(number)) => {
                let order = permutation(members.len(), number);
                let members: Vec<_> = order.iter().filter_map(|at| members.get(*at)).collect();
                writer.object(&members, 0);
            }
            (root, _) => writer.node(root, 0),
        }
        writer.out.extend(style.end.as_bytes());
        writer.out
    }

    /// The same style without the escapes that change nothing in this document.
    pub(in crate::explain) fn essence(&self, style: &Style) -> Style {
        let escapes = Escapes { name: "", ways: style.escapes.ways & self.effects };
        Style { escapes, ..*style }
    }

    /// The plain style that gives exactly these bytes, if any does.
    pub(in crate::explain) fn style_of(&self, payload: &[u8]) -> Option<Style> {
        let mut styles = LAYOUTS.iter().map(|layout| Style::new(layout, AS_WRITTEN));
        styles.find(|style| {
            // Most differ soon: they need not be written whole.
            payload.starts_with(&self.write(style, 1024))
                && self.write(style, payload.len()) == payload
        })
    }

    /// The text that the document is, if it is one.
    pub(crate) fn text(&self) -> Option<String> {
        self.root.text()
    }

    /// The bytes of a binary buffer that was turned into JSON: a list of bytes, an object whose member `data` is one,
    /// or an object whose members are numbered.
    pub(crate) fn buffer(&self) -> Option<Vec<u8>> {
        let list: Vec<_> = match &self.root {
            Node::Object(members) if is_numbered(members) => {
                members.iter().map(|member| &member.1).collect()
            }
            root => root.list().or_else(|| root.member("data")?.list())?.iter().collect(),
        };
        let mut bytes = Vec::new();
        for node in list {
            let Node::Word(word) = node else {
                return None;
            };
            let byte = number(core::str::from_utf8(word).ok()?, 10)?;
            bytes.push(u8::try_from(byte).ok()?);
        }
        Some(bytes)
    }

    /// The root's members as names and texts, where every value is a text: what a form parser gives.
    pub(crate) fn fields(&self) -> Option<Vec<(String, String)>> {
        let Node::Object(members) = &self.root else {
            return None;
        };
        let mut fields = Vec::new();
        for (name, value) in members {
            let Node::Text(value) = value else {
                return None;
            };
            fields.push((name.read()?, value.read()?));
        }
        Some(fields)
    }
}

/// Whether there are members, called 0, 1 and so on.
fn is_numbered(members: &[(Text<'_>, Node<'_>)]) -> bool {
    let mut members = members.iter().enumerate();
    members.len() > 0 && members.all(|(at, member)| member.0.raw == quoted(&at.to_string()))
}

/// A text as JSON.
pub(super) fn quoted(text: &str) -> Vec<u8> {
    let style = Style::new(COMPACT, PLAIN);
    let out = Vec::with_capacity(text.len());
    let mut writer = Writer { style: &style, out, max_bytes: usize::MAX, numbers: 0 };
    writer.quoted(text);
    writer.out
}

/// The permutation of this number, of so few things: their places.
pub(crate) fn permutation(count: usize, mut number: usize) -> Vec<usize> {
    let mut left: Vec<_> = (0..count).collect();
    let mut out = Vec::new();
    while !left.is_empty() {
        let index = number.checked_rem(left.len()).unwrap_or(0);
        number = number.checked_div(left.len()).unwrap_or(0);
        out.push(left.remove(index));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(text: &str, style: Style) -> String {
        String::from_utf8(Json::parse(text.as_bytes()).unwrap().write(&style, usize::MAX)).unwrap()
    }

    #[test]
    fn documents_are_written_as_libraries_write_them() {
        let text = r#"{"b":[1.0,1e21,-0.5e-7],"a":{"é":"<a/b>&\u00e9\n"},"e":[],"o":{}}"#;
        let style = |layout: usize, escapes: usize| Style::new(LAYOUTS[layout], ESCAPES[escapes]);
        assert_eq!(write(text, style(0, 0)), text);
        // JSON.stringify(JSON.parse(text))
        let javascript = Style { numbers: Numbers::JavaScript, ..style(0, 1) };
        assert_eq!(
            write(text, javascript),
            r#"{"b":[1,1e+21,-5e-8],"a":{"é":"<a/b>&é\n"},"e":[],"o":{}}"#
        );
        // json.dumps(json.loads(text)) of Python 3
        let python = Style { numbers: Numbers::Python, ..style(1, 2) };
        assert_eq!(
            write(text, python),
            r#"{"b": [1.0, 1e+21, -5e-08], "a": {"\u00e9": "<a/b>&\u00e9\n"}, "e": [], "o": {}}"#
        );
        assert_eq!(
            write(r#"{"b":[1,{}],"a":[]}"#, style(2, 1)),
            "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": []\n}"
        );
        assert_eq!(write(r#"["a/b é"]"#, style(0, 3)), r#"["a\/b \u00e9"]"#);
        assert_eq!(
            write(r#"["<&> é \""]"#, style(0, 7)),
            r#"["\u003C\u0026\u003E \u00E9 \u0022"]"#
        );
        assert_eq!(write(r#"["😀"]"#, style(0, 2)), r#"["\ud83d\ude00"]"#);
        let padded =
            Style { numbers: Numbers::Padded { decimals: 2, which: 0b101 }, ..style(0, 0) };
        assert_eq!(write("[1,2,3.5]", padded), "[1.00,2,3.50]");
        let sorted = Style { order: Order::Sorted, ..style(0, 0) };
        assert_eq!(write(r#"{"b":{"d":1,"c":2},"a":3}"#, sorted), r#"{"a":3,"b":{"c":2,"d":1}}"#);
    }

    #[test]
    fn a_document_that_gets_too_long_is_not_written_to_its_end() {
        let deep = ["[".repeat(99), "1,".repeat(5000), "1".into(), "]".repeat(99)].concat();
        let json = Json::parse(deep.as_bytes()).unwrap();
        let style = Style::new(LAYOUTS[3], AS_WRITTEN);
        let (beginning, whole) = (json.write(&style, 20_000), json.write(&style, usize::MAX));
        assert!(whole.len() > 1_000_000 && whole.starts_with(&beginning));
        assert!(matches!(beginning.len(), 20_001..22_000));
        assert_eq!(json.style_of(deep.as_bytes()), Some(Style::new(COMPACT, AS_WRITTEN)));
    }

    #[test]
    fn permutations_are_all_different() {
        let mut seen: Vec<_> = (0..24).map(|number| permutation(4, number)).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 24);
    }

    #[test]
    fn what_is_no_json_or_nests_too_deep_is_left_alone() {
        for text in ["", "{", "[1,]", "nul", "{\"a\":1}x", "\"\u{1}\""] {
            assert!(Json::parse(text.as_bytes()).is_none(), "{text:?}");
        }
        assert!(Json::parse("[".repeat(100_000).as_bytes()).is_none());
        let deep = "[".repeat(5000) + &"]".repeat(5000);
        assert!(Json::parse(deep.as_bytes()).is_none());
    }
}
