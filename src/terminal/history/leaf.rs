//! A closed block of lines that may be read on any thread while the terminal goes on. Not: which lines are wanted.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::block::{Block, Open};
use super::lines::Entry;
use crate::terminal::text_of;

/// A closed block of lines. It never changes; the terminal may drop its own copy meanwhile.
#[derive(Clone)]
pub struct Leaf(Arc<Block>);

/// Room in which a leaf is read, to be used again for the next one.
#[derive(Default)]
pub struct Page {
    open: Open,
    scratch: String,
}

impl Leaf {
    pub(super) fn new(block: Arc<Block>) -> Self {
        Self(block)
    }

    /// The numbers of its lines.
    pub fn lines(&self) -> Range<u64> {
        self.0.first..self.0.end()
    }

    /// Shows its lines to `look`, oldest first, until it breaks off: number and text without colours (separators have none).
    pub fn visit_text(
        &self,
        page: &mut Page,
        look: &mut dyn FnMut(u64, &str) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.0.read(&mut page.open);
        for (number, index) in self.lines().zip(0..) {
            let Some((bytes, entry)) = page.open.get(index) else { break };
            look(number, text_of(bytes, entry.kind, &mut page.scratch))?;
        }
        ControlFlow::Continue(())
    }

    /// The kept bytes of its lines, one after the other, and what is known of each, oldest first.
    pub(in crate::terminal) fn read<'p>(&self, page: &'p mut Page) -> (&'p [u8], &'p [Entry]) {
        self.0.read(&mut page.open);
        (&page.open.data, &page.open.entries)
    }
}
