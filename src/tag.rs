//! Every line that touches cryptography: this file alone names hmac, sha2, hex, base64ct and subtle.

use core::fmt::{self, Write};

use base64ct::Encoding as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq as _};
use zeroize::Zeroizing;

use crate::content::Content;
use crate::scheme::Encoding;
use crate::secret::{Key, MAX_KEYS, MAX_SECRET_BYTES};

const TAG_BYTES: usize = 32;

/// An HMAC-SHA256 tag (RFC 2104, FIPS 180-4), whole: 32 bytes, never truncated.
///
/// Nothing shows one, and there is no `==`: only [`Claim::decide`](crate::Claim::decide) compares tags.
#[derive(Clone, Copy)]
pub struct Tag([u8; TAG_BYTES]);

impl Tag {
    pub(crate) const ZERO: Self = Self([0; TAG_BYTES]);

    /// Decodes a candidate's text: all of it, in one spelling (hex in either case), or not at all.
    ///
    /// What a sender offers is no secret, so decoding need not take constant time.
    pub(crate) fn decode(text: &str, encoding: Encoding) -> Option<Self> {
        let mut tag = Self::ZERO;
        let whole = match encoding {
            Encoding::Hex => hex::decode_to_slice(text, &mut tag.0).is_ok(),
            Encoding::Base64 => decode_base64(text.as_bytes(), &mut tag.0)
                .is_some_and(|decoded| decoded.len() == TAG_BYTES),
        };
        whole.then_some(tag)
    }

    /// Writes the tag as the provider does. This is a valid signature: not for logs, not for errors.
    pub(crate) fn write(&self, encoding: Encoding, out: &mut impl Write) -> fmt::Result {
        let mut text = [0; 2 * TAG_BYTES];
        match encoding {
            Encoding::Hex => {
                hex::encode_to_slice(self.0, &mut text).map_err(|_| fmt::Error)?;
                out.write_str(core::str::from_utf8(&text).map_err(|_| fmt::Error)?)
            }
            Encoding::Base64 => {
                let text = base64ct::Base64::encode(&self.0, &mut text).map_err(|_| fmt::Error)?;
                out.write_str(text)
            }
        }
    }

    /// Whether this tag is one of the candidates. Every candidate is compared, over all its bytes, in
    /// constant time; what leaks is their number and the answer.
    pub(crate) fn is_one_of(&self, candidates: &[Self]) -> bool {
        let any = candidates.iter().fold(Choice::from(0), |any, candidate| {
            any | self.words().as_slice().ct_eq(candidate.words().as_slice())
        });
        any.into()
    }

    /// The same bytes as words: a comparison of four and not of 32.
    fn words(&self) -> [u64; TAG_BYTES / 8] {
        let (words, _) = self.0.as_chunks();
        core::array::from_fn(|i| words.get(i).copied().map_or(0, u64::from_ne_bytes))
    }

    /// Whether the tag begins with these bytes, at least eight. This shows that a signature was cut off; it
    /// verifies nothing.
    #[cfg(feature = "explain")]
    pub(crate) fn begins_with(&self, bytes: &[u8]) -> bool {
        let start = self.0.get(..bytes.len()).filter(|start| start.len() >= 8);
        start.is_some_and(|start| start.ct_eq(bytes).into())
    }
}

/// A running HMAC-SHA256. Its state is wiped when it is dropped, as far as the compiler allows.
#[derive(Clone)]
pub(crate) struct Mac(Hmac<Sha256>);

impl Mac {
    /// Starts with the key's bytes, of any length; HMAC pads or hashes them itself.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(key).ok().map(Self)
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> Tag {
        Tag(self.0.finalize().into_bytes().into())
    }

    /// The whole of a content, in one pass over its payload.
    pub(crate) fn tag(mut self, content: &Content<'_, '_>, payload: &[u8]) -> Tag {
        content.before().for_each(|part| self.update(part));
        self.update(payload);
        content.after().for_each(|part| self.update(part));
        self.finish()
    }
}

/// One running MAC for each key, over a content that comes in pieces: what stands before the payload, the
/// payload, what stands after it.
///
/// Its states are as secret as the keys; they are wiped on drop, as far as the compiler allows.
pub struct Macs([Option<Mac>; MAX_KEYS]);

impl Macs {
    /// No MAC at all.
    pub const fn none() -> Self {
        Self([const { None }; MAX_KEYS])
    }

    /// Whether there is any.
    pub fn are_running(&self) -> bool {
        self.0.iter().any(Option::is_some)
    }

    /// Starts one MAC for each of the first [`MAX_KEYS`] keys.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k Key>) -> Self {
        let mut macs = Self::none();
        for (slot, key) in macs.0.iter_mut().zip(keys) {
            *slot = Some(key.mac());
        }
        macs
    }

    /// Feeds the next bytes of the content to every MAC.
    pub fn update(&mut self, chunk: &[u8]) {
        self.0.iter_mut().flatten().for_each(|mac| mac.update(chunk));
    }

    /// Ends every MAC, in the keys' order.
    pub fn finish(self) -> impl Iterator<Item = Tag> {
        self.tags().into_iter().flatten()
    }

    #[inline(never)]
    fn tags(self) -> [Option<Tag>; MAX_KEYS] {
        self.0.map(|mac| mac.map(Mac::finish))
    }
}

impl fmt::Debug for Macs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Macs([elided])")
    }
}

/// HMAC's two hashes apart, for a caller whose runtime hashes faster than this code does.
///
/// HMAC is `H(outer block ‖ H(inner block ‖ content))` (RFC 2104, section 2). The caller hashes the inner
/// block and the content with its own SHA-256; the outer hash is put together here, by hand, because the
/// hmac crate takes no digest of somebody else's, and the key is filled up to a block. The tag that comes of
/// it is held against a sender's like any other. A caller who passes a wrong digest gets a wrong
/// tag, which matches nothing that a sender without the key could have sent.
///
/// The inner block is as secret as the key. Both halves are wiped on drop.
///
/// ```
/// use hookproof::{Key, scheme::SecretFormat};
///
/// let (_, halves) = Key::with_halves(b"Jefe", SecretFormat::Utf8)?;
/// assert_eq!(halves.inner_block()[0], b'J' ^ 0x36);
/// # Ok::<(), hookproof::Error<'static>>(())
/// ```
pub struct Halves {
    inner_block: Zeroizing<[u8; BLOCK_BYTES]>,
    outer: Sha256,
}

/// What SHA-256 takes in at a time.
const BLOCK_BYTES: usize = 64;

impl Halves {
    pub(crate) fn from_bytes(key: &[u8]) -> Self {
        let mut block = Zeroizing::new([0; BLOCK_BYTES]);
        match block.get_mut(..key.len()) {
            Some(start) => start.copy_from_slice(key),
            None => {
                // A key longer than a block is hashed first.
                let (start, _) = block.split_at_mut(TAG_BYTES);
                start.copy_from_slice(&Sha256::digest(key));
            }
        }
        let mut outer_block = block.clone();
        outer_block.iter_mut().for_each(|byte| *byte ^= 0x5c);
        block.iter_mut().for_each(|byte| *byte ^= 0x36);
        let outer = Sha256::new_with_prefix(outer_block.as_slice());
        Self { inner_block: block, outer }
    }

    /// What to hash before the content.
    pub fn inner_block(&self) -> &[u8; BLOCK_BYTES] {
        &self.inner_block
    }

    /// The tag, from the digest of inner block and content.
    pub fn tag(&self, inner_digest: &[u8; TAG_BYTES]) -> Tag {
        Tag(self.outer.clone().chain_update(inner_digest).finalize().into())
    }
}

impl fmt::Debug for Halves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Halves([elided])")
    }
}

/// Decodes canonical, padded, standard base64 in constant time and lends the bytes to `use_bytes`; they
/// are wiped afterwards. `None` where the text is anything else, or longer than a secret may be.
pub(crate) fn with_base64<T>(text: &[u8], use_bytes: impl FnOnce(&[u8]) -> T) -> Option<T> {
    let mut buffer = Zeroizing::new([0; MAX_SECRET_BYTES / 4 * 3]);
    let bytes = decode_base64(text, buffer.as_mut_slice())?;
    Some(use_bytes(bytes))
}

/// Once for secrets and for tags: it is large.
#[inline(never)]
fn decode_base64<'b>(text: &[u8], buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    base64ct::Base64::decode(text, buffer).ok()
}

/// SHA-256 of a payload that comes in chunks, in lower-case hex: the last part of a deduplication key.
///
/// ```
/// use hookproof::PayloadDigest;
///
/// let mut digest = PayloadDigest::default();
/// digest.update(b"abc");
/// let hex = digest.finish().to_string();
/// assert!(hex.starts_with("ba7816bf") && hex.len() == 64); // FIPS 180-4, the example "abc"
/// ```
#[derive(Clone, Debug, Default)]
pub struct PayloadDigest(Sha256);

impl PayloadDigest {
    /// Takes the next chunk of the payload.
    pub fn update(&mut self, chunk: &[u8]) {
        self.0.update(chunk);
    }

    /// Ends the payload.
    pub fn finish(self) -> HexDigest {
        HexDigest(Tag(self.0.finalize().into()))
    }
}

/// A digest that is written in lower-case hex.
pub struct HexDigest(Tag);

impl HexDigest {
    /// Writes the digest, without the machinery of formatting.
    ///
    /// # Errors
    /// When `out` takes no more.
    pub fn write(&self, out: &mut impl Write) -> fmt::Result {
        self.0.write(Encoding::Hex, out)
    }
}

impl fmt::Display for HexDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl fmt::Debug for HexDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_decodes_from_one_spelling_only() {
        let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        assert!(Tag::decode(hex, Encoding::Hex).is_some());
        assert!(Tag::decode(&hex.to_uppercase(), Encoding::Hex).is_some());
        let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        assert!(Tag::decode(base64, Encoding::Base64).is_some());
        for wrong in [
            "",
            &hex[..62],
            &hex[..63],
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=", // spare bits set
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",  // no padding
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", // 31 bytes
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", // 33 bytes
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        ] {
            assert!(Tag::decode(wrong, Encoding::Hex).is_none(), "{wrong}");
            assert!(Tag::decode(wrong, Encoding::Base64).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_halves_make_the_tag_that_hmac_makes() {
        for key_bytes in 0..200 {
            let key = std::vec![0xa7; key_bytes];
            let content = std::vec![0x5b; 3 * key_bytes];
            let halves = Halves::from_bytes(&key);
            let inner =
                Sha256::new_with_prefix(halves.inner_block()).chain_update(&content).finalize();
            let mut mac = Mac::new(&key).unwrap();
            mac.update(&content);
            let tag = halves.tag(&inner.into());
            assert_eq!(tag.0, mac.finish().0, "a key of {key_bytes} bytes");
        }
    }

    #[test]
    fn an_empty_list_of_candidates_matches_nothing() {
        assert!(!Tag::ZERO.is_one_of(&[]));
        assert!(Tag::ZERO.is_one_of(&[Tag([1; 32]), Tag::ZERO]));
        let mut near = Tag::ZERO;
        near.0[31] = 1;
        assert!(!Tag::ZERO.is_one_of(&[near]));
    }
}
