//! A request that no provider makes, though its signature is right.

use super::expected::{Expected, OTHER_METHOD, TOO_LARGE};
use super::row::{ACCEPTED, Attack};
use crate::delivery::Writing;

/// More than any provider of the table sends. Its size is not a secret's business: whoever has the
/// secret can still send it by mistake, and whoever has not is read just as far.
const OVERSIZE_BYTES: usize = 32 * 1024 * 1024;

pub(super) const ROWS: &[Attack] = &[
    Attack {
        id: "oversize",
        title: "32 MiB",
        why: "A body is read before its sender is known: without a bound anyone can fill the memory.",
        expected: Expected::Refuse(TOO_LARGE),
        make: |scene| scene.noted(&vec![b'x'; OVERSIZE_BYTES]),
        ..ACCEPTED
    },
    Attack {
        id: "oversize-chunked",
        title: "32 MiB, chunked",
        why: "A bound on Content-Length bounds nothing where no length is given: count while reading.",
        expected: Expected::Refuse(TOO_LARGE),
        make: |scene| Ok(scene.noted(&vec![b'x'; OVERSIZE_BYTES])?.written(Writing::Chunked)),
        ..ACCEPTED
    },
    Attack {
        id: "method-put",
        title: "by PUT",
        why: "Webhooks come by POST: what takes any method takes what was meant for another handler.",
        expected: Expected::Refuse(OTHER_METHOD),
        make: |scene| Ok(scene.valid()?.written(Writing::Put)),
        ..ACCEPTED
    },
];
