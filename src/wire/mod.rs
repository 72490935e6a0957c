//! The private socket by which others talk to a zap that runs. Not: what is asked of jobs and decided about them.
//!
//! * [`Ask`] and [`Answer`] are the messages; [`Status`], [`Entry`] and their parts what is told of jobs. Fields are only ever
//!   added, and unknown ones ignored.
//! * `frame`: one JSON object on a line, of bounded length. `socket`: where it is, and whether it is private.
//! * [`serve`] answers from the side of the zap that runs, by [`Caller`]; [`Client`] asks from the other side.

mod client;
mod entry;
mod frame;
mod message;
mod server;
mod socket;
mod status;

pub use client::{Client, ClientError};
pub use entry::{Entry, Kind};
pub use message::{Answer, Ask, Deed, Did, Greeting, Leaving, Link, NoTarget, PROTOCOL, Question, Reloaded};
pub use server::{Asked, Backlog, Caller, Service, serve};
pub use socket::{NotPrivate, bind, unbind};
pub use status::{Ended, JobStatus, Status, StepStatus, SystemStatus, Unseen, ZapStatus};
