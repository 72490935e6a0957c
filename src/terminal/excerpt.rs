//! Lines on their way to another thread: what is closed is shared, the little that may still change is copied. Not: what is
//! done with them.

use std::cell::Cell;
use std::ops::{ControlFlow, Range};

use super::history::{Direction, Leaf, Page};
use super::{Line, Terminal};

/// A range of lines as they were when it was taken. It may be read on any thread while the terminal goes on.
pub struct Excerpt {
    lines: Range<u64>,
    leaves: Vec<Leaf>,
    /// What is in no leaf, in order.
    rest: Vec<(u64, Line)>,
    /// How many of its lines could not be read when it was visited last.
    lost: Cell<u64>,
}

impl Terminal {
    /// A range of lines. None that is on the disk is read, but the first time it is learnt where they stand there, a footer for each
    /// file. Their files are opened: if they are dropped before all is visited, nothing is lost.
    pub fn excerpt(&self, lines: Range<u64>) -> Excerpt {
        let all = self.lines();
        let lines = lines.start.max(all.start)..lines.end.min(all.end);
        let mut leaves: Vec<Leaf> = self.leaves(&lines).collect();
        Leaf::hold(&mut leaves);
        let from = leaves.last().map_or(lines.start, |leaf| leaf.lines().end);
        let mut rest = Vec::new();
        let whole = self.visit(from..lines.end, Direction::Forward, &mut |number, line| {
            rest.push((number, line));
            ControlFlow::Continue(())
        });
        debug_assert!(whole.is_continue(), "nothing breaks it off");
        Excerpt { lines, leaves, rest, lost: Cell::new(0) }
    }

    /// The line that holds the first row of the screen, and how many of its rows are above it. `None` while the program shows
    /// the alternate screen, which is no part of the lines.
    pub fn screen_top(&self) -> Option<(u64, usize)> {
        self.top_of_screen()
    }
}

impl Excerpt {
    /// The numbers of its lines.
    pub fn lines(&self) -> Range<u64> {
        self.lines.clone()
    }

    /// How many of its lines could not be read when it was visited last: each said so.
    pub fn lost(&self) -> u64 {
        self.lost.get()
    }

    /// Shows its lines to `look`, oldest first, until it breaks off.
    pub fn visit(&self, look: &mut dyn FnMut(u64, &Line) -> ControlFlow<()>) -> ControlFlow<()> {
        let mut page = Page::default();
        self.lost.set(0);
        for leaf in &self.leaves {
            let flow = leaf.visit_lines(&mut page, &mut |number, line| {
                if self.lines.contains(&number) { look(number, &line) } else { ControlFlow::Continue(()) }
            });
            if page.is_lost() {
                let lines = leaf.lines();
                let from = lines.start.max(self.lines.start);
                self.lost.set(self.lost.get() + lines.end.min(self.lines.end).saturating_sub(from));
            }
            flow?;
        }
        self.rest.iter().try_for_each(|(number, line)| look(*number, line))
    }
}
