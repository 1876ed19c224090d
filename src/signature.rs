use crate::headers::trim;
use crate::scheme::{Encoding, Scheme, SignatureForm};
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
    pub(crate) fn read<'d>(&mut self, scheme: &Scheme<'_>, text: &'d [u8]) -> Option<&'d [u8]> {
        self.clear();
        let mut timestamp = None;
        match scheme.signature.form {
            SignatureForm::Bare => self.add(text, scheme.encoding),
            SignatureForm::Prefix(prefix) => match text.strip_prefix(prefix.as_bytes()) {
                Some(tag) => self.add(tag, scheme.encoding),
                None => self.count = 1,
            },
            SignatureForm::List { separator, assign, tag } => {
                let mut timestamps = 0_usize;
                for entry in text.split(is(separator)) {
                    let mut halves = trim(entry).splitn(2, is(assign));
                    let (Some(name), Some(value)) = (halves.next(), halves.next()) else {
                        continue;
                    };
                    if name == tag.as_bytes() {
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

    /// Offers nothing any more, so that nothing matches.
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

/// Whether a byte is a sign that separates: one ASCII character, as a valid scheme has it.
fn is(sign: char) -> impl Fn(&u8) -> bool {
    move |byte| char::from(*byte) == sign
}
