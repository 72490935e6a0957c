//! Where a pager stands: at the end, wherever that goes, or at a place that stays put; and which lines it leaves out. Not: what
//! is seen from there.

use std::ops::Range;
use std::rc::Rc;

use crate::model::InstanceId;
use crate::terminal::{Filters, Sought, Terminal};
use crate::ui::pager::extract::Extract;
use crate::ui::pager::sieve::Only;
use crate::ui::pager::wrap::height;
use crate::ui::pager::{
    Filtered, Graves, Marks, Position, Reach, Search, Seen, Selection, bottom, down, last_seen, top, up,
};

/// What one pair of eyes holds about the output of a job.
#[derive(Debug, Default)]
pub(in crate::ui) struct Pager {
    /// Where it stands.
    pub(in crate::ui) at: At,
    /// How many columns chopped lines are shifted to the left.
    pub(in crate::ui) shift: u16,
    /// The search, once there was one.
    pub(in crate::ui) search: Option<Search>,
    /// The selection, while there is one.
    pub(in crate::ui) selection: Option<Selection>,
    /// Its errors and warnings.
    pub(in crate::ui) graves: Graves,
    filtered: Option<Rc<Filtered>>,
    /// The lines that letters stand for.
    pub(in crate::ui) marks: Marks,
    /// Where one was before the last jump.
    pub(in crate::ui) before: Option<Before>,
    /// The line that was gone to: it may stand anywhere on the screen.
    pub(in crate::ui) gone_to: Option<u64>,
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
pub(in crate::ui) enum At<Place = Position> {
    /// At the end, wherever that goes.
    #[default]
    Follow,
    /// At a place that stays put.
    Paused {
        /// What stands in the first row.
        top: Place,
        /// How many lines had been ended when it stopped following.
        ended: u64,
    },
}

impl<Place> At<Place> {
    /// Stays at a place, while so many lines are ended.
    pub(in crate::ui) fn pause(&mut self, top: Place, ended: u64) {
        let ended = match *self {
            Self::Follow => ended,
            Self::Paused { ended, .. } => ended,
        };
        *self = Self::Paused { top, ended };
    }

    /// How many lines were ended since it stopped following, if so many are now.
    pub(in crate::ui) fn news(&self, ended: u64) -> u64 {
        match *self {
            Self::Follow => 0,
            Self::Paused { ended: then, .. } => ended.saturating_sub(then),
        }
    }
}

/// What a program has cleared from its screen is not shown again while it goes on.
fn below_cleared(terminal: &Terminal) -> Position {
    let cleared = terminal.live() && terminal.joint().is_none() && !terminal.screen().alternate_screen();
    Position { line: if cleared { terminal.screen_start() } else { 0 }, row: 0 }
}

impl Pager {
    /// The same output in a second pager: from its end, with the marks.
    pub(in crate::ui) fn another(&self) -> Self {
        let marks = self.marks.clone();
        Self { marks, cleared: self.cleared, numbered: self.numbered, ..Self::default() }
    }

    /// Whether it stays at the end.
    pub(in crate::ui) fn follows(&self) -> bool {
        self.at == At::Follow
    }

    /// The lines of a terminal that it shows.
    pub(in crate::ui) fn seen<'t>(&self, terminal: &'t Terminal) -> Seen<'t> {
        Seen::new(terminal, self.filtered.clone())
    }

    /// The filters, if there are any.
    pub(in crate::ui) fn filtered(&self) -> Option<&Rc<Filtered>> {
        self.filtered.as_ref()
    }

    /// From now on these filters hold, also for the search.
    pub(in crate::ui) fn filter(&mut self, filtered: Option<Rc<Filtered>>) {
        self.filtered = filtered;
        let filters = self.filters();
        self.graves.among(&filters);
        if let Some(search) = &mut self.search {
            search.among(filters);
        }
    }

    /// The filters that lines must pass.
    pub(in crate::ui) fn filters(&self) -> Filters {
        self.filtered.as_ref().map_or_else(Filters::default, |filtered| filtered.filters().clone())
    }

    /// What stands in its first row, as logical lines.
    pub(in crate::ui) fn position(&self, terminal: &Terminal, reach: Reach) -> Position {
        let seen = self.seen(terminal);
        let bottom = bottom(&seen, reach);
        let At::Paused { top: at, .. } = self.at else { return bottom.max(below_cleared(terminal)) };
        let at = at.max(top(&seen));
        let first = match seen.ahead(at.line) {
            // Where there is more room now, a line has fewer rows.
            Sought::Found(line) if line == at.line => {
                Position { row: at.row.min(height(&seen, at.line, reach) - 1), ..at }
            }
            Sought::Found(line) => Position { line, row: 0 },
            Sought::Unknown(_) => at,
            Sought::Nothing => bottom,
        };
        first.min(self.lowest(bottom))
    }

    /// Goes to a position, at most to the bottom, and stays there.
    pub(in crate::ui) fn pause(&mut self, terminal: &Terminal, reach: Reach, top: Position) {
        let top = top.min(self.lowest(bottom(&self.seen(terminal), reach)));
        self.at.pause(top, terminal.ended_lines());
    }

    /// What stands in its first row when a place is shown: a third down from there, unless it is in sight already.
    pub(in crate::ui) fn showing(&self, terminal: &Terminal, reach: Reach, place: Position) -> Position {
        let seen = &self.seen(terminal);
        let from = self.position(terminal, reach);
        let last = down(seen, reach, from, usize::from(reach.rows) - 1);
        let sight = from <= place && (place <= last || from == bottom(seen, reach));
        if sight { from } else { up(seen, reach, place, reach.third()) }
    }

    /// How far down it can stand: while something is selected as far as when that began.
    fn lowest(&self, bottom: Position) -> Position {
        self.selection.as_ref().map_or(bottom, |selection| bottom.max(selection.floor))
    }

    /// What is selected, of the lines that the filters leave.
    pub(in crate::ui) fn extract(&self, instance: InstanceId, terminal: &Terminal) -> Option<Extract> {
        let extract = self.selection.as_ref()?.extract(instance, terminal);
        Some(Extract { only: self.only(terminal, &extract.lines), ..extract })
    }

    /// The filters, as they go along with some lines.
    pub(in crate::ui) fn only(&self, terminal: &Terminal, lines: &Range<u64>) -> Option<Only> {
        self.filtered.as_ref().map(|filtered| filtered.only(terminal, lines))
    }

    /// How many lines below those that are seen were ended since it stopped following, and pass the filters.
    pub(in crate::ui) fn news(&self, terminal: &Terminal, reach: Reach) -> u64 {
        let At::Paused { ended, .. } = self.at else { return 0 };
        let lines = terminal.lines();
        let below = self.last_seen(terminal, reach) + 1;
        let news = terminal.ended_lines().saturating_sub(ended);
        let seen = self.seen(terminal);
        if self.filtered.is_none() {
            return news.min(lines.end.saturating_sub(below));
        }
        let first = terminal.finished().saturating_sub(news).max(below);
        seen.count(first..lines.end.max(first)).unwrap_or_default()
    }

    /// The number of the last line that is seen.
    pub(in crate::ui) fn last_seen(&self, terminal: &Terminal, reach: Reach) -> u64 {
        last_seen(&self.seen(terminal), reach, self.position(terminal, reach))
    }
}
