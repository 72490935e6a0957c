//! The loop that ties the rooms together and performs effects. Decisions about jobs belong to the model, not here.
//!
//! * `start`: what is built once, in the order in which it depends on each other.
//! * `run`: the loop. `inbox` and `message`: the two lanes into it. `signals`: what the kernel tells zap itself.
//! * `engine`: the model with its hands. `perform`: the one place that performs an effect. `output`: bytes of jobs.
//! * `histories`: which output is kept on the disk, and when; `archive`: the thread that opens and writes it; `recall`: goes on with it. `claim`: the lock of
//!   the project, as long as anybody writes there.
//! * `eye`: who watches: `screen` draws, `lines` prints, by `printer`. `canvas`: where a frame is drawn to. `searcher`: reads
//!   whole histories beside the loop. `resting`: terminals that nobody looks at give back what they can.
//! * `outside`: who runs beside the jobs because a key asked for it, `editor`: how an editor is called; `finder`: looks
//!   for files that are mentioned; `saver`: writes files; `clipboard`: how a terminal is told a text.
//! * `serve`: where questions from outside are answered; `address`: what their words mean, `report`: the picture as the socket
//!   tells it, `enquiries`: those who ask for it, `waits`: those who wait, `listeners`: those who are told what happens. `reload`: the file, read again.
//! * `figures`: what runs use of the machine, as far as somebody asked.
//! * `journal`: what happened, also what was wished (`wish`); `event_log`: the same as lines in a file; `stamp`: times as they are written.
//! * `streams`: what a run prints elsewhere than into its terminal. `ear`: listens to lines. `background`: waits for the world.
//! * `log`: zap's own log. `last_resort`: what happens to the jobs when zap itself is broken.

mod address;
mod archive;
mod background;
mod canvas;
mod claim;
mod clipboard;
mod ear;
mod editor;
mod engine;
mod enquiries;
mod event_log;
mod eye;
mod figures;
mod finder;
mod ground;
mod histories;
mod inbox;
mod journal;
mod last_resort;
mod lines;
mod listeners;
mod log;
mod message;
mod output;
mod outside;
mod perform;
mod printer;
mod recall;
mod reload;
mod report;
mod resting;
mod run;
mod saver;
mod screen;
mod searcher;
mod serve;
mod signals;
mod stamp;
mod start;
mod streams;
#[cfg(test)]
mod trial;
mod waits;
mod wish;

pub use eye::Watch;
pub use lines::Ink;
pub use start::{Order, RunError, places, start};
