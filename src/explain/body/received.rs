use alloc::vec::Vec;

use super::super::json::{Json, Style};

/// The most bytes of JSON that are parsed. No spelling of a longer document could be tried within the bounds.
const MAX_JSON_BYTES: usize = 8 * 1024 * 1024;

/// The bytes beyond four times the payload that written JSON may have.
const MORE_WRITTEN_BYTES: usize = 64 * 1024;

/// The received payload, and its document if it is JSON.
pub(crate) struct Body<'p> {
    pub(crate) payload: &'p [u8],
    pub(crate) json: Option<Json<'p>>,
    pub(super) content_length: Option<usize>,
    /// The bytes before and after the payload in the scheme's own content.
    pub(super) around: [Vec<u8>; 2],
    /// The style in which it is written, if a style gives exactly these bytes.
    pub(super) received: Option<Style>,
}

impl<'p> Body<'p> {
    pub(crate) fn new(
        payload: &'p [u8],
        content_length: Option<usize>,
        around: [Vec<u8>; 2],
    ) -> Self {
        let json = if payload.len() <= MAX_JSON_BYTES { Json::parse(payload) } else { None };
        let received = json.as_ref().and_then(|json| json.style_of(payload));
        Self { payload, json, content_length, around, received }
    }

    /// The most bytes of JSON that are written. A longer document is not written to its end, and not tried.
    pub(crate) fn max_written_bytes(&self) -> usize {
        self.payload.len().saturating_mul(4).saturating_add(MORE_WRITTEN_BYTES)
    }
}
