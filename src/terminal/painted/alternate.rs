//! The alternate screen, and the main one while it is covered. Not: how that is made anew at another size (`reflow`).

use super::Grid;
use crate::terminal::body::Body;
use crate::terminal::shown::{self, Shown};

/// The main screen while the alternate one is shown, with all that has to be known to make it anew at another size.
pub(in crate::terminal) struct Under {
    pub(in crate::terminal) lines: Vec<Shown>,
    /// What has left the screen of the first line, which begins with it.
    pub(in crate::terminal) pending: usize,
    pub(in crate::terminal) cursor: (u16, u16),
    pub(in crate::terminal) cols: u16,
    /// The size has changed since.
    pub(in crate::terminal) resized: bool,
}

impl Under {
    /// The lines without the empty one that the cursor stood on.
    pub(in crate::terminal) fn standing(&self) -> &[Shown] {
        match self.lines.split_last() {
            Some((last, others)) if last.bytes.is_empty() => others,
            _ => &self.lines,
        }
    }
}

impl Body {
    pub(super) fn enter_alternate(&mut self, mode: u16) {
        if self.painted.under.is_some() {
            return;
        }
        let (row, col) = self.position();
        let Some(parser) = &self.parser else { return };
        let screen = parser.screen();
        let mut lines = shown::lines(screen, shown::end(screen).max(row + 1));
        let pending = parser.callbacks().pending.clone();
        lines[0].bytes.splice(0..0, pending.iter().copied());
        let cursor = (row, col);
        self.painted.under =
            Some(Under { lines, pending: pending.len(), cursor, cols: self.cols, resized: false });
        if mode == 1049 {
            self.painted.was_alternate = true;
            self.painted.saved_attrs = self.attrs;
            self.painted.main.saved = cursor;
            self.painted.main.saved_origin = self.painted.main.origin;
            self.painted.alternate = Grid::default();
            self.say_mode(1049, true);
        } else {
            self.say_mode(47, true);
        }
        self.say_csi(&[row + 1, col + 1], b'H');
    }

    pub(super) fn leave_alternate(&mut self, mode: u16) {
        if self.painted.under.is_none() {
            // As in tmux: the cursor goes back again to where it was before the alternate screen.
            if mode == 1049 && self.painted.was_alternate {
                self.escape(b'8');
            }
            return;
        }
        if mode == 1047 {
            self.erase(2, b'J');
        }
        let (row, col) = self.position();
        let under = self.painted.under.take();
        self.say_mode(47, false);
        self.flush();
        if let Some(under) = under.filter(|under| under.resized) {
            self.uncover(under);
        }
        if mode == 1049 {
            self.escape(b'8');
        } else {
            self.say_csi(&[row + 1, col + 1], b'H');
        }
    }
}
