//! What one pair of eyes holds about the merged output of a system. Not: what keys do with it.

use crate::model::{InstanceId, SystemView, View};
use crate::ui::Ui;
use crate::ui::eye::Focus;
use crate::ui::merged::lane::Times;
use crate::ui::merged::lanes::Lanes;
use crate::ui::merged::place::{Kept, Place};
use crate::ui::merged::seek::Search;
use crate::ui::pager::{At, Columns, Reach};
use crate::ui::text::width;
use crate::ui::tree::Row;

/// What is held about the merged output of a system.
#[derive(Debug, Default)]
pub(in crate::ui) struct Merged {
    /// Whether it is what the system's row shows, and not the sum of its jobs.
    pub(super) shown: bool,
    /// Where it stands.
    pub(super) at: At<Kept>,
    /// Where it stood before the last jump.
    pub(super) before: Option<At<Kept>>,
    /// The line that was gone to.
    pub(super) gone_to: Option<(InstanceId, u64)>,
    /// The view was cleared here.
    pub(super) cleared: Option<Kept>,
    /// How many columns chopped lines are shifted to the left.
    pub(super) shift: u16,
    /// The search, once there was one.
    pub(in crate::ui) search: Option<Search>,
    /// From where it was opened, as long as one stays.
    pub(super) from: Option<OpenedFrom>,
    /// What is known of the times of its lines, as long as one stays.
    pub(super) times: Times,
}

/// From where it was opened, if that was the row of a job.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenedFrom {
    pub(super) job: InstanceId,
    /// Which pane had the keys.
    pub(super) focus: Focus,
    /// Whether the system's row showed the merged output all the same.
    pub(super) shown: bool,
}

/// The most columns of a name, and the most of a pane: one part in so many.
const NAME: (usize, usize) = (20, 4);
/// Between a name and its line.
pub(super) const BETWEEN: u16 = 3;

impl Merged {
    /// Whether it stays at the end.
    pub(in crate::ui) fn follows(&self) -> bool {
        self.at == At::Follow
    }

    /// Whether there is work to do in the background.
    pub(in crate::ui) fn is_busy(&self) -> bool {
        self.search.as_ref().is_some_and(Search::is_busy)
    }

    /// Forgets jobs that have gone.
    pub(in crate::ui) fn forget(&mut self, is_there: impl Fn(InstanceId) -> bool) {
        self.from = self.from.filter(|from| is_there(from.job));
        if let Some(search) = &mut self.search {
            search.forget(is_there);
        }
    }

    /// It is looked at no longer, so its end leads nowhere.
    pub(in crate::ui) fn leave(&mut self) {
        self.from = None;
        self.times = Times::default();
    }

    /// What stands in the first row.
    pub(super) fn place(&self, lanes: &Lanes<'_>, reach: Reach) -> Place {
        let bottom = self.bottom(lanes, reach);
        match &self.at {
            At::Follow => bottom,
            At::Paused { top, .. } => Place::restore(top, lanes, reach).highest(bottom, lanes),
        }
    }

    /// The lowest place: nothing of what was cleared is seen from there.
    pub(super) fn bottom(&self, lanes: &Lanes<'_>, reach: Reach) -> Place {
        let end = Place::bottom(lanes, reach);
        match self.cleared.as_ref().map(|kept| Place::restore(kept, lanes, reach)) {
            Some(cleared) if cleared.key(lanes) > end.key(lanes) => cleared,
            Some(_) | None => end,
        }
    }

    /// Whether the end would show something that was cleared.
    pub(super) fn is_cleared(&self, lanes: &Lanes<'_>, reach: Reach) -> bool {
        let end = Place::bottom(lanes, reach).key(lanes);
        self.cleared.as_ref().is_some_and(|kept| Place::restore(kept, lanes, reach).key(lanes) > end)
    }

    /// The same output in a second pager: from its end.
    pub(in crate::ui) fn another(&self) -> Self {
        Self { shown: self.shown, cleared: self.cleared.clone(), ..Self::default() }
    }

    /// Goes to a place, at most to the bottom, and stays there.
    pub(super) fn pause(&mut self, lanes: &Lanes<'_>, reach: Reach, to: Place) {
        let top = to.highest(self.bottom(lanes, reach), lanes).keep(lanes);
        self.at.pause(top, ended(lanes));
    }

    /// How many lines were ended since it stopped following.
    pub(super) fn news(&self, lanes: &Lanes<'_>) -> u64 {
        self.at.news(ended(lanes))
    }
}

impl Ui {
    /// The system whose merged output is looked at.
    pub(in crate::ui) fn merging<'v>(&self, view: &'v View) -> Option<&'v SystemView> {
        match self.row(view)? {
            Row::System(system) if self.merged.get(&system.name).is_some_and(|merged| merged.shown) => {
                Some(system)
            }
            Row::System(_) | Row::Job(..) | Row::Step(..) => None,
        }
    }

    /// What is held about the merged output that is looked at.
    pub(in crate::ui) fn merged(&self, view: &View) -> Option<&Merged> {
        self.merged.get(&self.merging(view)?.name)
    }

    /// What the pane shows of the lines of a system's jobs, and how wide their names are.
    pub(super) fn merged_reach(&self, system: &SystemView, lanes: &Lanes<'_>) -> (Reach, u16) {
        let area = self.layout().output.unwrap_or_default();
        let last = lanes.lanes.iter().map(|lane| lane.lines.end).max().unwrap_or(0);
        let ids = || lanes.lanes.iter().map(|lane| lane.id);
        let marked = ids().any(|id| self.marks_of(id).next().is_some());
        let margin = Columns::new(self.margin, last, marked, area.width / 2);
        let longest = system.jobs.iter().map(|job| width(&job.label)).max().unwrap_or(0);
        let names = longest.min(NAME.0).min(usize::from(area.width) / NAME.1) as u16;
        let cols = area.width.saturating_sub(margin.width() + names + BETWEEN).max(1);
        (Reach { margin, ..Reach::plain(cols, area.height.max(1), self.wrap) }, names)
    }
}

fn ended(lanes: &Lanes<'_>) -> u64 {
    lanes.lanes.iter().map(|lane| lane.terminal.ended_lines()).sum()
}
