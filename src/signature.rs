use crate::scheme::{Encoding, Scheme, SignatureForm, TimestampSource};
use crate::tag::Tag;

/// The most candidates a signature header may hold, decodable or not.
pub const MAX_CANDIDATES: usize = 16;

/// A signature header, taken apart.
pub(crate) struct Signature<'d> {
    /// The text of the list entry that carries the timestamp, if it stands exactly once.
    pub(crate) timestamp: Option<&'d str>,
    pub(crate) candidates: Candidates,
}

impl<'d> Signature<'d> {
    /// Takes a header's text apart as the scheme says. Nothing fails here: what is wrong shows in what
    /// was found.
    pub(crate) fn parse(scheme: &Scheme<'_>, text: &'d str) -> Self {
        let mut signature = Self { timestamp: None, candidates: Candidates::none() };
        let candidates = &mut signature.candidates;
        match scheme.signature.form {
            SignatureForm::Bare => candidates.add(text, scheme.encoding),
            SignatureForm::Prefix(prefix) => match text.strip_prefix(prefix) {
                Some(tag) => candidates.add(tag, scheme.encoding),
                None => candidates.count = 1,
            },
            SignatureForm::List { separator, assign, tag } => {
                let mut timestamps = 0_usize;
                for entry in text.split(separator) {
                    let entry = entry.trim_matches([' ', '\t']);
                    let Some((name, value)) = entry.split_once(assign) else {
                        continue;
                    };
                    if name == tag {
                        candidates.add(value, scheme.encoding);
                    } else if scheme.timestamp == Some(TimestampSource::Field(name)) {
                        timestamps = timestamps.saturating_add(1);
                        signature.timestamp = (timestamps == 1).then_some(value);
                    }
                }
            }
        }
        signature
    }
}

/// The tags a header offers, each decoded to its whole length.
pub(crate) struct Candidates {
    tags: [Tag; MAX_CANDIDATES],
    decoded: usize,
    count: usize,
}

impl Candidates {
    fn none() -> Self {
        Self { tags: [Tag::ZERO; MAX_CANDIDATES], decoded: 0, count: 0 }
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
