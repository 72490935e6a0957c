//! Where a frame is drawn to: bytes for one terminal, collected until the frame is whole. Not: when, and who writes them.
//!
//! A picture that did not change makes no bytes at all, so that nothing is written while nothing happens.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// Between these the terminal shows nothing half done (synchronised output, mode 2026).
const TOGETHER: (&[u8], &[u8]) = (b"\x1b[?2026h", b"\x1b[?2026l");

/// A backend of ratatui that writes into memory.
pub(crate) struct Canvas {
    crossterm: CrosstermBackend<Ink>,
    ink: Ink,
    /// What is said to the terminal beside the picture.
    aside: Vec<u8>,
    size: Size,
    cursor: Cursor,
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
        Self { crossterm, ink, aside: Vec::new(), size: Size::new(cols, rows), cursor: Cursor::default() }
    }

    /// The terminal has another size.
    pub(crate) fn resize(&mut self, rows: u16, cols: u16) {
        self.size = Size::new(cols, rows);
    }

    /// Somebody else wrote to the terminal: nothing is known of it any more.
    pub(crate) fn forget(&mut self) {
        self.cursor = Cursor::default();
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
