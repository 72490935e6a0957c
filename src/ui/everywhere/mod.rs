//! A search in all jobs of a system: the list of what it finds, from which one goes to the line in its job. Not: how lines are
//! found, and not: the line in which the search is typed.

mod act;
mod draw;
mod list;

pub(super) use act::{act, again, begin, start};
pub(super) use draw::draw;
pub(super) use list::List;
