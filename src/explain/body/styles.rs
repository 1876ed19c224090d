//! In which spellings JSON is tried, the likeliest first.

use alloc::vec::Vec;

use super::super::json::{COMPACT, ESCAPES, Json, LAYOUTS, Numbers, Order, Style};

/// The most members that are tried in every order.
const MAX_PERMUTED: usize = 6;

/// The most numbers of which every choice is tried.
const MAX_CHOSEN: usize = 8;

/// What libraries write by default, the likeliest first.
pub(super) fn likely_styles() -> Vec<Style> {
    let all = |list: &[(usize, usize)]| -> Vec<Style> {
        let style = |(layout, escapes): &(usize, usize)| {
            Some(Style::new(*LAYOUTS.get(*layout)?, *ESCAPES.get(*escapes)?))
        };
        list.iter().filter_map(style).collect()
    };
    let mut styles = all(&[
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
    ]);
    styles.extend(all(&[(0, 7), (0, 6), (1, 1), (2, 1), (3, 3), (3, 2), (2, 2), (3, 1)]));
    let compact = styles.first().copied();
    let plain = styles.get(1).copied();
    styles.extend(plain.map(|style| Style { numbers: Numbers::JavaScript, ..style }));
    let padded = Numbers::Padded { decimals: 1, which: u64::MAX };
    styles.extend(compact.map(|style| Style { numbers: padded, ..style }));
    styles.extend(compact.map(|style| Style { order: Order::Sorted, ..style }));
    styles.extend(compact.map(|style| Style { end: "\n", ..style }));
    styles
}

/// Every layout with every escaping: as it is, with a line break at the end, with sorted keys.
pub(super) fn spellings() -> impl Iterator<Item = Style> {
    let each = || {
        LAYOUTS
            .iter()
            .flat_map(|layout| ESCAPES.iter().map(|escapes| Style::new(*layout, *escapes)))
    };
    let ended = each().map(|style| Style { end: "\n", ..style });
    let sorted = each().map(|style| Style { order: Order::Sorted, ..style });
    each().chain(ended).chain(sorted)
}

/// The styles that change more than white space and escapes, written compactly and as received.
pub(super) fn rare_styles(json: &Json<'_>, received: Option<Style>) -> impl Iterator<Item = Style> {
    let compact = ESCAPES.first().map(|kept| Style::new(COMPACT, *kept));
    let bases: Vec<_> = received.into_iter().chain(compact).collect();
    let permutations = match json.members {
        members @ 2..=MAX_PERMUTED => (1..=members).product(),
        _ => 0,
    };
    let numbers = number_forms(json);
    bases.into_iter().flat_map(move |base| {
        let counted: Vec<_> =
            numbers.iter().map(|numbers| Style { numbers: *numbers, ..base }).collect();
        let ordered =
            (0..permutations).map(move |number| Style { order: Order::Permuted(number), ..base });
        counted.into_iter().chain(ordered)
    })
}

/// The number forms that this document could have had.
fn number_forms(json: &Json<'_>) -> Vec<Numbers> {
    let mut forms = alloc::vec![Numbers::JavaScript, Numbers::Python];
    for decimals in [1, 2] {
        forms.push(Numbers::Padded { decimals, which: u64::MAX });
        let bits =
            |count: usize| 1_u64.checked_shl(u32::try_from(count).unwrap_or(u32::MAX)).unwrap_or(0);
        let choices: Vec<u64> = match json.numbers {
            0 => Vec::new(),
            count @ 1..=MAX_CHOSEN => (1..bits(count)).collect(),
            count => (0..count.min(64)).map(bits).collect(),
        };
        forms.extend(choices.into_iter().map(|which| Numbers::Padded { decimals, which }));
    }
    if json.numbers == 0 { Vec::new() } else { forms }
}
