//! Every line that touches cryptography: this file alone names hmac, sha2, hex, base64ct and subtle.

use core::fmt::{self, Write};

use base64ct::Encoding as _;
use hmac::KeyInit as _;
use hmac::block_api::HmacCore;
use hmac::digest::array::Array;
use hmac::digest::block_api::{Buffer, CoreProxy, FixedOutputCore as _, UpdateCore as _};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq as _};
use zeroize::Zeroizing;

use crate::scheme::Encoding;
use crate::secret::{Key, MAX_KEYS, MAX_SECRET_BYTES};

const TAG_BYTES: usize = 32;

/// An HMAC-SHA256 tag (RFC 2104, FIPS 180-4), whole: 32 bytes, never truncated.
///
/// Nothing shows one, and there is no `==`: [`Claim::decide`](crate::Claim::decide) compares them, and nothing else
/// that verifies does.
#[derive(Clone, Copy)]
pub struct Tag([u8; TAG_BYTES]);

impl Tag {
    pub(crate) const ZERO: Self = Self([0; TAG_BYTES]);

    /// Decodes a candidate's text: all of it, in one spelling (hex in either case), or not at all.
    ///
    /// What a sender offers is no secret, so decoding need not take constant time.
    pub(crate) fn decode(text: &[u8], encoding: Encoding) -> Option<Self> {
        let mut tag = Self::ZERO;
        let whole = match encoding {
            Encoding::Hex => hex::decode_to_slice(text, &mut tag.0).is_ok(),
            Encoding::Base64 => {
                decode_base64(text, &mut tag.0).is_some_and(|decoded| decoded.len() == TAG_BYTES)
            }
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

/// HMAC-SHA256 that has taken in whole blocks only: first the key, then of a content what fills them.
///
/// It is the hmac crate's own core without the buffer around it, which the digest crate advises against
/// where the whole will do. Here all keys of a verification hash the same bytes, so they share one buffer,
/// and a state is half as much to copy. It is wiped when it is dropped, as far as the compiler allows.
#[derive(Clone)]
pub(crate) struct Mac(HmacCore<Sha256>);

/// The bytes that do not fill a block yet.
type Rest = Buffer<HmacCore<Sha256>>;

impl Mac {
    /// Takes in the key, filled up to a block.
    pub(crate) fn new(block: &KeyBlock) -> Self {
        Self(HmacCore::new((&**block).into()))
    }

    /// The tag of a content, part by part.
    pub(crate) fn tag<'c>(&self, content: impl IntoIterator<Item = &'c [u8]>) -> Tag {
        let (mut mac, mut rest) = (self.clone(), Rest::default());
        for part in content {
            rest.digest_blocks(part, |blocks| mac.0.update_blocks(blocks));
        }
        mac.end(&mut rest)
    }

    fn end(&mut self, rest: &mut Rest) -> Tag {
        let mut tag = Array([0; TAG_BYTES]);
        self.0.finalize_fixed_core(rest, &mut tag);
        Tag(tag.0)
    }
}

/// One running MAC for each key, over a content that comes in pieces: what stands before the payload, the
/// payload, what stands after it.
///
/// Its states are as secret as the keys; they are wiped on drop, as far as the compiler allows.
pub struct Macs {
    macs: [Option<Mac>; MAX_KEYS],
    rest: Option<Rest>,
}

impl Macs {
    /// No MAC at all.
    pub const fn none() -> Self {
        Self { macs: [const { None }; MAX_KEYS], rest: None }
    }

    /// Whether there is any.
    pub fn are_running(&self) -> bool {
        self.rest.is_some()
    }

    /// Starts one MAC for each of the first [`MAX_KEYS`] keys.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k Key>) -> Self {
        let mut macs = Self::none();
        macs.start(keys);
        macs
    }

    /// The same, in place of what was running here.
    pub fn start<'k>(&mut self, keys: impl IntoIterator<Item = &'k Key>) {
        self.stop();
        self.rest = Some(Rest::default());
        for (slot, key) in self.macs.iter_mut().zip(keys) {
            *slot = Some(key.mac().clone());
        }
    }

    /// Ends every MAC and tells nothing.
    pub fn stop(&mut self) {
        self.rest = None;
        self.macs.iter_mut().for_each(|mac| *mac = None);
    }

    /// Feeds the next bytes of the content to every MAC.
    pub fn update(&mut self, bytes: &[u8]) {
        let Self { macs, rest } = self;
        rest.get_or_insert_default().digest_blocks(bytes, |blocks| {
            macs.iter_mut().flatten().for_each(|mac| mac.0.update_blocks(blocks));
        });
    }

    /// Ends every MAC, in the keys' order.
    pub fn finish(&mut self) -> impl Iterator<Item = Tag> {
        let rest = self.rest.take().unwrap_or_default();
        self.macs
            .iter_mut()
            .filter_map(|mac| mac.take())
            .map(move |mut mac| mac.end(&mut rest.clone()))
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
    inner_block: KeyBlock,
    outer: Hash,
}

/// A key filled up to what SHA-256 takes in at a time.
pub(crate) type KeyBlock = Zeroizing<[u8; BLOCK_BYTES]>;

const BLOCK_BYTES: usize = 64;

/// Fills a key up with zeros and lends it; one that is longer than a block is hashed first (RFC 2104,
/// section 2). It is lent and not given, because every move would leave a copy behind.
pub(crate) fn with_key_block<T>(key: &[u8], use_block: impl FnOnce(&KeyBlock) -> T) -> T {
    let mut block = Zeroizing::new([0; BLOCK_BYTES]);
    match block.get_mut(..key.len()) {
        Some(start) => start.copy_from_slice(key),
        None => {
            let mut hash = Hash::default();
            hash.update(key);
            block.split_at_mut(TAG_BYTES).0.copy_from_slice(&hash.finish());
            // Over the end of the key, which is still in the hash's buffer.
            hash.update(&[0; BLOCK_BYTES - 1]);
        }
    }
    use_block(&block)
}

impl Halves {
    pub(crate) fn new(block: &KeyBlock) -> Self {
        let mut inner_block = Zeroizing::new(block.map(|byte| byte ^ 0x5c));
        let mut outer = Hash::default();
        outer.update(inner_block.as_slice());
        inner_block.iter_mut().for_each(|byte| *byte ^= 0x5c ^ 0x36);
        Self { inner_block, outer }
    }

    /// What to hash before the content.
    pub fn inner_block(&self) -> &[u8; BLOCK_BYTES] {
        &self.inner_block
    }

    /// The tag, from the digest of inner block and content.
    pub fn tag(&self, inner_digest: &[u8; TAG_BYTES]) -> Tag {
        let mut outer = self.outer.clone();
        outer.update(inner_digest);
        Tag(outer.finish())
    }
}

impl fmt::Debug for Halves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Halves([elided])")
    }
}

/// A running SHA-256. All hashes but a MAC's are made by these two functions, which are not copied into
/// their callers.
#[derive(Clone, Default)]
struct Hash {
    core: <Sha256 as CoreProxy>::Core,
    rest: Rest,
}

impl Hash {
    #[inline(never)]
    fn update(&mut self, bytes: &[u8]) {
        let Self { core, rest } = self;
        rest.digest_blocks(bytes, |blocks| core.update_blocks(blocks));
    }

    #[inline(never)]
    fn finish(&mut self) -> [u8; TAG_BYTES] {
        let mut digest = Array([0; TAG_BYTES]);
        self.core.finalize_fixed_core(&mut self.rest, &mut digest);
        digest.0
    }
}

/// Decodes canonical, padded, standard base64 in constant time and lends the bytes to `use_bytes`; they
/// are wiped afterwards. `None` where the text is anything else, or longer than a secret may be.
pub(crate) fn with_base64<T>(text: &[u8], use_bytes: impl FnOnce(&[u8]) -> T) -> Option<T> {
    let mut buffer = Zeroizing::new([0; MAX_SECRET_BYTES / 4 * 3]);
    decode_base64(text, buffer.as_mut_slice()).map(use_bytes)
}

/// The bytes of canonical base64, at the beginning of an area with room for them.
// Not copied into its callers: the decoder is large.
#[inline(never)]
pub(crate) fn decode_base64<'o>(text: &[u8], out: &'o mut [u8]) -> Option<&'o [u8]> {
    base64ct::Base64::decode(text, out).ok()
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
#[derive(Clone, Default)]
pub struct PayloadDigest(Hash);

impl PayloadDigest {
    /// Takes the next chunk of the payload.
    pub fn update(&mut self, chunk: &[u8]) {
        self.0.update(chunk);
    }

    /// Ends the payload.
    pub fn finish(mut self) -> HexDigest {
        HexDigest(Tag(self.0.finish()))
    }
}

// It holds up to a block of the payload.
impl fmt::Debug for PayloadDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PayloadDigest([elided])")
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
    use sha2::Digest as _;

    #[test]
    fn a_tag_decodes_from_one_spelling_only() {
        let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        assert!(Tag::decode(hex.as_bytes(), Encoding::Hex).is_some());
        assert!(Tag::decode(hex.to_uppercase().as_bytes(), Encoding::Hex).is_some());
        let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        assert!(Tag::decode(base64.as_bytes(), Encoding::Base64).is_some());
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
            assert!(Tag::decode(wrong.as_bytes(), Encoding::Hex).is_none(), "{wrong}");
            assert!(Tag::decode(wrong.as_bytes(), Encoding::Base64).is_none(), "{wrong}");
        }
    }

    #[test]
    fn no_hash_shows_what_it_took_in() {
        let mut digest = PayloadDigest::default();
        digest.update(b"a payload");
        assert_eq!(std::format!("{digest:?}"), "PayloadDigest([elided])");
    }

    #[test]
    fn the_halves_make_the_tag_that_hmac_makes() {
        for key_bytes in 0..200 {
            let key = std::vec![0xa7; key_bytes];
            let content = std::vec![0x5b; 3 * key_bytes];
            let (mac, halves) = with_key_block(&key, |block| (Mac::new(block), Halves::new(block)));
            let inner =
                Sha256::new_with_prefix(halves.inner_block()).chain_update(&content).finalize();
            let tag = halves.tag(&inner.into());
            let parts = content.split_at(key_bytes);
            assert_eq!(tag.0, mac.tag([parts.0, parts.1]).0, "a key of {key_bytes} bytes");
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
