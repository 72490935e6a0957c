//! What happened, and who brought it about: a list for the selected row, the newest last.

mod act;
mod draw;
mod find;
mod list;

pub(super) use act::{act, open};
pub(super) use draw::draw;
pub(super) use find::{give_up, preview, taken};
pub(super) use list::Events;
