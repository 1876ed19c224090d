//! The door through which JavaScript reaches explanations and captures: a module of its own, loaded by
//! those who ask for it. Rich values cross it; nothing is decided here.

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

use door::seconds;
use hookproof::capture::{self, Capture};
use hookproof::explain::{Endpoint, Options, Received};
use hookproof::{UnixTime, providers};
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A hook as it crosses: its scheme's bytes, its secrets' bytes, its tolerance in seconds if it has one.
struct Hook {
    flat: Vec<u8>,
    secrets: Vec<Vec<u8>>,
    tolerance_secs: Option<f64>,
}

/// Explains a delivery. `hooks` are `[flat, secrets, toleranceSeconds]`, `headers` pairs of name and value
/// in bytes; the answer is an `Explanation`. What is wrong with a scheme is thrown as its error's text.
#[wasm_bindgen]
pub fn explain(
    hooks: &Array,
    payload: &[u8],
    headers: &Array,
    now: f64,
    reveal_expected: bool,
    reveal_signed: bool,
) -> Result<JsValue, JsValue> {
    let hooks: Vec<Hook> = hooks.iter().map(|hook| Hook::read(&Array::from(&hook))).collect();
    let mut parts = vec![flat::NO_PARTS; hooks.len()];
    let secrets: Vec<Vec<&[u8]>> =
        hooks.iter().map(|hook| hook.secrets.iter().map(Vec::as_slice).collect()).collect();
    let mut endpoints = Vec::new();
    for ((hook, parts), secrets) in hooks.iter().zip(&mut parts).zip(&secrets) {
        let scheme = flat::read(&hook.flat, parts).map_err(|error| error.to_string())?;
        let tolerance_secs = hook.tolerance_secs.and_then(seconds);
        endpoints.push(Endpoint { scheme, secrets, tolerance_secs });
    }
    let Some((endpoint, others)) = endpoints.split_first() else {
        return Err("there is no hook".into());
    };
    let headers: Vec<(String, Vec<u8>)> =
        headers.iter().map(|pair| read_header(&Array::from(&pair))).collect();
    let headers: Vec<(&str, &[u8])> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
    let received = Received { headers: &headers, payload };
    let now = UnixTime::from_secs(seconds(now).ok_or("now is no number of seconds")?);
    let options = Options { now, table: providers::SCHEMES, reveal_expected, reveal_signed };
    cross(&hookproof::explain::explain(endpoint, others, &received, &options))
}

/// Takes a capture apart: `{ method, url, headers, payload }`. What was not understood is thrown as text.
#[wasm_bindgen(js_name = parseCapture)]
pub fn parse_capture(capture: &[u8]) -> Result<JsValue, JsValue> {
    let Capture { method, url, headers, payload } =
        capture::parse(capture).map_err(|error| error.to_string())?;
    let value = cross(&Head { method, url, headers })?;
    let payload = Uint8Array::from(payload.as_slice());
    js_sys::Reflect::set(&value, &"payload".into(), &payload)?;
    Ok(value)
}

/// A capture without its payload, whose bytes cross as such.
#[derive(Serialize)]
struct Head {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
}

impl Hook {
    fn read(hook: &Array) -> Self {
        let secrets = Array::from(&hook.get(1));
        Self {
            flat: bytes(&hook.get(0)),
            secrets: secrets.iter().map(|secret| bytes(&secret)).collect(),
            tolerance_secs: hook.get(2).as_f64(),
        }
    }
}

fn read_header(pair: &Array) -> (String, Vec<u8>) {
    (pair.get(0).as_string().unwrap_or_default(), bytes(&pair.get(1)))
}

fn bytes(value: &JsValue) -> Vec<u8> {
    Uint8Array::new(value).to_vec()
}

/// Plain objects, and null where there is nothing.
fn cross(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = Serializer::new().serialize_missing_as_null(true);
    Ok(value.serialize(&serializer)?)
}
