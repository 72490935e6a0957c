//! The output of all jobs of a system in order of time. Lines are not copied: a place is a line number in each job, found by
//! time and moved by always taking the next line of all (`lane`, `lanes`, `place`); `state` is what one pair of eyes holds,
//! `open`, `act` and `find` what keys do, `seek` the search, `draw` the look.

mod act;
mod draw;
mod find;
mod lane;
mod lanes;
mod open;
mod place;
mod seek;
mod sight;
mod state;

pub(super) use act::{act, back, go_to, wheel, words};
pub(super) use draw::draw;
pub(super) use find::{begin_search, give_up, preview, search_taken};
pub(super) use lane::Lane;
pub(super) use open::{show, toggle};
pub(super) use place::Kept;
pub(super) use seek::Search;
pub(super) use sight::{current, margin};
pub(super) use state::Merged;
