//! The words typed by a person: arguments, and the answers printed for them.
//!
//! * `args`: what may be typed. `main`: from the arguments to what is done.
//! * `run`, `check`, `init`: one verb each. `targets`: what the addresses mean. `outlook`: what the terminal can show.
//! * `verbs`: what is asked of a zap that runs, by a `call`. `status`, `report`: how its answers are printed.

mod args;
mod call;
mod check;
mod init;
mod main;
mod outlook;
mod report;
mod run;
mod status;
mod targets;
mod verbs;

pub use main::main;
