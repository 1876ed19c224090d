use core::fmt;

use crate::content::Content;
use crate::delivery::Delivery;
use crate::headers::{Found, Headers};
use crate::scheme::{IdSource, Scheme, TimestampSource};
use crate::secret::{Key, MAX_KEYS};
use crate::signature::{Candidates, MAX_CANDIDATES, Signature};
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
    keys: &[Key],
    headers: impl Headers<'d>,
    payload: &'d [u8],
    options: &Options,
) -> Result<Delivery<'s, 'd>, Error<'s>> {
    scheme.validate()?;
    Claim::read(*scheme, keys, &headers, options)?.decide_payload(keys, payload)
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
    claim: Claim<'s, 'd>,
    macs: Macs,
}

impl<'s, 'd> Verifier<'s, 'd> {
    /// Checks the headers and starts one MAC for each key.
    ///
    /// # Errors
    /// As [`verify`], for everything that comes before the payload.
    pub fn new(
        scheme: &Scheme<'s>,
        keys: &[Key],
        headers: impl Headers<'d>,
        options: &Options,
    ) -> Result<Self, Error<'s>> {
        scheme.validate()?;
        let claim = Claim::read(*scheme, keys, &headers, options)?;
        let macs = Macs::new(keys, claim.content());
        Ok(Self { claim, macs })
    }

    /// Takes the next chunk of the payload.
    pub fn update(&mut self, chunk: &[u8]) {
        self.macs.update(chunk);
    }

    /// Ends the payload. The delivery that comes of it has neither payload nor payload ids.
    ///
    /// # Errors
    /// As [`verify`]: `signature_mismatch`, `too_old`, `too_new`.
    pub fn finish(self) -> Result<Delivery<'s, 'd>, Error<'s>> {
        self.claim.decide(self.macs.finish(self.claim.content()))
    }

    /// Sets the verification aside as the part of it that borrows nothing.
    pub fn suspend(self) -> Macs {
        self.macs
    }

    /// Takes a suspended verification up again, with the very scheme, keys, headers and options it was
    /// made with.
    ///
    /// # Errors
    /// As [`Verifier::new`].
    pub fn resume(
        macs: Macs,
        scheme: &Scheme<'s>,
        keys: &[Key],
        headers: impl Headers<'d>,
        options: &Options,
    ) -> Result<Self, Error<'s>> {
        scheme.validate()?;
        Ok(Self { claim: Claim::read(*scheme, keys, &headers, options)?, macs })
    }
}

impl fmt::Debug for Verifier<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("scheme", &self.claim.scheme.name).finish_non_exhaustive()
    }
}

/// What the headers of a delivery claim: all that is read before a MAC is made.
pub(crate) struct Claim<'s, 'd> {
    scheme: Scheme<'s>,
    freshness: Freshness,
    timestamp: Option<UnixTime>,
    timestamp_text: &'d str,
    id: Option<&'d str>,
    candidates: Candidates,
    keys: usize,
}

impl<'s, 'd> Claim<'s, 'd> {
    /// The order of checks up to the MAC. It is written here and nowhere else.
    pub(crate) fn read(
        scheme: Scheme<'s>,
        keys: &[Key],
        headers: &impl Headers<'d>,
        options: &Options,
    ) -> Result<Self, Error<'s>> {
        if !matches!(keys.len(), 1..=MAX_KEYS) {
            return Err(Error::SecretCount {
                secrets: count(keys.len()),
                max_secrets: count(MAX_KEYS),
            });
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
        let signed_timestamp = timestamp.filter(|_| scheme.signs_timestamp());
        let signed_id = id.filter(|_| scheme.signs_id());

        for found in [Some(signature), signed_timestamp, signed_id].into_iter().flatten() {
            found.check_present()?;
        }

        let signature_text = signature.text()?;
        let signed_timestamp_text = signed_timestamp.map(|found| found.text()).transpose()?;
        let signed_id_text = signed_id.map(|found| found.text()).transpose()?;
        if let (Some(text), Some(header)) = (signed_id_text, scheme.id_header())
            && scheme.is_ambiguous_id(text)
        {
            return Err(Error::AmbiguousId { header });
        }

        let signature = Signature::parse(&scheme, signature_text);
        let timestamp_text = signed_timestamp_text
            .or(timestamp.and_then(|found| found.unsigned_text()))
            .or(signature.timestamp);
        let timestamp = timestamp_text.and_then(UnixTime::parse);
        if let (true, None, Some(header)) =
            (scheme.signs_timestamp(), timestamp, scheme.timestamp_header())
        {
            return Err(Error::MalformedTimestamp { header });
        }

        if signature.candidates.usable().is_none() {
            let header = scheme.signature_header();
            let found = signature.candidates.count();
            let candidates = count(found);
            return Err(match found {
                0..=MAX_CANDIDATES => Error::MalformedSignature { header, candidates },
                _ => Error::TooManyCandidates { header, candidates },
            });
        }

        Ok(Self {
            scheme,
            freshness: Freshness::new(options, scheme.tolerance_secs),
            timestamp,
            timestamp_text: timestamp_text.unwrap_or_default(),
            id: signed_id_text.or(id.and_then(|found| found.unsigned_text())),
            candidates: signature.candidates,
            keys: keys.len(),
        })
    }

    /// The content that must have been signed.
    pub(crate) fn content(&self) -> Content<'_> {
        Content {
            parts: self.scheme.content,
            timestamp: self.timestamp_text,
            id: self.id.unwrap_or_default(),
        }
    }

    /// Makes the MACs of a payload that is there as a whole, key after key until one matches.
    pub(crate) fn decide_payload(
        &self,
        keys: &[Key],
        payload: &'d [u8],
    ) -> Result<Delivery<'s, 'd>, Error<'s>> {
        let tags = keys.iter().map(|key| key.mac().tag(self.content(), payload));
        self.decide(tags).map(|delivery| delivery.with_payload(payload))
    }

    /// The order of checks from the MAC on: a tag that matches, then freshness.
    fn decide(&self, mut tags: impl Iterator<Item = Tag>) -> Result<Delivery<'s, 'd>, Error<'s>> {
        let candidates = self.candidates.usable().unwrap_or_default();
        let Some(secret_index) = tags.position(|tag| tag.is_one_of(candidates)) else {
            let (candidates, keys) = (count(candidates.len()), count(self.keys));
            return Err(Error::SignatureMismatch { candidates, keys });
        };
        if let (true, Some(timestamp)) = (self.scheme.signs_timestamp(), self.timestamp) {
            timestamp.check_fresh(&self.freshness)?;
        }
        Ok(Delivery::new(self.scheme, self.timestamp, self.id, secret_index))
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
