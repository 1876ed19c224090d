//! The fixed areas of linear memory that both sides write and read.

use hookproof::{HeaderValue, Headers, MAX_HEADER_BYTES, MAX_SECRET_BYTES, Role};

/// Room to see that a text is too long: the writer stops when the area is full.
const SLACK: usize = 8;
pub(crate) const SCHEME_BYTES: usize = 4096;
const CHUNK_BYTES: usize = 32 * 1024;

/// Everything that comes across the boundary and is no number.
pub(crate) struct Areas {
    pub(crate) scheme: [u8; SCHEME_BYTES],
    headers: [[u8; MAX_HEADER_BYTES + SLACK]; Role::ALL.len()],
    header_bytes: [isize; Role::ALL.len()],
    pub(crate) secret: [u8; MAX_SECRET_BYTES + SLACK],
    pub(crate) chunk: [u8; CHUNK_BYTES],
}

/// There is no such header.
const MISSING: isize = -1;

impl Areas {
    pub(crate) const fn new() -> Self {
        Self {
            scheme: [0; SCHEME_BYTES],
            headers: [[0; MAX_HEADER_BYTES + SLACK]; Role::ALL.len()],
            header_bytes: [0; Role::ALL.len()],
            secret: [0; MAX_SECRET_BYTES + SLACK],
            chunk: [0; CHUNK_BYTES],
        }
    }

    /// The area of this number; empty where there is none.
    pub(crate) fn area(&self, number: usize) -> &[u8] {
        match number {
            0 => &self.scheme,
            1..=3 => self.headers.get(number - 1).map_or(&[], |header| header),
            4 => &self.secret,
            5 => &self.chunk,
            _ => &[],
        }
    }

    #[cfg(test)]
    pub(crate) fn header_mut(&mut self, role: Role) -> &mut [u8] {
        &mut self.headers[role as usize]
    }

    pub(crate) fn clear_headers(&mut self) {
        self.header_bytes = [MISSING; Role::ALL.len()];
    }

    pub(crate) fn set_header(&mut self, role: Role, bytes: isize) {
        if let Some(slot) = self.header_bytes.get_mut(role as usize) {
            *slot = bytes;
        }
    }

    /// The header of this role: an id to sign with, or the signature of a form.
    pub(crate) fn header(&self, role: Role) -> HeaderValue<'_> {
        let area = self.headers.get(role as usize).map_or(&[][..], |area| area);
        match self.header_bytes.get(role as usize) {
            None | Some(&MISSING) => HeaderValue::Missing,
            Some(bytes) => usize::try_from(*bytes)
                .ok()
                .and_then(|bytes| area.get(..bytes))
                .map_or(HeaderValue::Malformed, HeaderValue::One),
        }
    }
}

/// The same header areas, by the names that a scheme gives them.
pub(crate) struct Named<'a> {
    pub(crate) areas: &'a Areas,
    pub(crate) scheme: &'a hookproof::Scheme<'a>,
}

impl<'a> Headers<'a> for Named<'a> {
    fn value(&self, name: &str) -> HeaderValue<'a> {
        let scheme = self.scheme;
        let named =
            [Some(scheme.signature_header()), scheme.timestamp_header(), scheme.id_header()];
        match named.into_iter().flatten().find(|header| header.name == name) {
            Some(header) => self.areas.header(header.role),
            None => HeaderValue::Missing,
        }
    }
}
