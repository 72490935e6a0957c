//! Which row is selected, and how one gets to another. Not: keys.

use crate::model::{InstanceView, State, View};
use crate::ui::tree::{Place, Row, Tree, rows};

impl Tree {
    /// The index of the selected row: the row that stands for the place, else its nearest neighbour; at the start the first
    /// job.
    pub(in crate::ui) fn index_in(&self, rows: &[Row<'_>]) -> usize {
        let Some(place) = &self.selected else {
            return rows.iter().position(|row| row.job().is_some()).unwrap_or(0);
        };
        let last = rows.len().saturating_sub(1);
        let same = rows.iter().position(|row| row.is(place));
        let owner = || match place {
            Place::Step(job, _) => find(rows, &Place::Job(*job)),
            Place::System(_) | Place::Job(_) => None,
        };
        same.or_else(owner).or_else(|| self.neighbour(rows, place)).unwrap_or(self.index.min(last))
    }

    /// Of a place that has gone: the next job of its system, else the one before, else the system; of a system the next one,
    /// else the one before.
    fn neighbour(&self, rows: &[Row<'_>], gone: &Place) -> Option<usize> {
        let at = self.order.iter().position(|place| place == gone)?;
        let (before, after) = (&self.order[..at], &self.order[at + 1..]);
        let is_system = |place: &&Place| matches!(place, Place::System(_));
        let is_job = |place: &&Place| matches!(place, Place::Job(_));
        let there = |place: &Place| find(rows, place);
        let job = || {
            let below = after.iter().take_while(|place| !is_system(place)).filter(is_job);
            let above = before.iter().rev().take_while(|place| !is_system(place)).filter(is_job);
            below.chain(above).find_map(there)
        };
        let system = || before.iter().rev().find(is_system).and_then(there);
        let other = || after.iter().filter(is_system).chain(before.iter().rev()).find_map(there);
        match gone {
            Place::System(_) => other(),
            Place::Job(_) | Place::Step(..) => job().or_else(system).or_else(other),
        }
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

    /// Holds the selection to a row that exists, and keeps in mind which rows there are.
    pub(in crate::ui) fn settle(&mut self, rows: &[Row<'_>]) {
        self.index = self.index_in(rows);
        let Some(row) = rows.get(self.index) else { return };
        if !self.selected.as_ref().is_some_and(|place| row.is(place)) {
            self.selected = Some(row.place());
        }
        let same =
            self.order.len() == rows.len() && rows.iter().zip(&self.order).all(|(row, place)| row.is(place));
        if !same {
            self.order = rows.iter().map(|row| row.place()).collect();
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

fn find(rows: &[Row<'_>], place: &Place) -> Option<usize> {
    rows.iter().position(|row| row.is(place))
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

/// Whether somebody should look at a job. That it runs something else than the file says was a person's wish.
pub(in crate::ui) fn in_trouble(job: &InstanceView) -> bool {
    if job.unwell {
        return true;
    }
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
