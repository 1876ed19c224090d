//! Makes the MACs of what may have been signed, within bounds, until one is the signature.

use alloc::vec::Vec;

use super::body::{Body, Variant};
use super::header::{Offered, Texts};
use super::{content, secret};
use crate::crypto::Tag;
use crate::scheme::Scheme;

/// The most MACs that one explanation makes.
pub const MAX_MACS: usize = 4096;

/// The most bytes that one explanation hashes. A large payload therefore gets fewer MACs.
pub const MAX_HASHED_BYTES: usize = 48 * 1024 * 1024;

/// The cost of a MAC without its payload, in bytes hashed: the key's states, the padding, the content's other parts.
const MAC_BYTES: usize = 256;

/// The most contents that are tried together with another fault.
const MAX_PAIRED_CONTENTS: usize = 12;

/// A stage of the search, and the text that rules it out.
type Stage = (&'static str, fn(&mut Search<'_>, &Lists) -> Outcome);

/// What is tried, in this order.
const STAGES: &[Stage] = &[
    ("not how the signature's header is named or written", |search, lists| {
        search.with_payload(&lists.own, &lists.plain)
    }),
    (
        "not the payload's white space or line endings, nor the commonest spellings of its JSON",
        |search, lists| search.with_variants(&search.body.likely(), &lists.own, &lists.plain),
    ),
    ("not the secret's white space, quotes, prefix, encoding or case", |search, lists| {
        search.with_payload(&lists.own, &lists.faulty)
    }),
    (
        "not the payload's encoding, compression or character set, nor a form around it",
        |search, lists| search.with_variants(&search.body.encodings(), &lists.own, &lists.plain),
    ),
    (
        "not the signed content: its timestamp, separators, order, or another provider's",
        |search, lists| search.with_payload(&lists.other, &lists.plain),
    ),
    ("not another layout, escaping or order of JSON", |search, lists| {
        search.with_variants(&search.body.spellings(), &lists.own, &lists.plain)
    }),
    ("not the payload and the secret at once", |search, lists| {
        search.with_variants(&search.body.common(), &lists.own, &lists.faulty)
    }),
    ("not the secret and the content at once", |search, lists| {
        search.with_payload(&lists.likely_other, &lists.faulty)
    }),
    ("not the payload and the content at once", |search, lists| {
        search.with_variants(&search.body.common(), &lists.likely_other, &lists.plain)
    }),
    (
        "not the number forms or the outermost order of JSON, compact, as received or as Python writes it",
        |search, lists| search.with_variants(&search.body.rare(), &lists.own, &lists.plain),
    ),
];

/// Places in the lists of contents and secrets.
struct Lists {
    /// The scheme's own content, if there are texts for all its parts.
    own: Vec<usize>,
    other: Vec<usize>,
    likely_other: Vec<usize>,
    /// The secrets as they are, and those tried in their place.
    plain: Vec<usize>,
    faulty: Vec<usize>,
}

/// All that may have been signed, and how much was tried.
pub(crate) struct Search<'a> {
    pub(crate) contents: Vec<content::Trial>,
    pub(crate) secrets: Vec<secret::Trial>,
    pub(crate) offered: Vec<Offered>,
    pub(crate) body: &'a Body<'a>,
    pub(crate) macs: usize,
    hashed_bytes: usize,
    /// Whether something was too long to be written and tried.
    is_cut: bool,
    pub(crate) ruled_out: Vec<&'static str>,
    /// Lengths and checksums of the payloads tried, each with the first content and secret it was tried
    /// with, so that none is tried twice.
    seen: Vec<(usize, u64, Option<usize>, Option<usize>)>,
}

/// What turned out to have been signed: places in the lists of the search.
pub(crate) struct Match {
    pub(crate) content: usize,
    pub(crate) secret: usize,
    pub(crate) offered: usize,
    pub(crate) body: Option<(Variant, Vec<u8>)>,
    pub(crate) tag: Tag,
}

/// A bound was reached.
struct Exhausted;

type Outcome = Result<Option<Match>, Exhausted>;

impl<'a> Search<'a> {
    pub(crate) fn new(
        scheme: &'a Scheme<'a>,
        headers: &Texts<'a>,
        table: &[Scheme<'_>],
        secrets: Vec<secret::Trial>,
        body: &'a Body<'a>,
        macs: usize,
    ) -> Self {
        Self {
            contents: content::trials(scheme, headers, table),
            secrets,
            offered: super::header::offered(scheme, headers),
            body,
            macs,
            // To know how JSON was written it was written once more, which is as much work as hashing it.
            hashed_bytes: macs
                .saturating_add(body.json.is_some().into())
                .saturating_mul(body.payload.len()),
            is_cut: false,
            ruled_out: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// Tries one fault after the other, then pairs, then what is unlikely. `None` where nothing fits, or a
    /// bound was reached: then [`is_complete`](Self::is_complete) is false.
    pub(crate) fn run(&mut self) -> Option<Match> {
        if self.offered.is_empty() {
            return None;
        }
        let lists = self.lists();
        for (ruled_out, stage) in STAGES {
            match stage(self, &lists) {
                Ok(None) => self.ruled_out.push(ruled_out),
                Ok(found) => return found,
                Err(Exhausted) => return None,
            }
        }
        None
    }

    /// Whether everything was tried.
    pub(crate) fn is_complete(&self) -> bool {
        self.offered.is_empty() || (self.ruled_out.len() == STAGES.len() && !self.is_cut)
    }

    fn lists(&self) -> Lists {
        let places = |count: usize, wanted: &dyn Fn(usize) -> bool| {
            (0..count).filter(|at| wanted(*at)).collect()
        };
        let own = |at: usize| self.contents.get(at).is_some_and(|content| content.fault.is_none());
        let plain = |at: usize| self.secrets.get(at).is_some_and(|secret| secret.fault.is_none());
        let other: Vec<_> = places(self.contents.len(), &|at| !own(at));
        Lists {
            own: places(self.contents.len(), &own),
            likely_other: other.iter().copied().take(MAX_PAIRED_CONTENTS).collect(),
            other,
            plain: places(self.secrets.len(), &plain),
            faulty: places(self.secrets.len(), &|at| !plain(at)),
        }
    }

    fn with_payload(&mut self, contents: &[usize], secrets: &[usize]) -> Outcome {
        self.each(contents, secrets, self.body.payload)
    }

    fn with_variants(
        &mut self,
        variants: &[Variant],
        contents: &[usize],
        secrets: &[usize],
    ) -> Outcome {
        let mut styles = Vec::new();
        for variant in variants {
            self.charge(0)?;
            let style = self.body.essence(*variant);
            if style.is_some() && styles.contains(&style) {
                continue;
            }
            styles.push(style);
            let Some(signed) = self.body.undo(*variant) else {
                continue;
            };
            if style.is_some() && signed.len() > self.body.max_written_bytes() {
                self.charge(signed.len())?;
                self.is_cut = true;
                continue;
            }
            let (content, secret) = (contents.first().copied(), secrets.first().copied());
            let trial = (signed.len(), checksum(&signed), content, secret);
            if self.seen.contains(&trial) {
                continue;
            }
            self.seen.push(trial);
            let found = self.each(contents, secrets, &signed)?;
            if let Some(found) = found {
                return Ok(Some(Match { body: Some((*variant, signed)), ..found }));
            }
        }
        Ok(None)
    }

    fn each(&mut self, contents: &[usize], secrets: &[usize], payload: &[u8]) -> Outcome {
        for content in contents {
            for secret in secrets {
                self.charge(payload.len())?;
                if let Some((offered, tag)) = self.mac(*content, *secret, payload) {
                    return Ok(Some(Match {
                        content: *content,
                        secret: *secret,
                        offered,
                        body: None,
                        tag,
                    }));
                }
            }
        }
        Ok(None)
    }

    fn mac(&mut self, content: usize, secret: usize, payload: &[u8]) -> Option<(usize, Tag)> {
        self.macs = self.macs.saturating_add(1);
        let content = self.contents.get(content)?;
        let parts = [content.before.as_slice(), payload, &content.after];
        let tag = self.secrets.get(secret)?.key.tag(parts);
        self.offered.iter().position(|offered| offered.matches(&tag)).map(|offered| (offered, tag))
    }

    fn charge(&mut self, bytes: usize) -> Result<(), Exhausted> {
        let hashed = self.hashed_bytes.saturating_add(bytes).saturating_add(MAC_BYTES);
        if self.macs >= MAX_MACS || hashed > MAX_HASHED_BYTES {
            return Err(Exhausted);
        }
        self.hashed_bytes = hashed;
        Ok(())
    }
}

/// FNV-1a over eight bytes at a time, to tell payloads apart that were tried already.
fn checksum(bytes: &[u8]) -> u64 {
    let step =
        |sum: u64, number: u64| (sum ^ number).wrapping_mul(0x0100_0000_01b3).rotate_left(29);
    let eights = bytes.chunks_exact(8);
    let rest = eights.remainder().iter().map(|byte| u64::from(*byte));
    let numbers = eights.filter_map(|eight| eight.try_into().ok().map(u64::from_le_bytes));
    numbers.chain(rest).fold(0xcbf2_9ce4_8422_2325, step)
}
