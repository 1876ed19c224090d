//! The module that verifies, digests and signs for JavaScript.
//!
//! Only numbers cross as arguments and results. Bytes are written to and read from the fixed memory that
//! `wasm/boundary` declares, so nothing is allocated and memory never grows. Nothing here decides anything: a call
//! reads the memory, asks the core, and writes its answer down.
//!
//! To verify: write a key's states for each secret ([`make_key`] makes them once); call [`set_scheme`] once and
//! [`open_scheme`], or [`open_form`]; then [`update`] for each piece of the payload but the last, and [`finish`]. Where
//! the runtime hashes faster than this module, [`seal`], [`begin`] and [`decide`] replace the last two. To sign: call
//! [`open_signing`], [`update`] and [`finish_signing`].
//!
//! A call that can be refused answers with a status of `hookproof_boundary::status`; the data of the error's row are
//! the answer's numbers. A number that an answer does not have is NaN.

// Elsewhere there is no JavaScript to call it, nor the SIMD that it uses.
#![cfg(target_arch = "wasm32")]
// Without std a panic is a trap and no more: the code that would print it triples the module.
#![cfg_attr(not(test), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "a sender must not be able to trap the module"
    )
)]

mod content_buffer;
mod digest;
mod session;
mod sign;
mod text;
mod verify;

use hookproof::scheme::SecretFormat;
use hookproof_boundary::status::{self, Status};
use session::{Answer, Clock, Session, session};
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(not(test))]
#[global_allocator]
static ALLOCATOR: lol_alloc::FailAllocator = lol_alloc::FailAllocator;

#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// The address of the memory that both sides share. Its fields are those of `hookproof_boundary::memory::Memory`.
#[wasm_bindgen]
pub fn memory_address() -> usize {
    session().memory_address()
}

/// Decodes and checks the scheme whose `bytes` bytes are in its field. Calls use it under this number, which is not 0.
#[wasm_bindgen]
pub fn set_scheme(number: u32, bytes: usize) -> Status {
    answered(|session| session.set_scheme(number, bytes))
}

/// Checks a tolerance against the scheme, for a caller who will pass it later. The numbers of the answer are the
/// tolerance in force, in seconds (the scheme's own or the default where the caller gives none; NaN where no time is
/// signed), and 1 or 0: whether the id is signed.
#[wasm_bindgen]
pub fn check_options(scheme: u32, has_tolerance: bool, tolerance_secs: f64) -> Status {
    answered(|session| {
        session.check_options(scheme, Clock::new(0.0, has_tolerance, tolerance_secs))
    })
}

/// Checks the number of secrets.
#[wasm_bindgen]
pub fn check_keys(keys: usize) -> Status {
    answered(|session| session.check_keys(keys))
}

/// Makes the key states of the text in the secret's field, at this index, and wipes the text.
#[wasm_bindgen]
pub fn make_key(index: usize, bytes: usize, format: usize) -> Status {
    let format = SecretFormat::ALL.get(format).copied().unwrap_or(SecretFormat::Utf8);
    answered(|session| session.make_key(index, bytes, format))
}

/// Checks a signature under a form. Where that is any form, the payload's first bytes must be in its field. The first
/// `keys` key states are used.
#[wasm_bindgen]
pub fn open_form(
    form: usize,
    keys: usize,
    signature_bytes: isize,
    first_bytes: usize,
    now: f64,
    has_tolerance: bool,
    tolerance_secs: f64,
) -> Status {
    let clock = Clock::new(now, has_tolerance, tolerance_secs);
    answered(|session| {
        session.open_form(status::form(form), keys, signature_bytes, first_bytes, clock)
    })
}

/// Checks the headers under the scheme. The lengths are those of the headers' values, or a number of
/// `hookproof_boundary::status` where there is no value.
#[wasm_bindgen]
#[expect(clippy::too_many_arguments, reason = "numbers are the fastest way across the boundary")]
pub fn open_scheme(
    scheme: u32,
    keys: usize,
    signature_bytes: isize,
    timestamp_bytes: isize,
    id_bytes: isize,
    now: f64,
    has_tolerance: bool,
    tolerance_secs: f64,
) -> Status {
    let headers = [signature_bytes, timestamp_bytes, id_bytes];
    answered(|session| {
        session.open_scheme(scheme, keys, headers, Clock::new(now, has_tolerance, tolerance_secs))
    })
}

/// Whether the payload's first `bytes` bytes may contain the replacement character. Where they do not, the text that
/// they were encoded from was well-formed.
#[wasm_bindgen]
pub fn may_contain_replacement(bytes: usize) -> bool {
    session().may_contain_replacement(bytes)
}

/// Writes UTF-8 after the payload's first `at` bytes, from `units` units of UTF-16 at the payload's end. Gives the
/// number of bytes written; a negative number for a text with an unpaired surrogate. There must be room for three bytes
/// a unit and one more unit.
#[wasm_bindgen]
pub fn encode_utf16(at: usize, units: usize) -> isize {
    session().encode_utf16(at, units)
}

/// Takes a piece of the payload that is not the last.
#[wasm_bindgen]
pub fn update(bytes: usize) {
    session().update(bytes);
}

/// Takes the last piece and gives the verdict. The numbers of the answer are the index of the secret that matched; the
/// timestamp; how many bytes of the id's header come before the id; how many after it.
#[wasm_bindgen]
pub fn finish(bytes: usize) -> Status {
    answered(|session| session.finish(bytes))
}

/// For a hash made outside: writes what is signed after the payload behind its last piece, and gives the length of the
/// two.
#[wasm_bindgen]
pub fn seal(bytes: usize) -> usize {
    session().seal(bytes)
}

/// For a hash made outside: writes the inner block of the key at this index before what is signed before the payload,
/// and gives its address. From there to the end of the payload's piece is what to hash.
#[wasm_bindgen]
pub fn begin(index: usize) -> usize {
    session().begin(index)
}

/// Gives the verdict as [`finish`] does, from the inner digests in their field, one for each key.
#[wasm_bindgen]
pub fn decide() -> Status {
    answered(|session| session.decide())
}

/// Starts to sign with the first key, under a form or, for any form, the scheme. The id is in its field.
#[wasm_bindgen]
pub fn open_signing(scheme: u32, form: usize, id_bytes: isize, timestamp: f64) -> Status {
    answered(|session| session.open_signing(scheme, status::form(form), id_bytes, timestamp))
}

/// Takes the last piece and writes the headers as text, a line `name: value` for each. The first number of the answer
/// is the text's length.
#[wasm_bindgen]
pub fn finish_signing(bytes: usize) -> Status {
    answered(|session| session.finish_signing(bytes))
}

/// Takes a piece of a payload whose digest is wanted.
#[wasm_bindgen]
pub fn digest(bytes: usize) {
    session().digest(bytes);
}

/// Ends the digest, writes it in hex as text, and gives the text's length.
#[wasm_bindgen]
pub fn finish_digest() -> usize {
    session().finish_digest()
}

/// Makes a call that may be refused, and writes its answer down.
#[inline(always)]
fn answered(call: impl FnOnce(&mut Session) -> Answer) -> Status {
    let mut session = session();
    let answer = call(&mut session);
    session.answer(answer)
}

#[cfg(feature = "injected-trap")]
mod injected_trap;

#[cfg(test)]
mod tests;
