//! What a search in all jobs of a system has found so far. It keeps no line, only how many there are in each block: the rows that
//! are seen are looked up when they are drawn. Not: drawing, keys.

use std::sync::Arc;

use crate::model::{InstanceId, SystemView};
use crate::terminal::{Direction, Errand, Near, Pattern, Report, Sought, Tally};
use crate::ui::Terminals;

/// What was found, job by job in the order of the tree, and in each from the oldest line to the newest: so what comes in while it
/// searches stands below what is there already, and nothing moves under the eye.
#[derive(Debug)]
pub(in crate::ui) struct List {
    /// The system.
    pub(in crate::ui) system: String,
    /// As it was typed.
    pub(in crate::ui) text: String,
    pub(super) pattern: Arc<Pattern>,
    pub(super) parts: Vec<Part>,
    /// The selected hit; nothing: the first.
    selected: Option<Hit>,
    /// In which row of the page the selected hit stands: it stays there when rows above it come or go.
    pub(super) offset: u16,
    stopped: bool,
}

/// What was found in one job.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) id: InstanceId,
    pub(super) address: String,
    tally: Tally,
}

/// A line that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// The index of its job.
    pub(super) part: usize,
    /// The number of the line.
    pub(super) line: u64,
}

/// How many lines were found, so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sum {
    /// Of each job, those that can be listed.
    pub(super) found: Vec<u64>,
    /// The job that is searched just now.
    pub(super) searching: Option<usize>,
}

/// A row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// The name of a job.
    Job(usize),
    /// The hit of a job with this number, from 0.
    Hit(usize, u64),
}

impl List {
    /// Nothing was searched yet. Fails with what is wrong with the pattern, in a few words.
    pub(in crate::ui) fn new(text: &str, system: &SystemView) -> Result<Self, String> {
        let pattern = Arc::new(Pattern::new(text)?);
        let part = |(id, address): (InstanceId, &String)| Part {
            id,
            address: address.clone(),
            tally: Tally::new(Arc::<Pattern>::clone(&pattern)),
        };
        let parts = system.jobs.iter().map(|job| part((job.id, &job.address))).collect();
        Ok(Self {
            system: system.name.clone(),
            text: text.to_owned(),
            parts,
            pattern,
            selected: None,
            offset: 1,
            stopped: false,
        })
    }

    /// How many lines were found so far.
    pub(super) fn sum(&self, terminals: &Terminals) -> Sum {
        let found = self.parts.iter().map(|part| part.found(terminals)).collect();
        let searching = self.parts.iter().position(|part| !part.is_complete(terminals));
        Sum { found, searching: searching.filter(|_| !self.stopped) }
    }

    /// Whether anything was found.
    pub(in crate::ui) fn is_empty(&self, terminals: &Terminals) -> bool {
        self.parts.iter().all(|part| part.found(terminals) == 0)
    }

    /// Whether it still searches.
    pub(in crate::ui) fn is_searching(&self, terminals: &Terminals) -> bool {
        !self.stopped && self.parts.iter().any(|part| !part.is_complete(terminals))
    }

    /// Stops the search; what was found stays. Whether it was under way.
    pub(super) fn stop(&mut self, terminals: &Terminals) -> bool {
        let ran = self.is_searching(terminals);
        self.stopped = true;
        ran
    }

    /// What somebody else is to count next: one job after the other.
    pub(in crate::ui) fn errand(&self, terminals: &Terminals) -> Option<Errand> {
        if self.stopped {
            return None;
        }
        let part = self.parts.iter().find(|part| !part.is_complete(terminals))?;
        part.tally.errand(terminals.get(&part.id)?, Near { line: 0, direction: Direction::Forward })
    }

    /// Takes what somebody else has counted, if it was counted for this.
    pub(in crate::ui) fn report(&self, report: &Report, terminals: &Terminals) {
        for part in self.parts.iter().filter(|part| part.tally.awaits(report)) {
            if let Some(terminal) = terminals.get(&part.id) {
                part.tally.take(terminal, report);
            }
        }
    }

    /// The number of the selected hit among all that were found, from 0.
    pub(super) fn index(&self, sum: &Sum, terminals: &Terminals) -> u64 {
        let Some(hit) = self.selected else { return 0 };
        let before: u64 = sum.found.iter().take(hit.part).sum();
        let part = &self.parts[hit.part];
        let rank = terminals.get(&part.id).and_then(|terminal| part.tally.rank(terminal, hit.line));
        let last = sum.found[hit.part].saturating_sub(1);
        (before + rank.unwrap_or(0).min(last)).min(sum.all().saturating_sub(1))
    }

    /// Selects a hit by its number among all that were found.
    pub(super) fn select(&mut self, index: u64, sum: &Sum, terminals: &Terminals) {
        if let Some((part, nth)) = sum.hit(index)
            && let Some(line) = self.line(part, nth, terminals)
        {
            self.selected = Some(Hit { part, line });
        }
    }

    /// The selected hit, if there is any.
    pub(super) fn selected(&self, terminals: &Terminals) -> Option<Hit> {
        let sum = self.sum(terminals);
        let (part, nth) = sum.hit(self.index(&sum, terminals))?;
        Some(Hit { part, line: self.line(part, nth, terminals)? })
    }

    /// The number of the line that is the `nth` hit of a job.
    pub(super) fn line(&self, part: usize, nth: u64, terminals: &Terminals) -> Option<u64> {
        let part = self.parts.get(part)?;
        match part.tally.nth(terminals.get(&part.id)?, nth) {
            Sought::Found(line) => Some(line),
            Sought::Unknown(_) | Sought::Nothing => None,
        }
    }
}

impl Part {
    /// How many lines can be listed: while it counts, those before the first gap.
    fn found(&self, terminals: &Terminals) -> u64 {
        let Some(terminal) = terminals.get(&self.id) else { return 0 };
        let count = self.tally.count(terminal);
        if count.complete {
            return count.lines;
        }
        match self.tally.nth(terminal, u64::MAX) {
            Sought::Unknown(line) => self.tally.rank(terminal, line).unwrap_or(0),
            Sought::Found(_) | Sought::Nothing => count.lines,
        }
    }

    fn is_complete(&self, terminals: &Terminals) -> bool {
        terminals.get(&self.id).is_none_or(|terminal| self.tally.count(terminal).complete)
    }
}

impl Sum {
    /// All lines that were found.
    pub(super) fn all(&self) -> u64 {
        self.found.iter().sum()
    }

    /// How many jobs have any.
    pub(super) fn jobs(&self) -> usize {
        self.found.iter().filter(|found| **found > 0).count()
    }

    /// How many rows the list has: a job without a hit has none.
    pub(super) fn rows(&self) -> u64 {
        self.all() + self.jobs() as u64
    }

    /// The job and the number in it of a hit.
    pub(super) fn hit(&self, index: u64) -> Option<(usize, u64)> {
        let mut left = index;
        for (part, found) in self.found.iter().enumerate() {
            if left < *found {
                return Some((part, left));
            }
            left -= found;
        }
        None
    }

    /// The row in which a hit stands.
    pub(super) fn row_of(&self, index: u64) -> u64 {
        let jobs = self.hit(index).map_or(0, |(part, _)| {
            self.found.iter().take(part + 1).filter(|found| **found > 0).count() as u64
        });
        index + jobs
    }

    /// What stands in a row.
    pub(super) fn row(&self, row: u64) -> Option<Row> {
        let mut left = row;
        for (part, found) in self.found.iter().enumerate().filter(|(_, found)| **found > 0) {
            if left == 0 {
                return Some(Row::Job(part));
            }
            if left <= *found {
                return Some(Row::Hit(part, left - 1));
            }
            left -= found + 1;
        }
        None
    }

    /// The first row that is seen, if the one at `row` stands `offset` rows below the top of a page of `height`.
    pub(super) fn top(&self, row: u64, offset: u16, height: u16) -> u64 {
        let offset = offset.clamp(1.min(height.saturating_sub(1)), height.saturating_sub(1).max(1));
        let most = self.rows().saturating_sub(u64::from(height));
        row.saturating_sub(u64::from(offset)).min(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_hits_lead_to_each_other() {
        let sum = Sum { found: vec![2, 0, 3, 1], searching: None };
        let rows: Vec<_> = (0..=sum.rows()).map(|row| sum.row(row)).collect();
        let expected = [
            Row::Job(0),
            Row::Hit(0, 0),
            Row::Hit(0, 1),
            Row::Job(2),
            Row::Hit(2, 0),
            Row::Hit(2, 1),
            Row::Hit(2, 2),
            Row::Job(3),
            Row::Hit(3, 0),
        ];
        let expected: Vec<_> = expected.into_iter().map(Some).chain([None]).collect();
        assert_eq!(rows, expected);
        for index in 0..sum.all() {
            let (part, nth) = sum.hit(index).unwrap();
            assert_eq!(sum.row(sum.row_of(index)), Some(Row::Hit(part, nth)));
        }
        assert_eq!(sum.hit(6), None);
    }

    #[test]
    fn the_page_never_goes_beyond_the_list() {
        let sum = Sum { found: vec![100], searching: None };
        assert_eq!(sum.top(1, 1, 10), 0);
        assert_eq!(sum.top(50, 4, 10), 46);
        assert_eq!(sum.top(100, 0, 10), 91);
        assert_eq!(sum.top(50, 99, 10), 41);
    }
}
