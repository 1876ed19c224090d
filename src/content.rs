use crate::scheme::Part;

/// The signed content: the scheme's parts, with the texts of this delivery.
#[derive(Clone, Copy)]
pub(crate) struct Content<'a> {
    pub(crate) parts: &'a [Part<'a>],
    pub(crate) timestamp: &'a str,
    pub(crate) id: &'a str,
}

impl<'a> Content<'a> {
    /// The bytes that stand before the payload, part by part.
    pub(crate) fn before(self) -> impl Iterator<Item = &'a [u8]> {
        let parts = self.parts.iter().take_while(|part| **part != Part::Payload);
        parts.map(move |part| self.bytes(*part))
    }

    /// The bytes that stand after the payload, part by part.
    pub(crate) fn after(self) -> impl Iterator<Item = &'a [u8]> {
        let parts = self.parts.iter().skip_while(|part| **part != Part::Payload).skip(1);
        parts.map(move |part| self.bytes(*part))
    }

    /// A part's bytes as they were received; the payload's own come from elsewhere.
    fn bytes(self, part: Part<'a>) -> &'a [u8] {
        match part {
            Part::Payload => &[],
            Part::Timestamp => self.timestamp.as_bytes(),
            Part::Id => self.id.as_bytes(),
            Part::Literal(text) => text.as_bytes(),
        }
    }
}
