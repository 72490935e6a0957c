//! Recordings of real programs, and the lazy screen held against the full one.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "terminal/copied.rs"]
mod copied;
#[path = "terminal/disk.rs"]
mod disk;
#[path = "terminal/fuzzed.rs"]
mod fuzzed;
#[path = "terminal/history.rs"]
mod history;
#[path = "terminal/hostile.rs"]
mod hostile;
#[path = "terminal/kept.rs"]
mod kept;
#[path = "terminal/lazy.rs"]
mod lazy;
#[path = "terminal/look.rs"]
mod look;
#[path = "terminal/promises.rs"]
mod promises;
#[path = "terminal/recordings.rs"]
mod recordings;
#[path = "terminal/screen.rs"]
mod screen;
#[path = "terminal/tally.rs"]
mod tally;
#[path = "terminal/verbatim.rs"]
mod verbatim;
