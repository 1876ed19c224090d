use core::borrow::Borrow;
use core::fmt;

use crate::content::Content;
use crate::delivery::Delivery;
use crate::headers::{Found, Headers};
use crate::scheme::{IdSource, Scheme, TimestampSource};
use crate::secret::{Key, MAX_KEYS};
use crate::signature::{Candidates, MAX_CANDIDATES};
use crate::tag::{Macs, Tag};
use crate::time::Freshness;
use crate::{Error, UnixTime};

/// What a verification needs beside the delivery itself.
///
/// ```
/// use hookproof::{Options, UnixTime};
///
/// let options = Options { now: UnixTime::from_secs(1_712_419_200), tolerance_secs: Some(60) };
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What time it is. The core has no clock.
    pub now: UnixTime,
    /// How far a signed timestamp may be from now, in seconds, before or after, bounds included. `None`
    /// leaves it to the scheme; `u64::MAX` turns freshness off. `Some` is an error where the scheme signs
    /// no timestamp.
    pub tolerance_secs: Option<u64>,
}

/// Verifies one delivery: were these headers made for this payload, by someone who holds a key, lately?
///
/// The payload is the raw body, byte for byte as it came. One MAC pass is made for each key, whatever the
/// number of candidates in the header; nothing is allocated.
///
/// Tags are compared in constant time. What the time taken may tell is public: lengths, how many
/// candidates and keys there are, which key matched.
///
/// # Errors
/// The first check that fails, in this order: headers there (`missing_header`), each once and not too long
/// (`malformed_header`), the signed timestamp's syntax (`malformed_timestamp`), a usable candidate
/// (`malformed_signature`), a tag that matches (`signature_mismatch`), fresh (`too_old`, `too_new`). What
/// the caller got wrong comes before all of these: `invalid_option`, `invalid_secret`.
///
/// ```
/// use hookproof::scheme::SecretFormat;
/// use hookproof::{Key, Options, UnixTime, providers, verify};
///
/// let scheme = &providers::GITHUB.scheme;
/// let keys = [Key::new(b"It's a Secret to Everybody", SecretFormat::Utf8)?];
/// let headers = [(
///     "X-Hub-Signature-256",
///     "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
/// )];
/// let options = Options { now: UnixTime::from_secs(1_712_419_200), tolerance_secs: None };
///
/// let delivery = verify(scheme, &keys, &headers, b"Hello, World!", &options)?;
/// assert_eq!(delivery.provider(), "github");
/// let refused = verify(scheme, &keys, &headers, b"Hello, world!", &options);
/// assert_eq!(refused.unwrap_err().code(), "signature_mismatch");
/// # Ok::<(), hookproof::Error<'static>>(())
/// ```
pub fn verify<'s, 'd>(
    scheme: &Scheme<'s>,
    keys: &[impl Borrow<Key>],
    headers: impl Headers<'d>,
    payload: &'d [u8],
    options: &Options,
) -> Result<Delivery<'s, 'd>, Error<'s>> {
    scheme.validate()?;
    let mut claim = Claim::new();
    let content = claim.read(scheme, keys.len(), &headers, options)?;
    let secret_index = claim.decide_payload(keys, &content, payload)?;
    let delivery = Delivery::new(*scheme, claim.timestamp, content.id, secret_index);
    Ok(delivery.with_payload(payload))
}

/// A verification that takes the payload in chunks, in bounded memory.
///
/// Headers are checked when it is made, so a delivery that cannot verify is refused before its payload is
/// read. What was streamed is not to be trusted before [`finish`](Self::finish) says so.
///
/// ```
/// use hookproof::scheme::SecretFormat;
/// use hookproof::{Key, Options, UnixTime, Verifier, providers};
///
/// let keys = [Key::new(b"It's a Secret to Everybody", SecretFormat::Utf8)?];
/// let headers = [(
///     "X-Hub-Signature-256",
///     "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
/// )];
/// let options = Options { now: UnixTime::from_secs(0), tolerance_secs: None };
///
/// let mut verifier = Verifier::new(&providers::GITHUB.scheme, &keys, &headers, &options)?;
/// verifier.update(b"Hello, ");
/// verifier.update(b"World!");
/// assert!(verifier.finish().is_ok());
/// # Ok::<(), hookproof::Error<'static>>(())
/// ```
pub struct Verifier<'s, 'd> {
    scheme: Scheme<'s>,
    claim: Claim,
    content: Content<'s, 'd>,
    macs: Macs,
}

impl<'s, 'd> Verifier<'s, 'd> {
    /// Checks the headers and starts one MAC for each key.
    ///
    /// # Errors
    /// As [`verify`], for everything that comes before the payload.
    pub fn new(
        scheme: &Scheme<'s>,
        keys: &[impl Borrow<Key>],
        headers: impl Headers<'d>,
        options: &Options,
    ) -> Result<Self, Error<'s>> {
        scheme.validate()?;
        let mut claim = Claim::new();
        let content = claim.read(scheme, keys.len(), &headers, options)?;
        let mut macs = Macs::new(keys.iter().map(Borrow::borrow));
        content.before().for_each(|part| macs.update(part));
        Ok(Self { scheme: *scheme, claim, content, macs })
    }

    /// Takes the next chunk of the payload.
    pub fn update(&mut self, chunk: &[u8]) {
        self.macs.update(chunk);
    }

    /// Ends the payload. The delivery that comes of it has neither payload nor payload ids.
    ///
    /// # Errors
    /// As [`verify`]: `signature_mismatch`, `too_old`, `too_new`.
    pub fn finish(mut self) -> Result<Delivery<'s, 'd>, Error<'s>> {
        self.content.after().for_each(|part| self.macs.update(part));
        let secret_index = self.claim.decide(self.macs.finish())?;
        Ok(Delivery::new(self.scheme, self.claim.timestamp, self.content.id, secret_index))
    }
}

impl fmt::Debug for Verifier<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("scheme", &self.scheme.name).finish_non_exhaustive()
    }
}

/// What the headers of a delivery claim: all that is settled before a MAC is made.
///
/// [`verify`] and [`Verifier`] are made of it. It borrows nothing, for callers who make the MAC themselves,
/// piece by piece: it is read, the [`Content`] that came with it is taken in, and the tags are decided on.
pub struct Claim {
    freshness: Option<Freshness>,
    timestamp: Option<UnixTime>,
    candidates: Candidates,
    keys: usize,
}

impl Claim {
    /// No claim yet: nothing matches it.
    pub const fn new() -> Self {
        Self { freshness: None, timestamp: None, candidates: Candidates::none(), keys: 0 }
    }

    /// The order of checks up to the MAC. It is written here and nowhere else. The scheme must be one that
    /// [`Scheme::validate`] has let through. What was claimed before is forgotten, also where this fails.
    ///
    /// # Errors
    /// As [`verify`], for everything that comes before the payload.
    pub fn read<'s, 'd>(
        &mut self,
        scheme: &Scheme<'s>,
        keys: usize,
        headers: &impl Headers<'d>,
        options: &Options,
    ) -> Result<Content<'s, 'd>, Error<'s>> {
        let content = self.check(scheme, keys, headers, options);
        if content.is_err() {
            self.candidates.clear();
        }
        content
    }

    fn check<'s, 'd>(
        &mut self,
        scheme: &Scheme<'s>,
        keys: usize,
        headers: &impl Headers<'d>,
        options: &Options,
    ) -> Result<Content<'s, 'd>, Error<'s>> {
        if !matches!(keys, 1..=MAX_KEYS) {
            let (secrets, max_secrets) = (count(keys), count(MAX_KEYS));
            return Err(Error::SecretCount { secrets, max_secrets });
        }
        scheme.validate_options(options)?;

        let find = |header| Found::new(header, headers);
        let signature = find(scheme.signature_header());
        let timestamp = match scheme.timestamp {
            Some(TimestampSource::Header(_)) => scheme.timestamp_header().map(find),
            _ => None,
        };
        let id = match scheme.id {
            Some(IdSource::Header(_)) => scheme.id_header().map(find),
            _ => None,
        };
        let (signs_timestamp, signs_id) = (scheme.signs_timestamp(), scheme.signs_id());

        let others = [(&timestamp, signs_timestamp), (&id, signs_id)];

        signature.check_present()?;
        for (found, signed) in others {
            if let (Some(found), true) = (found, signed) {
                found.check_present()?;
            }
        }
        let signature_text = signature.text()?;
        let mut texts = [None; 2];
        for (text, (found, signed)) in texts.iter_mut().zip(others) {
            *text = match found {
                Some(found) if signed => Some(found.text()?),
                Some(found) => found.unsigned_text(),
                None => None,
            };
        }
        let [timestamp_text, id] = texts;
        if let (Some(text), Some(header)) = (id, scheme.id_header())
            && scheme.is_ambiguous_id(text)
        {
            return Err(Error::AmbiguousId { header });
        }

        let field = self.candidates.read(scheme, signature_text.as_bytes());
        let timestamp_text = timestamp_text.map(str::as_bytes).or(field);
        let timestamp = timestamp_text.and_then(UnixTime::parse);
        if let (true, None, Some(header)) = (signs_timestamp, timestamp, scheme.timestamp_header())
        {
            return Err(Error::MalformedTimestamp { header });
        }

        if self.candidates.usable().is_none() {
            let header = scheme.signature_header();
            let found = self.candidates.count();
            let candidates = count(found);
            return Err(match found {
                0..=MAX_CANDIDATES => Error::MalformedSignature { header, candidates },
                _ => Error::TooManyCandidates { header, candidates },
            });
        }

        let content =
            Content { parts: scheme.content, timestamp: timestamp_text.unwrap_or_default(), id };
        let freshness = Freshness::new(options, scheme);
        (self.freshness, self.timestamp, self.keys) = (freshness, timestamp, keys);
        Ok(content)
    }

    /// When the delivery says that it was stamped.
    pub fn timestamp(&self) -> Option<UnixTime> {
        self.timestamp
    }

    /// Makes the MACs of a payload that is there as a whole, key after key until one matches.
    pub(crate) fn decide_payload(
        &mut self,
        keys: &[impl Borrow<Key>],
        content: &Content<'_, '_>,
        payload: &[u8],
    ) -> Result<usize, Error<'static>> {
        let parts = || content.before().chain([payload]).chain(content.after());
        self.decide(keys.iter().map(|key| key.borrow().tag(parts())))
    }

    /// The order of checks from the MAC on: a tag that matches, then freshness. Gives the index of the key
    /// whose tag it was; tags stand in the keys' order. That was the claim: nothing matches it afterwards.
    ///
    /// # Errors
    /// `signature_mismatch`, `too_old`, `too_new`.
    pub fn decide(&mut self, tags: impl IntoIterator<Item = Tag>) -> Result<usize, Error<'static>> {
        let candidates = self.candidates.usable().unwrap_or_default();
        let matching = tags.into_iter().position(|tag| tag.is_one_of(candidates));
        self.settle(matching)
    }

    /// What is the same whatever the tags come from.
    #[inline(never)]
    fn settle(&mut self, matching: Option<usize>) -> Result<usize, Error<'static>> {
        let offered = self.candidates.usable().map_or(0, <[Tag]>::len);
        self.candidates.clear();
        let Some(secret_index) = matching else {
            let (candidates, keys) = (count(offered), count(self.keys));
            return Err(Error::SignatureMismatch { candidates, keys });
        };
        if let (Some(freshness), Some(timestamp)) = (&self.freshness, self.timestamp) {
            timestamp.check_fresh(freshness)?;
        }
        Ok(secret_index)
    }
}

impl Default for Claim {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim").field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
