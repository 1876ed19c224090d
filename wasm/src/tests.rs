//! Conversations with the door, inside WebAssembly: `wasm-pack test --node wasm`.

use hookproof::{Error, Role};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::area::Areas;
use crate::door::{DOOR, Status};
use crate::*;

const SECRET: &[u8] = b"Jefe"; // RFC 4231, test case 2
const PAYLOAD: &[u8] = b"what do ya want for nothing?";
const TAG: &[u8] = b"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

/// Lays bytes in an area, as JavaScript does, and says how many.
fn lay(area: impl FnOnce(&mut Areas) -> &mut [u8], bytes: &[u8]) -> usize {
    DOOR.with(|door| area(door.areas)[..bytes.len()].copy_from_slice(bytes));
    bytes.len()
}

fn verify(form: usize, signature: &[u8], payload: &[u8]) -> Status {
    assert_eq!(begin_form(form, 1), 0);
    assert_eq!(key(lay(|areas| &mut areas.secret, SECRET)), 0);
    let bytes = lay(|areas| areas.header_mut(Role::Signature), signature);
    header(Role::Signature as usize, bytes as isize);
    let bytes = lay(|areas| &mut areas.chunk, payload);
    let opened = open(0.0, false, 0.0, bytes);
    if opened != 0 {
        return opened;
    }
    update(bytes);
    finish()
}

fn row(status: Status) -> &'static str {
    Error::ROWS[status - 1].0
}

#[wasm_bindgen_test]
fn a_conversation_ends_with_the_verdict() {
    assert_eq!(verify(1, TAG, PAYLOAD), 0);
    assert_eq!((datum(0), datum(1).is_nan()), (0.0, true), "the first secret; no timestamp");
    assert_eq!(verify(0, TAG, PAYLOAD), 0);
    assert_eq!(row(verify(1, TAG, b"nothing")), "SignatureMismatch");
    assert_eq!(row(verify(2, TAG, PAYLOAD)), "MalformedSignature");
    assert_eq!(row(verify(3, TAG, PAYLOAD)), "MalformedTimestamp");
    assert_eq!(row(verify(1, b" ", PAYLOAD)), "MissingHeader");
}

#[wasm_bindgen_test]
fn a_secret_is_wiped_from_its_area() {
    begin_form(1, 1);
    key(lay(|areas| &mut areas.secret, SECRET));
    DOOR.with(|door| assert!(door.areas.secret.iter().all(|byte| *byte == 0)));
}

#[wasm_bindgen_test]
fn calls_out_of_order_are_refused_and_not_traps() {
    begin_form(1, 0);
    assert_ne!(finish(), 0);
    assert_ne!(finish_signing(), 0);
    assert_ne!(open(0.0, false, 0.0, usize::MAX), 0, "no key was made");
    update(usize::MAX);
    header(99, 0);
    header(0, isize::MAX);
    assert_eq!((area_bytes(99), datum(99).is_nan()), (0, true));
    assert_eq!(finish_digest(), 0);
}

#[wasm_bindgen_test]
fn no_bytes_in_the_scheme_area_are_a_trap() {
    let mut state = 1_u32;
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..80)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Small numbers, so that many lengths fit.
                (state >> 24) as u8 % 12
            })
            .collect();
        begin_scheme(lay(|areas| &mut areas.scheme, &bytes), 1);
        assert_ne!(check_scheme(false, 0.0), 0);
    }
}
