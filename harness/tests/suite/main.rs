//! The harness against receivers that are careful, careless in one way, or an example.

mod careless;
mod command;
mod example;
mod explain;
mod program;
#[cfg(unix)]
mod prompt;
mod receiver;
mod tls;
mod wire;
