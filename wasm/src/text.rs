//! JavaScript's text to the UTF-8 that is hashed, where this module does it faster than the runtime.

mod load_v128;
mod replacement;
#[cfg(test)]
pub(crate) mod scalar;
mod utf16;

use hookproof_boundary::memory::{PAYLOAD_AT, PAYLOAD_BYTES};
use hookproof_boundary::status::NOT_TEXT;

use crate::content_buffer::payload;
use crate::session::Session;

impl Session {
    pub(crate) fn may_contain_replacement(&self, bytes: usize) -> bool {
        replacement::may_be_in(payload(&self.memory.content, bytes))
    }

    pub(crate) fn encode_utf16(&mut self, at: usize, units: usize) -> isize {
        let end = PAYLOAD_AT + PAYLOAD_BYTES + utf16::SPARE_BYTES;
        let field = self.memory.content.get_mut(PAYLOAD_AT.saturating_add(at)..end);
        let written = utf16::encode(field.unwrap_or_default(), units);
        written.map_or(NOT_TEXT, usize::cast_signed)
    }
}
