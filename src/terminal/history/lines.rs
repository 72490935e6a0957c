//! The finished lines of a terminal: an open block that grows, closed ones that are compressed, and those that are on the disk.
//! Knows lines by number; knows nothing of screens. What goes to the disk, and when: `keep`.

use std::cell::{OnceCell, RefCell};
use std::collections::VecDeque;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::block::{Block, Open};
use super::keep::Keep;
use super::leaf::Leaf;
use super::part::{Part, Spot};
use super::taken::Taken;
use crate::terminal::line::{Line, LineKind, Moment, RunEnd};

/// A block is closed when it holds this many bytes.
pub(super) const BLOCK_BYTES: usize = 64 * 1024;
/// A block is closed when it holds this many lines, so that the index of empty lines stays small.
const BLOCK_LINES: usize = 4096;
/// How many blocks stay readable beside the open one.
const CACHED: usize = 2;

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
    all_ends: OnceCell<Vec<u64>>,
    cache: RefCell<Cache>,
    /// Which lines were taken away again, and when.
    pub(in crate::terminal) taken: Taken,
    /// How it is kept on the disk, if it is.
    pub(super) keep: Option<Box<Keep>>,
}

/// Blocks that stay readable, by their first lines; the one that was looked at last is the last.
#[derive(Default)]
struct Cache {
    blocks: Vec<(u64, Box<Open>)>,
    raw: Vec<u8>,
}

/// A block that takes no more lines.
enum Closed<'a> {
    InMemory(&'a Arc<Block>),
    OnDisk(&'a Part, Spot),
}

impl Closed<'_> {
    fn first(&self) -> u64 {
        match self {
            Self::InMemory(block) => block.first,
            Self::OnDisk(_, spot) => spot.first,
        }
    }
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

    /// Adds the separator at the end of a run.
    pub(in crate::terminal) fn push_run_end(&mut self, end: &RunEnd) {
        self.run_ends.push(self.end());
        self.all_ends.take();
        self.push(&pack_run_end(end), Kind::RunEnd, end.ended);
    }

    /// The numbers of the separators at the ends of runs, lowest first.
    pub(in crate::terminal) fn run_ends(&self) -> &[u64] {
        let (Some(keep), false) = (&self.keep, self.parts.is_empty()) else { return &self.run_ends };
        self.all_ends.get_or_init(|| {
            let stored = self.parts.iter().flat_map(|part| &part.spots(&keep.shelf).ends);
            let added = self.run_ends.first().copied().unwrap_or(u64::MAX);
            stored.copied().take_while(|end| *end < added).chain(self.run_ends.iter().copied()).collect()
        })
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
            } else if let Some((spot, name)) = self.pop_stored() {
                self.open_first = spot.first;
                if let Some(keep) = &self.keep {
                    keep.shelf.read(name, spot, &mut self.cache.get_mut().raw, &mut self.open);
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
    fn pop_stored(&mut self) -> Option<(Spot, super::shelf::Name)> {
        let shelf = &self.keep.as_ref()?.shelf;
        let part = self.parts.back_mut()?;
        let last = part.spots(shelf).blocks.last().copied()?;
        part.trim(last.first);
        let name = part.name;
        if part.end <= part.first {
            self.parts.pop_back();
        }
        Some((last, name))
    }

    /// Shows the kept bytes of one line to `look`.
    pub(in crate::terminal) fn with<T>(
        &self,
        number: u64,
        look: impl FnOnce(&[u8], Kind, Moment) -> T,
    ) -> Option<T> {
        let mut look = Some(look);
        let mut found = None;
        let _ =
            self.visit(number..number.saturating_add(1), Direction::Forward, &mut |_, bytes, kind, at| {
                found = look.take().map(|look| look(bytes, kind, at));
                ControlFlow::Break(())
            });
        found
    }

    /// Shows the kept bytes of a range of lines to `look` until it breaks off. The line that tells of dropped ones is not
    /// among them.
    pub(in crate::terminal) fn visit(
        &self,
        range: Range<u64>,
        direction: Direction,
        look: Look<'_>,
    ) -> ControlFlow<()> {
        let range = range.start.max(self.first())..range.end.min(self.end());
        if range.is_empty() {
            return ControlFlow::Continue(());
        }
        match direction {
            Direction::Forward => {
                for block in self.blocks(&range) {
                    self.visit_closed(&block, &range, direction, look)?;
                }
                visit_block(&self.open, self.open_first, &range, direction, look)
            }
            Direction::Backward => {
                visit_block(&self.open, self.open_first, &range, direction, look)?;
                for block in self.blocks(&range).rev() {
                    self.visit_closed(&block, &range, direction, look)?;
                }
                ControlFlow::Continue(())
            }
        }
    }

    /// The closed blocks that have lines of a range, oldest first. What is on the disk is learnt only where it is asked for.
    fn blocks(&self, range: &Range<u64>) -> impl DoubleEndedIterator<Item = Closed<'_>> + use<'_> {
        let Range { start, end } = *range;
        let from = self.parts.partition_point(|part| part.end <= start);
        let to = self.parts.partition_point(|part| part.first < end).max(from);
        let stored = self.keep.iter().flat_map(move |keep| {
            self.parts.range(from..to).flat_map(move |part| {
                let blocks = &part.spots(&keep.shelf).blocks;
                let from = blocks.partition_point(|spot| spot.end() <= start);
                let to = blocks.partition_point(|spot| spot.first < end).max(from);
                blocks[from..to].iter().map(move |spot| Closed::OnDisk(part, *spot))
            })
        });
        let from = self.closed.partition_point(|block| block.end() <= start);
        let to = self.closed.partition_point(|block| block.first < end).max(from);
        stored.chain(self.closed.range(from..to).map(Closed::InMemory))
    }

    fn visit_closed(
        &self,
        block: &Closed<'_>,
        range: &Range<u64>,
        direction: Direction,
        look: Look<'_>,
    ) -> ControlFlow<()> {
        // The block is taken out of the cache while it is looked at: whoever looks may read lines too.
        let readable = self.readable(block);
        let flow = visit_block(&readable, block.first(), range, direction, look);
        let mut cache = self.cache.borrow_mut();
        cache.blocks.push((block.first(), readable));
        if cache.blocks.len() > CACHED {
            cache.blocks.remove(0);
        }
        flow
    }

    #[expect(clippy::unnecessary_box_returns, reason = "it goes back into the cache as it is")]
    fn readable(&self, block: &Closed<'_>) -> Box<Open> {
        let mut cache = self.cache.borrow_mut();
        if let Some(index) = cache.blocks.iter().position(|(first, _)| *first == block.first()) {
            return cache.blocks.remove(index).1;
        }
        let full = cache.blocks.len() >= CACHED;
        let mut open = if full { cache.blocks.remove(0).1 } else { Box::default() };
        // Lines that cannot be read say so themselves.
        match (block, &self.keep) {
            (Closed::InMemory(block), _) => _ = block.read(&mut open),
            (Closed::OnDisk(part, spot), Some(keep)) => {
                _ = keep.shelf.read(part.name, *spot, &mut cache.raw, &mut open);
            }
            (Closed::OnDisk(_, spot), None) => open.lose(spot.count, "nobody knows where it is"),
        }
        open
    }

    /// One line for readers.
    pub(in crate::terminal) fn line(&self, number: u64) -> Option<Line> {
        if self.dropped && number + 1 == self.first() {
            return Some(self.dropped_note());
        }
        self.with(number, read_line)
    }

    fn dropped_note(&self) -> Line {
        let at = self.with(self.first(), |_, _, at| at).unwrap_or_default();
        let (count, s) = (self.first(), if self.first() == 1 { "" } else { "s" });
        Line { at, kind: LineKind::Note, bytes: format!("{count} older line{s} dropped").into_bytes() }
    }

    /// The closed blocks that have lines of a range, oldest first.
    pub(in crate::terminal) fn leaves(
        &self,
        range: &Range<u64>,
    ) -> impl DoubleEndedIterator<Item = Leaf> + use<'_> {
        self.blocks(range).filter_map(|block| match (block, &self.keep) {
            (Closed::InMemory(block), _) => Some(Leaf::in_memory(Arc::clone(block))),
            (Closed::OnDisk(part, spot), Some(keep)) => {
                Some(Leaf::on_disk(Arc::clone(&keep.shelf), part.name, spot))
            }
            (Closed::OnDisk(..), None) => None,
        })
    }

    /// Bytes of memory held.
    pub(in crate::terminal) fn memory(&self) -> usize {
        let cache = self.cache.borrow();
        let cached: usize = cache.blocks.iter().map(|(_, open)| open.memory()).sum();
        let table = (self.closed.capacity() - self.closed.len()) * size_of::<Arc<Block>>();
        let stored: usize = self.parts.iter().map(Part::memory).sum();
        let parts = self.parts.capacity() * size_of::<Part>();
        let index =
            (self.run_ends.capacity() + self.all_ends.get().map_or(0, Vec::capacity)) * size_of::<u64>();
        self.closed_bytes
            + table
            + stored
            + parts
            + index
            + self.open.memory()
            + cached
            + cache.raw.capacity()
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

/// What is done with each line: its number, kept bytes, kind and time.
pub(in crate::terminal) type Look<'a> = &'a mut dyn FnMut(u64, &[u8], Kind, Moment) -> ControlFlow<()>;

fn visit_block(
    block: &Open,
    first: u64,
    range: &Range<u64>,
    direction: Direction,
    look: Look<'_>,
) -> ControlFlow<()> {
    let count = block.entries.len() as u64;
    let from = range.start.saturating_sub(first).min(count) as usize;
    let to = range.end.saturating_sub(first).min(count) as usize;
    let mut one = |index: usize| match block.get(index) {
        Some((bytes, entry)) => look(first + index as u64, bytes, entry.kind, Moment(entry.at)),
        None => ControlFlow::Continue(()),
    };
    match direction {
        Direction::Forward => (from..to).try_for_each(&mut one),
        Direction::Backward => (from..to).rev().try_for_each(&mut one),
    }
}

/// A kept line as readers get it.
pub(in crate::terminal) fn read_line(bytes: &[u8], kind: Kind, at: Moment) -> Line {
    let (kind, bytes) = match kind {
        Kind::Output => (LineKind::Output, crate::terminal::cells::for_readers(bytes)),
        Kind::Piece => (LineKind::Piece, crate::terminal::cells::for_readers(bytes)),
        Kind::Note => (LineKind::Note, bytes.to_vec()),
        Kind::RunEnd => (LineKind::RunEnd(unpack_run_end(bytes)), Vec::new()),
    };
    Line { at, kind, bytes }
}

fn pack_run_end(end: &RunEnd) -> Vec<u8> {
    let mut bytes = end.number.to_le_bytes().to_vec();
    bytes.extend_from_slice(&end.began.0.to_le_bytes());
    bytes.extend_from_slice(&end.ended.0.to_le_bytes());
    bytes.extend_from_slice(end.exit.as_bytes());
    bytes
}

fn unpack_run_end(bytes: &[u8]) -> RunEnd {
    let eight = |from: usize| -> i64 {
        bytes.get(from..from + 8).and_then(|eight| eight.try_into().ok()).map_or(0, i64::from_le_bytes)
    };
    RunEnd {
        number: bytes.get(..4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes),
        exit: String::from_utf8_lossy(bytes.get(20..).unwrap_or_default()).into_owned(),
        began: Moment(eight(4)),
        ended: Moment(eight(12)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
