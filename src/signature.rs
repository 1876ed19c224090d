use crate::scheme::{Encoding, Scheme, SignatureForm, TimestampSource};
use crate::tag::Tag;

/// The most candidates a signature header may hold, decodable or not.
pub const MAX_CANDIDATES: usize = 16;

/// The tags that a signature header offers, each decoded to its whole length.
///
/// The tags are the largest thing that a verification holds, so they are filled in where they stay.
pub(crate) struct Candidates {
    tags: [Tag; MAX_CANDIDATES],
    decoded: usize,
    count: usize,
}

impl Candidates {
    pub(crate) const fn none() -> Self {
        Self { tags: [Tag::ZERO; MAX_CANDIDATES], decoded: 0, count: 0 }
    }

    /// Takes a header's text apart as the scheme says, in place of what was here, and gives the text of
    /// the list entry that carries the timestamp, if it stands exactly once. Nothing fails here: what is
    /// wrong shows in what was found.
    pub(crate) fn read<'d>(&mut self, scheme: &Scheme<'_>, text: &'d str) -> Option<&'d str> {
        self.clear();
        let candidates = self;
        let mut timestamp = None;
        match scheme.signature.form {
            SignatureForm::Bare => candidates.add(text, scheme.encoding),
            SignatureForm::Prefix(prefix) => match text.strip_prefix(prefix) {
                Some(tag) => candidates.add(tag, scheme.encoding),
                None => candidates.count = 1,
            },
            SignatureForm::List { separator, assign, tag } => {
                let mut timestamps = 0_usize;
                for entry in text.split(is(separator)) {
                    let entry = entry.trim_matches(|c| matches!(c, ' ' | '\t'));
                    let Some((name, value)) = entry.split_once(is(assign)) else {
                        continue;
                    };
                    if name == tag {
                        candidates.add(value, scheme.encoding);
                    } else if scheme.timestamp == Some(TimestampSource::Field(name)) {
                        timestamps = timestamps.saturating_add(1);
                        timestamp = (timestamps == 1).then_some(value);
                    }
                }
            }
        }
        timestamp
    }

    /// Offers nothing any more, so that nothing matches.
    pub(crate) fn clear(&mut self) {
        (self.decoded, self.count) = (0, 0);
    }

    fn add(&mut self, text: &str, encoding: Encoding) {
        self.count = self.count.saturating_add(1);
        let Some(tag) = Tag::decode(text, encoding) else {
            return;
        };
        if let Some(slot) = self.tags.get_mut(self.decoded) {
            *slot = tag;
            self.decoded = self.decoded.saturating_add(1);
        }
    }

    /// How many the header holds, decodable or not.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The decoded tags, or `None` where there is none, or more than the bound of any kind.
    pub(crate) fn usable(&self) -> Option<&[Tag]> {
        let tags = self.tags.get(..self.decoded)?;
        (!tags.is_empty() && self.count <= MAX_CANDIDATES).then_some(tags)
    }
}

/// A search for a character that looks at each: lists are short, and the search that the standard library
/// makes of a plain character is one for long texts, and large.
fn is(sign: char) -> impl Fn(char) -> bool {
    move |character| character == sign
}
