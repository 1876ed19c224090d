//! Cryptography, and the encodings of tags and secrets.
//!
//! Only this room names sha2, hex, base64ct and subtle. It imports nothing else of the core.

mod base64;
mod block;
mod digest;
mod encoding;
mod key_states;
mod mac;
mod tag;

pub(crate) use block::with_key_block;
pub use digest::{HexDigest, PayloadDigest};
pub use encoding::Encoding;
#[cfg(feature = "explain")]
pub(crate) use encoding::decode_base64;
#[cfg(feature = "explain")]
pub(crate) use encoding::encode_base64;
pub(crate) use encoding::with_base64;
pub use key_states::KeyStates;
pub(crate) use mac::Mac;
pub use mac::{MAX_KEYS, Macs};
pub use tag::Tag;
