//! The kernel's facilities, one file each. No decisions about jobs.
//!
//! * [`Nursery`]: the one thread that makes, signals, surveys and reaps every process; built from `spawn` (one process),
//!   `program` (which file a command means, and why it cannot be run), `reap`, `signal`, `family` and `proc` (what `/proc` says).
//! * [`Pty`]: a terminal for a job, with a reader thread on credit and a writer that never blocks.
//! * [`Tty`], [`Keys`], [`Painter`]: our own terminal: modes, keys, frames, Ctrl-Z.
//! * [`Clock`], [`Controller`], [`Lock`], [`Places`], [`limits`], [`random`], [`memory`], [`reason`].

mod clock;
mod controller;
mod family;
mod keys;
pub mod limits;
mod lock;
pub mod memory;
mod nursery;
mod paint;
mod places;
mod proc;
mod program;
mod pty;
pub mod random;
mod reap;
mod reason;
pub mod signal;
mod spawn;
mod tty;

pub use clock::Clock;
pub use controller::Controller;
pub use family::{Family, Kin, Survey};
pub use keys::{Key, Keys};
pub use limits::NoFile;
pub use lock::{Lock, LockError, holder_of};
pub use nursery::{News, Nursery};
pub use paint::{Painter, Submitted};
pub use places::{PlaceError, Places, project_id};
pub use pty::{Buffer, Lane, Pty, Slave};
pub use reason::reason;
pub use spawn::Seat;
pub use tty::{Modes, Rescue, Suspended, Tty};
