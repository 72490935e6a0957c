//! The pager: what one pair of eyes sees of a job's output. While it follows a live run it shows the job's screen itself
//! below what was printed before, else logical lines from a position that stays put.

mod draw;
mod filtered;
mod header;
mod line;
mod place;
mod position;
mod runs;
mod screen;
mod search;
mod seen;
mod stage;
mod stand;
mod wrap;

pub(super) use draw::{Shown, draw};
pub(super) use filtered::Filtered;
pub(super) use header::draw as draw_header;
pub(super) use line::plain;
pub(super) use place::screen_row;
pub(super) use position::{Position, bottom, down, last_seen, top, up};
pub(super) use runs::{next_run, previous_run};
pub(super) use search::{Direction, Progress, Search};
pub(super) use seen::Seen;
pub(super) use stage::{Stage, stage};
pub(super) use stand::{At, Pager};
pub(super) use wrap::{Reach, place_in};
