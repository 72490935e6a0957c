//! The numbers of the signals that the supervisor sends itself, and the names that people read (`config`). Not: sending them.

pub use crate::config::signal::name;

/// Asks to end. The numbers up to 31 are those of Linux on x86 and ARM (signal(7)).
pub(super) const TERM: i32 = 15;

/// Ends, whatever the process thinks of it.
pub(super) const KILL: i32 = 9;
