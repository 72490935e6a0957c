//! Matches over the rows of an overview. Not: where matches are.

use std::ops::Range;

use super::errand::Counted;

/// How many lines match in each of the equal parts of a range.
pub(super) struct Spread {
    lines: Range<u64>,
    counts: Vec<u64>,
}

impl Spread {
    /// Nothing matches yet.
    pub(super) fn new(lines: &Range<u64>, parts: usize) -> Self {
        let parts = if lines.is_empty() { 0 } else { parts };
        Self { lines: lines.clone(), counts: vec![0; parts] }
    }

    /// A line matches.
    pub(super) fn add(&mut self, line: u64) {
        if self.lines.contains(&line) {
            let part = self.part(line);
            self.put(part, 1);
        }
    }

    /// The lines of a leaf match. If they are many they are taken to be spread evenly over it.
    pub(super) fn add_leaf(&mut self, leaf: &Counted) {
        if let Some(few) = leaf.few() {
            for place in few {
                self.add(leaf.first + u64::from(*place));
            }
            return;
        }
        let seen = leaf.first.max(self.lines.start)..leaf.end().min(self.lines.end);
        if seen.is_empty() || self.counts.is_empty() {
            return;
        }
        let before = |line| u64::from(leaf.matching) * (line - leaf.first) / u64::from(leaf.lines);
        let mut from = seen.start;
        for part in self.part(seen.start)..=self.part(seen.end - 1) {
            let to = self.start(part + 1).min(seen.end);
            self.put(part, before(to) - before(from));
            from = to;
        }
    }

    /// The numbers, one for each part.
    pub(super) fn counts(self) -> Vec<u64> {
        self.counts
    }

    fn put(&mut self, part: usize, matching: u64) {
        if let Some(count) = self.counts.get_mut(part) {
            *count += matching;
        }
    }

    /// The part in which a line of the range lies.
    fn part(&self, line: u64) -> usize {
        let all = u128::from(self.lines.end - self.lines.start);
        (u128::from(line - self.lines.start) * self.counts.len() as u128 / all) as usize
    }

    /// The first line of a part.
    fn start(&self, part: usize) -> u64 {
        let all = u128::from(self.lines.end - self.lines.start);
        self.lines.start + (all * part as u128).div_ceil(self.counts.len() as u128) as u64
    }
}
