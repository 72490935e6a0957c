//! The kernel's facilities, one file each. No decisions about jobs.
//!
//! * [`Nursery`]: the one thread that makes, signals, surveys and reaps every process; built from `spawn` (one process),
//!   `program` (which file a command means, and why it cannot be run), `reap`, `signal`, `family` and `proc` (what `/proc` says).
//! * [`Pty`]: a terminal for a job, with a reader thread on credit and a writer that never blocks.
//! * [`Tty`], [`Keys`], [`Painter`]: our own terminal: modes, keys, frames, Ctrl-Z.
//! * [`Clock`], [`Lock`], [`Places`], [`limits`], [`random`], [`memory`], [`reason`].

mod book;
mod clock;
mod family;
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
mod tty;
mod user;
mod vigil;

pub use book::{BookError, Books, Page};
pub use clock::Clock;
pub use family::{Family, Kin, Survey};
pub use keys::{Key, Keys};
pub use limits::NoFile;
pub use line::{Buffer, Lane};
pub use lock::{Lock, LockError};
pub use nursery::{News, Nursery};
pub use paint::{Painter, Submitted};
pub use pid_file::clear_pid_file;
pub use pipe::Pipe;
pub use places::{PlaceError, Places, project_id};
pub use probe::ask;
pub use pty::{Pty, Slave};
pub use reason::reason;
pub use spawn::{Outlet, Outlets, Seat};
pub use tty::{Modes, Rescue, Suspended, Tty};
