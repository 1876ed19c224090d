//! A JSON payload whose every spelling is kept, to be written again as some library would.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::de::IgnoredAny;

/// The deepest nesting that is looked into. Deeper documents are left alone.
const MAX_DEPTH: usize = 100;

/// A document. Texts keep their escapes, numbers their digits, and members their order and repetitions.
pub(crate) struct Json<'p> {
    root: Node<'p>,
    /// How many numbers it holds.
    pub(crate) numbers: usize,
    /// How many members its root has, if that is an object.
    pub(crate) members: usize,
    /// Whether some object has five members or more, and every object has its own in alphabetical order.
    pub(crate) sorted: bool,
    effects: Effects,
    /// How long it was.
    bytes: usize,
}

/// Which ways of escaping would change something in a document.
#[derive(Default)]
struct Effects {
    non_ascii: bool,
    slash: bool,
    html: bool,
    quotes: bool,
    upper: bool,
    /// Some text is not written plainly.
    kept: bool,
}

impl Effects {
    fn see(&mut self, text: &Text<'_>) {
        let Some(says) = &text.says else {
            return;
        };
        let has = |is: fn(char) -> bool| says.contains(is);
        self.non_ascii |= has(|c| c > '~');
        self.slash |= has(|c| c == '/');
        self.html |= has(is_html);
        self.quotes |= has(is_quote);
        self.upper |= has(|c| !matches!(c, ' '..='~') || is_html(c) || is_quote(c));
        self.kept |= text.raw.contains(&b'\\');
    }
}

/// What Rails and Go escape for the sake of HTML.
fn is_html(c: char) -> bool {
    matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
}

/// What .NET escapes besides.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '+' | '`')
}

enum Node<'p> {
    /// A number, or `true`, `false`, `null`.
    Word(&'p [u8]),
    Text(Text<'p>),
    List(Vec<Node<'p>>),
    Object(Vec<(Text<'p>, Node<'p>)>),
}

struct Text<'p> {
    /// As it is written, with its quotes.
    raw: &'p [u8],
    /// What it says, where a style could write it in another way. Half a surrogate pair says nothing: such
    /// a text is left as it is.
    says: Option<String>,
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) layout: Layout,
    pub(crate) escapes: Escapes,
    pub(crate) numbers: Numbers,
    pub(crate) order: Order,
    /// What stands after it.
    pub(crate) end: &'static str,
}

/// Where the white space is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) name: &'static str,
    comma: &'static str,
    colon: &'static str,
    /// A level of indentation, where each member has a line of its own.
    indent: Option<&'static str>,
}

/// Which characters of a text are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Escapes {
    pub(crate) name: &'static str,
    non_ascii: bool,
    slash: bool,
    /// `<`, `>`, `&` and the two line separators of Unicode.
    html: bool,
    /// Quotes, plus and backtick, as numbers.
    quotes: bool,
    upper: bool,
    /// Texts are copied as they are written.
    kept: bool,
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// As they stand.
    Kept,
    /// As JavaScript prints them: `1.0` is `1`.
    JavaScript,
    /// As Python prints them: `1.10` is `1.1`, and `1.0` stays.
    Python,
    /// With so many decimals at least, those whose bit is set, in the order in which they stand.
    Padded { decimals: usize, which: u64 },
}

/// In which order members stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Kept,
    /// Alphabetical, at every level.
    Sorted,
    /// The root's members in the permutation of this number.
    Permuted(usize),
}

pub(crate) const COMPACT: Layout = Layout { name: "compact", comma: ",", colon: ":", indent: None };

/// The layouts that libraries write.
pub(crate) const LAYOUTS: &[Layout] = &[
    COMPACT,
    Layout {
        name: "with spaces after commas and colons, as Python writes it",
        comma: ", ",
        colon: ": ",
        indent: None,
    },
    Layout { name: "indented by 2 spaces", comma: ",", colon: ": ", indent: Some("  ") },
    Layout { name: "indented by 4 spaces", comma: ",", colon: ": ", indent: Some("    ") },
    Layout { name: "indented by tabs", comma: ",", colon: ": ", indent: Some("\t") },
    Layout { name: "with spaces after colons only", comma: ",", colon: ": ", indent: None },
    Layout { name: "with spaces after commas only", comma: ", ", colon: ":", indent: None },
];

const PLAIN: Escapes = Escapes {
    name: "non-ASCII characters and slashes as they are",
    non_ascii: false,
    slash: false,
    html: false,
    quotes: false,
    upper: false,
    kept: false,
};

/// The ways in which libraries escape.
pub(crate) const ESCAPES: &[Escapes] = &[
    Escapes { name: "texts escaped as they were", kept: true, ..PLAIN },
    PLAIN,
    Escapes { name: r"non-ASCII characters as \u00e9", non_ascii: true, ..PLAIN },
    Escapes {
        name: r"slashes as \/ and non-ASCII characters as \u00e9, as PHP writes them",
        non_ascii: true,
        slash: true,
        ..PLAIN
    },
    Escapes { name: r"slashes as \/", slash: true, ..PLAIN },
    Escapes {
        name: r"&, < and > as \u0026, \u003c and \u003e, as Rails and Go write them",
        html: true,
        ..PLAIN
    },
    Escapes {
        name: r"&, < and > as \u0026, \u003c and \u003e, and non-ASCII characters as \u00e9",
        html: true,
        non_ascii: true,
        ..PLAIN
    },
    Escapes {
        name: r"&, <, >, quotes, + and non-ASCII characters as \u0026 in capitals, as .NET writes them",
        html: true,
        non_ascii: true,
        quotes: true,
        upper: true,
        ..PLAIN
    },
    Escapes {
        name: r"non-ASCII characters as \u00E9 in capitals",
        non_ascii: true,
        upper: true,
        ..PLAIN
    },
];

impl Style {
    /// A layout and escapes that change nothing else.
    pub(crate) const fn new(layout: Layout, escapes: Escapes) -> Self {
        Self { layout, escapes, numbers: Numbers::Kept, order: Order::Kept, end: "" }
    }

    /// Words for how it differs from a text whose layout and escapes are known.
    pub(crate) fn describe(&self) -> String {
        let mut words = String::from(self.layout.name);
        if !self.escapes.kept {
            words.push_str(", ");
            words.push_str(self.escapes.name);
        }
        match self.numbers {
            Numbers::Kept => {}
            Numbers::JavaScript => words.push_str(", numbers as JavaScript prints them (1.0 as 1)"),
            Numbers::Python => words.push_str(", numbers as Python prints them (1.10 as 1.1)"),
            Numbers::Padded { decimals, .. } => {
                words.push_str(&format!(
                    ", numbers with {decimals} decimals (1 as 1.{})",
                    "0".repeat(decimals)
                ));
            }
        }
        match self.order {
            Order::Kept => {}
            Order::Sorted => words.push_str(", keys in alphabetical order"),
            Order::Permuted(_) => words.push_str(", keys in another order"),
        }
        if !self.end.is_empty() {
            words.push_str(", a line break at the end");
        }
        words
    }
}

impl<'p> Json<'p> {
    /// Reads a document; `None` where the payload is none, or nests too deep.
    pub(crate) fn parse(payload: &'p [u8]) -> Option<Self> {
        let payload = payload.strip_prefix("\u{feff}".as_bytes()).unwrap_or(payload);
        let text = core::str::from_utf8(payload).ok()?;
        serde_json::from_str::<IgnoredAny>(text).ok()?;
        let root = Reader { rest: payload }.node(MAX_DEPTH)?;
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
        let mut effects = Effects::default();
        root.texts(&mut |text| effects.see(text));
        Some(Self {
            root,
            numbers,
            members,
            sorted: sorted && widest >= 5,
            effects,
            bytes: payload.len(),
        })
    }

    /// Writes the document in a style.
    pub(crate) fn write(&self, style: &Style) -> Vec<u8> {
        let mut writer = Writer { style, out: Vec::with_capacity(self.bytes), numbers: 0 };
        match (&self.root, style.order) {
            (Node::Object(members), Order::Permuted(number)) => {
                writer.object(&permuted(members.iter().collect(), number), 0);
            }
            (root, _) => writer.node(root, 0),
        }
        writer.out.extend(style.end.as_bytes());
        writer.out
    }

    /// The same style without the escapes that change nothing in this document.
    pub(crate) fn essence(&self, style: &Style) -> Style {
        let Effects { non_ascii, slash, html, quotes, upper, kept } = self.effects;
        let escapes = Escapes {
            name: "",
            non_ascii: style.escapes.non_ascii && non_ascii,
            slash: style.escapes.slash && slash,
            html: style.escapes.html && html,
            quotes: style.escapes.quotes && quotes,
            upper: style.escapes.upper && upper,
            kept: style.escapes.kept && kept,
        };
        Style { escapes, ..*style }
    }

    /// The plain style that gives exactly these bytes, if any does.
    pub(crate) fn style_of(&self, payload: &[u8]) -> Option<Style> {
        let styles = LAYOUTS
            .iter()
            .map(|layout| Style::new(*layout, ESCAPES.first().copied().unwrap_or(PLAIN)));
        styles.into_iter().find(|style| self.write(style) == payload)
    }

    /// The text that the document is, if it is one.
    pub(crate) fn text(&self) -> Option<String> {
        match self.root {
            Node::Text(ref text) => text.read(),
            _ => None,
        }
    }

    /// The bytes of a binary buffer that was turned into JSON: a list of bytes, or an object whose member
    /// `data` is one.
    pub(crate) fn buffer(&self) -> Option<Vec<u8>> {
        let list = match &self.root {
            Node::List(list) => list,
            Node::Object(members) => {
                match &members.iter().find(|member| member.0.raw == b"\"data\"")?.1 {
                    Node::List(list) => list,
                    _ => return None,
                }
            }
            _ => return None,
        };
        let byte = |node: &Node<'_>| match node {
            Node::Word(word) => core::str::from_utf8(word).ok()?.parse().ok(),
            _ => None,
        };
        list.iter().map(byte).collect()
    }

    /// The root's members as names and texts, where every value is a text: what a form parser gives.
    pub(crate) fn fields(&self) -> Option<Vec<(String, String)>> {
        let Node::Object(members) = &self.root else {
            return None;
        };
        let field = |(name, value): &(Text<'_>, Node<'_>)| match value {
            Node::Text(text) => Some((name.read()?, text.read()?)),
            _ => None,
        };
        members.iter().map(field).collect()
    }
}

impl Node<'_> {
    fn walk(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        match self {
            Node::List(list) => list.iter().for_each(|node| node.walk(visit)),
            Node::Object(members) => members.iter().for_each(|(_, node)| node.walk(visit)),
            Node::Word(_) | Node::Text(_) => {}
        }
    }

    fn texts(&self, visit: &mut impl FnMut(&Text<'_>)) {
        self.walk(&mut |node| match node {
            Node::Text(text) => visit(text),
            Node::Object(members) => members.iter().for_each(|(name, _)| visit(name)),
            Node::Word(_) | Node::List(_) => {}
        });
    }
}

impl<'p> Text<'p> {
    fn new(raw: &'p [u8]) -> Self {
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let says = if is_plain(inner) { None } else { serde_json::from_slice(raw).ok() };
        Self { raw, says }
    }

    fn read(&self) -> Option<String> {
        serde_json::from_slice(self.raw).ok()
    }
}

/// Whether a text has nothing that any style escapes.
fn is_plain(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b' '..=b'~') && !b"\\/<>&'+`".contains(byte))
}

fn is_number(word: &[u8]) -> bool {
    matches!(word.first(), Some(b'-' | b'0'..=b'9'))
}

/// The permutation of this number, of a few things.
pub(crate) fn permuted<T>(mut left: Vec<T>, mut number: usize) -> Vec<T> {
    let mut out = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let index = number.checked_rem(left.len()).unwrap_or(0);
        number = number.checked_div(left.len()).unwrap_or(0);
        out.push(left.remove(index));
    }
    out
}

/// Reads what is known to be well-formed.
struct Reader<'p> {
    rest: &'p [u8],
}

impl<'p> Reader<'p> {
    fn node(&mut self, depth: usize) -> Option<Node<'p>> {
        let depth = depth.checked_sub(1)?;
        match self.peek()? {
            b'"' => self.text().map(Node::Text),
            b'[' => {
                self.skip();
                let mut list = Vec::new();
                while self.peek()? != b']' {
                    list.push(self.node(depth)?);
                    self.past(b',');
                }
                self.skip();
                Some(Node::List(list))
            }
            b'{' => {
                self.skip();
                let mut members = Vec::new();
                while self.peek()? != b'}' {
                    let name = self.text()?;
                    self.past(b':');
                    members.push((name, self.node(depth)?));
                    self.past(b',');
                }
                self.skip();
                Some(Node::Object(members))
            }
            _ => {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b",]}".contains(byte);
                let length = self.rest.iter().position(ends).unwrap_or(self.rest.len());
                let (word, rest) = self.rest.split_at_checked(length)?;
                self.rest = rest;
                Some(Node::Word(word))
            }
        }
    }

    fn text(&mut self) -> Option<Text<'p>> {
        self.peek()?;
        let mut escaped = false;
        let ends = |byte: &u8| {
            let end = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            end
        };
        let length = self.rest.iter().skip(1).position(ends)?.checked_add(2)?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(Text::new(text))
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_ascii_start();
        self.rest.first().copied()
    }

    fn skip(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }

    fn past(&mut self, sign: u8) {
        if self.peek() == Some(sign) {
            self.skip();
        }
    }
}

struct Writer<'s> {
    style: &'s Style,
    out: Vec<u8>,
    /// How many numbers were written.
    numbers: u32,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node<'_>, depth: usize) {
        match node {
            Node::Word(word) if is_number(word) => self.number(word),
            Node::Word(word) => self.out.extend(*word),
            Node::Text(text) => self.text(text),
            Node::List(list) => self.items(b"[]", list.len(), depth, |writer, index, depth| {
                list.get(index).into_iter().for_each(|node| writer.node(node, depth));
            }),
            Node::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                if self.style.order == Order::Sorted {
                    members.sort_by_key(|member| member.0.raw);
                }
                self.object(&members, depth);
            }
        }
    }

    fn object(&mut self, members: &[&(Text<'_>, Node<'_>)], depth: usize) {
        self.items(b"{}", members.len(), depth, |writer, index, depth| {
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
        mut item: impl FnMut(&mut Self, usize, usize),
    ) {
        self.out.push(*open);
        let inner = depth.saturating_add(1);
        for index in 0..count {
            if index > 0 {
                self.out.extend(self.style.layout.comma.as_bytes());
            }
            self.line(inner);
            item(self, index, inner);
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
        let Some(says) = text.says.as_ref().filter(|_| !self.style.escapes.kept) else {
            self.out.extend(text.raw);
            return;
        };
        self.out.push(b'"');
        says.chars().for_each(|c| self.character(c));
        self.out.push(b'"');
    }

    fn character(&mut self, c: char) {
        let escapes = &self.style.escapes;
        let short: &[u8] = match c {
            '"' if !escapes.quotes => b"\\\"",
            '\\' => b"\\\\",
            '/' if escapes.slash => b"\\/",
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
        let by_number = c < ' '
            || (escapes.non_ascii && c > '~')
            || (escapes.html && is_html(c))
            || (escapes.quotes && is_quote(c));
        if !by_number {
            self.out.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
            return;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let unit =
                if escapes.upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
            self.out.extend(unit.as_bytes());
        }
    }

    fn number(&mut self, word: &[u8]) {
        let index = self.numbers;
        self.numbers = index.saturating_add(1);
        let text = core::str::from_utf8(word).unwrap_or_default();
        let written = match self.style.numbers {
            Numbers::Kept => None,
            Numbers::JavaScript => text.parse().ok().map(javascript),
            Numbers::Python if text.contains(['.', 'e', 'E']) => text.parse().ok().map(python),
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

/// Shortest digits; exponents below 1e-6 and from 1e21 up.
fn javascript(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 {
        return String::from("0");
    }
    if !(1e-6..1e21).contains(&size) {
        return format!("{number:e}").replace('e', "e+").replace("e+-", "e-");
    }
    format!("{number}")
}

/// Shortest digits, at least one decimal; exponents of two digits below 1e-4 and from 1e16 up.
fn python(number: f64) -> String {
    let size = number.abs();
    if number != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) =
            exponent.strip_prefix('-').map_or(("+", exponent), |rest| ("-", rest));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    format!("{number:?}")
}

fn padded(text: &str, decimals: usize) -> Option<String> {
    if text.contains(['e', 'E']) {
        return None;
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    (fraction.len() < decimals).then(|| format!("{whole}.{fraction:0<decimals$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(text: &str, style: Style) -> String {
        String::from_utf8(Json::parse(text.as_bytes()).unwrap().write(&style)).unwrap()
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
    fn permutations_are_all_different() {
        let mut seen: Vec<_> =
            (0..24).map(|number| permuted(alloc::vec![1, 2, 3, 4], number)).collect();
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
