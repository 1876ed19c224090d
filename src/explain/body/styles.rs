//! In which spellings JSON is tried, the likeliest first.

use alloc::vec::Vec;

use super::super::json::{
    AS_WRITTEN, ASCII, COMPACT, ESCAPES, Json, LAYOUTS, Numbers, Order, PLAIN, PYTHON, Style,
};

/// The most members that are tried in every order.
const MAX_PERMUTED: usize = 6;

/// The most numbers of which every choice is tried.
const MAX_CHOSEN: usize = 8;

/// What libraries write by default: places in the lists of layouts and of escapes, the likeliest first.
const LIKELY: &[(usize, usize)] = &[
    (0, 0),
    (0, 1),
    (1, 0),
    (1, 2),
    (2, 0),
    (3, 0),
    (4, 0),
    (0, 3),
    (0, 2),
    (0, 4),
    (0, 5),
    (0, 7),
    (0, 6),
    (1, 1),
    (2, 1),
    (3, 3),
    (3, 2),
    (2, 2),
    (3, 1),
];

/// What libraries write by default, the likeliest first.
pub(super) fn likely_styles() -> Vec<Style> {
    let mut styles = Vec::new();
    for (layout, escapes) in LIKELY {
        if let (Some(layout), Some(escapes)) = (LAYOUTS.get(*layout), ESCAPES.get(*escapes)) {
            styles.push(Style::new(layout, *escapes));
        }
    }
    let compact = Style::new(COMPACT, AS_WRITTEN);
    styles.push(Style { numbers: Numbers::JavaScript, ..Style::new(COMPACT, PLAIN) });
    styles.push(Style { numbers: Numbers::Padded { decimals: 1, which: u64::MAX }, ..compact });
    styles.push(Style { order: Order::Sorted, ..compact });
    styles.push(Style { end: "\n", ..compact });
    styles
}

/// Every layout with every escaping: as it is, with a line break at the end, with sorted keys.
pub(super) fn spellings() -> Vec<Style> {
    let mut styles = Vec::new();
    for (order, end) in [(Order::Kept, ""), (Order::Kept, "\n"), (Order::Sorted, "")] {
        for layout in LAYOUTS {
            for escapes in ESCAPES {
                styles.push(Style { order, end, ..Style::new(layout, *escapes) });
            }
        }
    }
    styles
}

/// The styles that change more than white space and escapes, written as received, compactly and as Python does.
pub(super) fn rare_styles(json: &Json<'_>, received: Option<Style>) -> Vec<Style> {
    let permutations = match json.members {
        members @ 2..=MAX_PERMUTED => (1..=members).product(),
        _ => 0,
    };
    let mut styles = Vec::new();
    let bases = [Style::new(COMPACT, AS_WRITTEN), Style::new(PYTHON, ASCII)];
    for base in received.into_iter().chain(bases) {
        if json.numbers > 0 {
            for numbers in [Numbers::JavaScript, Numbers::Python] {
                styles.push(Style { numbers, ..base });
            }
            for decimals in [1, 2] {
                for which in choices(json.numbers) {
                    styles.push(Style { numbers: Numbers::Padded { decimals, which }, ..base });
                }
            }
        }
        for number in 0..permutations {
            styles.push(Style { order: Order::Permuted(number), ..base });
        }
    }
    styles
}

/// Which of so many numbers are written with more decimals, a bit for each: all, and every choice of few or
/// one of many.
fn choices(count: usize) -> Vec<u64> {
    let bits =
        |count: usize| 1_u64.checked_shl(u32::try_from(count).unwrap_or(u32::MAX)).unwrap_or(0);
    let mut choices = Vec::from([u64::MAX]);
    if count <= MAX_CHOSEN {
        choices.extend(1..bits(count));
    } else {
        choices.extend((0..count.min(64)).map(bits));
    }
    choices
}
