//! Conversations with the door, inside WebAssembly: `wasm-pack test --node wasm`.

use hookproof::{Error, Role};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::door::{Door, Status, door};
use crate::*;

const SECRET: &[u8] = b"Jefe"; // RFC 4231, test case 2
const PAYLOAD: &[u8] = b"what do ya want for nothing?";
const TAG: &[u8] = b"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

/// Lays bytes in an area, as JavaScript does, and says how many.
fn lay(area: impl FnOnce(&mut Door) -> &mut [u8], bytes: &[u8]) -> usize {
    area(&mut door())[..bytes.len()].copy_from_slice(bytes);
    bytes.len()
}

const UTF8: usize = 0;

fn verify(form: usize, signature: &[u8], payload: &[u8]) -> Status {
    assert_eq!(key(0, lay(|door| &mut door.areas.secret, SECRET), UTF8), 0);
    lay(|door| &mut door.areas.slots, &[0]);
    let signature_bytes = lay(|door| door.areas.header_mut(Role::Signature), signature);
    let bytes = lay(|door| door.stage.chunk_mut(), payload);
    let opened = open_form(form, 1, signature_bytes as isize, bytes, 0.0, false, 0.0);
    if opened != 0 { opened } else { finish(bytes) }
}

fn numbers() -> [f64; 4] {
    door().answers.data
}

const CHUNK: usize = 6;

fn row_of(name: &str) -> Status {
    Error::ROWS.iter().position(|row| row.0 == name).map_or(0, |row| row + 1)
}

fn row(status: Status) -> &'static str {
    Error::ROWS[status - 1].0
}

#[wasm_bindgen_test]
fn a_conversation_ends_with_the_verdict() {
    assert_eq!(verify(1, TAG, PAYLOAD), 0);
    let [secret_index, timestamp, ..] = numbers();
    assert_eq!((secret_index, timestamp.is_nan()), (0.0, true), "the first secret; no timestamp");
    assert_eq!(verify(0, TAG, PAYLOAD), 0);
    assert_eq!(row(verify(1, TAG, b"nothing")), "SignatureMismatch");
    assert_eq!(row(verify(2, TAG, PAYLOAD)), "MalformedSignature");
    assert_eq!(row(verify(3, TAG, PAYLOAD)), "MalformedTimestamp");
    assert_eq!(row(verify(1, b" ", PAYLOAD)), "MissingHeader");
}

#[wasm_bindgen_test]
fn a_secret_is_wiped_from_its_area() {
    key(0, lay(|door| &mut door.areas.secret, SECRET), UTF8);
    assert!(door().areas.secret.iter().all(|byte| *byte == 0));
}

#[wasm_bindgen_test]
fn calls_out_of_order_are_refused_and_not_traps() {
    assert_ne!(finish(0), 0);
    assert_ne!(decide(), 0);
    assert_ne!(finish_signing(0), 0);
    assert_ne!(open_scheme(1, 0, 0, 0, 0.0, false, 0.0), 0, "no scheme is in use");
    assert_ne!(open_form(1, 0, 0, usize::MAX, 0.0, false, 0.0), 0, "no key was made");
    assert_ne!(open_form(99, 9, isize::MAX, 0, f64::NAN, true, -1.0), 0);
    assert_eq!(key(0, usize::MAX, usize::MAX), row_of("LongSecret"));
    key(usize::MAX, 0, UTF8);
    update(usize::MAX);
    assert_eq!((begin(usize::MAX), seal(usize::MAX)), (0, area_bytes(CHUNK)));
    assert_eq!((area_bytes(99), finish_digest()), (0, 64));
}

#[wasm_bindgen_test]
fn an_empty_slot_is_no_key() {
    let tag_of_nothing = [b'0'; 64];
    let signature_bytes = lay(|door| door.areas.header_mut(Role::Signature), &tag_of_nothing);
    lay(|door| &mut door.areas.slots, &[63]);
    assert_eq!(open_form(1, 1, signature_bytes as isize, 0, 0.0, false, 0.0), 0);
    assert_eq!(row(finish(0)), "SignatureMismatch");
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
        assert_ne!(use_scheme(lay(|door| &mut door.areas.scheme, &bytes)), 0);
    }
}

#[wasm_bindgen_test]
fn a_replacement_character_is_noticed_wherever_it_lies() {
    for bytes in 3..100 {
        for at in 0..=bytes - 3 {
            let mut text = vec![b'x'; bytes];
            lay(|door| door.stage.chunk_mut(), &text);
            assert!(!may_hold_replacement(bytes), "{bytes} bytes without one");
            text[at..at + 3].copy_from_slice("\u{fffd}".as_bytes());
            lay(|door| door.stage.chunk_mut(), &text);
            assert!(may_hold_replacement(bytes), "at {at} of {bytes} bytes");
        }
    }
    assert!(!may_hold_replacement(0));
}

/// Lays units at the chunk's end and encodes them; `None` where they are no text.
fn encoded(units: &[u16]) -> Option<Vec<u8>> {
    let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let mut door = door();
    let chunk = door.stage.chunk_mut();
    let at = chunk.len() - bytes.len();
    chunk[at..].copy_from_slice(&bytes);
    // Wherever it is written, what stands before is left alone.
    let behind = units.len() % 5;
    let before = door.stage.chunk()[..behind].to_vec();
    let written = usize::try_from(door.stage.encode(behind, units.len())).ok();
    assert_eq!(door.stage.chunk()[..behind], before);
    written.map(|written| door.stage.chunk()[behind..behind + written].to_vec())
}

#[wasm_bindgen_test]
fn every_unit_is_encoded_as_std_does_wherever_it_stands() {
    for unit in 0..=u16::MAX {
        for before in [0, 1, 7, 8] {
            for filling in ['x', 'é', '漢'].map(|filling| filling as u16) {
                let mut units = vec![filling; before];
                units.push(unit);
                units.extend([filling; 8]);
                let expected = String::from_utf16(&units).ok().map(String::into_bytes);
                assert_eq!(encoded(&units), expected, "{unit:x} behind {before} of {filling:x}");
            }
        }
    }
}

#[wasm_bindgen_test]
fn units_in_any_order_are_encoded_as_std_does() {
    let some = [
        'a',
        '\0',
        '\x7f',
        '\u{80}',
        'é',
        '\u{7ff}',
        '\u{800}',
        '漢',
        '\u{ffff}',
        '😀',
        '\u{10ffff}',
    ];
    let mut state = 1_u32;
    let mut next = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    for _ in 0..20_000 {
        let (length, kinds) = (next(60), 1 + next(some.len() as u32));
        let text: String = (0..length).map(|_| some[next(kinds) as usize]).collect();
        let mut units: Vec<u16> = text.encode_utf16().collect();
        assert_eq!(encoded(&units), Some(text.into_bytes()));
        // Without one of its units it may be a text no longer.
        if !units.is_empty() {
            units.remove(next(units.len() as u32) as usize);
            assert_eq!(encoded(&units), String::from_utf16(&units).ok().map(String::into_bytes));
        }
    }
}

#[wasm_bindgen_test]
fn as_many_units_are_encoded_as_have_room_for_three_bytes_each() {
    // A multiple of five, so that all of the chunk is free.
    let most = (area_bytes(CHUNK) / 3 - 1) / 5 * 5;
    for character in ['x', 'é', '漢'] {
        let text = String::from(character).repeat(most);
        let units: Vec<u16> = text.encode_utf16().collect();
        assert_eq!(encoded(&units), Some(text.into_bytes()));
    }
    let all = area_bytes(CHUNK) / 3;
    for (behind, units) in [(0, all), (1, all - 1), (3 * all, 0), (usize::MAX, 0), (0, usize::MAX)]
    {
        assert!(door().stage.encode(behind, units) < 0, "{units} units behind {behind} bytes");
    }
}
