use crate::scheme::Part;

/// The signed content: the scheme's parts, with the texts of this delivery.
///
/// ```
/// use hookproof::{HeaderCheck, Options, UnixTime, providers};
///
/// let headers = [("X-Humiris-Signature", format!("t=1712419200,v1={}", "0".repeat(64)))];
/// let options = Options { now: UnixTime::from_secs(1_712_419_200), tolerance_secs: None };
/// let mut check = HeaderCheck::new();
/// let content = check.read(&providers::HUMIRIS.scheme, 1, &&headers, &options)?;
/// assert_eq!(content.before().collect::<Vec<_>>().concat(), b"1712419200.");
/// assert_eq!(content.after().count(), 0);
/// # Ok::<(), hookproof::Error<'static>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Content<'s, 'd> {
    pub(crate) parts: &'s [Part<'s>],
    pub(crate) timestamp: &'d [u8],
    pub(crate) id: Option<&'d str>,
}

impl<'d> Content<'_, 'd> {
    /// The bytes before the payload, part by part.
    pub fn before(&self) -> impl Iterator<Item = &[u8]> {
        self.parts().map_while(|part| part)
    }

    /// The bytes after the payload, part by part.
    pub fn after(&self) -> impl Iterator<Item = &[u8]> {
        self.parts().skip_while(Option::is_some).flatten()
    }

    /// Each part's bytes as they were received, and `None` for the payload.
    pub fn parts(&self) -> impl Iterator<Item = Option<&[u8]>> {
        self.parts.iter().map(|part| match part {
            Part::Payload => None,
            Part::Timestamp => Some(self.timestamp),
            Part::Id => Some(self.id.unwrap_or_default().as_bytes()),
            Part::Literal(text) => Some(text.as_bytes()),
        })
    }

    /// The id that came in a header, signed or not.
    pub fn header_id(&self) -> Option<&'d str> {
        self.id
    }
}
