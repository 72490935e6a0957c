//! The pager: what one pair of eyes sees of a job's output. While it follows a live run it shows the job's screen itself,
//! else logical lines from a position that stays put.

mod draw;
mod find;
mod header;
mod line;
mod position;
mod runs;
mod screen;
mod search;
mod wrap;

pub(super) use draw::{Shown, draw};
pub(super) use find::Pattern;
pub(super) use header::draw as draw_header;
pub(super) use line::plain;
pub(super) use position::{Position, bottom, down, top, up};
pub(super) use runs::{next_run, previous_run};
pub(super) use search::{Direction, Progress, Search};
pub(super) use wrap::{Reach, row_of};

use crate::terminal::Terminal;

/// What one pair of eyes holds about the output of a job.
#[derive(Debug, Default)]
pub(super) struct Pager {
    /// Where it stands.
    pub(super) at: At,
    /// How many columns chopped lines are shifted to the left.
    pub(super) shift: u16,
    /// The search, once there was one.
    pub(super) search: Option<Search>,
}

/// Where a pager stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum At {
    /// At the end, wherever that goes.
    #[default]
    Follow,
    /// At a position that stays put.
    Paused {
        /// What stands in the first row.
        top: Position,
        /// How many lines had been ended when it stopped following.
        ended: u64,
    },
}

impl Pager {
    /// Whether it stays at the end.
    pub(super) fn follows(&self) -> bool {
        self.at == At::Follow
    }

    /// What stands in its first row, as logical lines.
    pub(super) fn position(&self, terminal: &Terminal, reach: Reach) -> Position {
        let bottom = bottom(terminal, reach);
        match self.at {
            At::Follow => bottom,
            At::Paused { top, .. } => top.max(position::top(terminal)).min(bottom),
        }
    }

    /// Goes to a position, at most to the bottom, and stays there.
    pub(super) fn pause(&mut self, terminal: &Terminal, reach: Reach, top: Position) {
        let top = top.min(bottom(terminal, reach));
        let ended = match self.at {
            At::Follow => terminal.ended_lines(),
            At::Paused { ended, .. } => ended,
        };
        self.at = At::Paused { top, ended };
    }

    /// How many lines were ended since it stopped following.
    pub(super) fn news(&self, terminal: &Terminal) -> u64 {
        match self.at {
            At::Follow => 0,
            At::Paused { ended, .. } => terminal.ended_lines().saturating_sub(ended),
        }
    }
}
