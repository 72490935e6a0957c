//! A painted screen at another size: its rows are joined into lines, a new parser hears them at the new width, the cursor finds its
//! logical place, and the modes are set again. Not needed while lazy: there the screen is made from lines anyway.

use std::ops::ControlFlow;

use super::body::{Body, Parser, side};
use super::cells;
use super::contain::contain;
use super::history::{Direction, Kind};
use super::line::Moment;
use super::painted::Under;
use super::shown;

/// A main screen as lines, and a place in them.
struct Picture {
    lines: Vec<(Vec<u8>, Moment)>,
    /// The line that the cursor is on, and where in it, in rows and columns of the old width.
    line: usize,
    row: usize,
    col: u16,
    /// The width at which that was.
    cols: u16,
    /// A `\r` came last: the cursor stands at the beginning of the last row of its line, whatever the width. Else the newline that
    /// belongs to it would go down into the line, or the next line would begin below the middle of this one.
    returned: bool,
}

impl Body {
    /// The window of a painted screen has another size.
    pub(super) fn resize_painted(&mut self, rows: u16, cols: u16) {
        self.flush();
        if self.painted.under.is_some() {
            return self.resize_alternate(rows, cols);
        }
        let Some(picture) = self.take_picture() else { return self.screen_was_reset() };
        self.rows = rows;
        self.cols = cols;
        self.paint_picture(picture);
    }

    /// The alternate screen is cut or filled: its program paints it anew. The main screen is made anew when it is shown again.
    fn resize_alternate(&mut self, rows: u16, cols: u16) {
        self.rows = rows;
        self.cols = cols;
        self.painted.forget_margins();
        if let Some(under) = &mut self.painted.under {
            under.resized = true;
        }
        let Some(parser) = &mut self.parser else { return };
        parser.callbacks_mut().muted = true;
        let done = contain(|| parser.set_size(side(rows), side(cols)));
        let listener = parser.callbacks_mut();
        listener.cols = cols;
        listener.muted = false;
        listener.times.resize(usize::from(rows), self.now);
        if done.is_none() {
            self.screen_was_reset();
        }
    }

    /// The alternate screen is left, and the size has changed since it was entered.
    pub(super) fn uncover(&mut self, under: Under) {
        let (row, col) = under.cursor;
        let above = if under.pending == 0 {
            0
        } else {
            cells::rows(&under.lines[0].bytes[..under.pending], under.cols)
        };
        let line = under.lines.iter().rposition(|line| line.row <= row).unwrap_or(0);
        let first = usize::from(row - under.lines[line].row);
        let mut picture = Picture {
            line,
            row: if line == 0 { first + above } else { first },
            col,
            cols: under.cols,
            returned: false,
            lines: under.lines.into_iter().map(|line| (line.bytes, self.now)).collect(),
        };
        fill_to_cursor(&mut picture.lines[line].0, picture.cols, picture.row, col);
        if let Some(parser) = &mut self.parser {
            parser.callbacks_mut().pending.clear();
        }
        let saved = self.painted.main.saved;
        let at_cursor = saved == (row, col);
        self.paint_picture(picture);
        if at_cursor {
            let now = self.parser.as_ref().map_or((0, 0), |parser| parser.screen().cursor_position());
            self.painted.main.saved = now;
            if let Some(parser) = &mut self.parser {
                let _ = contain(|| parser.process(b"\x1b7"));
            }
        }
    }

    /// Reads the main screen off the parser, with what has left it of the first line.
    fn take_picture(&mut self) -> Option<Picture> {
        let old_cols = self.cols;
        let parser = self.parser.as_mut()?;
        let screen = parser.screen();
        let (row, col) = screen.cursor_position();
        let mut lines = contain(|| shown::lines(screen, shown::end(screen).max(row + 1)))?;
        let pending = std::mem::take(&mut parser.callbacks_mut().pending);
        let above = if pending.is_empty() { 0 } else { cells::rows(&pending, old_cols) };
        let line = lines.iter().rposition(|line| line.row <= row)?;
        let first = usize::from(row - lines[line].row);
        let returned = self.painted.returned && row + 1 == lines[line].row + lines[line].rows;
        lines[0].bytes.splice(0..0, pending);
        let row = if line == 0 { first + above } else { first };
        fill_to_cursor(&mut lines[line].bytes, old_cols, row, col);
        let lines =
            lines.into_iter().map(|line| (self.time_of(&line), line.bytes)).map(|(at, bytes)| (bytes, at));
        Some(Picture { lines: lines.collect(), line, row, col, cols: old_cols, returned })
    }

    /// Makes a parser of the present size that shows a picture. Lines that find room come back from the history.
    fn paint_picture(&mut self, mut picture: Picture) {
        self.take_back(&mut picture);
        let (rows, cols) = (usize::from(self.rows), self.cols);
        let Some(old) = self.parser.take() else { return };
        self.painted.forget_margins();
        let Some(mut parser) = contain(|| self.like(old.screen())) else { return self.screen_was_reset() };
        let mut words = b"\x1b[m".to_vec();
        let mut times = std::collections::VecDeque::new();
        let mut cursor_row = 0;
        let mut total = 0;
        for (index, (bytes, at)) in picture.lines.iter().enumerate() {
            if index > 0 {
                words.extend_from_slice(b"\r\n");
            }
            cells::for_screen(bytes, 0, cols, &mut words);
            if index == picture.line {
                cursor_row = total;
            }
            let own = cells::rows(bytes, cols);
            total += own;
            times.extend(std::iter::repeat_n(*at, own));
        }
        let (own, col) = match picture.lines.get(picture.line) {
            Some((bytes, _)) if picture.returned => (cells::rows(bytes, cols) - 1, 0),
            Some((bytes, _)) => cells::place_of_cell(bytes, picture.cols, picture.row, picture.col, cols),
            None => (0, 0),
        };
        times.resize(times.len().max(rows), self.now);
        let listener = parser.callbacks_mut();
        listener.muted = false;
        listener.times = times;
        listener.now = self.now;
        let saved = self.painted.main.saved;
        let row = (cursor_row + own).saturating_sub(total.saturating_sub(rows)).min(rows - 1) as u16;
        let attrs = self.attrs;
        let mut after = Vec::new();
        let done = contain(|| {
            parser.process(&words);
            if parser.screen().cursor_position() != (row, col) {
                after.extend_from_slice(format!("\x1b[{};{}H", row + 1, col + 1).as_bytes());
            }
            after.extend_from_slice(b"\x1b[m");
            attrs.write(&mut after);
            parser.process(&after);
        });
        parser.callbacks_mut().times.truncate(rows);
        self.painted.main.saved = (saved.0.min(self.rows - 1), saved.1.min(self.cols - 1));
        self.parser = Some(parser);
        match done {
            Some(()) => self.fetch_lines(),
            None => self.screen_was_reset(),
        }
    }

    /// Lines come back from the history as long as the screen has room for them.
    fn take_back(&mut self, picture: &mut Picture) {
        let cols = self.cols;
        let mut total: usize = picture.lines.iter().map(|(bytes, _)| cells::rows(bytes, cols)).sum();
        let mut back = Vec::new();
        let end = self.history.end();
        let rows = usize::from(self.rows);
        let _ = self.history.visit(self.floor..end, Direction::Backward, &mut |_, bytes, kind, at| {
            if total >= rows || kind != Kind::Output {
                return ControlFlow::Break(());
            }
            total += cells::rows(bytes, cols);
            back.push((bytes.to_vec(), at));
            ControlFlow::Continue(())
        });
        self.history.truncate(end - back.len() as u64);
        picture.line += back.len();
        back.reverse();
        picture.lines.splice(0..0, back);
    }

    /// A blank parser of the present size in the modes of another screen, with its saved cursor.
    pub(super) fn like(&self, old: &vt100::Screen) -> Box<Parser> {
        let mut parser = self.new_parser();
        let mut words = old.input_mode_formatted().into_bytes();
        if old.hide_cursor() {
            words.extend_from_slice(b"\x1b[?25l");
        }
        self.painted.saved_attrs.write(&mut words);
        let (row, col) = self.painted.main.saved;
        words.extend_from_slice(format!("\x1b[{};{}H", row + 1, col + 1).as_bytes());
        if self.painted.main.saved_origin {
            words.extend_from_slice(b"\x1b[?6h");
            words.extend_from_slice(format!("\x1b[{};{}H", row + 1, col + 1).as_bytes());
        }
        words.extend_from_slice(b"\x1b7\x1b[?6l\x1b[m\x1b[H");
        if self.painted.main.is_origin() {
            words.extend_from_slice(b"\x1b[?6h");
        }
        parser.callbacks_mut().muted = true;
        parser.process(&words);
        parser
    }
}

/// A cursor that stands behind the text of its row keeps the distance: blanks are kept up to it.
fn fill_to_cursor(line: &mut Vec<u8>, cols: u16, row: usize, col: u16) {
    let pen = cells::pen_after(line, cols);
    if pen.row == row && pen.col < col {
        line.extend(std::iter::repeat_n(cells::BLANK, usize::from(col - pen.col)));
    }
}
