//! A trap on request, in a build that no one ships: the tests show with it that the call after a trap is
//! as good as the first.

/// The payload that springs it.
const REQUEST: &[u8] = b"trap";

/// Panics within a deep frame, as the worst of faults would.
#[inline(never)]
pub(crate) fn spring(payload: &[u8]) {
    if payload.starts_with(REQUEST) {
        let frame = core::hint::black_box([0_u8; 32 * 1024]);
        assert!(frame.is_empty(), "the trap that was asked for");
    }
}
