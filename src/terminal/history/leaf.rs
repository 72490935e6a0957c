//! A closed block of lines that may be read on any thread while the terminal goes on. Not: which lines are wanted.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::block::{Block, Open};
use super::lines::Entry;
use super::part::Stored;
use super::reading::read_line;
use super::shelf::{Name, Shelf};
use crate::terminal::Line;
use crate::terminal::line::Moment;

/// A closed block of lines. It never changes; the terminal may drop it meanwhile, and then it may be lost.
#[derive(Clone)]
pub struct Leaf(Kept);

/// Where the lines are.
#[derive(Clone)]
enum Kept {
    InMemory(Arc<Block>),
    OnDisk(Arc<Shelf>, Name, Stored),
}

/// Room in which a leaf is read, to be used again for the next one.
#[derive(Default)]
pub struct Page {
    open: Open,
    raw: Vec<u8>,
    /// The lines of the last leaf could not be read: each says why.
    lost: bool,
}

/// So many files are held open at most for lines that leave zap; the oldest, which are the ones that are dropped.
const HELD: usize = 256;

impl Page {
    /// Whether the lines of the leaf that was read last are lost: instead of them there is a note for each.
    pub(in crate::terminal) fn is_lost(&self) -> bool {
        self.lost
    }
}

impl Leaf {
    pub(super) fn in_memory(block: Arc<Block>) -> Self {
        Self(Kept::InMemory(block))
    }

    pub(super) fn on_disk(shelf: Arc<Shelf>, name: Name, stored: Stored) -> Self {
        Self(Kept::OnDisk(shelf, name, stored))
    }

    /// From now on these leaves, of one history and the oldest first, can be read though their files are dropped.
    pub(in crate::terminal) fn hold(leaves: &mut [Self]) {
        let mut names: Vec<Name> = leaves
            .iter()
            .filter_map(|leaf| match &leaf.0 {
                Kept::OnDisk(_, name, stored) if !stored.is_lost() => Some(*name),
                Kept::OnDisk(..) | Kept::InMemory(_) => None,
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names.truncate(HELD);
        let mut held = None;
        for leaf in leaves {
            if let Kept::OnDisk(shelf, ..) = &mut leaf.0 {
                *shelf = Arc::clone(held.get_or_insert_with(|| Arc::new(shelf.holding(&names))));
            }
        }
    }

    /// Nobody reads there for a while: no file stays open.
    pub(in crate::terminal) fn rest(&self) {
        match &self.0 {
            Kept::InMemory(_) => {}
            Kept::OnDisk(shelf, ..) => shelf.rest(),
        }
    }

    /// The numbers of its lines.
    pub fn lines(&self) -> Range<u64> {
        match &self.0 {
            Kept::InMemory(block) => block.first..block.end(),
            Kept::OnDisk(_, _, stored) => stored.first..stored.end(),
        }
    }

    /// The kept bytes of its lines, one after the other, and what is known of each, oldest first; `None` if they are lost.
    pub(in crate::terminal) fn read<'p>(&self, page: &'p mut Page) -> Option<(&'p [u8], &'p [Entry])> {
        self.fill(page);
        (!page.lost).then_some((&page.open.data, &page.open.entries))
    }

    fn fill(&self, page: &mut Page) {
        let read = match &self.0 {
            Kept::InMemory(block) => block.read(&mut page.open),
            Kept::OnDisk(shelf, name, stored) => shelf.read(*name, *stored, &mut page.raw, &mut page.open),
        };
        page.lost = !read;
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
