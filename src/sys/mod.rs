//! The kernel's facilities, one file each. No decisions about jobs.
//!
//! * [`Nursery`]: the one thread that makes, signals, surveys and reaps every process; built from `spawn` (one process),
//!   `program` (which file a command means, and why it cannot be run), `user` (as whom it runs), `reap`, `signal`, `family`,
//!   `pid_file` and `vigil` (processes that are adopted), `stats` (what they use of the machine), and `proc` (what `/proc` says).
//! * [`Pty`], [`Pipe`]: a terminal or a pipe for a job; [`Feed`]: a pipe that is written into; by `line` with a reader thread on credit and a writer that never blocks.
//! * [`Books`]: files that streams of jobs are written into; `plain` takes escapes out.
//! * [`ask`]: questions to the world. [`Watch`], [`ClockSet`]: changes of files and of the wall clock.
//! * [`Tty`], [`Keys`], [`Painter`]: our own terminal: modes, keys, frames, Ctrl-Z.
//! * [`Clock`], [`Controller`], [`Lock`], [`Places`], [`limits`], [`random`], [`memory`], [`reason`].

mod book;
mod clock;
mod clock_set;
mod controller;
mod family;
mod feed;
mod keys;
pub mod limits;
mod line;
mod lock;
pub mod memory;
mod nursery;
mod paint;
mod pid_file;
mod pipe;
mod places;
mod plain;
mod probe;
mod proc;
mod program;
mod pty;
pub mod random;
mod reap;
mod reason;
pub mod signal;
mod spawn;
mod stats;
mod tty;
mod user;
mod vigil;
mod watch;
mod writable;

pub use book::{BookError, Books, Page};
pub use clock::Clock;
pub use clock_set::ClockSet;
pub use controller::Controller;
pub use family::{Family, Kin, Survey};
pub use feed::Feed;
pub use keys::{Key, Keys};
pub use limits::NoFile;
pub use line::{Buffer, Lane};
pub use lock::{FolderLock, Lock, LockError, holder_of};
pub use nursery::{News, Nursery};
pub use paint::{Painter, Submitted};
pub use pid_file::clear_pid_file;
pub use pipe::Pipe;
pub use places::{PlaceError, Places, project_id};
pub use probe::{Turns, ask};
pub use pty::{Pty, Slave};
pub use reason::reason;
pub use spawn::{Outlet, Outlets, Seat};
pub use tty::{Modes, Rescue, Suspended, Tty};
pub use watch::Watch;
pub use writable::obstacle;
