//! The provider table: one row for each sender, and no code that knows any of them.

use crate::error::Error;
use crate::scheme::Scheme;

mod first_five;
mod provider;
mod vendors;

pub use first_five::{HUMIRIS, IMMUNE, IMMUTIS, IMTEGRATE, KYC};
pub use provider::{EventSource, Provider, Typed};
pub use vendors::{GITHUB, SHOPIFY, SLACK, STANDARD_WEBHOOKS, STRIPE};

macro_rules! table {
    ($($ROW:ident),+) => {
        /// Every row, in the order of the table.
        pub const ALL: &[Provider] = &[$($ROW),+];

        /// Every row's scheme, without the other facts.
        pub const SCHEMES: &[Scheme<'static>] = &[$($ROW.scheme),+];
    };
}

table!(IMMUTIS, IMMUNE, HUMIRIS, KYC, IMTEGRATE, STRIPE, GITHUB, SLACK, SHOPIFY, STANDARD_WEBHOOKS);

/// The row with this name.
///
/// # Errors
/// `unknown_provider`.
///
/// ```
/// use hookproof::providers;
///
/// assert_eq!(providers::by_name("kyc")?.scheme.signature.name, "X-Webhook-Signature");
/// assert_eq!(providers::by_name("acme").unwrap_err().code(), "unknown_provider");
/// # Ok::<(), hookproof::Error<'static>>(())
/// ```
pub fn by_name(name: &str) -> Result<&'static Provider, Error<'static>> {
    ALL.iter().find(|row| row.scheme.name == name).ok_or(Error::UnknownProvider {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_valid_and_its_name_is_its_own() {
        for (index, row) in ALL.iter().enumerate() {
            assert_eq!(row.scheme.validate(), Ok(()), "{}", row.title);
            let first = ALL.iter().position(|other| other.scheme.name == row.scheme.name);
            assert_eq!(first, Some(index), "{}", row.title);
            assert!(!row.docs.is_empty() && !row.events.is_empty(), "{}", row.title);
        }
    }
}
