//! zap: a full-screen supervisor for a developer's terminal.
//!
//! # Layout, from the ground up
//!
//! * [`problem`]: a problem in a text, with its place; how it is printed.
//! * [`config`]: what was asked: `systems.toml` and themes, read into a checked [`config::Plan`].
//! * [`model`]: what should happen: the supervisor as a pure state machine.
//! * [`terminal`]: bytes into cells and lines: filter, lazy screen, history, search, keys.
//! * [`insight`]: what output means: lines in, notices out.
//! * [`sys`]: one file for each facility of the kernel.
//! * [`wire`]: the socket by which others talk to a zap that runs.
//! * [`ui`]: what one pair of eyes sees and types.
//! * [`app`]: the loop that ties them together and performs effects.
//! * [`cli`]: the words typed by a person.
//!
//! `tests/layers.rs` holds the table of who may import whom.

pub mod app;
pub mod cli;
pub mod config;
pub mod insight;
pub mod model;
pub mod problem;
pub mod sys;
pub mod terminal;
pub mod ui;
pub mod wire;
