//! A closed block of lines that may be read on any thread while the terminal goes on. Not: which lines are wanted.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::block::{Block, Open};
use super::lines::{Entry, read_line};
use super::part::Spot;
use super::shelf::{Name, Shelf};
use crate::terminal::line::Moment;
use crate::terminal::{Line, text_of};

/// A closed block of lines. It never changes; the terminal may drop it meanwhile, and then it may be lost.
#[derive(Clone)]
pub struct Leaf(Kept);

/// Where the lines are.
#[derive(Clone)]
enum Kept {
    InMemory(Arc<Block>),
    OnDisk(Arc<Shelf>, Name, Spot),
}

/// Room in which a leaf is read, to be used again for the next one.
#[derive(Default)]
pub struct Page {
    open: Open,
    raw: Vec<u8>,
    scratch: String,
}

impl Leaf {
    pub(super) fn in_memory(block: Arc<Block>) -> Self {
        Self(Kept::InMemory(block))
    }

    pub(super) fn on_disk(shelf: Arc<Shelf>, name: Name, spot: Spot) -> Self {
        Self(Kept::OnDisk(shelf, name, spot))
    }

    /// The numbers of its lines.
    pub fn lines(&self) -> Range<u64> {
        match &self.0 {
            Kept::InMemory(block) => block.first..block.end(),
            Kept::OnDisk(_, _, spot) => spot.first..spot.end(),
        }
    }

    /// Shows its lines to `look`, oldest first, until it breaks off: number and text without colours (separators have none).
    pub fn visit_text(
        &self,
        page: &mut Page,
        look: &mut dyn FnMut(u64, &str) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.fill(page);
        for (number, index) in self.lines().zip(0..) {
            let Some((bytes, entry)) = page.open.get(index) else { break };
            look(number, text_of(bytes, entry.kind, &mut page.scratch))?;
        }
        ControlFlow::Continue(())
    }

    /// The kept bytes of its lines, one after the other, and what is known of each, oldest first.
    pub(in crate::terminal) fn read<'p>(&self, page: &'p mut Page) -> (&'p [u8], &'p [Entry]) {
        self.fill(page);
        (&page.open.data, &page.open.entries)
    }

    fn fill(&self, page: &mut Page) {
        match &self.0 {
            Kept::InMemory(block) => block.read(&mut page.open),
            Kept::OnDisk(shelf, name, spot) => shelf.read(*name, *spot, &mut page.raw, &mut page.open),
        }
    }

    /// Shows its lines to `look` as they are, oldest first, until it breaks off.
    pub fn visit_lines(
        &self,
        page: &mut Page,
        look: &mut dyn FnMut(u64, Line) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.fill(page);
        for (number, index) in self.lines().zip(0..) {
            let Some((bytes, entry)) = page.open.get(index) else { break };
            look(number, read_line(bytes, entry.kind, Moment(entry.at)))?;
        }
        ControlFlow::Continue(())
    }
}
