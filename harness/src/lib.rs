//! The harness: shows that an endpoint lets in what its provider signed, and nothing else.
//!
//! It knows no provider and no scheme. What a provider sends it reads from the core's table, and it signs
//! through the core.

pub mod attack;
pub mod check;
pub mod columns;
pub mod curl;
pub mod delivery;
mod effect;
pub mod endpoint;
pub mod explanation;
pub mod finding;
mod forge;
pub mod input;
pub mod json;
pub mod judge;
pub mod load;
pub mod observe;
pub mod pen;
mod prompt;
pub mod report;
pub mod retry;
pub mod route;
pub mod row;
pub mod secret;
pub mod sender;
pub mod target;
pub mod timing;
mod trial;
pub mod wire;
