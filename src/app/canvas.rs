//! Where a frame is drawn to: bytes for one terminal, collected until the frame is whole. Not: when, and who writes them.
//!
//! A picture that did not change makes no bytes at all, so that nothing is written while nothing happens.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use vt100::CursorStyle;

use crate::ui::Wishes;

/// Between these the terminal shows nothing half done (synchronised output, mode 2026).
const TOGETHER: (&[u8], &[u8]) = (b"\x1b[?2026h", b"\x1b[?2026l");

/// Moves of the mouse are told also while no button is held. A terminal that no longer tells them tells no clicks either until it
/// is asked again.
const MOVES_ON: &[u8] = b"\x1b[?1003h";
const MOVES_OFF: &[u8] = b"\x1b[?1003l";
const CLICKS_ON: &[u8] = b"\x1b[?1000h\x1b[?1002h";
const FOCUS_ON: &[u8] = b"\x1b[?1004h";
const FOCUS_OFF: &[u8] = b"\x1b[?1004l";

/// A backend of ratatui that writes into memory.
pub(crate) struct Canvas {
    crossterm: CrosstermBackend<Ink>,
    ink: Ink,
    /// What is said to the terminal beside the picture.
    aside: Vec<u8>,
    size: Size,
    cursor: Cursor,
    /// What the terminal was asked for on behalf of a job.
    granted: Wishes,
}

/// What the terminal was told of its cursor.
#[derive(Default)]
struct Cursor {
    /// `None`: not known, because drawing moved it.
    at: Option<Position>,
    /// `None`: not told yet.
    shown: Option<bool>,
}

/// The bytes of the frame that is being drawn.
#[derive(Clone, Default)]
struct Ink(Rc<RefCell<Vec<u8>>>);

impl Write for Ink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Canvas {
    /// For a terminal of this size.
    pub(crate) fn new(rows: u16, cols: u16) -> Self {
        let ink = Ink::default();
        let crossterm = CrosstermBackend::new(ink.clone());
        let size = Size::new(cols, rows);
        let (aside, cursor, granted) = (Vec::new(), Cursor::default(), Wishes::default());
        Self { crossterm, ink, aside, size, cursor, granted }
    }

    /// The terminal has another size.
    pub(crate) fn resize(&mut self, rows: u16, cols: u16) {
        self.size = Size::new(cols, rows);
    }

    /// Somebody else wrote to the terminal: nothing is known of it any more.
    pub(crate) fn forget(&mut self) {
        self.cursor = Cursor::default();
    }

    /// The terminal was given back meanwhile, and taken anew: nothing is granted.
    pub(crate) fn taken_anew(&mut self) {
        self.granted = Wishes::default();
    }

    /// Asks the terminal for what a job wants of it, if that is something else than before. `mouse`: clicks are told anyway.
    pub(crate) fn grant(&mut self, wishes: Wishes, mouse: bool) {
        let before = std::mem::replace(&mut self.granted, wishes);
        let mut ink = self.ink.0.borrow_mut();
        if before.cursor != wishes.cursor {
            ink.extend_from_slice(shape(wishes.cursor));
        }
        if before.moves != wishes.moves {
            let clicks = if mouse && !wishes.moves { CLICKS_ON } else { b"" };
            ink.extend_from_slice(if wishes.moves { MOVES_ON } else { MOVES_OFF });
            ink.extend_from_slice(clicks);
        }
        if before.focus != wishes.focus {
            ink.extend_from_slice(if wishes.focus { FOCUS_ON } else { FOCUS_OFF });
        }
    }

    /// Says something that changes no cell, with the next frame.
    pub(crate) fn say(&mut self, bytes: &[u8]) {
        self.aside.extend_from_slice(bytes);
    }

    /// Takes the bytes that were drawn since the last time; empty if the picture is the same. `spare` is memory for the next.
    pub(crate) fn take(&mut self, mut spare: Vec<u8>) -> Vec<u8> {
        spare.clear();
        spare.append(&mut self.aside);
        let mut ink = self.ink.0.borrow_mut();
        if ink.is_empty() {
            return spare;
        }
        spare.extend_from_slice(TOGETHER.0);
        spare.append(&mut ink);
        spare.extend_from_slice(TOGETHER.1);
        spare
    }
}

/// The sequence for a shape of the cursor (DECSCUSR).
fn shape(style: CursorStyle) -> &'static [u8] {
    match style {
        CursorStyle::Default => b"\x1b[0 q",
        CursorStyle::BlinkBlock => b"\x1b[1 q",
        CursorStyle::SteadyBlock => b"\x1b[2 q",
        CursorStyle::BlinkUnderline => b"\x1b[3 q",
        CursorStyle::SteadyUnderline => b"\x1b[4 q",
        CursorStyle::BlinkVerticalBar => b"\x1b[5 q",
        CursorStyle::SteadyVerticalBar => b"\x1b[6 q",
    }
}

impl Backend for Canvas {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.cursor.at = None;
        self.crossterm.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor.shown.replace(false) == Some(false) {
            return Ok(());
        }
        self.crossterm.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.cursor.shown.replace(true) == Some(true) {
            return Ok(());
        }
        self.crossterm.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor.at.replace(position) == Some(position) {
            return Ok(());
        }
        self.crossterm.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.crossterm.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.crossterm.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_job_wants_of_the_terminal_is_asked_once_and_taken_back() {
        let mut canvas = Canvas::new(4, 20);
        let mut said = |wishes, mouse| {
            canvas.grant(wishes, mouse);
            String::from_utf8(canvas.take(Vec::new())).unwrap().replace('\x1b', "^")
        };
        let nothing = Wishes::default();
        let all = Wishes { cursor: CursorStyle::SteadyVerticalBar, moves: true, focus: true };
        assert_eq!(said(nothing, true), "");
        assert_eq!(said(all, true), "^[?2026h^[6 q^[?1003h^[?1004h^[?2026l");
        assert_eq!(said(all, true), "");
        assert_eq!(said(nothing, true), "^[?2026h^[0 q^[?1003l^[?1000h^[?1002h^[?1004l^[?2026l");
        let moves = Wishes { moves: true, ..nothing };
        assert_eq!(said(moves, true), "^[?2026h^[?1003h^[?2026l");
        assert_eq!(said(nothing, false), "^[?2026h^[?1003l^[?2026l", "the mouse was switched off meanwhile");
    }
}
