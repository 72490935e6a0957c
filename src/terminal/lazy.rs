//! Plain output: lines go straight to the history, and the parser hears only the tail that can still be on the screen, when
//! somebody looks or something needs it. Not what a painted screen does with lines: see `painted`.
//!
//! While lazy, the screen is a function of the lines since `base`: their last rows. Whatever would make it anything else is not
//! plain: `take_lazily` refuses it, and `paint` (`turning`) turns the lines that are still on the screen into a painted screen.

mod flood;
mod turning;

use std::ops::ControlFlow;

use super::attrs::Attrs;
use super::body::{Body, Mode, Top};
use super::cells::{self, BLANK};
use super::contain::contain;
use super::filter::{Csi, Token};
use super::history::{Direction, Kind};
use super::scrolled::LONGEST_LINE;
use super::wrap::{Pen, width};

impl Body {
    /// Takes a token if it leaves the stream plain.
    pub(super) fn take_lazily(&mut self, token: &Token<'_>) -> bool {
        if self.returned {
            // Only colours may stand between `\r` and `\n`.
            match token {
                Token::Feed | Token::Return | Token::Sgr(_) => {}
                _ => return false,
            }
        }
        match token {
            Token::Text(text) => {
                if !self.add_text(text) {
                    return false;
                }
                self.last = text.chars().next_back();
            }
            Token::Feed => {
                if self.pen.col != 0 && !self.returned {
                    return false;
                }
                self.ended += 1;
                self.end_partial();
            }
            Token::Return => self.returned = !self.partial.is_empty(),
            Token::Tab => return self.add_tab(),
            Token::Sgr(params) => self.attrs.apply(params),
            Token::Csi(csi) => return self.changes_nothing(csi) || self.repeat(csi),
            Token::Back | Token::Esc(_) | Token::Align => return false,
            Token::Osc(..) | Token::Dcs(_) => {}
        }
        true
    }

    fn add_text(&mut self, text: &str) -> bool {
        let mut pen = self.pen;
        let mut text = text;
        if pen.col == 0 {
            // vt100 drops what has no width at the beginning of a row.
            text = text.trim_start_matches(|character| width(character) == 0);
        } else if self.partial.last() == Some(&BLANK) && begins_with_zero_width(text.as_bytes()) {
            // It would join a cell that nothing was written to.
            return false;
        }
        cells::put(&mut pen, text);
        if pen.row >= usize::from(self.rows) || self.partial.len() + text.len() >= LONGEST_LINE {
            return false;
        }
        if text.is_empty() {
            return true;
        }
        self.attrs.write_after(self.written, &mut self.partial);
        self.written = self.attrs;
        self.partial.extend_from_slice(text.as_bytes());
        self.pen = pen;
        true
    }

    fn add_tab(&mut self) -> bool {
        let col = self.pen.col;
        if col >= self.cols || self.partial.len() >= LONGEST_LINE {
            return false;
        }
        let target = (col - col % 8 + 8).min(self.cols - 1);
        let cells = usize::from(target - col);
        self.partial.extend(std::iter::repeat_n(BLANK, cells));
        self.pen.put_narrow(cells);
        true
    }

    /// Erasing where nothing stands, in the default background.
    fn changes_nothing(&self, csi: &Csi) -> bool {
        let erases_behind =
            csi.private == 0 && csi.intermediate == 0 && csi.param(0) == 0 && csi.last == b'K';
        erases_behind && self.attrs.background_is_default()
    }

    fn repeat(&mut self, csi: &Csi) -> bool {
        if (csi.private, csi.intermediate, csi.last) != (0, 0, b'b') {
            return false;
        }
        let Some(text) = self.repeated(csi.param(0), self.pen.col) else { return true };
        self.add_text(&text)
    }

    /// What REP prints at a column: never more than fits on the row.
    pub(super) fn repeated(&self, count: u16, col: u16) -> Option<String> {
        let last = self.last?;
        let room = self.cols.saturating_sub(col) / width(last).max(1);
        let count = count.max(1).min(room);
        (count > 0).then(|| std::iter::repeat_n(last, usize::from(count)).collect())
    }

    /// The line under way is finished.
    pub(super) fn end_partial(&mut self) {
        let kept = self.history.line_mut();
        cells::trim_blanks(&mut self.partial, 0);
        kept.extend_from_slice(&self.partial);
        if !self.written.is_default() {
            kept.extend_from_slice(b"\x1b[m");
        }
        self.history.end_line(Kind::Output, self.now);
        self.partial.clear();
        if self.partial.capacity() > 4096 {
            self.partial = Vec::new();
        }
        self.written = Attrs::default();
        self.pen = Pen::new(self.cols);
        self.returned = false;
    }

    /// Where the screen begins, while lazy; where it begins at the latest, while painted.
    pub(super) fn top(&self) -> Top {
        let end = self.history.end();
        if self.mode == Mode::Painted {
            return Top { line: end, above: 0 };
        }
        let rows = usize::from(self.rows);
        let mut total = self.pen.row + 1;
        let mut top = Top { line: end, above: total.saturating_sub(rows) };
        let _ = self.history.visit(self.base..end, Direction::Backward, &mut |number, bytes, _, _| {
            if total >= rows {
                return ControlFlow::Break(());
            }
            total += cells::rows(bytes, self.cols);
            top = Top { line: number, above: total.saturating_sub(rows) };
            ControlFlow::Continue(())
        });
        top
    }

    /// Makes the parser's screen what the lines say. Nothing is said to the history: it knows.
    pub(super) fn tell_parser(&mut self) {
        if self.mode == Mode::Painted {
            return;
        }
        if self.parser.is_none() {
            self.parser = Some(self.new_parser());
            self.heard = (self.base, 0);
        }
        let words = self.unheard();
        self.heard = (self.history.end(), self.partial.len());
        let Some(parser) = &mut self.parser else { return };
        parser.callbacks_mut().muted = true;
        if contain(|| parser.process(&words)).is_none() {
            self.screen_was_reset();
        }
    }

    /// What the parser must hear to be up to date: only the end, if it missed more than a screenful.
    fn unheard(&self) -> Vec<u8> {
        let top = self.top().line;
        let (mut line, mut offset) = self.heard;
        let mut words = b"\x1b[m".to_vec();
        if top > line {
            words.extend_from_slice(b"\r\n");
            (line, offset) = (top, 0);
        }
        let _ = self.history.visit(line..self.history.end(), Direction::Forward, &mut |_, bytes, _, _| {
            cells::for_screen(bytes, std::mem::take(&mut offset), self.cols, &mut words);
            // The line may have lost blanks at its end since it was heard, and with them its last colour.
            words.extend_from_slice(b"\x1b[m\r\n");
            ControlFlow::Continue(())
        });
        cells::for_screen(&self.partial, offset, self.cols, &mut words);
        if self.returned {
            words.push(b'\r');
        }
        words.extend_from_slice(b"\x1b[m");
        self.attrs.write(&mut words);
        words
    }
}

fn begins_with_zero_width(text: &[u8]) -> bool {
    let first = text.len().min(4);
    let valid = match std::str::from_utf8(&text[..first]) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default(),
    };
    valid.chars().next().is_none_or(|character| width(character) == 0)
}
