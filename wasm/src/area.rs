//! The fixed areas of linear memory that both sides write and read.

use hookproof::{Header, HeaderValue, Headers, MAX_HEADER_BYTES, MAX_KEYS, MAX_SECRET_BYTES, Role};

/// Room to see that a text is too long: the writer stops when the area is full.
const SLACK: usize = 8;
pub(crate) const SCHEME_BYTES: usize = 4096;
const DIGEST_BYTES: usize = 32;

/// Room for the longest headers that the longest scheme can sign.
const WRITTEN_BYTES: usize = 3 * SCHEME_BYTES + MAX_HEADER_BYTES;

/// What an answer carries beside its status. What there is not is NaN.
pub(crate) type Data = [f64; 4];

pub(crate) const NO_DATA: Data = [f64::NAN; 4];

/// What JavaScript writes, but for the payload.
pub(crate) struct Areas {
    pub(crate) scheme: [u8; SCHEME_BYTES],
    headers: [[u8; MAX_HEADER_BYTES + SLACK]; Role::ALL.len()],
    pub(crate) secret: [u8; MAX_SECRET_BYTES + SLACK],
    pub(crate) slots: [u8; MAX_KEYS],
    pub(crate) digests: Digests,
    pub(crate) header_bytes: HeaderBytes,
}

/// Inner digests, in the keys' order. JavaScript writes them two bytes at a time, so they are aligned.
#[repr(align(8))]
pub(crate) struct Digests(pub(crate) [[u8; DIGEST_BYTES]; MAX_KEYS]);

/// What JavaScript reads.
pub(crate) struct Answers {
    pub(crate) written: [u8; WRITTEN_BYTES],
    pub(crate) data: Data,
}

impl Answers {
    pub(crate) const fn new() -> Self {
        Self { written: [0; WRITTEN_BYTES], data: [0.0; 4] }
    }
}

/// What lies in the headers' areas, by role: so many bytes, or one of the two below.
pub(crate) type HeaderBytes = [isize; Role::ALL.len()];

/// There is no such header.
pub(crate) const MISSING: isize = -1;

/// It is no one text. So is any other negative number.
pub(crate) const NO_TEXT: isize = -2;

impl Areas {
    pub(crate) const fn new() -> Self {
        Self {
            scheme: [0; SCHEME_BYTES],
            headers: [[0; MAX_HEADER_BYTES + SLACK]; Role::ALL.len()],
            secret: [0; MAX_SECRET_BYTES + SLACK],
            slots: [0; MAX_KEYS],
            digests: Digests([[0; DIGEST_BYTES]; MAX_KEYS]),
            header_bytes: [0; Role::ALL.len()],
        }
    }

    /// The area of this number; empty where there is none.
    pub(crate) fn area(&self, number: usize) -> &[u8] {
        match number {
            0 => &self.scheme,
            1..=3 => self.headers.get(number - 1).map_or(&[], |header| header),
            4 => &self.secret,
            5 => &self.slots,
            7 => self.digests.0.as_flattened(),
            _ => &[],
        }
    }

    /// The slots of so many keys.
    pub(crate) fn slots(&self, keys: usize) -> impl Iterator<Item = u8> + use<> {
        self.slots.into_iter().take(keys)
    }

    #[cfg(test)]
    pub(crate) fn header_mut(&mut self, role: Role) -> &mut [u8] {
        &mut self.headers[role as usize]
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

    /// How many bytes of the id's header stand before the id that lies in it, and how many after.
    pub(crate) fn around_id(&self, id: &str) -> [usize; 2] {
        let ([.., area], [.., bytes]) = (&self.headers, self.header_bytes);
        let before = id.as_ptr().addr().wrapping_sub(area.as_ptr().addr());
        [before, bytes.unsigned_abs().wrapping_sub(before).wrapping_sub(id.len())]
    }
}

impl<'a> Headers<'a> for &'a Areas {
    /// Only roles cross the boundary.
    fn value(&self, _: &str) -> HeaderValue<'a> {
        HeaderValue::Missing
    }

    fn header(&self, header: Header<'_>) -> HeaderValue<'a> {
        Areas::header(self, header.role)
    }
}
