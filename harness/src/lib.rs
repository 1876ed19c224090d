//! The harness: shows that an endpoint lets in what its provider signed, and nothing else.
//!
//! It knows no provider and no scheme. What a provider sends it reads from the core's table, and it signs
//! through the core.

pub mod attack;
pub mod check;
pub mod delivery;
pub mod report;
pub mod secret;
pub mod send;
pub mod target;
