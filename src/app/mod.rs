//! The loop that ties the rooms together and performs effects. Decisions about jobs belong to the model, not here.
//!
//! * `start`: what is built once, in the order in which it depends on each other.
//! * `run`: the loop. `inbox` and `message`: the two lanes into it. `signals`: what the kernel tells zap itself.
//! * `engine`: the model with its hands. `perform`: the one place that performs an effect. `output`: bytes of jobs.
//! * `eye`: who watches: `screen` draws, `lines` prints, by `printer`. `canvas`: where a frame is drawn to.
//! * `streams`: what a run prints elsewhere than into its terminal. `ear`: listens to lines. `background`: waits for the world.
//! * `log`: zap's own log. `last_resort`: what happens to the jobs when zap itself is broken.

mod background;
mod canvas;
mod ear;
mod engine;
mod eye;
mod inbox;
mod last_resort;
mod lines;
mod log;
mod message;
mod output;
mod perform;
mod printer;
mod run;
mod screen;
mod signals;
mod start;
mod streams;

pub use eye::Watch;
pub use lines::Ink;
pub use start::{Order, RunError, start};
