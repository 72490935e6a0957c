//! Plain output: lines go straight to the history, and the parser hears only the tail that can still be on the screen, when
//! somebody looks or something needs it. Not what a painted screen does with lines: see `painted`.
//!
//! While lazy, the screen is a function of the lines since `base`: their last rows. Whatever would make it anything else is not
//! plain: `take_lazily` refuses it, and `paint` turns the lines that are still on the screen into a painted screen.

use std::ops::ControlFlow;

use super::attrs::{Attrs, all_count};
use super::cells::{self, BLANK};
use super::contain::contain;
use super::face::{Body, Mode, Top};
use super::filter::{Csi, Token, has_control, unwanted};
use super::history::{Direction, Kind};
use super::line::Moment;
use super::scrolled::LONGEST_LINE;
use super::shown;
use super::wrap::{Pen, width};

impl Body {
    /// Takes whole plain lines from the beginning of `bytes`, as many as there are; returns how many bytes that was.
    ///
    /// This is the path of a flooding log: one look at each line for anything but printable characters, one copy.
    pub(super) fn take_plain_lines(&mut self, bytes: &[u8]) -> usize {
        if !self.partial.is_empty() || self.returned {
            return 0;
        }
        let longest = usize::from(self.rows) * usize::from(self.cols) / 2;
        let mut taken = 0;
        let mut lines = 0;
        for newline in memchr::memchr_iter(b'\n', bytes) {
            let mut line = &bytes[taken..newline];
            match line {
                [rest @ .., b'\r'] => line = rest,
                [] => {}
                // The cursor goes down without going left.
                _ => break,
            }
            if line.len() > longest || !self.take_plain_line(line) {
                break;
            }
            taken = newline + 1;
            lines += 1;
        }
        if lines > 0 {
            self.last = None;
            self.ended += lines;
            self.taken.0 += 2 * lines;
        }
        taken
    }

    fn take_plain_line(&mut self, line: &[u8]) -> bool {
        let mut special = 0;
        let mut every = 0;
        for &byte in line {
            special |= u8::from(byte.wrapping_sub(0x20) >= 0x5f);
            every |= byte;
        }
        if special != 0 {
            return self.take_coloured_line(line, every >= 0x80);
        }
        let attrs = self.attrs;
        let kept = self.history.line_mut();
        if attrs.is_default() || line.is_empty() {
            kept.extend_from_slice(line);
        } else {
            attrs.write(kept);
            kept.extend_from_slice(line);
            kept.extend_from_slice(b"\x1b[m");
        }
        self.history.end_line(Kind::Output, self.now);
        true
    }

    /// A line that has SGR sequences or characters beyond ASCII in it. Refuses it whole if it has anything else.
    fn take_coloured_line(&mut self, line: &[u8], beyond_ascii: bool) -> bool {
        if beyond_ascii && (std::str::from_utf8(line).is_err() || unwanted(line).is_some()) {
            return false;
        }
        let mut attrs = self.attrs;
        let mut written = Attrs::default();
        let mut begun = false;
        let mut rest = line;
        let kept = self.history.line_mut();
        let plain = loop {
            let end = memchr::memchr(0x1b, rest).unwrap_or(rest.len());
            let (text, after) = rest.split_at(end);
            if has_control(text) {
                break false;
            }
            if !text.is_empty() {
                if !begun && text[0] >= 0x80 && begins_with_zero_width(text) {
                    break false;
                }
                begun = true;
                if attrs != written {
                    attrs.write_after(written, kept);
                    written = attrs;
                }
                kept.extend_from_slice(text);
            }
            match after {
                [] => break true,
                [_, b'[', params @ ..] => {
                    let digits = params.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b';'));
                    match digits.map(|end| (&params[..end], params[end], &params[end + 1..])) {
                        Some((given, b'm', next)) if all_count(given) => {
                            attrs.apply(given);
                            rest = next;
                        }
                        // Nothing stands right of the cursor.
                        Some(([] | [b'0'], b'K', next)) if attrs.background_is_default() => rest = next,
                        _ => break false,
                    }
                }
                [_, b'(', b'B', next @ ..] => rest = next,
                _ => break false,
            }
        };
        if !plain {
            self.history.abandon_line();
            return false;
        }
        if !written.is_default() {
            self.history.line_mut().extend_from_slice(b"\x1b[m");
        }
        self.attrs = attrs;
        self.history.end_line(Kind::Output, self.now);
        true
    }

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
                self.last = None;
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

    /// Something came that is not plain: the lines that are on the screen leave the history again, and the parser hears all from now on.
    pub(super) fn paint(&mut self) {
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
    fn row_times(&self, top: Top) -> std::collections::VecDeque<Moment> {
        let mut times = std::collections::VecDeque::with_capacity(usize::from(self.rows));
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
    pub(super) fn try_lazy(&mut self) -> bool {
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
    pub(super) fn resize_lazily(&mut self, rows: u16, cols: u16) {
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

fn begins_with_zero_width(text: &[u8]) -> bool {
    let first = text.len().min(4);
    let valid = match std::str::from_utf8(&text[..first]) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default(),
    };
    valid.chars().next().is_none_or(|character| width(character) == 0)
}
