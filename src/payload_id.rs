//! Reads one member of a JSON payload, as `JSON.parse` in JavaScript sees it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The non-empty string that stands under `member` at the top level, or `None`.
///
/// The last member of a name wins. A string with half a surrogate pair is no id: it has no bytes.
pub(crate) fn find(payload: &[u8], member: &str) -> Option<String> {
    let text = core::str::from_utf8(payload).ok()?;
    let mut document = serde_json::Deserializer::from_str(text);
    let value = document.deserialize_map(Member(member)).ok()?;
    document.end().ok()?;
    let id: String = serde_json::from_str(value?.get()).ok()?;
    (!id.is_empty()).then_some(id)
}

struct Member<'m>(&'m str);

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut last = None;
        // As raw text first, which holds a name to JSON's syntax; as bytes it would not be held to all of it.
        while let Some(name) = map.next_key::<&RawValue>()? {
            let value: &RawValue = map.next_value()?;
            let mut name = serde_json::Deserializer::from_str(name.get());
            if name.deserialize_byte_buf(Name).is_ok_and(|name| name == self.0.as_bytes()) {
                last = Some(value);
            }
        }
        Ok(last)
    }
}

/// A member's name as bytes: JavaScript allows half a surrogate pair there, and a Rust string does not.
struct Name;

impl Visitor<'_> for Name {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<Vec<u8>, E> {
        Ok(name.into())
    }

    fn visit_str<E>(self, name: &str) -> Result<Vec<u8>, E> {
        Ok(name.as_bytes().into())
    }
}
