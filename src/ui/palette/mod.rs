//! The palette: every action of the pane below it, by its name, to be found and done.
//!
//! * `chooser`: what one types and has selected.
//! * `entries`: the actions that fit, the best first, from the table of keys; nothing is listed here.
//! * `idle`: why an action would do nothing now.
//! * `act`: what keys do; `draw`: how it looks.

mod act;
mod chooser;
mod draw;
mod entries;
mod idle;

pub(super) use act::{act, open, pasted, typed};
pub(super) use chooser::Chooser;
pub(super) use draw::draw;
