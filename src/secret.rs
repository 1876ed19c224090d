use core::fmt;

use crate::crypto::{KeyStates, Mac, Macs, Tag, with_base64, with_key_block};
use crate::error::Error;
use crate::scheme::SecretFormat;

/// The most bytes that a secret's text may have.
pub const MAX_SECRET_BYTES: usize = 8192;

/// The most bytes that base64 of that length stands for.
const MAX_DECODED_BYTES: usize = MAX_SECRET_BYTES / 4 * 3;

/// The prefix of Standard Webhooks' secrets.
pub(crate) const WHSEC_PREFIX: &[u8] = b"whsec_";

/// A secret made ready for HMAC: never empty, never all zero.
///
/// The text is not kept. The key's states are wiped on drop, as far as the compiler allows: copies that moved through
/// registers or the stack cannot be wiped. `Debug` shows nothing, and it has neither `Clone` nor `==`.
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
    /// Reads a secret's text as a person copied it from the provider.
    ///
    /// Leaks the secret's length, and whether it was accepted. Decoding base64 takes constant time.
    ///
    /// # Errors
    /// Code `invalid_secret`: empty, blank, all zero, longer than [`MAX_SECRET_BYTES`], or not decodable in this
    /// format. The error says which of these it was, and contains nothing of the secret.
    pub fn new(secret: &[u8], format: SecretFormat) -> Result<Self, Error<'static>> {
        read(secret, format, |bytes| Self(with_key_block(bytes, Mac::new)))
    }

    /// Makes the tag of a content that is given part by part. Leaks the parts' lengths.
    pub fn tag<'c>(&self, content: impl IntoIterator<Item = &'c [u8]>) -> Tag {
        self.0.tag(content)
    }

    /// Makes a key of bytes that need no decoding, whatever the scheme.
    #[cfg(feature = "explain")]
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Error<'static>> {
        if is_blank(bytes) {
            return Err(Error::BlankSecret {});
        }
        Ok(Self(with_key_block(bytes, Mac::new)))
    }
}

/// Here and not next to [`Macs`], because `crypto` does not know [`Key`].
impl Macs {
    /// Starts one MAC for each of the first [`MAX_KEYS`](crate::MAX_KEYS) keys. Leaks their number.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k Key>) -> Self {
        let mut macs = Self::none();
        macs.replace(keys.into_iter().map(|key| key.0.clone()));
        macs
    }
}

/// Here and not next to [`KeyStates`], because `crypto` does not know how a secret is read.
impl KeyStates {
    /// Replaces them by those of a secret's key. Where the secret is refused they are those of no key. Leaks what
    /// [`Key::new`] leaks.
    ///
    /// # Errors
    /// As [`Key::new`].
    pub fn set(&mut self, secret: &[u8], format: SecretFormat) -> Result<(), Error<'static>> {
        self.clear();
        read(secret, format, |bytes| with_key_block(bytes, |block| self.set_block(block)))
    }
}

/// Decodes a secret's text and passes the bytes to `use_bytes`, which can rely on them not being blank. They are
/// passed to a closure because each move could leave an unwiped copy on the stack.
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
    with_base64::<MAX_DECODED_BYTES, _>(text, |bytes| check(bytes).map(|()| use_bytes(bytes)))
        .unwrap_or(Err(Error::UndecodableSecret {}))
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([elided])")
    }
}

/// Whether a secret is one that everyone knows: empty, or only white space, zeros and byte order marks.
///
/// HMAC pads a key with zeros, so a key of zeros equals the empty key. A run of vertical tabs, or of form feeds, is
/// accepted, because nobody pastes one by mistake and RFC 4231 has a key of each. Leaks how many
/// white-space characters the secret begins with.
pub(crate) fn is_blank(secret: &[u8]) -> bool {
    let run = |byte: u8| !secret.is_empty() && secret.iter().all(|each| *each == byte);
    let blank = |c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}';
    !run(b'\x0b')
        && !run(b'\x0c')
        && core::str::from_utf8(secret).is_ok_and(|text| text.chars().all(blank))
}
