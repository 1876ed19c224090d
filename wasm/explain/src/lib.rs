//! The door through which JavaScript reaches explanations and captures: a module of its own, loaded by
//! those who ask for it. Nothing is decided here.
//!
//! Only numbers cross it, as at the other door. A question is packed into the bytes that [`room`] gives the
//! place of; [`explain`] or [`parse_capture`] answers it; and the answer lies packed where [`answer`] says.

// Without std a panic is a trap and no more: what would print it is a tenth of the module.
#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod packed;

mod area {
    /// The most bytes of a scheme, as at the other door.
    pub(crate) const SCHEME_BYTES: usize = 4096;
}

mod door {
    /// A number of seconds, floored; `None` for what is none.
    pub(crate) fn seconds(number: f64) -> Option<u64> {
        (number >= 0.0).then_some(number as u64)
    }
}

// A scheme crosses both boundaries as the same bytes.
#[path = "../../src/flat.rs"]
mod flat;

use alloc::string::String;
use alloc::vec::Vec;

use door::seconds;
use hookproof::capture::{self, Capture};
use hookproof::explain::{Endpoint, Explanation, Options, Received};
use hookproof::scheme::{MAX_PARTS, Part};
use hookproof::{UnixTime, providers};
use packed::{Packed, Unpacked};
use spin::Mutex;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(all(not(test), target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[cfg(all(not(test), target_arch = "wasm32"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

static QUESTION: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ANSWER: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Makes room for a question of so many bytes, and says where in memory it is to be written.
#[wasm_bindgen]
pub fn room(bytes: usize) -> usize {
    let mut question = QUESTION.lock();
    *question = alloc::vec![0; bytes];
    question.as_mut_ptr().expose_provenance()
}

/// Where the answer begins.
#[wasm_bindgen]
pub fn answer() -> usize {
    ANSWER.lock().as_ptr().expose_provenance()
}

/// How many bytes the answer has.
#[wasm_bindgen]
pub fn answer_bytes() -> usize {
    ANSWER.lock().len()
}

/// Explains a delivery. The question is a list of hooks, each a scheme's bytes, a list of secrets and a
/// tolerance of eight bytes or none; the payload; and a list of headers' names and values. The answer is an
/// `Explanation`; where this gives false, the text of a scheme's error.
#[wasm_bindgen]
pub fn explain(now: f64, reveal_expected: bool) -> bool {
    let question = core::mem::take(&mut *QUESTION.lock());
    give(explanation(&question, now, reveal_expected))
}

/// Takes a capture apart: the question. The answer is its method, URL, headers and payload; where this gives
/// false, the text that says what was not understood.
#[wasm_bindgen]
pub fn parse_capture() -> bool {
    let capture = core::mem::take(&mut *QUESTION.lock());
    give(match capture::parse(&capture) {
        Ok(capture) => Ok(pack_capture(&capture)),
        Err(error) => Err(error.flaw.name().into()),
    })
}

fn give(answer: Result<Packed, String>) -> bool {
    let is_ok = answer.is_ok();
    *ANSWER.lock() = answer.map_or_else(String::into_bytes, Packed::into_bytes);
    is_ok
}

fn explanation(question: &[u8], now: f64, reveal_expected: bool) -> Result<Packed, String> {
    let mut question = Unpacked::new(question);
    let hooks = question.list(|hook| (hook.bytes(), hook.list(Unpacked::bytes), hook.bytes()));
    let payload = question.bytes();
    let headers = question.list(|header| (header.text(), header.bytes()));

    let mut parts = alloc::vec![[Part::Payload; MAX_PARTS + 1]; hooks.len()];
    let mut endpoints = Vec::new();
    for ((flat, secrets, tolerance), parts) in hooks.iter().zip(&mut parts) {
        let scheme = flat::read(flat, parts).map_err(|error| error.text())?;
        let tolerance = <[u8; 8]>::try_from(*tolerance).ok().map(f64::from_le_bytes);
        endpoints.push(Endpoint { scheme, secrets, tolerance_secs: tolerance.and_then(seconds) });
    }
    let Some((endpoint, others)) = endpoints.split_first() else {
        return Err("there is no hook".into());
    };
    let received = Received { headers: &headers, payload };
    let now = UnixTime::from_secs(seconds(now).ok_or("now is no number of seconds")?);
    let options = Options { now, table: providers::SCHEMES, reveal_expected };
    Ok(pack_explanation(&hookproof::explain::explain(endpoint, others, &received, &options)))
}

/// The fields in their order.
fn pack_explanation(explanation: &Explanation) -> Packed {
    let Explanation { cause, message, fix, evidence } = explanation;
    let mut packed = Packed::new();
    packed.texts(&[cause.code(), message, fix]);
    packed.flag(evidence.proven);
    packed.maybe_text(evidence.code);
    packed.text(&evidence.provider);
    packed.maybe_number(evidence.secret_index);
    packed.number(evidence.faults.len());
    for fault in &evidence.faults {
        packed.texts(&[fault.cause.code(), &fault.message, fault.fix]);
    }
    packed.flag(evidence.difference.is_some());
    if let Some(difference) = &evidence.difference {
        packed.number(difference.offset_bytes);
        packed.texts(&[&difference.received, &difference.signed]);
        packed.number(difference.received_bytes);
        packed.number(difference.signed_bytes);
    }
    packed.text(&evidence.content);
    packed.maybe_text(evidence.age.as_deref());
    packed.maybe_text(evidence.expected.as_deref());
    packed.number(evidence.ruled_out.len());
    packed.texts(&evidence.ruled_out);
    packed.number(evidence.macs_tried);
    packed.flag(evidence.complete);
    packed
}

fn pack_capture(capture: &Capture) -> Packed {
    let Capture { method, url, headers, payload } = capture;
    let mut packed = Packed::new();
    packed.texts(&[method, url]);
    packed.number(headers.len());
    for (name, value) in headers {
        packed.texts(&[name, value]);
    }
    packed.bytes(payload);
    packed
}
