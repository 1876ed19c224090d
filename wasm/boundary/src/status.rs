//! The numbers that calls answer with, and those that mean that there is nothing.

use hookproof::{Error, Form};

/// [`OK`], or one more than the row of the core's error table.
pub type Status = usize;

/// The call succeeded.
pub const OK: Status = 0;

/// In place of a header's length: there is no such header.
pub const MISSING: isize = -1;

/// In place of a length: the value is not one well-formed text. So is any other negative number.
pub const NOT_TEXT: isize = -2;

/// In place of a form: whichever form the signature is in. The forms are counted from 1.
pub const ANY_FORM: usize = 0;

/// An error as it crosses: JavaScript makes its text from tables of the same rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: Status,
    /// The data of the error's row.
    pub data: [u64; 2],
}

impl From<Error<'_>> for Refusal {
    // Not copied into its callers, because it is long.
    #[inline(never)]
    fn from(error: Error<'_>) -> Self {
        let (row, data) = error.row();
        Self { status: row + 1, data }
    }
}

/// The form of this number, and `None` for [`ANY_FORM`].
pub fn form(number: usize) -> Option<Form> {
    number.checked_sub(ANY_FORM + 1).and_then(|row| Form::ALL.get(row).copied())
}

/// The number of a form.
pub fn number_of(form: Form) -> usize {
    form as usize + ANY_FORM + 1
}

/// Whole seconds, rounded down. `None` for NaN and negative numbers; infinity becomes the largest number.
pub fn seconds(seconds: f64) -> Option<u64> {
    // A cast saturates at the largest value.
    (seconds >= 0.0).then_some(seconds as u64)
}
