//! Text, newlines and tabs on a painted screen, also in the modes that vt100 does not have. Not: what leaves the screen by them
//! (`leaving`).

use crate::terminal::body::Body;
use crate::terminal::cells;
use crate::terminal::wrap::{Pen, width};

impl Body {
    #[inline]
    pub(super) fn print(&mut self, text: &str) {
        if let Some((top, bottom)) = self.painted.inner_region() {
            return self.print_in_region(text, top, bottom);
        }
        self.print_anywhere(text);
    }

    /// Rows leave the region when a line wraps in its last row.
    fn print_in_region(&mut self, text: &str, top: u16, bottom: u16) {
        let (mut row, col) = self.position();
        let mut pen = Pen::new(self.cols);
        pen.col = col;
        let mut said = 0;
        for (at, character) in text.char_indices() {
            if !pen.put(width(character)) || self.painted.modes.no_wrap {
                continue;
            }
            self.print_anywhere(&text[said..at]);
            said = at;
            if row == bottom {
                self.keep_rows(top, 1);
            } else {
                row = (row + 1).min(self.rows - 1);
            }
        }
        self.print_anywhere(&text[said..]);
    }

    fn print_anywhere(&mut self, text: &str) {
        if !self.painted.modes.insert && !self.painted.modes.no_wrap {
            if self.painted.under.is_none() && cells::has_wide(text) {
                return self.print_wide(text);
            }
            return self.say(text.as_bytes());
        }
        let mut col = if self.painted.modes.no_wrap { self.position().1 } else { 0 };
        for character in text.chars() {
            let width = width(character);
            if self.painted.modes.no_wrap && col + width > self.cols {
                self.say_csi(&[self.cols + 1 - width], b'G');
                col = self.cols - width;
            }
            if self.painted.modes.insert && width > 0 {
                self.say_csi(&[width], b'@');
            }
            self.say(character.encode_utf8(&mut [0; 4]).as_bytes());
            col += width;
        }
    }

    /// Prints text of which it has to be known where it wraps.
    fn print_wide(&mut self, text: &str) {
        let (_, col) = self.position();
        let mut pen = Pen::new(self.cols);
        pen.col = col;
        cells::put_on_screen(&mut pen, text, self.attrs, &mut self.painted.out);
    }

    pub(super) fn feed_line(&mut self) {
        if self.painted.modes.newline_returns {
            self.say(b"\r");
        }
        self.keep_row_before_feed();
        self.say(b"\n");
        self.ended += 1;
        self.painted.plain_lines += 1;
        if self.painted.plain_lines >= u32::from(self.rows) {
            self.painted.plain_lines = 0;
            self.try_lazy();
        }
    }

    pub(super) fn tab(&mut self, count: u16) {
        if self.painted.stops.is_none() {
            for _ in 0..count.clamp(1, self.cols) {
                self.say(b"\t");
            }
            return;
        }
        let (_, mut col) = self.position();
        for _ in 0..count.clamp(1, self.cols) {
            col = (col + 1..self.cols).find(|col| self.is_stop(*col)).unwrap_or(self.cols - 1);
        }
        self.say_csi(&[col + 1], b'G');
    }

    pub(super) fn tab_back(&mut self, count: u16) {
        let (_, mut col) = self.position();
        for _ in 0..count.clamp(1, self.cols) {
            col = (0..col).rev().find(|col| self.is_stop(*col)).unwrap_or(0);
        }
        self.say_csi(&[col + 1], b'G');
    }

    fn is_stop(&self, col: u16) -> bool {
        match &self.painted.stops {
            Some(stops) => stops.get(usize::from(col)).copied().unwrap_or(false),
            None => col.is_multiple_of(8),
        }
    }

    pub(super) fn set_stop(&mut self, on: bool) {
        let (_, col) = self.position();
        let stops = self
            .painted
            .stops
            .get_or_insert_with(|| (0..self.cols).map(|col| col.is_multiple_of(8)).collect());
        if let Some(stop) = stops.get_mut(usize::from(col)) {
            *stop = on;
        }
    }
}
