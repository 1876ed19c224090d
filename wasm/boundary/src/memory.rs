//! The fixed memory that both sides write and read. It never grows, so JavaScript makes its views once.

use core::mem::offset_of;

use hookproof::parts::KeyStates;
use hookproof::{MAX_HEADER_BYTES, MAX_KEYS, MAX_SECRET_BYTES, Role};

/// The most bytes of an encoded scheme.
pub const MAX_SCHEME_BYTES: usize = 4096;

/// SHA-256's digest.
pub const INNER_DIGEST_BYTES: usize = 32;

/// HMAC's block, which is hashed before the content.
pub const BLOCK_BYTES: usize = 64;

/// Room for all that a scheme can sign before or after the payload: its literals, the longest id, a timestamp.
pub const AROUND_BYTES: usize = MAX_SCHEME_BYTES + MAX_HEADER_BYTES + 64;

/// Room for one piece of the payload. A payload of 64 KiB fits, and the memory takes no more pages than it would
/// with exactly 64 KiB.
pub const PAYLOAD_BYTES: usize = 72 * 1024;

/// Where the payload begins in the content.
pub const PAYLOAD_AT: usize = BLOCK_BYTES + AROUND_BYTES;

const CONTENT_BYTES: usize = PAYLOAD_AT + PAYLOAD_BYTES + AROUND_BYTES;

/// A writer stops where a field ends. These bytes make a text that is too long one byte longer than the bound.
const OVERLONG_BYTES: usize = 8;

/// Room for the longest headers that the longest scheme can sign.
const TEXT_BYTES: usize = 3 * MAX_SCHEME_BYTES + MAX_HEADER_BYTES;

const HEADER_BYTES: usize = MAX_HEADER_BYTES + OVERLONG_BYTES;
const SECRET_BYTES: usize = MAX_SECRET_BYTES + OVERLONG_BYTES;

/// The bytes of a header's value.
pub type HeaderBytes = [u8; HEADER_BYTES];

/// The content in one piece, as it is hashed.
pub type ContentBytes = [u8; CONTENT_BYTES];

/// The numbers of an answer.
pub type Numbers = [f64; 4];

/// The numbers of an answer that has none.
pub const NO_NUMBERS: Numbers = [f64::NAN; 4];

/// A field that JavaScript makes a view of.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name, in Rust's spelling.
    pub name: &'static str,
    /// Where it begins, in bytes from the beginning of [`Memory`].
    pub at: usize,
    /// Its length.
    pub bytes: usize,
}

/// Declares [`Memory`] and the list of its fields.
macro_rules! memory {
    ($($(#[$doc:meta])* $field:ident: $Type:ty = $zero:expr,)+) => {
        /// The memory that the two sides share. All of it is zero at first: a static that is not would put its 170 KiB into
        /// the module.
        #[repr(C)]
        pub struct Memory {
            $($(#[$doc])* pub $field: $Type,)+
        }

        impl Memory {
            /// Memory that holds nothing.
            pub const fn new() -> Self {
                Self { $($field: $zero,)+ }
            }
        }

        /// The fields of [`Memory`], and the payload's place in the content.
        pub const FIELDS: &[Field] = &[
            $(Field {
                name: stringify!($field),
                at: offset_of!(Memory, $field),
                bytes: size_of::<$Type>(),
            },)+
            Field {
                name: "payload",
                at: offset_of!(Memory, content) + PAYLOAD_AT,
                bytes: PAYLOAD_BYTES,
            },
        ];
    };
}

memory! {
    /// The numbers of the last answer. A number that the answer does not have is NaN.
    numbers: Numbers = [0.0; 4],
    /// JavaScript writes the digests of the inner hashes here, in the keys' order. Their place is a multiple of 8.
    inner_digests: [[u8; INNER_DIGEST_BYTES]; MAX_KEYS] = [[0; INNER_DIGEST_BYTES]; MAX_KEYS],
    /// The key states of the call, in the secrets' order. JavaScript keeps them and writes them for each call.
    keys: [KeyStates; MAX_KEYS] = [const { KeyStates::none() }; MAX_KEYS],
    /// An encoded scheme.
    scheme: [u8; MAX_SCHEME_BYTES] = [0; MAX_SCHEME_BYTES],
    /// The value of the signature header.
    signature: HeaderBytes = [0; HEADER_BYTES],
    /// The value of the timestamp header.
    timestamp: HeaderBytes = [0; HEADER_BYTES],
    /// The value of the id header.
    id: HeaderBytes = [0; HEADER_BYTES],
    /// The text of one secret. It is wiped as soon as its key is made.
    secret: [u8; SECRET_BYTES] = [0; SECRET_BYTES],
    /// A text that the module answers with.
    text: [u8; TEXT_BYTES] = [0; TEXT_BYTES],
    /// Room for a key's inner block and for what is signed before the payload, then the payload or a piece of it,
    /// then room for what is signed after it.
    content: ContentBytes = [0; CONTENT_BYTES],
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Memory {
    /// The bytes of the header with this role.
    pub fn header(&self, role: Role) -> &HeaderBytes {
        match role {
            Role::Signature => &self.signature,
            Role::Timestamp => &self.timestamp,
            Role::Id => &self.id,
        }
    }
}

const _: () = assert!(
    offset_of!(Memory, inner_digests).is_multiple_of(8),
    "JavaScript writes digests in units of 8 bytes"
);
