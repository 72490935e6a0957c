//! What should happen: the supervisor as a pure state machine. No IO, clocks, threads, locks or randomness.

mod command;
mod effect;
mod event;
mod exit;
mod id;
pub mod script;
mod time;
mod view;

pub use command::{Command, Target};
pub use effect::{Delivery, Effect, HookKind, Launch, Record, RecordKind};
pub use event::{Event, SpawnError, StepMark};
pub use exit::Exit;
pub use id::{InstanceId, Nonce, RunId, Size};
pub use time::{Now, Time, Wall};
pub use view::{
    InstanceView, Next, NextKind, Overview, Quitting, RunView, State, StepState, StepView, Survivor,
    SystemView, View,
};
