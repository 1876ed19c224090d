//! The harness against receivers that are careful, careless in one way, or an example.

mod careless;
mod command;
mod example;
mod explain;
mod program;
mod receiver;
mod wire;
