//! The whole of the core on a machine with no operating system and no allocator.
//!
//! `cargo xtask test bare-metal` builds this for `thumbv7em-none-eabi`. Anything in the core or below it
//! that brought std or alloc along would fail the build: nobody here provides either.
#![cfg_attr(target_os = "none", no_std)]

use core::fmt::Write;

use hookproof::scheme::SecretFormat;
use hookproof::{Key, Options, Stamp, UnixTime, Verifier, providers, sign, verify};

#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// Signs a payload, verifies it whole and in chunks, and says whether all of it went well.
pub fn round_trip(secret: &[u8], payload: &[u8], now: UnixTime) -> bool {
    let scheme = &providers::HUMIRIS.scheme;
    let Ok(key) = Key::new(secret, SecretFormat::Utf8) else { return false };
    let Ok(signed) = sign(scheme, &key, payload, &Stamp { timestamp: now, id: None }) else {
        return false;
    };
    let mut header = Text { bytes: [0; 128], len: 0 };
    if write!(header, "{}", signed.signature()).is_err() {
        return false;
    }
    let headers = [(scheme.signature.name, header.written())];
    let options = Options { now, tolerance_secs: None };
    let keys = [key];
    let whole = verify(scheme, &keys, &headers, payload, &options).is_ok();
    let chunked = Verifier::new(scheme, &keys, &headers, &options).and_then(|mut verifier| {
        verifier.update(payload);
        verifier.finish()
    });
    whole && chunked.is_ok()
}

/// A header's text, kept without an allocator.
struct Text {
    bytes: [u8; 128],
    len: usize,
}

impl Text {
    fn written(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(core::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_for_bare_metal_also_works() {
        assert!(round_trip(b"a secret", b"{}", UnixTime::from_secs(1_712_419_200)));
        assert!(!round_trip(b"", b"{}", UnixTime::from_secs(0)));
    }
}
