//! The content in one piece, as it is hashed: a key's inner block, what is signed before the payload, a piece of the
//! payload, what is signed after it. Each ends where the next begins.

use hookproof::parts::Content;
use hookproof_boundary::memory::{
    AROUND_BYTES, BLOCK_BYTES, ContentBytes, PAYLOAD_AT, PAYLOAD_BYTES,
};

/// The parts of the content around the payload. The bytes that are hashed are in the shared memory, and each method
/// takes them.
pub(crate) struct ContentBuffer {
    before_bytes: usize,
    around_bytes: usize,
    /// The signed bytes before the payload, then those after it.
    around: [u8; AROUND_BYTES],
}

impl ContentBuffer {
    pub(crate) const fn new() -> Self {
        Self { before_bytes: 0, around_bytes: 0, around: [0; AROUND_BYTES] }
    }

    /// Writes what is signed before the payload, and keeps what is signed after it for the end.
    pub(crate) fn surround(&mut self, bytes: &mut ContentBytes, content: &Content<'_, '_>) {
        self.around_bytes = 0;
        for part in content.parts() {
            match part {
                None => self.before_bytes = self.around_bytes,
                Some(part) => self.around_bytes += write(part, &mut self.around, self.around_bytes),
            }
        }
        let before = self.around.get(..self.before_bytes).unwrap_or_default();
        write(before, bytes, PAYLOAD_AT - before.len());
    }

    /// Writes a key's inner block before everything else, and gives its place.
    pub(crate) fn begin(&self, bytes: &mut ContentBytes, inner_block: &[u8; BLOCK_BYTES]) -> usize {
        let at = self.before_at() - BLOCK_BYTES;
        write(inner_block, bytes, at);
        at
    }

    /// Wipes the inner block.
    pub(crate) fn wipe_block(&self, bytes: &mut ContentBytes) {
        let before_at = self.before_at();
        bytes.get_mut(before_at - BLOCK_BYTES..before_at).unwrap_or_default().fill(0);
    }

    /// Where the content begins. The block before it always has room.
    fn before_at(&self) -> usize {
        PAYLOAD_AT - self.before_bytes.min(AROUND_BYTES)
    }

    /// Writes what is signed after the payload behind its last piece, and gives the length of the two.
    pub(crate) fn seal(&self, bytes: &mut ContentBytes, payload_bytes: usize) -> usize {
        let payload_bytes = payload_bytes.min(PAYLOAD_BYTES);
        let after = self.around.get(self.before_bytes..self.around_bytes).unwrap_or_default();
        payload_bytes + write(after, bytes, PAYLOAD_AT + payload_bytes)
    }

    /// The signed bytes before the payload, and the first `payload_bytes` bytes of the payload.
    pub(crate) fn content_to<'b>(&self, bytes: &'b ContentBytes, payload_bytes: usize) -> &'b [u8] {
        let end = PAYLOAD_AT.saturating_add(payload_bytes);
        bytes.get(self.before_at()..end).unwrap_or_default()
    }
}

/// `payload_bytes` bytes from the payload's beginning on.
pub(crate) fn payload(bytes: &ContentBytes, payload_bytes: usize) -> &[u8] {
    bytes.get(PAYLOAD_AT..PAYLOAD_AT.saturating_add(payload_bytes)).unwrap_or_default()
}

/// Writes a part at a place, if there is room for all of it, and gives its length.
fn write(part: &[u8], bytes: &mut [u8], at: usize) -> usize {
    // In two steps, so that the compiler knows that both are of one length.
    let Some(free) = bytes.get_mut(at..).and_then(|free| free.get_mut(..part.len())) else {
        return 0;
    };
    free.copy_from_slice(part);
    part.len()
}
