use crate::crypto::{Encoding, Tag};
use crate::headers::trim;
use crate::scheme::{Layout, Scheme};

/// The most candidates that a signature header may have, decodable or not.
pub const MAX_CANDIDATES: usize = 16;

/// The candidates of a signature header, and those of them that decode to a whole tag.
///
/// The tags are the largest value of a verification, so they are written where they stay.
pub(crate) struct Candidates {
    tags: [Tag; MAX_CANDIDATES],
    decoded: usize,
    count: usize,
}

impl Candidates {
    pub(crate) const fn none() -> Self {
        Self { tags: [Tag::ZERO; MAX_CANDIDATES], decoded: 0, count: 0 }
    }

    /// Replaces the candidates by those of a header's text, and gives the text of the list entry that carries the
    /// timestamp, if the list has exactly one. It never fails: [`count`](Self::count) and [`usable`](Self::usable)
    /// show what the text has.
    pub(crate) fn read<'d>(&mut self, scheme: &Scheme<'_>, text: &'d [u8]) -> Option<&'d [u8]> {
        self.clear();
        let mut timestamp = None;
        match scheme.signature.layout {
            Layout::Bare => self.add(text, scheme.encoding),
            Layout::Prefix(prefix) => match text.strip_prefix(prefix.as_bytes()) {
                Some(tag) => self.add(tag, scheme.encoding),
                None => self.count = 1,
            },
            Layout::List { separator, assign, name: candidate } => {
                let mut timestamps = 0_usize;
                for entry in text.split(is(separator)) {
                    let mut sides = trim(entry).splitn(2, is(assign));
                    let (Some(name), Some(value)) = (sides.next(), sides.next()) else {
                        continue;
                    };
                    if name == candidate.as_bytes() {
                        self.add(value, scheme.encoding);
                    } else if scheme.field().is_some_and(|field| name == field.as_bytes()) {
                        timestamps = timestamps.saturating_add(1);
                        timestamp = (timestamps == 1).then_some(value);
                    }
                }
            }
        }
        timestamp
    }

    /// Removes every candidate, so that no tag matches.
    pub(crate) fn clear(&mut self) {
        (self.decoded, self.count) = (0, 0);
    }

    fn add(&mut self, text: &[u8], encoding: Encoding) {
        self.count = self.count.saturating_add(1);
        let Some(tag) = Tag::decode(text, encoding) else {
            return;
        };
        if let Some(slot) = self.tags.get_mut(self.decoded) {
            *slot = tag;
            self.decoded = self.decoded.saturating_add(1);
        }
    }

    /// The number of candidates in the header, decodable or not.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The decoded tags. `None` without any, and with more than [`MAX_CANDIDATES`], decodable or not.
    pub(crate) fn usable(&self) -> Option<&[Tag]> {
        let tags = self.tags.get(..self.decoded)?;
        (!tags.is_empty() && self.count <= MAX_CANDIDATES).then_some(tags)
    }
}

/// Whether a byte is `sign`, which is ASCII in a valid scheme.
fn is(sign: char) -> impl Fn(&u8) -> bool {
    move |byte| char::from(*byte) == sign
}
