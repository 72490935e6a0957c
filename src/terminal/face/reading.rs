//! What one can ask a terminal about its lines. Not: how they are kept (`history`), nor what is done to a terminal.

use std::ops::{ControlFlow, Range};

use super::Terminal;
use crate::terminal::body::Mode;
use crate::terminal::cells;
use crate::terminal::history::{Direction, Kind, Leaf, Look, read_line};
use crate::terminal::joint::Joint;
use crate::terminal::line::{Line, LineKind, Moment, text_of};

impl Terminal {
    /// The numbers of the logical lines that can be had, oldest first: the history, then what
    /// stands on the main screen. Numbers are stable for lines that have left the screen and count from 0, dropped lines
    /// included.
    pub fn lines(&self) -> Range<u64> {
        let range = self.body.history.range();
        range.start..range.end + self.body.lines_on_screen()
    }

    /// The same without the line that tells of dropped ones.
    pub(in crate::terminal) fn kept_lines(&self) -> Range<u64> {
        self.body.history.first()..self.lines().end
    }

    /// The number of the line with which the screen begins: lines before it have left the screen. While a run is live the
    /// pager shows lines before this one and then the screen. If the line began above the screen, it is the line after
    /// the one that is cut by the top.
    pub fn screen_start(&self) -> u64 {
        self.body.update.held().map_or_else(|| self.body.screen_start(), |held| held.start)
    }

    /// Where the lines above the screen and the screen itself meet; `None` once the present run has cleared its screen, and
    /// while it shows the alternate one: nothing stands above these.
    pub fn joint(&self) -> Option<Joint> {
        self.body.update.held().map_or_else(|| self.body.joint(), |held| held.joint)
    }

    /// The number of the line that the cursor is on: all before it were ended with a newline, as long as the program does
    /// not go back to change them.
    pub fn finished(&self) -> u64 {
        self.body.cursor_line()
    }

    /// The numbers of the lines that end runs, lowest first, as far as they have not been dropped.
    pub fn run_ends(&self) -> &[u64] {
        self.body.history.run_ends()
    }

    /// When the run began that a line belongs to; what stands between two runs belongs to the later one. `None` if no run has
    /// begun since.
    pub fn began(&self, line: u64) -> Option<Moment> {
        let ends = self.run_ends();
        match ends.get(ends.partition_point(|end| *end < line)) {
            Some(end) => match self.line(*end)?.kind {
                LineKind::RunEnd(run) => Some(run.began),
                LineKind::Output | LineKind::Piece | LineKind::Note => None,
            },
            None => self.run.map(|(_, began)| began),
        }
    }

    /// One logical line, or `None` outside of [`Self::lines`].
    pub fn line(&self, number: u64) -> Option<Line> {
        let end = self.body.history.end();
        if number < end {
            return self.body.history.line(number);
        }
        self.body.with_line_on_screen(number - end, |bytes, at| read_line(bytes, Kind::Output, at))
    }

    /// Shows a range of lines to `look`, one after the other, until it breaks off: quicker than asking for each.
    /// The text comes without colours; separators have none.
    pub fn visit_text(
        &self,
        range: Range<u64>,
        direction: Direction,
        look: &mut dyn FnMut(u64, &str) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut scratch = String::new();
        self.visit_kept(range, direction, &mut |number, bytes, kind, _| {
            look(number, text_of(bytes, kind, &mut scratch))
        })
    }

    /// Shows the texts of a range of lines to `look`, oldest first, and where a run ends nothing instead of a text. Where the others
    /// end need not be known for it: that may stand on the disk.
    pub(in crate::terminal) fn visit_runs(&self, range: Range<u64>, look: &mut dyn FnMut(u64, Option<&str>)) {
        let mut scratch = String::new();
        let all = self.visit_kept(range, Direction::Forward, &mut |number, bytes, kind, _| {
            look(number, (kind != Kind::RunEnd).then(|| text_of(bytes, kind, &mut scratch)));
            ControlFlow::Continue(())
        });
        debug_assert!(all.is_continue(), "nothing breaks it off");
    }

    /// Shows a range of lines to `look`, one after the other, until it breaks off.
    pub fn visit(
        &self,
        range: Range<u64>,
        direction: Direction,
        look: &mut dyn FnMut(u64, Line) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.visit_kept(range, direction, &mut |number, bytes, kind, at| {
            look(number, read_line(bytes, kind, at))
        })
    }

    /// Shows when the lines of a range were ended, oldest first. The line that tells of dropped ones is not among them.
    pub fn visit_times(&self, range: Range<u64>, look: &mut dyn FnMut(u64, Moment)) {
        let all = self.visit_kept(range, Direction::Forward, &mut |number, _, _, at| {
            look(number, at);
            ControlFlow::Continue(())
        });
        debug_assert!(all.is_continue(), "nothing breaks it off");
    }

    fn visit_kept(&self, range: Range<u64>, direction: Direction, look: Look<'_>) -> ControlFlow<()> {
        let end = self.body.history.end();
        if direction == Direction::Forward {
            self.body.history.visit(range.clone(), direction, look)?;
        }
        let mut visible: Vec<u64> = (range.start.max(end)..range.end.min(self.lines().end)).collect();
        if direction == Direction::Backward {
            visible.reverse();
        }
        for number in visible {
            let flow = self
                .body
                .with_line_on_screen(number - end, |bytes, at| look(number, bytes, Kind::Output, at));
            flow.unwrap_or(ControlFlow::Continue(()))?;
        }
        if direction == Direction::Backward {
            self.body.history.visit(range, direction, look)?;
        }
        ControlFlow::Continue(())
    }

    pub(in crate::terminal) fn top_of_screen(&self) -> Option<(u64, usize)> {
        if self.body.painted.under.is_some() {
            return None;
        }
        let top = self.body.top();
        let cut = self.body.parser.as_ref().filter(|_| self.body.mode == Mode::Painted);
        let cut = cut.map(|parser| &parser.callbacks().pending).filter(|pending| !pending.is_empty());
        let above = cut.map_or(top.above, |pending| cells::rows(pending, self.body.cols));
        Some((top.line, above))
    }

    /// The closed blocks among the lines of a range, oldest first: what another thread may read. What is younger, or may still
    /// change, is not among them.
    pub fn leaves(&self, range: &Range<u64>) -> impl DoubleEndedIterator<Item = Leaf> + use<'_> {
        let settled = self.body.top().line;
        self.body.history.leaves(range).filter(move |leaf| leaf.lines().end <= settled)
    }

    /// The line with which the output of a step of the latest run begins.
    pub fn step_line(&self, step: u16) -> Option<u64> {
        self.body.steps.iter().rev().find(|(marked, _)| *marked == step).map(|(_, line)| *line)
    }
}
