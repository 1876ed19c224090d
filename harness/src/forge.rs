//! Signatures that the core refuses to make: by an empty key, by SHA-1, over a time that is none.

use base64ct::Encoding as _;
use hmac::{Hmac, KeyInit, Mac};
use hookproof::scheme::{Encoding, Part};
use sha1::Sha1;
use sha2::Sha256;

use crate::delivery::Delivery;
use crate::sender::Sender;

/// A signature over a delivery as it stands, its texts taken as they are.
pub(crate) struct Forgery<'a> {
    pub(crate) key: &'a [u8],
    pub(crate) hash: Hash,
    pub(crate) delivery: &'a Delivery,
}

/// What the MAC is made of.
#[derive(Clone, Copy)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
}

impl<'a> Forgery<'a> {
    /// The signature that the sender would make.
    pub(crate) fn of(sender: &'a Sender, delivery: &'a Delivery) -> Self {
        Self { key: &sender.key_bytes, hash: Hash::Sha256, delivery }
    }

    /// The tag, written as the provider writes it.
    pub(crate) fn tag(&self) -> String {
        let tag = match self.hash {
            Hash::Sha1 => self.mac::<Hmac<Sha1>>(),
            Hash::Sha256 => self.mac::<Hmac<Sha256>>(),
        };
        written(self.delivery.provider.scheme.encoding, &tag)
    }

    fn mac<M: Mac + KeyInit>(&self) -> Vec<u8> {
        let delivery = self.delivery;
        let id = delivery.id().unwrap_or_default();
        // HMAC takes a key of any length, also of none.
        let Ok(mut mac) = <M as KeyInit>::new_from_slice(self.key) else {
            return Vec::new();
        };
        for part in delivery.provider.scheme.content {
            mac.update(match part {
                Part::Payload => &delivery.payload,
                Part::Timestamp => delivery.timestamp().unwrap_or_default().as_bytes(),
                Part::Id => id.as_bytes(),
                Part::Literal(text) => text.as_bytes(),
            });
        }
        mac.finalize().into_bytes().to_vec()
    }
}

/// A delivery's own tag, its bytes changed, in this encoding.
pub(crate) fn reencoded(
    encoding: Encoding,
    delivery: &Delivery,
    change: impl FnOnce(&mut [u8]),
) -> String {
    let (_, text) = delivery.signature();
    let tag = match delivery.provider.scheme.encoding {
        Encoding::Hex => hex::decode(text).ok(),
        Encoding::Base64 => base64ct::Base64::decode_vec(text).ok(),
    };
    let mut tag = tag.unwrap_or_default();
    change(&mut tag);
    written(encoding, &tag)
}

/// A delivery with a tag that is wrong in the last bit of its bytes alone.
pub(crate) fn with_near_tag(delivery: Delivery) -> Delivery {
    let tag = reencoded(delivery.provider.scheme.encoding, &delivery, |bytes| {
        if let Some(last) = bytes.last_mut() {
            *last ^= 1;
        }
    });
    delivery.with_tag(tag)
}

fn written(encoding: Encoding, tag: &[u8]) -> String {
    match encoding {
        Encoding::Hex => hex::encode(tag),
        Encoding::Base64 => base64ct::Base64::encode_string(tag),
    }
}
