//! Makes the MACs of what may have been signed, within bounds, until one is the signature.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::body::{Body, Variant};
use super::header::{Offered, Texts};
use super::{MAX_HASHED_BYTES, MAX_MACS, content, secret};
use crate::scheme::Scheme;
use crate::tag::Tag;

/// What a MAC costs beside its payload, in bytes hashed: the key's states, the padding, the content's rest.
const MAC_BYTES: usize = 256;

/// What was tried in full and does not fit, in the order in which it is tried.
const STAGES: [&str; 5] = [
    "not how the signature's header is named or written",
    "not the signed content: its timestamp, separators, order, or another provider's",
    "not the secret's white space, quotes, prefix, encoding or case",
    "not the payload's white space, line endings, encoding, form, or the commonest spellings of its JSON",
    "not two of these at once",
];
const LAST_STAGE: &str = "not any spelling of the JSON's layout, escapes and numbers";

/// All that may have been signed, and how much was tried.
pub(crate) struct Search<'a> {
    pub(crate) contents: Vec<content::Trial>,
    pub(crate) secrets: Vec<secret::Trial>,
    pub(crate) offered: Vec<Offered>,
    pub(crate) body: &'a Body<'a>,
    pub(crate) macs: usize,
    hashed_bytes: usize,
    pub(crate) ruled_out: Vec<&'static str>,
    /// Lengths and checksums of the payloads tried, so that none is tried twice.
    seen: BTreeSet<(usize, u64)>,
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

type Tried = Result<Option<Match>, Exhausted>;

impl<'a> Search<'a> {
    pub(crate) fn new(
        scheme: &Scheme<'_>,
        headers: &Texts<'_>,
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
            hashed_bytes: macs.saturating_mul(body.payload.len()),
            ruled_out: Vec::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Tries one fault after the other, then pairs, then what is unlikely. `None` where nothing fits, or a
    /// bound was reached: then [`is_complete`](Self::is_complete) is false.
    pub(crate) fn run(&mut self) -> Option<Match> {
        if self.offered.is_empty() {
            return None;
        }
        let (plain, faulty) = self.split();
        let (own, other) = if self.has_own_content() {
            (0..1, 1..self.contents.len())
        } else {
            (0..0, 0..self.contents.len())
        };
        let all: Vec<usize> = plain.iter().chain(&faulty).copied().collect();

        let stages: [&dyn Fn(&mut Self) -> Tried; 5] = [
            &|search| search.with_payload(own.clone(), &plain),
            &|search| search.with_payload(other.clone(), &plain),
            &|search| search.with_payload(own.clone(), &faulty),
            &|search| search.with_variants(search.body.likely(), own.clone(), &plain),
            &|search| {
                search.seen.clear();
                let found = search.with_variants(search.body.likely(), own.clone(), &faulty)?;
                if found.is_some() {
                    return Ok(found);
                }
                let found = search.with_payload(other.clone(), &all)?;
                if found.is_some() {
                    return Ok(found);
                }
                search.seen.clear();
                search.with_variants(search.body.likely(), other.clone(), &plain)
            },
        ];
        for (stage, ruled_out) in stages.iter().zip(STAGES) {
            match stage(self) {
                Ok(None) => self.ruled_out.push(ruled_out),
                Ok(found) => return found,
                Err(Exhausted) => return None,
            }
        }
        if self.body.json.is_some() {
            self.seen.clear();
            match self.with_variants(self.body.unlikely(), own, &plain) {
                Ok(None) => self.ruled_out.push(LAST_STAGE),
                Ok(found) => return found,
                Err(Exhausted) => return None,
            }
        }
        None
    }

    /// Whether everything was tried.
    pub(crate) fn is_complete(&self) -> bool {
        self.offered.is_empty()
            || self.ruled_out.len() >= STAGES.len().saturating_add(self.body.json.is_some().into())
    }

    /// The secrets as they are, and those that are tried in their place.
    fn split(&self) -> (Vec<usize>, Vec<usize>) {
        let (plain, faulty): (Vec<_>, Vec<_>) =
            self.secrets.iter().enumerate().partition(|(_, trial)| trial.fault.is_none());
        let places =
            |list: Vec<(usize, &secret::Trial)>| list.into_iter().map(|(at, _)| at).collect();
        (places(plain), places(faulty))
    }

    fn has_own_content(&self) -> bool {
        self.contents.first().is_some_and(|content| content.fault.is_none())
    }

    fn with_payload(&mut self, contents: core::ops::Range<usize>, secrets: &[usize]) -> Tried {
        self.each(contents, secrets, self.body.payload)
    }

    fn with_variants(
        &mut self,
        variants: impl Iterator<Item = Variant>,
        contents: core::ops::Range<usize>,
        secrets: &[usize],
    ) -> Tried {
        for variant in variants {
            self.charge(0)?;
            let Some(signed) = self.body.undo(variant) else {
                continue;
            };
            if !self.seen.insert((signed.len(), checksum(&signed))) {
                continue;
            }
            let found = self.each(contents.clone(), secrets, &signed)?;
            if let Some(found) = found {
                return Ok(Some(Match { body: Some((variant, signed)), ..found }));
            }
        }
        Ok(None)
    }

    fn each(
        &mut self,
        contents: core::ops::Range<usize>,
        secrets: &[usize],
        payload: &[u8],
    ) -> Tried {
        for content in contents {
            for secret in secrets {
                self.charge(payload.len())?;
                if let Some((offered, tag)) = self.mac(content, *secret, payload) {
                    return Ok(Some(Match { content, secret: *secret, offered, body: None, tag }));
                }
            }
        }
        Ok(None)
    }

    fn mac(&mut self, content: usize, secret: usize, payload: &[u8]) -> Option<(usize, Tag)> {
        self.macs = self.macs.saturating_add(1);
        let content = self.contents.get(content)?;
        let mut mac = self.secrets.get(secret)?.key.mac();
        [content.before.as_slice(), payload, &content.after]
            .into_iter()
            .for_each(|part| mac.update(part));
        let tag = mac.finish();
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

/// FNV-1a, to tell payloads apart that were tried already.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
