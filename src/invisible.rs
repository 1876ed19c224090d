//! Which characters a person cannot see, or cannot tell from what they seem to be.
//!
//! This is the one definition: explanations, the command and the playground escape these characters in every text
//! that they show, because a sender chooses such texts, and an invisible character can hide a difference, reorder a
//! line (<https://trojansource.codes>) or act on a terminal.

/// The ranges, in order and apart from each other, as of Unicode 17. They are the union of
///
/// - the properties `Default_Ignorable_Code_Point`, `Bidi_Control`, `White_Space` and
///   `Noncharacter_Code_Point` (Unicode Standard Annex 44; Unicode Technical Standard 55 names the first two),
/// - the categories Cc and Cf (controls and format characters), Zs, Zl and Zp (separators), and Co (private use, which
///   each font draws in its own way),
/// - two symbols that are drawn as nothing: U+2800 and U+1D159,
/// - the planes from 4 on, in which nothing is assigned but the above.
///
/// The space is not in them: it is seen, and a text that shows it in another way decides that by itself. Unassigned
/// code points of the lower planes are not in them either, because fonts draw a box and the next version of Unicode may
/// make letters of them.
pub const RANGES: &[(char, char)] = &[
    ('\0', '\u{1f}'),
    ('\u{7f}', '\u{a0}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{2000}', '\u{200f}'),
    ('\u{2028}', '\u{202f}'),
    ('\u{205f}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{e000}', '\u{f8ff}'),
    ('\u{fdd0}', '\u{fdef}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{fffe}', '\u{ffff}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d159}', '\u{1d159}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{1fffe}', '\u{1ffff}'),
    ('\u{2fffe}', '\u{2ffff}'),
    ('\u{3fffe}', '\u{10ffff}'),
];

/// Whether a character is invisible.
///
/// ```
/// use hookproof::invisible::is_invisible;
///
/// assert!(['\u{feff}', '\u{202e}', '\u{2066}', '\u{1b}'].into_iter().all(is_invisible));
/// assert!(!['a', ' ', 'é', '马', '🐎'].into_iter().any(is_invisible));
/// ```
pub fn is_invisible(c: char) -> bool {
    RANGES.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_in_order_and_apart() {
        for (first, last) in RANGES {
            assert!(first <= last, "{first:?}");
        }
        for pair in RANGES.windows(2) {
            if let [(_, last), (first, _)] = pair {
                assert!(u32::from(*last).saturating_add(1) < u32::from(*first), "{first:?}");
            }
        }
    }

    #[test]
    fn controls_and_white_space_are_invisible_but_for_the_space() {
        for c in ('\0'..=char::MAX).filter(|c| c.is_control() || c.is_whitespace()) {
            assert_eq!(is_invisible(c), c != ' ', "{c:?}");
        }
    }
}
