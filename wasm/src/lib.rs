//! The door through which JavaScript reaches the core.
//!
//! Only numbers cross it. Bytes lie in fixed areas of linear memory, which JavaScript writes before a call
//! and reads after one, so nothing is allocated and memory never grows. Nothing here decides anything: a
//! body reads what lies in the areas, asks the core, and writes down what it answered.
//!
//! A conversation is: [`begin_scheme`] or [`begin_form`]; [`key`] for each secret; [`header`] for each
//! header; then [`open`], [`update`] for each chunk of the payload and [`finish`], or the same with
//! [`open_signing`] and [`finish_signing`]. A call that returns a number other than 0 has ended it: the
//! number less one is a row of the core's error table, whose data [`datum`] gives.

// Without std a panic is a trap and no more: the machinery that would print it triples the module.
#![cfg_attr(not(test), no_std)]

mod area;
mod door;
mod flat;

use door::{Clock, DOOR, Status};
use hookproof::{Form, Role};
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(not(test))]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[cfg(all(not(test), target_arch = "wasm32"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Where the area of this number begins in linear memory: 0 the scheme, 1 to 3 the headers of signature,
/// timestamp and id, 4 the secret, 5 a chunk of the payload, 6 what signing writes.
#[wasm_bindgen]
pub fn area(number: usize) -> usize {
    DOOR.with(|door| door.area(number).as_ptr().addr())
}

/// How many bytes the area of this number has; 0 where there is none.
#[wasm_bindgen]
pub fn area_bytes(number: usize) -> usize {
    DOOR.with(|door| door.area(number).len())
}

/// Begins anew with the scheme that lies in its area, for this many secrets.
#[wasm_bindgen]
pub fn begin_scheme(bytes: usize, secrets: usize) -> Status {
    DOOR.with(|door| door.begin(door::Choice::Scheme(bytes), secrets))
}

/// Begins anew with a form: 1 hex, 2 sha256, 3 timestamped, 0 whichever the signature's text is in.
#[wasm_bindgen]
pub fn begin_form(form: usize, secrets: usize) -> Status {
    let form = form.checked_sub(1).and_then(|form| Form::ALL.get(form).copied());
    DOOR.with(|door| door.begin(door::Choice::Form(form), secrets))
}

/// Checks the scheme and the tolerance held against it, for a caller who will use both later. After 0 the
/// data are 1 or 0: whether the MAC covers the timestamp; whether it covers the id.
#[wasm_bindgen]
pub fn check_scheme(has_tolerance: bool, tolerance_secs: f64) -> Status {
    let clock = Clock { now: 0.0, tolerance: has_tolerance.then_some(tolerance_secs) };
    DOOR.with(|door| door.check_scheme(clock))
}

/// Makes the next key of the text in the secret's area, and wipes the text.
#[wasm_bindgen]
pub fn key(bytes: usize) -> Status {
    DOOR.with(|door| door.key(bytes))
}

/// Ends a conversation that made keys and needs no verdict: forgets them.
#[wasm_bindgen]
pub fn end() {
    DOOR.with(|door| door.end());
}

/// Says what lies in a header's area: so many bytes; -1, there is no such header; -2, it is no one text.
#[wasm_bindgen]
pub fn header(role: usize, bytes: isize) {
    if let Some(role) = Role::ALL.get(role) {
        DOOR.with(|door| door.areas.set_header(*role, bytes));
    }
}

/// Checks the headers and starts the MACs. The first chunk, of so many bytes, lies in its area already.
#[wasm_bindgen]
pub fn open(
    now: f64,
    has_tolerance: bool,
    tolerance_secs: f64,
    first_chunk_bytes: usize,
) -> Status {
    let clock = Clock { now, tolerance: has_tolerance.then_some(tolerance_secs) };
    DOOR.with(|door| door.open(clock, first_chunk_bytes))
}

/// Takes in the chunk that lies in its area.
#[wasm_bindgen]
pub fn update(bytes: usize) {
    DOOR.with(|door| door.update(bytes));
}

/// Gives the verdict. After 0 the data are: which secret matched; the timestamp; where the id begins in
/// its area; how many bytes it has. What there is not is NaN.
#[wasm_bindgen]
pub fn finish() -> Status {
    DOOR.with(|door| door.finish())
}

/// Starts the MAC of the first key, for the id that lies in its area, if any.
#[wasm_bindgen]
pub fn open_signing(timestamp: f64) -> Status {
    DOOR.with(|door| door.open_signing(timestamp))
}

/// Writes the headers into the last area, a line `name: value` each; the first datum is their length.
#[wasm_bindgen]
pub fn finish_signing() -> Status {
    DOOR.with(|door| door.finish_signing())
}

/// Starts the digest of a payload, which [`update`] then feeds.
#[wasm_bindgen]
pub fn open_digest() {
    DOOR.with(|door| door.open_digest());
}

/// Writes the digest into the last area, in hex, and gives its length.
#[wasm_bindgen]
pub fn finish_digest() -> usize {
    DOOR.with(|door| door.finish_digest())
}

/// A number that belongs to the last answer.
#[wasm_bindgen]
pub fn datum(number: usize) -> f64 {
    DOOR.with(|door| door.datum(number))
}

#[cfg(feature = "injected-trap")]
mod injected_trap;

#[cfg(test)]
mod tests;
