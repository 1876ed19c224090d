//! The calls that digest a payload, for deduplication keys.

use crate::content_buffer::payload;
use crate::session::{Session, TextWriter};

impl Session {
    pub(crate) fn digest(&mut self, bytes: usize) {
        let digest = self.digest.get_or_insert_default();
        digest.update(payload(&self.memory.content, bytes));
    }

    pub(crate) fn finish_digest(&mut self) -> usize {
        let mut writer = TextWriter { field: &mut self.memory.text, bytes: 0 };
        // 64 characters; there is room for thousands.
        let _ = self.digest.take().unwrap_or_default().finish().write(&mut writer);
        writer.bytes
    }
}
