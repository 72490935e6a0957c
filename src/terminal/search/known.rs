//! The leaves that were counted so far, with gaps where nothing is known yet. Not: how they are counted.

use std::ops::Range;

use super::errand::Counted;

/// The leaves that were counted so far.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Lowest first; none reaches beyond `settled`.
    leaves: Vec<Counted>,
    /// The lines of all leaves that there are.
    settled: Range<u64>,
    /// How many lines the counted ones have, and how many of these match.
    lines: u64,
    matching: u64,
}

/// What comes next among the leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A leaf that has lines that match.
    Leaf(Counted),
    /// Nothing is known from here on, or, backwards, before here.
    Unknown(u64),
    /// No leaf is left.
    End,
}

impl Known {
    /// The lines of all leaves that there are.
    pub(super) fn settled(&self) -> Range<u64> {
        self.settled.clone()
    }

    /// How many lines match, as far as counted.
    pub(super) fn matching(&self) -> u64 {
        self.matching
    }

    /// Whether all leaves are counted.
    pub(super) fn is_complete(&self) -> bool {
        self.lines == self.settled.end - self.settled.start
    }

    /// From now on these are the lines of all leaves: what lies beyond is forgotten.
    pub(super) fn settle(&mut self, settled: Range<u64>) {
        let gone = self.leaves.partition_point(|leaf| leaf.first < settled.start);
        let kept = self.leaves.partition_point(|leaf| leaf.end() <= settled.end).max(gone);
        if gone > 0 || kept < self.leaves.len() {
            self.leaves.truncate(kept);
            self.leaves.drain(..gone);
            self.add_up();
        }
        self.settled = settled;
    }

    /// Forgets the leaves that reach beyond a line.
    pub(super) fn forget(&mut self, from: u64) {
        let kept = self.leaves.partition_point(|leaf| leaf.end() <= from);
        if kept < self.leaves.len() {
            self.leaves.truncate(kept);
            self.add_up();
        }
    }

    /// Takes counted leaves. Those that are known, or no leaves any more, are left out.
    pub(super) fn add(&mut self, counted: impl IntoIterator<Item = Counted>) {
        let old = self.leaves.len();
        for leaf in counted {
            let there = self.settled.start <= leaf.first && leaf.end() <= self.settled.end;
            if there && self.leaves[..old].binary_search_by_key(&leaf.first, |known| known.first).is_err() {
                self.leaves.push(leaf);
            }
        }
        self.leaves.sort_by_key(|leaf| leaf.first);
        self.leaves.dedup_by_key(|leaf| leaf.first);
        self.add_up();
    }

    /// What is known of leaves is this instead.
    pub(super) fn replace(&mut self, counted: impl IntoIterator<Item = Counted>) {
        for leaf in counted {
            if let Ok(index) = self.leaves.binary_search_by_key(&leaf.first, |known| known.first) {
                self.leaves[index] = leaf;
            }
        }
        self.add_up();
    }

    fn add_up(&mut self) {
        self.lines = self.leaves.iter().map(|leaf| u64::from(leaf.lines)).sum();
        self.matching = self.leaves.iter().map(|leaf| u64::from(leaf.matching)).sum();
    }

    /// The first leaf with matching lines that has a line at `line` or after it.
    pub(super) fn next(&self, line: u64) -> Step {
        let mut at = line.max(self.settled.start);
        let from = self.leaves.partition_point(|leaf| leaf.end() <= at);
        for leaf in self.leaves.get(from..).unwrap_or_default() {
            match leaf {
                leaf if leaf.first > at => break,
                leaf if leaf.matching > 0 => return Step::Leaf(*leaf),
                leaf => at = leaf.end(),
            }
        }
        if at < self.settled.end { Step::Unknown(at) } else { Step::End }
    }

    /// The last leaf with matching lines that has a line before `line`.
    pub(super) fn previous(&self, line: u64) -> Step {
        let mut at = line.min(self.settled.end);
        let to = self.leaves.partition_point(|leaf| leaf.first < at);
        for leaf in self.leaves.get(..to).unwrap_or_default().iter().rev() {
            match leaf {
                leaf if leaf.end() < at => break,
                leaf if leaf.matching > 0 => return Step::Leaf(*leaf),
                leaf => at = leaf.first,
            }
        }
        if at > self.settled.start { Step::Unknown(at) } else { Step::End }
    }

    /// The first gap that has a line at `line` or after it.
    pub(super) fn gap_from(&self, line: u64) -> Option<Range<u64>> {
        let mut at = line.max(self.settled.start);
        let from = self.leaves.partition_point(|leaf| leaf.end() <= at);
        for leaf in self.leaves.get(from..)? {
            if leaf.first > at {
                return Some(at..leaf.first);
            }
            at = leaf.end();
        }
        (at < self.settled.end).then_some(at..self.settled.end)
    }

    /// The last gap that has a line before `line`.
    pub(super) fn gap_before(&self, line: u64) -> Option<Range<u64>> {
        let mut at = line.min(self.settled.end);
        let to = self.leaves.partition_point(|leaf| leaf.first < at);
        for leaf in self.leaves.get(..to)?.iter().rev() {
            if leaf.end() < at {
                return Some(leaf.end()..at);
            }
            at = leaf.first;
        }
        (at > self.settled.start).then_some(self.settled.start..at)
    }

    /// How many lines match in the leaves that end at `line` or before it, and the leaf that holds `line`; `None` if not all
    /// of these are known.
    pub(super) fn rank(&self, line: u64) -> Option<(u64, Option<Counted>)> {
        let mut matching = 0;
        let mut at = self.settled.start;
        for leaf in &self.leaves {
            if line <= leaf.first || leaf.first != at {
                break;
            }
            if line < leaf.end() {
                return Some((matching, Some(*leaf)));
            }
            matching += u64::from(leaf.matching);
            at = leaf.end();
        }
        (at >= line.min(self.settled.end)).then_some((matching, None))
    }

    /// The leaf that holds the match number `nth`, from 0, and how many come before it; `Err` with how many there are before
    /// the first gap, or the end.
    pub(super) fn nth(&self, nth: u64) -> Result<(Counted, u64), u64> {
        let mut before = 0;
        let mut at = self.settled.start;
        for leaf in &self.leaves {
            if leaf.first != at {
                return Err(before);
            }
            if nth < before + u64::from(leaf.matching) {
                return Ok((*leaf, before));
            }
            before += u64::from(leaf.matching);
            at = leaf.end();
        }
        Err(before)
    }

    /// The leaves that have lines of a range.
    pub(super) fn within(&self, lines: &Range<u64>) -> &[Counted] {
        let from = self.leaves.partition_point(|leaf| leaf.end() <= lines.start);
        let to = self.leaves.partition_point(|leaf| leaf.first < lines.end);
        self.leaves.get(from..to).unwrap_or_default()
    }

    /// Bytes of memory held.
    pub(super) fn memory(&self) -> usize {
        self.leaves.capacity() * size_of::<Counted>()
    }
}
