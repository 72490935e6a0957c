//! Lines are read: from the open block, and from closed ones that are unpacked for it and stay so for a while. Not: how they come
//! and go (`lines`).

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::block::{Block, Open};
use super::ends::unpack_run_end;
use super::leaf::Leaf;
use super::lines::{Direction, History, Kind};
use super::part::{Part, Stored};
use crate::terminal::cells;
use crate::terminal::line::{Line, LineKind, Moment};

/// How many blocks stay readable beside the open one.
const CACHED: usize = 2;

/// What is done with each line: its number, kept bytes, kind and time.
pub(in crate::terminal) type Look<'a> = &'a mut dyn FnMut(u64, &[u8], Kind, Moment) -> ControlFlow<()>;

/// Blocks that stay readable, by their first lines; the one that was looked at last is the last.
#[derive(Default)]
pub(super) struct Cache {
    pub(super) blocks: Vec<(u64, Box<Open>)>,
    /// Somebody has read since it was asked last.
    pub(super) read: bool,
    /// Room to read in.
    pub(super) raw: Vec<u8>,
}

/// A block that takes no more lines.
enum Closed<'a> {
    InMemory(&'a Arc<Block>),
    OnDisk(&'a Part, Stored),
}

impl Closed<'_> {
    fn first(&self) -> u64 {
        match self {
            Self::InMemory(block) => block.first,
            Self::OnDisk(_, stored) => stored.first,
        }
    }
}

impl History {
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
        let on_disk = self.keep.iter().flat_map(move |keep| {
            self.parts.range(from..to).flat_map(move |part| {
                let blocks = &part.contents(&keep.shelf).blocks;
                let from = blocks.partition_point(|stored| stored.end() <= start);
                let to = blocks.partition_point(|stored| stored.first < end).max(from);
                blocks[from..to].iter().map(move |stored| Closed::OnDisk(part, *stored))
            })
        });
        let from = self.closed.partition_point(|block| block.end() <= start);
        let to = self.closed.partition_point(|block| block.first < end).max(from);
        on_disk.chain(self.closed.range(from..to).map(Closed::InMemory))
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
        cache.read = true;
        if let Some(index) = cache.blocks.iter().position(|(first, _)| *first == block.first()) {
            return cache.blocks.remove(index).1;
        }
        let full = cache.blocks.len() >= CACHED;
        let mut open = if full { cache.blocks.remove(0).1 } else { Box::default() };
        // Lines that cannot be read say so themselves.
        match (block, &self.keep) {
            (Closed::InMemory(block), _) => _ = block.read(&mut open),
            (Closed::OnDisk(part, stored), Some(keep)) => {
                _ = keep.shelf.read(part.name, *stored, &mut cache.raw, &mut open);
            }
            (Closed::OnDisk(_, stored), None) => open.lose(stored.count, "nobody knows where it is"),
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
            (Closed::OnDisk(part, stored), Some(keep)) => {
                Some(Leaf::on_disk(Arc::clone(&keep.shelf), part.name, stored))
            }
            (Closed::OnDisk(..), None) => None,
        })
    }
}

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
        Kind::Output => (LineKind::Output, cells::for_readers(bytes)),
        Kind::Piece => (LineKind::Piece, cells::for_readers(bytes)),
        Kind::Note => (LineKind::Note, bytes.to_vec()),
        Kind::RunEnd => (LineKind::RunEnd(unpack_run_end(bytes)), Vec::new()),
    };
    Line { at, kind, bytes }
}
