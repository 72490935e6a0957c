//! What happened, and who brought it about: a list for the selected row, the newest last.

mod act;
mod draw;
mod list;

pub(super) use act::{act, open};
pub(super) use draw::draw;
pub(super) use list::Events;
