//! The finished lines of a terminal: an open block that grows, closed ones that are compressed, and those that are on the disk.
//! Knows lines by number; knows nothing of screens. How they are read again: `reading`. What goes to the disk, and when: `keep`.

use std::cell::{OnceCell, RefCell};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use super::block::{Block, Open};
use super::keep::Keep;
use super::part::{Part, Stored};
use super::reading::Cache;
use super::taken::Taken;
use crate::terminal::line::Moment;

/// A block is closed when it holds this many bytes.
pub(super) const BLOCK_BYTES: usize = 64 * 1024;
/// A block is closed when it holds this many lines, so that the index of empty lines stays small.
const BLOCK_LINES: usize = 4096;

/// What is known of a line besides its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::terminal) struct Entry {
    /// Where its bytes end in the block.
    pub(in crate::terminal) end: u32,
    pub(in crate::terminal) kind: Kind,
    /// Milliseconds since 1970.
    pub(in crate::terminal) at: i64,
}

/// The kind of a line as it is kept; what a separator says is in its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::terminal) enum Kind {
    Output = 0,
    Piece = 1,
    Note = 2,
    RunEnd = 3,
}

impl Kind {
    pub(in crate::terminal) fn from_bits(bits: u64) -> Self {
        match bits & 3 {
            0 => Self::Output,
            1 => Self::Piece,
            2 => Self::Note,
            _ => Self::RunEnd,
        }
    }
}

/// In which order lines are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Oldest first.
    Forward,
    /// Newest first.
    Backward,
}

impl Direction {
    /// The other one.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Forward => Self::Backward,
            Self::Backward => Self::Forward,
        }
    }
}

/// The lines, oldest first.
#[derive(Default)]
pub(in crate::terminal) struct History {
    /// What is on the disk; younger blocks are not.
    pub(super) parts: VecDeque<Part>,
    pub(super) closed: VecDeque<Arc<Block>>,
    pub(super) closed_bytes: usize,
    pub(super) open: Open,
    /// The number of the first line of the open block.
    pub(super) open_first: u64,
    /// Where the bytes of the line under construction begin.
    pub(super) line_start: usize,
    /// Whether older lines than the first were dropped.
    pub(super) dropped: bool,
    /// The numbers of the separators that were added, lowest first.
    pub(super) run_ends: Vec<u64>,
    /// The numbers of all separators that are there, once somebody asks.
    pub(super) all_ends: OnceCell<Vec<u64>>,
    pub(super) cache: RefCell<Cache>,
    /// Which lines were taken away again, and when.
    pub(in crate::terminal) taken: Taken,
    /// How it is kept on the disk, if it is.
    pub(super) keep: Option<Box<Keep>>,
}

impl History {
    /// The number of the first line that is there.
    pub(in crate::terminal) fn first(&self) -> u64 {
        self.parts.front().map_or_else(|| self.memory_first(), |part| part.first)
    }

    /// The number of the first line that is not on the disk.
    pub(super) fn memory_first(&self) -> u64 {
        self.closed.front().map_or(self.open_first, |block| block.first)
    }

    /// The number that the next line will get.
    pub(in crate::terminal) fn end(&self) -> u64 {
        self.open_first + self.open.entries.len() as u64
    }

    /// The numbers that can be asked for: a line that says what was dropped takes the place of the last dropped one.
    pub(in crate::terminal) fn range(&self) -> Range<u64> {
        self.first() - u64::from(self.dropped)..self.end()
    }

    /// The bytes of the line under construction, to be added to; `end_line` ends it, `abandon_line` takes it back.
    pub(in crate::terminal) fn line_mut(&mut self) -> &mut Vec<u8> {
        &mut self.open.data
    }

    /// Takes back what was added since the last line.
    pub(in crate::terminal) fn abandon_line(&mut self) {
        self.open.data.truncate(self.line_start);
    }

    /// Ends the line under construction.
    pub(in crate::terminal) fn end_line(&mut self, kind: Kind, at: Moment) {
        let end = self.open.data.len();
        self.open.entries.push(Entry { end: end as u32, kind, at: at.0 });
        self.line_start = end;
        if end >= BLOCK_BYTES || self.open.entries.len() >= BLOCK_LINES {
            self.close();
        }
    }

    /// Adds a whole line.
    pub(in crate::terminal) fn push(&mut self, bytes: &[u8], kind: Kind, at: Moment) {
        self.open.data.extend_from_slice(bytes);
        self.end_line(kind, at);
    }

    pub(super) fn forget_dropped(&mut self) {
        let first = self.first();
        let gone = self.run_ends.partition_point(|end| *end < first);
        self.run_ends.drain(..gone);
        self.all_ends.take();
        self.cache.get_mut().blocks.retain(|(block, _)| *block >= first);
        if let Some(keep) = &mut self.keep {
            keep.dropped_until(first);
        }
    }

    /// These lines left the memory, and are nowhere else.
    pub(super) fn forget_lost(&mut self, lines: &Range<u64>) {
        self.run_ends.retain(|end| !lines.contains(end));
        self.all_ends.take();
        self.cache.get_mut().blocks.retain(|(block, _)| !lines.contains(block));
        if let Some(keep) = &mut self.keep {
            keep.dropped_until(lines.end);
        }
    }

    /// Lines from this one on are not what they were.
    pub(super) fn forget_from(&mut self, number: u64) {
        self.run_ends.truncate(self.run_ends.partition_point(|end| *end < number));
        self.all_ends.take();
        // The block that holds the line is open again.
        let open = self.open_first;
        self.cache.get_mut().blocks.retain(|(block, _)| *block < open);
        if let Some(keep) = &mut self.keep {
            keep.changed_from(number, self.open_first);
        }
    }

    /// Takes all lines from `number` on away again.
    pub(in crate::terminal) fn truncate(&mut self, number: u64) {
        self.taken.note(number);
        while number < self.open_first {
            if let Some(block) = self.closed.pop_back() {
                self.closed_bytes -= block.memory();
                self.open_first = block.first;
                block.read(&mut self.open);
            } else if let Some((stored, name)) = self.pop_stored() {
                self.open_first = stored.first;
                if let Some(keep) = &self.keep {
                    keep.shelf.read(name, stored, &mut self.cache.get_mut().raw, &mut self.open);
                }
            } else {
                break;
            }
        }
        let keep = usize::try_from(number.saturating_sub(self.open_first)).unwrap_or(0);
        self.open.truncate(keep);
        self.line_start = self.open.data.len();
        self.forget_from(number);
    }

    /// Takes the last block on the disk out of the index: it is to be changed.
    fn pop_stored(&mut self) -> Option<(Stored, super::shelf::Name)> {
        let shelf = &self.keep.as_ref()?.shelf;
        let part = self.parts.back_mut()?;
        let last = part.contents(shelf).blocks.last().copied()?;
        part.trim(last.first);
        let name = part.name;
        if part.end <= part.first {
            self.parts.pop_back();
        }
        Some((last, name))
    }

    /// Bytes of memory held.
    pub(in crate::terminal) fn memory(&self) -> usize {
        let cache = self.cache.borrow();
        let cached: usize = cache.blocks.iter().map(|(_, open)| open.memory()).sum();
        let table = (self.closed.capacity() - self.closed.len()) * size_of::<Arc<Block>>();
        let on_disk: usize = self.parts.iter().map(Part::memory).sum();
        let parts = self.parts.capacity() * size_of::<Part>();
        let index =
            (self.run_ends.capacity() + self.all_ends.get().map_or(0, Vec::capacity)) * size_of::<u64>();
        self.closed_bytes
            + table
            + on_disk
            + parts
            + index
            + self.open.memory()
            + cached
            + cache.raw.capacity()
    }

    /// Forgets what is only kept to be quick, unless lines were read since this was called last.
    pub(in crate::terminal) fn rest_unread(&mut self) {
        let cache = self.cache.get_mut();
        let read = std::mem::take(&mut cache.read);
        let is_open = || self.keep.as_ref().is_some_and(|keep| keep.shelf.is_open());
        if !read && (!cache.blocks.is_empty() || is_open()) {
            self.rest();
        }
    }

    /// Forgets what is only kept to be quick.
    pub(in crate::terminal) fn rest(&mut self) {
        *self.cache.get_mut() = Cache::default();
        self.open.data.shrink_to_fit();
        self.open.entries.shrink_to_fit();
        if let Some(keep) = &self.keep {
            keep.shelf.rest();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::terminal::line::RunEnd;

    fn filled(lines: u64) -> History {
        let mut history = History::default();
        for number in 0..lines {
            history.push(format!("line {number}").as_bytes(), Kind::Output, Moment(number as i64 / 3));
        }
        history
    }

    fn text(history: &History, number: u64) -> Option<String> {
        history.line(number).map(|line| line.text())
    }

    #[test]
    fn lines_are_read_back_over_all_blocks() {
        let history = filled(30_000);
        for number in [0, 1, 4095, 4096, 29_999] {
            let line = history.line(number).unwrap();
            assert_eq!((line.text(), line.at), (format!("line {number}"), Moment(number as i64 / 3)));
        }
        assert_eq!(history.line(30_000), None);
    }

    #[test]
    fn a_visit_goes_both_ways() {
        let history = filled(10_000);
        let mut seen = Vec::new();
        let _ = history.visit(4090..4100, Direction::Backward, &mut |number, _, _, _| {
            seen.push(number);
            ControlFlow::Continue(())
        });
        assert_eq!(seen, (4090..4100).rev().collect::<Vec<_>>());
    }

    #[test]
    fn truncation_reaches_into_closed_blocks() {
        let mut history = filled(10_000);
        history.truncate(4000);
        assert_eq!(history.end(), 4000);
        history.push(b"new", Kind::Output, Moment(0));
        assert_eq!(text(&history, 3999).unwrap(), "line 3999");
        assert_eq!(text(&history, 4000).unwrap(), "new");
    }

    #[test]
    fn a_block_that_was_opened_again_is_read_as_it_is_then() {
        let mut history = filled(5000);
        assert_eq!(text(&history, 4090).unwrap(), "line 4090");
        history.truncate(4080);
        for _ in 0..1000 {
            history.push(b"new", Kind::Output, Moment(0));
        }
        assert_eq!(text(&history, 4090).unwrap(), "new");
    }

    #[test]
    fn the_ends_of_runs_are_those_of_the_lines_that_are_there() {
        let ended = RunEnd { number: 1, exit: "exit 0".to_owned(), began: Moment(0), ended: Moment(0) };
        let mut history = History::default();
        for number in 0..10_000 {
            match number % 1000 {
                999 => history.push_run_end(&ended),
                _ => history.push(b"line", Kind::Output, Moment(0)),
            }
        }
        let found = |history: &History| -> Vec<u64> {
            let is_end =
                |number: &u64| history.with(*number, |_, kind, _| kind == Kind::RunEnd) == Some(true);
            history.range().filter(is_end).collect()
        };
        assert_eq!(history.run_ends(), (1..=10).map(|run| run * 1000 - 1).collect::<Vec<_>>());
        history.truncate(9_999);
        assert_eq!(history.run_ends(), found(&history));
        assert_eq!(history.run_ends().last(), Some(&8_999));
        history.drop_oldest(1, 9_999);
        assert_eq!(history.run_ends(), found(&history));
        assert_eq!(history.run_ends().first(), Some(&4_999));
        history.drop_oldest(usize::MAX, 8_999);
        assert_eq!(history.run_ends(), [8_999]);
        history.drop_oldest(usize::MAX, 9_000);
        assert!(history.run_ends().is_empty());
    }
}
