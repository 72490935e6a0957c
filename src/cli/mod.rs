//! The words typed by a person: arguments, and the answers printed for them.
//!
//! * `args`: what may be typed. `main`: from the arguments to what is done.
//! * `run`, `check`, `init`: one verb each. `targets`: what the addresses mean. `outlook`: what the terminal can show.

mod args;
mod check;
mod init;
mod main;
mod outlook;
mod run;
mod targets;

pub use main::main;
