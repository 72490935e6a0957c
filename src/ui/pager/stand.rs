//! Where a pager stands: at the end, wherever that goes, or at a place that stays put. Not: what is seen from there.

use crate::model::InstanceId;
use crate::terminal::Terminal;
use crate::ui::pager::wrap::height;
use crate::ui::pager::{Marks, Position, Reach, Search, bottom, last_seen, top};

/// What one pair of eyes holds about the output of a job.
#[derive(Debug, Default)]
pub(in crate::ui) struct Pager {
    /// Where it stands.
    pub(in crate::ui) at: At,
    /// How many columns chopped lines are shifted to the left.
    pub(in crate::ui) shift: u16,
    /// The search, once there was one.
    pub(in crate::ui) search: Option<Search>,
    /// The lines that letters stand for.
    pub(in crate::ui) marks: Marks,
    /// Where one was before the last jump.
    pub(in crate::ui) before: Option<Before>,
    /// The line that was gone to: it may stand anywhere on the screen.
    pub(in crate::ui) spot: Option<u64>,
    /// The first line that came after the view was cleared.
    pub(in crate::ui) cleared: Option<u64>,
    /// How many lines there were when it was last looked at: so wide are their numbers.
    pub(in crate::ui) numbered: u64,
}

/// Where one was before a jump.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) enum Before {
    /// Elsewhere in the same output.
    Here(At),
    /// In the output of another job.
    Job(InstanceId),
    /// In the merged output of a system.
    System(String),
}

/// Where a pager stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::ui) enum At {
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

/// What a program has cleared from its screen is not shown again while it goes on.
fn floor(terminal: &Terminal) -> Position {
    let cleared = terminal.live() && terminal.joint().is_none() && !terminal.screen().alternate_screen();
    Position { line: if cleared { terminal.screen_start() } else { 0 }, row: 0 }
}

impl Pager {
    /// Whether it stays at the end.
    pub(in crate::ui) fn follows(&self) -> bool {
        self.at == At::Follow
    }

    /// What stands in its first row, as logical lines.
    pub(in crate::ui) fn position(&self, terminal: &Terminal, reach: Reach) -> Position {
        let bottom = bottom(terminal, reach);
        match self.at {
            At::Follow => bottom.max(floor(terminal)),
            At::Paused { top: at, .. } => {
                let at = at.max(top(terminal)).min(bottom);
                // Where there is more room now, a line has fewer rows.
                Position { row: at.row.min(height(terminal, at.line, reach) - 1), ..at }
            }
        }
    }

    /// Goes to a position, at most to the bottom, and stays there.
    pub(in crate::ui) fn pause(&mut self, terminal: &Terminal, reach: Reach, top: Position) {
        let top = top.min(bottom(terminal, reach));
        let ended = match self.at {
            At::Follow => terminal.ended_lines(),
            At::Paused { ended, .. } => ended,
        };
        self.at = At::Paused { top, ended };
    }

    /// How many lines below those that are seen were ended since it stopped following.
    pub(in crate::ui) fn news(&self, terminal: &Terminal, reach: Reach) -> u64 {
        match self.at {
            At::Follow => 0,
            At::Paused { ended, .. } => {
                let below = terminal.lines().end.saturating_sub(self.last_seen(terminal, reach) + 1);
                terminal.ended_lines().saturating_sub(ended).min(below)
            }
        }
    }

    /// The number of the last line that is seen.
    pub(in crate::ui) fn last_seen(&self, terminal: &Terminal, reach: Reach) -> u64 {
        last_seen(terminal, reach, self.position(terminal, reach))
    }
}
