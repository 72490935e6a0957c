//! Lines on their way to another thread: what is closed is shared, the little that may still change is copied. Not: what is
//! done with them.

use std::ops::{ControlFlow, Range};

use super::history::{Direction, Leaf, Page};
use super::{Line, Terminal};

/// A range of lines as they were when it was taken. It may be read on any thread while the terminal goes on.
pub struct Excerpt {
    lines: Range<u64>,
    leaves: Vec<Leaf>,
    /// What is in no leaf, in order.
    rest: Vec<(u64, Line)>,
}

impl Terminal {
    /// A range of lines. Takes little time, however many they are.
    pub fn excerpt(&self, lines: Range<u64>) -> Excerpt {
        let all = self.lines();
        let lines = lines.start.max(all.start)..lines.end.min(all.end);
        let leaves: Vec<Leaf> = self.leaves(&lines).collect();
        let from = leaves.last().map_or(lines.start, |leaf| leaf.lines().end);
        let mut rest = Vec::new();
        let whole = self.visit(from..lines.end, Direction::Forward, &mut |number, line| {
            rest.push((number, line));
            ControlFlow::Continue(())
        });
        debug_assert!(whole.is_continue(), "nothing breaks it off");
        Excerpt { lines, leaves, rest }
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

    /// Shows its lines to `look`, oldest first, until it breaks off.
    pub fn visit(&self, look: &mut dyn FnMut(u64, &Line) -> ControlFlow<()>) -> ControlFlow<()> {
        let mut page = Page::default();
        for leaf in &self.leaves {
            leaf.visit_lines(&mut page, &mut |number, line| {
                if self.lines.contains(&number) { look(number, &line) } else { ControlFlow::Continue(()) }
            })?;
        }
        self.rest.iter().try_for_each(|(number, line)| look(*number, line))
    }
}
