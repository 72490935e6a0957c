//! The output of all jobs of a system in order of time. Lines are not copied: a place is a line number in each job, found by
//! time and moved by always taking the next line of all (`lanes`, `place`); `state` is what one pair of eyes holds, `act` what
//! keys do, `seek` the search, `draw` the look.

mod act;
mod draw;
mod lane;
mod lanes;
mod place;
mod seek;
mod state;

pub(super) use act::{
    act, back, begin_search, current, give_up, go_to, margin, preview, search_taken, show, toggle, wheel,
};
pub(super) use draw::draw;
pub(super) use lane::Lane;
pub(super) use seek::Search;
pub(super) use state::{At, Merged};
