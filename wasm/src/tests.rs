//! The calls, inside WebAssembly: `wasm-pack test --node wasm`.

use hookproof::Error;
use hookproof::providers;
use hookproof::scheme::Layout;
use hookproof_boundary::memory::{Memory, PAYLOAD_AT, PAYLOAD_BYTES};
use hookproof_boundary::scheme::encode;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::text::scalar;
use crate::*;

const SECRET: &[u8] = b"Jefe"; // RFC 4231, test case 2
const PAYLOAD: &[u8] = b"what do ya want for nothing?";
const TAG: &[u8] = b"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

/// Writes bytes to a field, as JavaScript does, and gives their number.
fn write(field: impl FnOnce(&mut Memory) -> &mut [u8], bytes: &[u8]) -> usize {
    field(&mut session().memory)[..bytes.len()].copy_from_slice(bytes);
    bytes.len()
}

fn payload(memory: &mut Memory) -> &mut [u8] {
    &mut memory.content[PAYLOAD_AT..PAYLOAD_AT + PAYLOAD_BYTES]
}

fn make_first_key() -> Status {
    make_key(0, write(|memory| &mut memory.secret, SECRET), UTF8)
}

const UTF8: usize = 0;

fn verify(form: usize, signature: &[u8], bytes: &[u8]) -> Status {
    assert_eq!(make_first_key(), 0);
    let signature_bytes = write(|memory| &mut memory.signature, signature);
    let bytes = write(payload, bytes);
    let opened = open_form(form, 1, signature_bytes as isize, bytes, 0.0, false, 0.0);
    if opened != 0 { opened } else { finish(bytes) }
}

fn numbers() -> [f64; 4] {
    session().memory.numbers
}

fn row_of(name: &str) -> Status {
    Error::ROWS.iter().position(|row| row.0 == name).map_or(0, |row| row + 1)
}

fn row(status: Status) -> &'static str {
    Error::ROWS[status - 1].0
}

#[wasm_bindgen_test]
fn a_verification_ends_with_the_verdict() {
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
fn a_secret_is_wiped_from_its_field() {
    make_first_key();
    assert!(session().memory.secret.iter().all(|byte| *byte == 0));
}

#[wasm_bindgen_test]
fn calls_out_of_order_are_refused_and_not_traps() {
    assert_ne!(finish(0), 0);
    assert_ne!(decide(), 0);
    assert_ne!(finish_signing(0), 0);
    assert_ne!(open_form(1, 0, 0, usize::MAX, 0.0, false, 0.0), 0, "no key was made");
    assert_ne!(open_form(99, 9, isize::MAX, 0, f64::NAN, true, -1.0), 0);
    assert_eq!(make_key(0, usize::MAX, usize::MAX), row_of("LongSecret"));
    assert_eq!(make_key(8, 0, UTF8), row_of("SecretCount"));
    assert_eq!(make_key(usize::MAX, 0, UTF8), row_of("SecretCount"));
    update(usize::MAX);
    assert_eq!((begin(usize::MAX), seal(usize::MAX)), (0, PAYLOAD_BYTES));
    assert_eq!(finish_digest(), 64);
}

#[wasm_bindgen_test]
fn no_tag_is_made_without_a_key() {
    session().memory.keys.iter_mut().for_each(hookproof::parts::KeyStates::clear);
    let tag_of_nothing = [b'0'; 64];
    let signature_bytes = write(|memory| &mut memory.signature, &tag_of_nothing) as isize;
    for end in [|| finish(0), || decide()] {
        assert_eq!(open_form(1, 1, signature_bytes, 0, 0.0, false, 0.0), 0);
        assert_eq!(row(end()), "SignatureMismatch");
    }
}

#[wasm_bindgen_test]
fn a_scheme_is_decoded_once_and_used_by_its_number() {
    let mut encoded = Vec::new();
    encode(&providers::GITHUB.scheme, &mut |byte| encoded.push(byte));
    let set = set_scheme(7, write(|memory| &mut memory.scheme, &encoded));
    assert_eq!(set, 0);
    assert_eq!(check_options(7, false, 0.0), 0);
    make_first_key();
    let Layout::Prefix(prefix) = providers::GITHUB.scheme.signature.layout else {
        panic!("the row has a prefix")
    };
    let signature = [prefix.as_bytes(), TAG].concat();
    let signature_bytes = write(|memory| &mut memory.signature, &signature) as isize;
    for _ in 0..2 {
        assert_eq!(open_scheme(7, 1, signature_bytes, -1, -1, 0.0, false, 0.0), 0);
        assert_eq!(finish(write(payload, PAYLOAD)), 0);
    }
}

#[wasm_bindgen_test]
fn no_bytes_in_the_scheme_field_are_a_trap() {
    let mut state = 1_u32;
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..80)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Small numbers, so that many lengths fit.
                (state >> 24) as u8 % 12
            })
            .collect();
        assert_ne!(set_scheme(1, write(|memory| &mut memory.scheme, &bytes)), 0);
    }
}

#[wasm_bindgen_test]
fn a_replacement_character_is_found_wherever_it_is() {
    for bytes in 3..100 {
        for at in 0..=bytes - 3 {
            let mut text = vec![b'x'; bytes];
            write(payload, &text);
            assert!(!may_contain_replacement(bytes), "{bytes} bytes without one");
            text[at..at + 3].copy_from_slice("\u{fffd}".as_bytes());
            write(payload, &text);
            assert!(scalar::holds_replacement(&text));
            assert!(may_contain_replacement(bytes), "at {at} of {bytes} bytes");
        }
    }
    assert!(!may_contain_replacement(0));
}

/// Writes units at the payload's end and encodes them; `None` where they are not text.
fn encoded(units: &[u16]) -> Option<Vec<u8>> {
    let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let mut session = session();
    let field = payload(&mut session.memory);
    let at = field.len() - bytes.len();
    field[at..].copy_from_slice(&bytes);
    // Wherever it is written, the bytes before are left alone.
    let behind = units.len() % 5;
    let before = field[..behind].to_vec();
    let written = usize::try_from(session.encode_utf16(behind, units.len())).ok();
    let field = payload(&mut session.memory);
    assert_eq!(field[..behind], before);
    written.map(|written| field[behind..behind + written].to_vec())
}

#[wasm_bindgen_test]
fn every_unit_in_every_place_is_encoded_as_in_scalar_code() {
    for unit in 0..=u16::MAX {
        for before in [0, 1, 7, 8] {
            for filling in ['x', 'é', '漢'].map(|filling| filling as u16) {
                let mut units = vec![filling; before];
                units.push(unit);
                units.extend([filling; 8]);
                let expected = scalar::encode(&units);
                assert_eq!(encoded(&units), expected, "{unit:x} behind {before} of {filling:x}");
            }
        }
    }
}

#[wasm_bindgen_test]
fn units_in_any_order_are_encoded_as_in_scalar_code() {
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
        // Without one of its units it may not be text.
        if !units.is_empty() {
            units.remove(next(units.len() as u32) as usize);
            assert_eq!(encoded(&units), scalar::encode(&units));
        }
    }
}

#[wasm_bindgen_test]
fn units_are_encoded_while_there_is_room_for_three_bytes_each() {
    // A multiple of five, so that all of the payload's field is free.
    let most = (PAYLOAD_BYTES / 3 - 1) / 5 * 5;
    for character in ['x', 'é', '漢'] {
        let text = String::from(character).repeat(most);
        let units: Vec<u16> = text.encode_utf16().collect();
        assert_eq!(encoded(&units), Some(text.into_bytes()));
    }
    let all = PAYLOAD_BYTES / 3;
    for (behind, units) in [(0, all), (1, all - 1), (3 * all, 0), (usize::MAX, 0), (0, usize::MAX)]
    {
        assert!(session().encode_utf16(behind, units) < 0, "{units} units behind {behind} bytes");
    }
}
