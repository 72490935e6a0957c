//! From plain lines to a painted screen and back, with all that stands on it. Not: when.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use crate::terminal::attrs::Attrs;
use crate::terminal::body::{Body, Mode, Top};
use crate::terminal::cells::{self, BLANK};
use crate::terminal::contain::contain;
use crate::terminal::history::{Direction, Kind};
use crate::terminal::line::Moment;
use crate::terminal::shown;
use crate::terminal::wrap::Pen;

impl Body {
    /// Something came that is not plain: the lines that are on the screen leave the history again, and the parser hears all from now on.
    pub(in crate::terminal) fn paint(&mut self) {
        if self.mode == Mode::Painted {
            return;
        }
        self.tell_parser();
        let top = self.top();
        let times = self.row_times(top);
        let mut pending = Vec::new();
        if top.above > 0 {
            let first = |bytes: &[u8]| cells::first_rows(bytes, self.cols, top.above);
            pending = self
                .history
                .with(top.line, |bytes, _, _| first(bytes))
                .unwrap_or_else(|| first(&self.partial));
        }
        self.history.truncate(top.line);
        if let Some(parser) = &mut self.parser {
            let listener = parser.callbacks_mut();
            listener.muted = false;
            listener.pending = pending;
            listener.times = times;
        }
        self.mode = Mode::Painted;
        self.partial = Vec::new();
        self.written = Attrs::default();
        self.pen = Pen::new(self.cols);
        self.painted.returned = std::mem::take(&mut self.returned);
        self.painted.plain_lines = 0;
    }

    /// When each row of the screen was written.
    fn row_times(&self, top: Top) -> VecDeque<Moment> {
        let mut times = VecDeque::with_capacity(usize::from(self.rows));
        let mut above = top.above;
        let _ =
            self.history.visit(top.line..self.history.end(), Direction::Forward, &mut |_, bytes, _, at| {
                let rows = cells::rows(bytes, self.cols) - std::mem::take(&mut above);
                times.extend(std::iter::repeat_n(at, rows));
                ControlFlow::Continue(())
            });
        times.resize(usize::from(self.rows), self.now);
        times
    }

    /// The screen is painted, but what stands on it are plain lines, and nothing else is set: lazy again.
    pub(in crate::terminal) fn try_lazy(&mut self) -> bool {
        self.flush();
        if self.always_painted || !self.painted.is_ordinary() {
            return false;
        }
        let Some(parser) = &mut self.parser else { return false };
        let screen = parser.screen();
        let (row, col) = screen.cursor_position();
        if col != 0 || screen.alternate_screen() || !parser.callbacks().pending.is_empty() {
            return false;
        }
        if shown::end(screen) > row || (row > 0 && screen.row_wrapped(row - 1)) {
            return false;
        }
        let lines = shown::lines(screen, row);
        if lines.iter().any(|line| cells::rows(&line.bytes, self.cols) != usize::from(line.rows)) {
            return false;
        }
        let listener = parser.callbacks_mut();
        listener.muted = true;
        self.base = self.history.end();
        for line in &lines {
            let last_row = usize::from(line.row + line.rows - 1);
            let at = listener.times.get(last_row).copied().unwrap_or(self.now);
            self.history.push(&line.bytes, Kind::Output, at);
        }
        self.heard = (self.history.end(), 0);
        self.mode = Mode::Lazy;
        self.returned = false;
        self.pen = Pen::new(self.cols);
        true
    }

    /// Another size while lazy: the screen is the end of the lines that it may show, at the new width.
    pub(in crate::terminal) fn resize_lazily(&mut self, rows: u16, cols: u16) {
        self.rows = rows;
        self.cols = cols;
        self.base = self.floor;
        self.heard = (self.base, 0);
        self.pen = cells::pen_after(&self.partial, cols);
        if let Some(old) = self.parser.take() {
            self.painted.forget_margins();
            self.parser = contain(|| self.like(old.screen()));
        }
        // Blanks that wrap are written as spaces, and are part of the line from then on.
        let blanks_wrap = self.pen.row > 0 && self.partial.last() == Some(&BLANK);
        if blanks_wrap || self.pen.row >= usize::from(rows) {
            self.paint();
        }
    }
}
