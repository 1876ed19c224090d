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
pub fn round_trip(secret: &[u8], payload: &[u8], now: UnixTime, text: &mut impl Write) -> bool {
    let scheme = &providers::HUMIRIS.scheme;
    let Ok(key) = Key::new(secret, SecretFormat::Utf8) else {
        return false;
    };
    let Ok(signed) = sign(
        scheme,
        &key,
        payload,
        &Stamp {
            timestamp: now,
            id: None,
        },
    ) else {
        return false;
    };
    if write!(text, "{}", signed.signature()).is_err() {
        return false;
    }
    let options = Options {
        now,
        tolerance_secs: None,
    };
    let headers = |_: &str| None;
    let keys = [key];
    let whole = verify(scheme, &keys, headers, payload, &options).is_ok();
    let chunked = Verifier::new(scheme, &keys, headers, &options).map(|mut verifier| {
        verifier.update(payload);
        verifier.finish().is_ok()
    });
    whole && chunked == Ok(true)
}

/// Instantiates the above, so that it is compiled and not only checked.
pub fn entry(secret: &[u8], payload: &[u8]) -> bool {
    struct Nowhere;
    impl Write for Nowhere {
        fn write_str(&mut self, _: &str) -> core::fmt::Result {
            Ok(())
        }
    }
    round_trip(
        secret,
        payload,
        UnixTime::from_secs(1_712_419_200),
        &mut Nowhere,
    )
}
