//! How libraries write JSON, as data.

use alloc::format;
use alloc::string::String;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explain) struct Style {
    pub(in crate::explain) layout: &'static Layout,
    pub(in crate::explain) escapes: Escapes,
    pub(in crate::explain) numbers: Numbers,
    pub(in crate::explain) order: Order,
    /// What stands after it.
    pub(in crate::explain) end: &'static str,
}

/// Where the white space is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explain) struct Layout {
    pub(in crate::explain) name: &'static str,
    pub(super) comma: &'static str,
    pub(super) colon: &'static str,
    /// A level of indentation, where each member has a line of its own.
    pub(super) indent: Option<&'static str>,
}

/// Which characters of a text are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explain) struct Escapes {
    pub(in crate::explain) name: &'static str,
    /// The ways of escaping, a bit for each.
    pub(super) ways: u8,
}

/// What is not ASCII is escaped.
pub(super) const NON_ASCII: u8 = 1;
/// Slashes are.
pub(super) const SLASH: u8 = 2;
/// `<`, `>`, `&` and the two line separators of Unicode are.
pub(super) const HTML: u8 = 4;
/// Quotes, plus and backtick are, as numbers.
pub(super) const QUOTES: u8 = 8;
/// Numbers are in capitals.
pub(super) const UPPER: u8 = 16;
/// Texts are copied as they are written.
pub(super) const KEPT: u8 = 32;

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explain) enum Numbers {
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
pub(in crate::explain) enum Order {
    Kept,
    /// Alphabetical, at every level.
    Sorted,
    /// The root's members in the permutation of this number.
    Permuted(usize),
}

pub(in crate::explain) const COMPACT: &Layout =
    &Layout { name: "compact", comma: ",", colon: ":", indent: None };

pub(in crate::explain) const PYTHON: &Layout = &Layout {
    name: "with spaces after commas and colons, as Python writes it",
    comma: ", ",
    colon: ": ",
    indent: None,
};

/// The layouts that libraries write.
pub(in crate::explain) const LAYOUTS: &[&Layout] = &[
    COMPACT,
    PYTHON,
    &Layout { name: "indented by 2 spaces", comma: ",", colon: ": ", indent: Some("  ") },
    &Layout { name: "indented by 4 spaces", comma: ",", colon: ": ", indent: Some("    ") },
    &Layout { name: "indented by tabs", comma: ",", colon: ": ", indent: Some("\t") },
    &Layout { name: "with spaces after colons only", comma: ",", colon: ": ", indent: None },
    &Layout { name: "with spaces after commas only", comma: ", ", colon: ":", indent: None },
];

/// Texts as they stand.
pub(in crate::explain) const AS_WRITTEN: Escapes =
    Escapes { name: "texts escaped as they were", ways: KEPT };

pub(in crate::explain) const PLAIN: Escapes =
    Escapes { name: "non-ASCII characters and slashes as they are", ways: 0 };

pub(in crate::explain) const ASCII: Escapes =
    Escapes { name: r"non-ASCII characters as \u00e9", ways: NON_ASCII };

/// The ways in which libraries escape.
pub(in crate::explain) const ESCAPES: &[Escapes] = &[
    AS_WRITTEN,
    PLAIN,
    ASCII,
    Escapes {
        name: r"slashes as \/ and non-ASCII characters as \u00e9, as PHP writes them",
        ways: NON_ASCII | SLASH,
    },
    Escapes { name: r"slashes as \/", ways: SLASH },
    Escapes {
        name: r"&, < and > as \u0026, \u003c and \u003e, as Rails and Go write them",
        ways: HTML,
    },
    Escapes {
        name: r"&, < and > as \u0026, \u003c and \u003e, and non-ASCII characters as \u00e9",
        ways: HTML | NON_ASCII,
    },
    Escapes {
        name: r"&, <, >, quotes, + and non-ASCII characters as \u0026 in capitals, as .NET writes them",
        ways: HTML | NON_ASCII | QUOTES | UPPER,
    },
    Escapes { name: r"non-ASCII characters as \u00E9 in capitals", ways: NON_ASCII | UPPER },
];

impl Escapes {
    pub(super) fn has(self, way: u8) -> bool {
        self.ways & way != 0
    }
}

impl Style {
    /// A layout and escapes that change nothing else.
    pub(in crate::explain) const fn new(layout: &'static Layout, escapes: Escapes) -> Self {
        Self { layout, escapes, numbers: Numbers::Kept, order: Order::Kept, end: "" }
    }

    /// Words for how it differs from a text whose layout and escapes are known.
    pub(in crate::explain) fn describe(&self) -> String {
        let mut words = String::from(self.layout.name);
        if !self.escapes.has(KEPT) {
            words.push_str(", ");
            words.push_str(self.escapes.name);
        }
        match self.numbers {
            Numbers::Kept => {}
            Numbers::JavaScript => words.push_str(", numbers as JavaScript prints them (1.0 as 1)"),
            Numbers::Python => words.push_str(", numbers as Python prints them (1.10 as 1.1)"),
            Numbers::Padded { decimals, .. } => {
                words.push_str(&format!(
                    ", numbers with {} decimals (1 as 1.{})",
                    decimals,
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

/// What Rails and Go escape for the sake of HTML.
pub(super) fn is_html(c: char) -> bool {
    matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
}

/// What .NET escapes besides.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '+' | '`')
}
