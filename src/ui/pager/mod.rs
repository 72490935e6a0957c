//! The pager: what one pair of eyes sees of a job's output. While it follows a live run it shows the job's screen itself
//! below what was printed before, else logical lines from a position that stays put.

mod cursor;
mod draw;
mod extract;
mod filtered;
mod graves;
mod header;
mod hit;
mod line;
pub(super) mod overview;
mod place;
mod position;
mod runs;
mod screen;
mod search;
mod seen;
mod select;
mod stage;
mod stand;
mod trail;
mod wrap;

pub(super) use cursor::{Step, at_column, column_of, settled, step, text, word_at};
pub(super) use draw::{Shown, draw};
pub use extract::{Cut, Dress, Extract, Only, Outgoing};
pub(super) use filtered::Filtered;
pub(super) use graves::{Grave, Graves};
pub(super) use header::draw as draw_header;
pub(super) use hit::{first_row, place_of, spot_at};
pub(super) use line::{plain, run_end};
pub(super) use place::screen_row;
pub(super) use position::{Position, bottom, down, last_seen, top, up};
pub(super) use runs::{next_run, previous_run, run_of};
pub(super) use search::{Direction, Progress, Search};
pub(super) use seen::Seen;
pub(super) use select::{Selection, Shape, Spot};
pub(super) use stage::{Stage, stage};
pub(super) use stand::{At, Pager};
pub(super) use trail::Trail;
pub(super) use wrap::{Reach, place_in};
