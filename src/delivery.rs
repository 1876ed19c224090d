use crate::scheme::Scheme;
use crate::time::UnixTime;

#[cfg(feature = "json")]
use alloc::{borrow::Cow, format, string::String};

/// One verified attempt to deliver.
#[derive(Clone, Copy)]
pub struct Delivery<'s, 'd> {
    scheme: Scheme<'s>,
    timestamp: Option<UnixTime>,
    header_id: Option<&'d str>,
    secret_index: usize,
    payload: Option<&'d [u8]>,
}

impl<'s, 'd> Delivery<'s, 'd> {
    pub(crate) fn new(
        scheme: Scheme<'s>,
        timestamp: Option<UnixTime>,
        header_id: Option<&'d str>,
        secret_index: usize,
    ) -> Self {
        Self { scheme, timestamp, header_id, secret_index, payload: None }
    }

    pub(crate) fn with_payload(self, payload: &'d [u8]) -> Self {
        Self { payload: Some(payload), ..self }
    }

    /// The scheme's name.
    pub fn provider(&self) -> &'s str {
        self.scheme.name
    }

    /// The payload's bytes; `None` where it was streamed.
    pub fn payload(&self) -> Option<&'d [u8]> {
        self.payload
    }

    /// When the delivery was stamped. Believe it only if [`signs_timestamp`](Self::signs_timestamp).
    pub fn timestamp(&self) -> Option<UnixTime> {
        self.timestamp
    }

    /// Whether the MAC covers the timestamp.
    pub fn signs_timestamp(&self) -> bool {
        self.scheme.signs_timestamp()
    }

    /// Whether the MAC covers the id.
    pub fn signs_id(&self) -> bool {
        self.scheme.signs_id()
    }

    /// The id that came in a header. Believe it only if [`signs_id`](Self::signs_id).
    pub fn header_id(&self) -> Option<&'d str> {
        self.header_id
    }

    /// Which of the keys matched, counted from zero.
    pub fn secret_index(&self) -> usize {
        self.secret_index
    }

    /// The provider's own id: from its header, or from the top level of the payload's JSON as a
    /// JavaScript `JSON.parse` sees it (the last of several members of a name counts). `None` where there
    /// is none, or it is not a string, or an empty one.
    #[cfg(feature = "json")]
    pub fn id(&self) -> Option<Cow<'d, str>> {
        match self.scheme.id {
            Some(crate::scheme::IdSource::Payload { member, .. }) => {
                crate::payload_id::find(self.payload?, member).map(Cow::Owned)
            }
            _ => self.header_id.map(Cow::Borrowed),
        }
    }

    /// The deduplication key: `<provider>:id:<id>` where the MAC covers an id, else
    /// `<provider>:sha256:<digest of the payload>`.
    ///
    /// It is the same for a retry with a new timestamp, under a rotated secret and for every spelling of
    /// a signature, and nothing that is not signed is part of it. `None` where the payload was streamed
    /// and there is no signed id to do without it.
    #[cfg(feature = "json")]
    pub fn key(&self) -> Option<String> {
        let provider = self.scheme.name;
        if self.signs_id()
            && let Some(id) = self.id()
        {
            return Some(format!("{provider}:id:{id}"));
        }
        let mut digest = crate::crypto::PayloadDigest::default();
        digest.update(self.payload?);
        Some(format!("{provider}:sha256:{}", digest.finish()))
    }
}

/// Shows what came of the delivery, and of the payload only its length.
impl core::fmt::Debug for Delivery<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Delivery")
            .field("provider", &self.scheme.name)
            .field("timestamp", &self.timestamp)
            .field("header_id", &self.header_id)
            .field("secret_index", &self.secret_index)
            .field("payload_bytes", &self.payload.map(<[u8]>::len))
            .finish()
    }
}
