use core::fmt::{self, Write};

use subtle::{Choice, ConstantTimeEq as _};

use super::encoding::Encoding;

pub(super) const TAG_BYTES: usize = 32;

/// An HMAC-SHA256 tag (RFC 2104, FIPS 180-4): always 32 bytes, never truncated.
///
/// It has neither `Debug` nor `==`. [`HeaderCheck::decide`](crate::HeaderCheck::decide) compares tags,
/// and nothing else that verifies does.
#[derive(Clone, Copy)]
pub struct Tag(pub(super) [u8; TAG_BYTES]);

impl Tag {
    pub(crate) const ZERO: Self = Self([0; TAG_BYTES]);

    /// Decodes the whole text of a candidate. `None` for any spelling but one (hex may be in either case).
    ///
    /// A candidate is public, so the time that this takes may depend on it.
    pub(crate) fn decode(text: &[u8], encoding: Encoding) -> Option<Self> {
        let mut tag = Self::ZERO;
        encoding.decode(text, &mut tag.0).then_some(tag)
    }

    /// Writes the tag in an encoding. The text is a valid signature, so keep it out of logs and errors.
    pub(crate) fn write(&self, encoding: Encoding, out: &mut impl Write) -> fmt::Result {
        let mut text = [0; 2 * TAG_BYTES];
        out.write_str(encoding.encode(&self.0, &mut text).ok_or(fmt::Error)?)
    }

    /// Whether this tag is one of the candidates.
    ///
    /// Compares every candidate, over all its bytes, in constant time. Leaks the number of candidates and the
    /// result.
    pub(crate) fn is_one_of(&self, candidates: &[Self]) -> bool {
        let any = candidates.iter().fold(Choice::from(0), |any, candidate| {
            any | self.words().as_slice().ct_eq(candidate.words().as_slice())
        });
        any.into()
    }

    /// The same bytes as four words, because comparing 32 bytes takes more steps.
    fn words(&self) -> [u64; TAG_BYTES / 8] {
        let (words, _) = self.0.as_chunks();
        core::array::from_fn(|i| words.get(i).copied().map_or(0, u64::from_ne_bytes))
    }

    /// Whether the tag begins with `bytes`, which must be at least eight. This proves that a signature was cut
    /// off; it verifies nothing. The comparison takes constant time for one length; the length leaks.
    #[cfg(feature = "explain")]
    pub(crate) fn begins_with(&self, bytes: &[u8]) -> bool {
        let start = self.0.get(..bytes.len()).filter(|start| start.len() >= 8);
        start.is_some_and(|start| start.ct_eq(bytes).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn an_empty_list_of_candidates_matches_nothing() {
        assert!(!Tag::ZERO.is_one_of(&[]));
        assert!(Tag::ZERO.is_one_of(&[Tag([1; 32]), Tag::ZERO]));
        let mut near = Tag::ZERO;
        near.0[31] = 1;
        assert!(!Tag::ZERO.is_one_of(&[near]));
    }
}
