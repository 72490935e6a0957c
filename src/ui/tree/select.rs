//! Which row is selected, and how one gets to another. Not: keys.

use crate::model::{InstanceView, State, View};
use crate::ui::tree::{Place, Row, Tree, rows};

impl Tree {
    /// The index of the selected row: the row that stands for the place, else the one that stands where it stood; at the
    /// start the first job.
    pub(in crate::ui) fn index_in(&self, rows: &[Row<'_>]) -> usize {
        let Some(place) = &self.selected else {
            return rows.iter().position(|row| row.job().is_some()).unwrap_or(0);
        };
        let last = rows.len().saturating_sub(1);
        let same = rows.iter().position(|row| row.is(place));
        let owner = || match place {
            Place::Step(job, _) => rows.iter().position(|row| row.is(&Place::Job(*job))),
            Place::System(_) | Place::Job(_) => None,
        };
        same.or_else(owner).unwrap_or(self.index.min(last))
    }

    /// The selected row.
    pub(in crate::ui) fn current<'v>(&self, view: &'v View) -> Option<Row<'v>> {
        let rows = rows(view, self);
        rows.get(self.index_in(&rows)).copied()
    }

    /// The index of the job whose name fits the filter best; of several the first. `None` without a filter.
    pub(in crate::ui) fn best(&self, rows: &[Row<'_>]) -> Option<usize> {
        if self.filter.is_empty() {
            return None;
        }
        let fit = |index: &usize| rows[*index].job().and_then(|job| self.filter.fit(job));
        jobs(rows).min_by_key(|index| std::cmp::Reverse(fit(index)))
    }

    /// Holds the selection to a row that exists, and brings it on a screen of `height` rows.
    pub(in crate::ui) fn settle(&mut self, rows: &[Row<'_>]) {
        self.index = self.index_in(rows);
        if let Some(row) = rows.get(self.index)
            && !self.selected.as_ref().is_some_and(|place| row.is(place))
        {
            self.selected = Some(row.place());
        }
    }

    /// Scrolls so that the selected row is on a screen of `height` rows.
    pub(in crate::ui) fn reveal(&mut self, height: usize) {
        if self.index < self.top {
            self.top = self.index;
        } else if self.index >= self.top + height {
            self.top = self.index + 1 - height.max(1);
        }
        // The row of the first system is worth showing with its first job.
        if self.index == 1 && height > 1 {
            self.top = 0;
        }
    }
}

/// Selects the row at an index.
pub(in crate::ui) fn select(tree: &mut Tree, rows: &[Row<'_>], index: usize) {
    if let Some(row) = rows.get(index) {
        tree.selected = Some(row.place());
        tree.index = index;
    }
}

/// The indices of the rows of jobs.
pub(in crate::ui) fn jobs(rows: &[Row<'_>]) -> impl Iterator<Item = usize> {
    rows.iter().enumerate().filter(|(_, row)| matches!(row, Row::Job(..))).map(|(index, _)| index)
}

/// Whether somebody should look at a job.
pub(in crate::ui) fn in_trouble(job: &InstanceView) -> bool {
    match job.state {
        State::Failed | State::Backoff | State::Held => true,
        State::Stopped
        | State::Waiting
        | State::Scheduled
        | State::Starting
        | State::Running
        | State::Stopping
        | State::Done => false,
    }
}
