//! The module that explains deliveries and reads captures for JavaScript, loaded only by those who ask for it. Rich values cross it; nothing is decided here.

mod value;

use hookproof::capture::{self, Capture};
use hookproof::explain::{Endpoint, Options, Received};
use hookproof::{UnixTime, providers};
use hookproof_boundary::scheme::{DecodedScheme, NO_PARTS, Names};
use hookproof_boundary::status::seconds;
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use value::Value;
use wasm_bindgen::prelude::*;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Explains a delivery. Of each hook come the tolerance in seconds (an `f64`, little endian, and no number
/// where there is none), the scheme and the secrets, of each header name and value, all of it in bytes; the
/// answer is an `Explanation`, or the text of the error where a scheme or the time is wrong. Nothing is thrown but
/// what ends this instance.
#[wasm_bindgen]
pub fn explain(
    hooks: &Array,
    payload: &[u8],
    headers: &Array,
    now: f64,
    reveal_expected: bool,
    reveal_signed: bool,
) -> JsValue {
    let reveal = [reveal_expected, reveal_signed];
    try_explain(hooks, payload, headers, now, reveal).unwrap_or_else(|refusal| refusal)
}

fn try_explain(
    hooks: &Array,
    payload: &[u8],
    headers: &Array,
    now: f64,
    [reveal_expected, reveal_signed]: [bool; 2],
) -> Result<JsValue, JsValue> {
    let hooks = lists(hooks);
    let hooks: Vec<Vec<&[u8]>> =
        hooks.iter().map(|hook| hook.iter().map(Vec::as_slice).collect()).collect();
    let mut parts = vec![NO_PARTS; hooks.len()];
    let mut endpoints = Vec::new();
    for (hook, parts) in hooks.iter().zip(&mut parts) {
        if let [tolerance, scheme, secrets @ ..] = hook.as_slice() {
            let decoded = DecodedScheme::decode(scheme).map_err(|error| error.to_string())?;
            let scheme = decoded.scheme(scheme, Names::Read, parts);
            let tolerance = tolerance.first_chunk().map(|bytes| f64::from_le_bytes(*bytes));
            endpoints.push(Endpoint {
                scheme,
                secrets,
                tolerance_secs: tolerance.and_then(seconds),
            });
        }
    }
    let Some((endpoint, others)) = endpoints.split_first() else {
        return Err("there is no hook".into());
    };
    let pairs = lists(headers);
    let mut headers = Vec::new();
    for pair in &pairs {
        if let [name, value] = pair.as_slice() {
            headers.push((core::str::from_utf8(name).unwrap_or_default(), value.as_slice()));
        }
    }
    let received = Received { headers: &headers, payload };
    let now = UnixTime::from_secs(seconds(now).ok_or("now is no number of seconds")?);
    let options = Options { now, table: providers::SCHEMES, reveal_expected, reveal_signed };
    let explanation = hookproof::explain::explain(endpoint, others, &received, &options);
    cross(&value::explanation(&explanation))
}

/// Takes a capture apart: `{ method, url, headers, payload }`, or a text that names what was not understood.
#[wasm_bindgen(js_name = parseCapture)]
pub fn parse_capture(capture: &[u8]) -> JsValue {
    try_parse_capture(capture).unwrap_or_else(|refusal| refusal)
}

fn try_parse_capture(capture: &[u8]) -> Result<JsValue, JsValue> {
    let Capture { method, url, headers, payload } =
        &capture::parse(capture).map_err(|error| error.flaw.name())?;
    let pair = |(name, value)| Value::List(vec![Value::Text(name), Value::Text(value)]);
    let headers = headers.iter().map(|(name, value)| pair((name, value)));
    cross(&Value::Object(vec![
        ("method", Value::Text(method)),
        ("url", Value::Text(url)),
        ("headers", Value::List(headers.collect())),
        ("payload", Value::Bytes(payload)),
    ]))
}

/// Takes lists of bytes off the boundary.
fn lists(lists: &Array) -> Vec<Vec<Vec<u8>>> {
    let bytes = |each| Uint8Array::new(&each).to_vec();
    lists.iter().map(|list| Array::from(&list).iter().map(bytes).collect()).collect()
}

/// Plain objects, and null where there is nothing.
fn cross(value: &Value<'_>) -> Result<JsValue, JsValue> {
    let serializer = Serializer::json_compatible().serialize_bytes_as_arrays(false);
    Ok(value.serialize(&serializer)?)
}
