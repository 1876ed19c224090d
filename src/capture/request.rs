use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A captured request, taken apart.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Capture {
    /// The method, as written. `POST` where the capture does not say.
    pub method: String,
    /// The URL or path, as written.
    pub url: String,
    /// Every header in order, with its copies.
    pub headers: Vec<(String, String)>,
    /// The body's exact bytes, which a signature covers.
    pub payload: Vec<u8>,
}

/// Shows the headers' names, and of the payload only its length.
impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Capture")
            .field("method", &self.method)
            .field("headers", &names)
            .field("payload_bytes", &self.payload.len())
            .finish_non_exhaustive()
    }
}
