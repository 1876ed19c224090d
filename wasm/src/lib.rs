//! The door through which JavaScript reaches the core.
//!
//! Only numbers cross it. Bytes lie in fixed areas of linear memory, which JavaScript writes before a call
//! and reads after one, so nothing is allocated and memory never grows. Nothing here decides anything: a
//! body reads what lies in the areas, asks the core, and writes down what it answered.
//!
//! A verification is: [`key`] for each secret that has no slot yet; [`open_form`], or [`use_scheme`] once and
//! [`open_scheme`]; [`update`] for each chunk of the payload but the last, and [`finish`]. Where the runtime
//! hashes faster than this module: [`begin`], [`seal`] and [`decide`] in place of the last two. Signing is
//! [`open_signing`], [`update`] and [`finish_signing`].
//!
//! Each call answers 0, or one more than the row of the core's error table, whose data are the answer's
//! numbers. What there is not is NaN.

// Elsewhere there is nothing to open it to, nor the SIMD that it is made of.
#![cfg(target_arch = "wasm32")]
// Without std a panic is a trap and no more: the machinery that would print it triples the module.
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

mod area;
mod door;
mod flat;
mod keys;
mod lanes;
mod replacement;
mod stage;
mod utf16;

use door::{Clock, Status, door};
use hookproof::Form;
use hookproof::scheme::SecretFormat;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(not(test))]
#[global_allocator]
static ALLOCATOR: lol_alloc::FailAllocator = lol_alloc::FailAllocator;

#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Where the area of this number begins in linear memory: 0 the scheme, 1 to 3 the headers of signature,
/// timestamp and id, 4 the secret, 5 the slots of the keys, 6 a chunk of the payload, 7 inner digests; and
/// what is read: 8 the text of an answer, 9 its numbers.
#[wasm_bindgen]
pub fn area(number: usize) -> usize {
    door().area(number).0
}

/// How many bytes the area of this number has; 0 where there is none.
#[wasm_bindgen]
pub fn area_bytes(number: usize) -> usize {
    door().area(number).1
}

/// Takes the scheme that lies in its area for the one that [`open_scheme`] and [`open_signing`] use. The
/// numbers of the answer are 1 or 0: whether the MAC covers the timestamp; whether it covers the id.
#[wasm_bindgen]
pub fn use_scheme(bytes: usize) -> Status {
    door().use_scheme(bytes)
}

/// Checks a tolerance against the scheme in use, for a caller who will pass it later. The data are the tolerance
/// that then holds, in seconds (the scheme's own or the common one where the caller names none), and whether the
/// id is signed.
#[wasm_bindgen]
pub fn check_options(has_tolerance: bool, tolerance_secs: f64) -> Status {
    door().check_options(clock(0.0, has_tolerance, tolerance_secs))
}

/// Checks how many secrets there are.
#[wasm_bindgen]
pub fn check_keys(keys: usize) -> Status {
    door().check_keys(keys)
}

/// Makes the key of the text in the secret's area, and wipes the text. The slot keeps it until the next.
/// Formats count from 0: utf8, base64, whsec.
#[wasm_bindgen]
pub fn key(slot: usize, bytes: usize, format: usize) -> Status {
    let format = SecretFormat::ALL.get(format).copied().unwrap_or(SecretFormat::Utf8);
    door().key(slot, bytes, format)
}

/// Checks a signature under a form: 1 hex, 2 sha256, 3 timestamped, 0 whichever it is in, for which the
/// payload's first bytes must lie in the chunk's area. `keys` many slots have been written.
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
    let clock = clock(now, has_tolerance, tolerance_secs);
    door().open_form(named(form), keys, signature_bytes, first_bytes, clock)
}

/// Checks the headers under the scheme in use. So many bytes of each lie in its area; -1, there is no such
/// header; -2, it is no one text.
#[wasm_bindgen]
pub fn open_scheme(
    keys: usize,
    signature_bytes: isize,
    timestamp_bytes: isize,
    id_bytes: isize,
    now: f64,
    has_tolerance: bool,
    tolerance_secs: f64,
) -> Status {
    let headers = [signature_bytes, timestamp_bytes, id_bytes];
    let clock = clock(now, has_tolerance, tolerance_secs);
    door().open_scheme(keys, headers, clock)
}

/// Whether so many bytes of the chunk may hold the replacement character. Where they do not, the text that they
/// are made of was well-formed.
#[wasm_bindgen]
pub fn may_hold_replacement(bytes: usize) -> bool {
    door().stage.may_hold_replacement(bytes)
}

/// Writes UTF-8 behind so many bytes of the chunk, of so many units of UTF-16 that lie at its end, and says how many
/// bytes they became; -2 for a text that holds half a surrogate pair. There must be room for three bytes a unit and
/// one more unit.
#[wasm_bindgen]
pub fn encode(behind: usize, units: usize) -> isize {
    door().stage.encode(behind, units)
}

/// Takes in a chunk of the payload that is not the last.
#[wasm_bindgen]
pub fn update(bytes: usize) {
    door().update(bytes);
}

/// Takes in the last chunk and gives the verdict. The numbers of the answer are which secret matched; the
/// timestamp; how many bytes of the id's header stand before the id; how many after it.
#[wasm_bindgen]
pub fn finish(bytes: usize) -> Status {
    door().finish(bytes)
}

/// For a hash made outside: lays the inner block of the key of this index before what stands before the
/// payload, and says where it begins. From there to the chunk's end is what to hash.
#[wasm_bindgen]
pub fn begin(index: usize) -> usize {
    door().begin(index)
}

/// Lays what stands after the payload behind its last chunk, and says how many bytes the two have.
#[wasm_bindgen]
pub fn seal(bytes: usize) -> usize {
    door().seal(bytes)
}

/// Gives the verdict like [`finish`], from the inner digests that lie in their area, one for each key.
#[wasm_bindgen]
pub fn decide() -> Status {
    door().decide()
}

/// Starts the MAC of the key in the first slot, under a form or, for 0, the scheme in use, for the id that
/// lies in its area.
#[wasm_bindgen]
pub fn open_signing(form: usize, id_bytes: isize, timestamp: f64) -> Status {
    door().open_signing(named(form), id_bytes, timestamp)
}

/// Takes in the last chunk and writes the headers, a line `name: value` each; the first number of the
/// answer is their length.
#[wasm_bindgen]
pub fn finish_signing(bytes: usize) -> Status {
    door().finish_signing(bytes)
}

/// Takes a chunk into the digest of a payload.
#[wasm_bindgen]
pub fn digest(bytes: usize) {
    door().digest(bytes);
}

/// Ends the digest, writes it in hex, and gives its length.
#[wasm_bindgen]
pub fn finish_digest() -> usize {
    door().finish_digest()
}

fn named(form: usize) -> Option<Form> {
    form.checked_sub(1).and_then(|form| Form::ALL.get(form).copied())
}

fn clock(now: f64, has_tolerance: bool, tolerance_secs: f64) -> Clock {
    Clock { now, tolerance: has_tolerance.then_some(tolerance_secs) }
}

#[cfg(feature = "injected-trap")]
mod injected_trap;

#[cfg(test)]
mod tests;
