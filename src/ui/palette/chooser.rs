//! What is typed into the palette, and which of its rows is selected. Not: which rows there are.

use crate::ui::keymap::Mode;
use crate::ui::page::Page;
use crate::ui::typed::Typed;

/// An open palette.
#[derive(Debug)]
pub(in crate::ui) struct Chooser {
    /// The pane it was opened over: the actions are those of this mode.
    pub(super) mode: Mode,
    /// What was typed.
    pub(super) line: Typed,
    /// The selected row.
    pub(super) index: usize,
    /// How far the list is scrolled.
    pub(super) page: Page,
}

impl Chooser {
    /// A palette over a pane.
    pub(super) fn new(mode: Mode) -> Self {
        Self { mode, line: Typed::default(), index: 0, page: Page::default() }
    }

    /// The text has changed: the best row is selected.
    pub(super) fn begin_anew(&mut self) {
        self.index = 0;
        self.page = Page::default();
    }

    /// Selects a row, of so many, where `height` are seen.
    pub(super) fn select(&mut self, index: usize, rows: usize, height: u16) {
        self.index = index.min(rows.saturating_sub(1));
        self.page.reveal(self.index, rows, height);
    }
}
