use core::fmt;

use crate::Error;
use crate::scheme::SecretFormat;
use crate::tag::{Halves, Mac, Tag, with_base64, with_key_block};

/// The most keys one verification may hold its candidates against: work is one MAC pass for each.
pub const MAX_KEYS: usize = 8;

/// The most bytes a secret's text may have.
pub const MAX_SECRET_BYTES: usize = 8192;

/// What Standard Webhooks puts before its secrets.
pub(crate) const WHSEC_PREFIX: &[u8] = b"whsec_";

/// A secret made ready for HMAC: never empty, never all zero.
///
/// The text is not kept. The key's states are wiped on drop, as far as the compiler allows: copies that
/// moved through registers or the stack are beyond anyone's reach. `Debug` shows nothing, and there is
/// neither `Clone` nor `==`.
///
/// ```
/// use hookproof::Key;
/// use hookproof::scheme::SecretFormat;
///
/// let key = Key::new(b"an example, not a secret", SecretFormat::Utf8)?;
/// assert_eq!(format!("{key:?}"), "Key([elided])");
/// assert_eq!(Key::new(b"  \n", SecretFormat::Utf8).unwrap_err().code(), "invalid_secret");
/// # Ok::<(), hookproof::Error<'static>>(())
/// ```
pub struct Key(Mac);

impl Key {
    /// Reads a secret as the person who set the endpoint up copied it.
    ///
    /// # Errors
    /// Code `invalid_secret`: empty, blank, all zero, longer than [`MAX_SECRET_BYTES`], or not decodable
    /// in this format. Nothing of the secret is in the error; which of these it was is.
    pub fn new(secret: &[u8], format: SecretFormat) -> Result<Self, Error<'static>> {
        read(secret, format, |bytes| Self(with_key_block(bytes, Mac::new)))
    }

    /// The same, and the key's [`Halves`] with it.
    ///
    /// # Errors
    /// As [`Key::new`].
    pub fn with_halves(
        secret: &[u8],
        format: SecretFormat,
    ) -> Result<(Self, Halves), Error<'static>> {
        let make = |block: &_| (Self(Mac::new(block)), Halves::new(block));
        read(secret, format, |bytes| with_key_block(bytes, make))
    }

    /// The tag of a content, part by part.
    pub fn tag<'c>(&self, content: impl IntoIterator<Item = &'c [u8]>) -> Tag {
        self.0.tag(content)
    }

    /// Takes bytes that need no decoding, whatever the scheme.
    #[cfg(feature = "explain")]
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Error<'static>> {
        if is_blank(bytes) {
            return Err(Error::BlankSecret {});
        }
        Ok(Self(with_key_block(bytes, Mac::new)))
    }

    /// A MAC that has taken in the key and nothing else.
    pub(crate) fn mac(&self) -> &Mac {
        &self.0
    }
}

/// Lends the bytes of a secret's text, none of which must be a key that everyone knows.
fn read<T>(
    secret: &[u8],
    format: SecretFormat,
    use_bytes: impl FnOnce(&[u8]) -> T,
) -> Result<T, Error<'static>> {
    if secret.len() > MAX_SECRET_BYTES {
        let max_bytes = u64::try_from(MAX_SECRET_BYTES).unwrap_or(u64::MAX);
        return Err(Error::LongSecret { max_bytes });
    }
    let check = |bytes: &[u8]| if is_blank(bytes) { Err(Error::BlankSecret {}) } else { Ok(()) };
    check(secret)?;
    let text = match format {
        SecretFormat::Utf8 => return Ok(use_bytes(secret)),
        SecretFormat::Base64 => secret,
        SecretFormat::Whsec => secret.strip_prefix(WHSEC_PREFIX).unwrap_or(secret),
    };
    with_base64(text, |bytes| check(bytes).map(|()| use_bytes(bytes)))
        .unwrap_or(Err(Error::UndecodableSecret {}))
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([elided])")
    }
}

/// Whether a secret is one that everyone knows: empty, or nothing but white space, zeros and byte order
/// marks. HMAC pads a key with zeros, so all of zero is the same key as empty. A run of vertical tabs, or
/// one of form feeds, is let through: nobody pastes one by mistake, and RFC 4231 has a key of each.
pub(crate) fn is_blank(secret: &[u8]) -> bool {
    let run = |byte: u8| !secret.is_empty() && secret.iter().all(|each| *each == byte);
    let blank = |c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}';
    !run(b'\x0b')
        && !run(b'\x0c')
        && core::str::from_utf8(secret).is_ok_and(|text| text.chars().all(blank))
}
