//! The attack table: the deliveries that are sent to an endpoint, and what a careful endpoint does with them.

mod expected;
mod need;
mod payload;
mod repeat;
mod request;
mod row;
mod scene;
mod signature;
mod time;
mod valid;

pub(crate) use expected::OTHER_METHOD;
pub use expected::{Expected, Refusal};
#[cfg(test)]
pub(crate) use expected::{TOO_LARGE, UNAUTHENTIC};
pub use need::Need;
pub use row::Attack;
pub use scene::Scene;

/// Every attack, in the order in which they are sent.
pub fn all() -> impl Iterator<Item = &'static Attack> + Clone {
    [valid::ROWS, payload::ROWS, signature::ROWS, time::ROWS, repeat::ROWS, request::ROWS]
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests;
