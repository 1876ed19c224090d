use core::borrow::Borrow;
use core::fmt;

use crate::content::Content;
use crate::crypto::{MAX_KEYS, Macs, Tag};
use crate::delivery::Delivery;
use crate::error::Error;
use crate::headers::{Headers, Lookup};
use crate::options::{Freshness, Options};
use crate::scheme::{IdSource, Scheme, TimestampSource};
use crate::secret::Key;
use crate::signature::{Candidates, MAX_CANDIDATES};
use crate::time::UnixTime;

/// Checks that the signature in `headers` was made over `payload` with one of `keys` and, where the scheme signs a
/// timestamp, that it is within tolerance.
///
/// The payload is the raw body, byte for byte as it arrived. Each key takes one MAC pass, whatever the number of
/// candidates in the header. Nothing is allocated.
///
/// Tags are compared in constant time. Leaks what is public: lengths, the number of candidates and keys, and which key
/// matched.
///
/// # Errors
/// The caller's mistakes come first: `invalid_option`, `invalid_secret`. Then the first check that fails, in this
/// order: the headers are present (`missing_header`), each has one value of at most 8 KiB (`malformed_header`), the
/// signed timestamp's syntax (`malformed_timestamp`), a usable candidate (`malformed_signature`), a tag that matches
/// (`signature_mismatch`), the timestamp is fresh (`too_old`, `too_new`).
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
    let mut check = HeaderCheck::new();
    let content = check.read(scheme, keys.len(), &headers, options)?;
    let secret_index = check.decide_payload(keys, &content, payload)?;
    let delivery = Delivery::new(*scheme, check.timestamp, content.id, secret_index);
    Ok(delivery.with_payload(payload))
}

/// Verifies a payload that arrives in chunks, in bounded memory.
///
/// [`new`](Self::new) checks the headers, so a delivery that cannot verify is refused before its payload is read. Do
/// not trust the chunks before [`finish`](Self::finish) succeeds. Leaks what [`verify`] leaks.
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
    check: HeaderCheck,
    content: Content<'s, 'd>,
    macs: Macs,
}

impl<'s, 'd> Verifier<'s, 'd> {
    /// Checks the headers and starts one MAC for each key.
    ///
    /// # Errors
    /// As [`verify`], for the checks that come before the payload.
    pub fn new(
        scheme: &Scheme<'s>,
        keys: &[impl Borrow<Key>],
        headers: impl Headers<'d>,
        options: &Options,
    ) -> Result<Self, Error<'s>> {
        scheme.validate()?;
        let mut check = HeaderCheck::new();
        let content = check.read(scheme, keys.len(), &headers, options)?;
        let mut macs = Macs::new(keys.iter().map(Borrow::borrow));
        content.before().for_each(|part| macs.update(part));
        Ok(Self { scheme: *scheme, check, content, macs })
    }

    /// Hashes the next chunk of the payload.
    pub fn update(&mut self, chunk: &[u8]) {
        self.macs.update(chunk);
    }

    /// Ends the payload. The resulting delivery has neither a payload nor ids from the payload.
    ///
    /// # Errors
    /// As [`verify`]: `signature_mismatch`, `too_old`, `too_new`.
    pub fn finish(mut self) -> Result<Delivery<'s, 'd>, Error<'s>> {
        self.content.after().for_each(|part| self.macs.update(part));
        let secret_index = self.check.decide(self.macs.finish())?;
        Ok(Delivery::new(self.scheme, self.check.timestamp, self.content.id, secret_index))
    }
}

impl fmt::Debug for Verifier<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("scheme", &self.scheme.name).finish_non_exhaustive()
    }
}

/// The checks of a delivery's headers, and the comparison of tags.
///
/// [`verify`] and [`Verifier`] use it. It is public for callers who compute the MAC themselves, piece by piece
/// ([`parts`](crate::parts)): [`read`](Self::read) checks the headers and gives the [`Content`], the caller makes its
/// tags, and [`decide`](Self::decide) compares them. It borrows nothing, so it can be kept between calls.
pub struct HeaderCheck {
    freshness: Option<Freshness>,
    timestamp: Option<UnixTime>,
    candidates: Candidates,
    keys: usize,
}

impl HeaderCheck {
    /// A check that no tag can match, because no headers were read.
    pub const fn new() -> Self {
        Self { freshness: None, timestamp: None, candidates: Candidates::none(), keys: 0 }
    }

    /// Makes the checks that come before the MAC, in their order. `scheme` must have passed [`Scheme::validate`].
    ///
    /// The result of an earlier call is forgotten, also if this one fails.
    ///
    /// # Errors
    /// As [`verify`], for the checks that come before the payload.
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

    /// The order of the checks up to the MAC. Only this function and [`decide`](Self::decide) state it.
    fn check<'s, 'd>(
        &mut self,
        scheme: &Scheme<'s>,
        keys: usize,
        headers: &impl Headers<'d>,
        options: &Options,
    ) -> Result<Content<'s, 'd>, Error<'s>> {
        check_key_count(keys)?;
        scheme.validate_options(options)?;
        let lookups = look_up(scheme, headers);
        check_present(&lookups)?;
        let [signature, timestamp, id] = texts(&lookups)?;
        check_id(scheme, id)?;
        let entry = self.candidates.read(scheme, signature.unwrap_or_default().as_bytes());
        let timestamp_text = timestamp.map(str::as_bytes).or(entry);
        let timestamp = read_timestamp(scheme, timestamp_text)?;
        self.check_candidates(scheme)?;
        let freshness = Freshness::new(options, scheme);
        (self.freshness, self.timestamp, self.keys) = (freshness, timestamp, keys);
        Ok(Content { parts: scheme.content, timestamp: timestamp_text.unwrap_or_default(), id })
    }

    /// A header has at most [`MAX_CANDIDATES`] candidates, and one of them decodes to a whole tag.
    fn check_candidates<'s>(&self, scheme: &Scheme<'s>) -> Result<(), Error<'s>> {
        if self.candidates.usable().is_some() {
            return Ok(());
        }
        let header = scheme.signature_header();
        let candidates = number(self.candidates.count());
        Err(match self.candidates.count() {
            0..=MAX_CANDIDATES => Error::MalformedSignature { header, candidates },
            _ => Error::TooManyCandidates { header, candidates },
        })
    }

    /// The delivery's timestamp, signed or not.
    pub fn timestamp(&self) -> Option<UnixTime> {
        self.timestamp
    }

    /// Makes the tags of a whole payload, key by key until one matches, and [`decide`](Self::decide)s.
    pub(crate) fn decide_payload(
        &mut self,
        keys: &[impl Borrow<Key>],
        content: &Content<'_, '_>,
        payload: &[u8],
    ) -> Result<usize, Error<'static>> {
        let parts = || content.before().chain([payload]).chain(content.after());
        self.decide(keys.iter().map(|key| key.borrow().tag(parts())))
    }

    /// Makes the checks from the MAC on: a tag must match, then the timestamp must be fresh. `tags` are in the keys'
    /// order, and the result is the index of the key whose tag matched. No tag matches in a second call.
    ///
    /// Each tag is compared with every candidate in constant time. Leaks the number of candidates and which tag
    /// matched.
    ///
    /// # Errors
    /// `signature_mismatch`, `too_old`, `too_new`.
    pub fn decide(&mut self, tags: impl IntoIterator<Item = Tag>) -> Result<usize, Error<'static>> {
        let candidates = self.candidates.usable().unwrap_or_default();
        let matching = tags.into_iter().position(|tag| tag.is_one_of(candidates));
        self.conclude(matching)
    }

    /// The part of [`decide`](Self::decide) that does not depend on its type parameter, compiled once.
    #[inline(never)]
    fn conclude(&mut self, matching: Option<usize>) -> Result<usize, Error<'static>> {
        let offered = self.candidates.usable().map_or(0, <[Tag]>::len);
        self.candidates.clear();
        let Some(secret_index) = matching else {
            let (candidates, keys) = (number(offered), number(self.keys));
            return Err(Error::SignatureMismatch { candidates, keys });
        };
        if let (Some(freshness), Some(timestamp)) = (&self.freshness, self.timestamp) {
            freshness.check(timestamp)?;
        }
        Ok(secret_index)
    }
}

impl Default for HeaderCheck {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for HeaderCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeaderCheck").field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}

/// The headers that a scheme reads: the signature's, the timestamp's own and the id's.
type Lookups<'s, 'd> = [Option<Lookup<'s, 'd>>; 3];

fn check_key_count(keys: usize) -> Result<(), Error<'static>> {
    if !matches!(keys, 1..=MAX_KEYS) {
        let (secrets, max_secrets) = (number(keys), number(MAX_KEYS));
        return Err(Error::SecretCount { secrets, max_secrets });
    }
    Ok(())
}

fn look_up<'s, 'd>(scheme: &Scheme<'s>, headers: &impl Headers<'d>) -> Lookups<'s, 'd> {
    let signature = Some(scheme.signature_header());
    let timestamp = match scheme.timestamp {
        Some(TimestampSource::Header(_)) => scheme.timestamp_header(),
        _ => None,
    };
    let id = match scheme.id {
        Some(IdSource::Header(_)) => scheme.id_header(),
        _ => None,
    };
    let signed =
        [(signature, true), (timestamp, scheme.signs_timestamp()), (id, scheme.signs_id())];
    signed.map(|(header, is_signed)| Some(Lookup::new(header?, headers, is_signed)))
}

/// Every signed header is present, before any of them is read.
fn check_present<'s>(lookups: &Lookups<'s, '_>) -> Result<(), Error<'s>> {
    lookups.iter().flatten().try_for_each(Lookup::check_present)
}

/// Every signed header has one value, which is text of at most 8 KiB.
fn texts<'s, 'd>(lookups: &Lookups<'s, 'd>) -> Result<[Option<&'d str>; 3], Error<'s>> {
    let mut texts = [None; 3];
    for (text, lookup) in texts.iter_mut().zip(lookups) {
        if let Some(lookup) = lookup {
            *text = lookup.text()?;
        }
    }
    Ok(texts)
}

/// The content cannot be read in two ways because of the id.
fn check_id<'s>(scheme: &Scheme<'s>, id: Option<&str>) -> Result<(), Error<'s>> {
    if let (Some(id), Some(header)) = (id, scheme.id_header())
        && scheme.is_ambiguous_id(id)
    {
        return Err(Error::AmbiguousId { header });
    }
    Ok(())
}

/// The timestamp, which must be well formed if it is signed.
fn read_timestamp<'s>(
    scheme: &Scheme<'s>,
    text: Option<&[u8]>,
) -> Result<Option<UnixTime>, Error<'s>> {
    let timestamp = text.and_then(UnixTime::parse);
    match (timestamp, scheme.timestamp_header()) {
        (None, Some(header)) if scheme.signs_timestamp() => {
            Err(Error::MalformedTimestamp { header })
        }
        _ => Ok(timestamp),
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
