//! Where the content is laid out in one piece, as it is hashed.

use hookproof::MAX_HEADER_BYTES;
use hookproof::parts::Content;

use crate::area::{NO_TEXT, SCHEME_BYTES};
use crate::{replacement, utf16};

/// What HMAC hashes before the content.
const BLOCK_BYTES: usize = 64;

/// Room for whatever a scheme can sign beside the payload: all its literals, the longest id, a timestamp.
const AROUND_BYTES: usize = SCHEME_BYTES + MAX_HEADER_BYTES + 64;

/// Room for 64 KiB and some more, so that most payloads are hashed in one call, in as many pages as without.
const CHUNK_BYTES: usize = 72 * 1024;
const CHUNK_AT: usize = BLOCK_BYTES + AROUND_BYTES;
const STAGE_BYTES: usize = CHUNK_AT + CHUNK_BYTES + AROUND_BYTES;

/// A key's inner block, what stands before the payload, a chunk of the payload, what stands after it: each
/// ends where the next begins.
pub(crate) struct Stage {
    before_bytes: usize,
    around_bytes: usize,
    bytes: [u8; STAGE_BYTES],
    /// What stands before the payload, and behind it what stands after.
    around: [u8; AROUND_BYTES],
}

impl Stage {
    pub(crate) const fn new() -> Self {
        Self {
            before_bytes: 0,
            around_bytes: 0,
            bytes: [0; STAGE_BYTES],
            around: [0; AROUND_BYTES],
        }
    }

    /// Where JavaScript writes a chunk of the payload.
    pub(crate) fn chunk(&self) -> &[u8] {
        self.bytes.get(CHUNK_AT..CHUNK_AT + CHUNK_BYTES).unwrap_or_default()
    }

    #[cfg(test)]
    pub(crate) fn chunk_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(CHUNK_AT..CHUNK_AT + CHUNK_BYTES).unwrap_or_default()
    }

    /// Lays out what the content has beside the payload, and keeps what stands after it for the end.
    pub(crate) fn surround(&mut self, content: &Content<'_, '_>) {
        self.around_bytes = 0;
        for part in content.parts() {
            match part {
                None => self.before_bytes = self.around_bytes,
                Some(bytes) => self.around_bytes += lay(bytes, &mut self.around, self.around_bytes),
            }
        }
        let before = self.around.get(..self.before_bytes).unwrap_or_default();
        lay(before, &mut self.bytes, CHUNK_AT - before.len());
    }

    /// Lays a key's inner block before everything else, and says where it begins.
    pub(crate) fn begin(&mut self, inner_block: &[u8; BLOCK_BYTES]) -> usize {
        let at = self.before_at() - BLOCK_BYTES;
        lay(inner_block, &mut self.bytes, at);
        self.bytes.as_ptr().addr() + at
    }

    /// Wipes the inner block.
    pub(crate) fn end(&mut self) {
        let before_at = self.before_at();
        self.bytes.get_mut(before_at - BLOCK_BYTES..before_at).unwrap_or_default().fill(0);
    }

    /// Where the content begins. The block before it always has room.
    fn before_at(&self) -> usize {
        CHUNK_AT - self.before_bytes.min(AROUND_BYTES)
    }

    /// Lays what stands after the payload behind its last chunk, and says how many bytes the two have.
    pub(crate) fn seal(&mut self, chunk_bytes: usize) -> usize {
        let chunk_bytes = chunk_bytes.min(CHUNK_BYTES);
        let after = self.around.get(self.before_bytes..self.around_bytes).unwrap_or_default();
        chunk_bytes + lay(after, &mut self.bytes, CHUNK_AT + chunk_bytes)
    }

    /// So many bytes from the chunk's beginning.
    pub(crate) fn chunk_on(&self, bytes: usize) -> &[u8] {
        self.bytes.get(CHUNK_AT..CHUNK_AT.saturating_add(bytes)).unwrap_or_default()
    }

    /// Whether so many bytes from the chunk's beginning may hold what encoders write for half a surrogate pair.
    pub(crate) fn may_hold_replacement(&self, bytes: usize) -> bool {
        replacement::may_be_in(self.chunk_on(bytes))
    }

    /// Makes UTF-8 of so many units of UTF-16 at the chunk's end, behind so many bytes of it.
    pub(crate) fn encode(&mut self, behind: usize, units: usize) -> isize {
        let end = CHUNK_AT + CHUNK_BYTES + utf16::SPARE_BYTES;
        let area = self.bytes.get_mut(CHUNK_AT.saturating_add(behind)..end).unwrap_or_default();
        utf16::encode(area, units).map_or(NO_TEXT, usize::cast_signed)
    }

    /// What stands before the payload, and so many bytes from the chunk's beginning.
    pub(crate) fn content(&self, chunk_bytes: usize) -> &[u8] {
        self.bytes.get(self.before_at()..CHUNK_AT.saturating_add(chunk_bytes)).unwrap_or_default()
    }
}

/// Lays bytes at a place, if there is room for all of them, and says how many.
fn lay(bytes: &[u8], area: &mut [u8], at: usize) -> usize {
    // In two steps, so that the compiler knows that both are of one length.
    let Some(free) = area.get_mut(at..).and_then(|free| free.get_mut(..bytes.len())) else {
        return 0;
    };
    free.copy_from_slice(bytes);
    bytes.len()
}
