//! A page that is taller than its area and is scrolled by rows. Not: what stands on it.

use crate::ui::Action;

/// How far a page is scrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Page {
    top: usize,
}

impl Page {
    /// The first row that is seen, of a page with `rows` in an area of `height`.
    pub(super) fn top(self, rows: usize, height: u16) -> usize {
        self.top.min(rows.saturating_sub(usize::from(height)))
    }

    /// What there is besides the rows that are seen.
    pub(super) fn beyond(self, rows: usize, height: u16) -> &'static str {
        let top = self.top(rows, height);
        match (top > 0, top + usize::from(height) < rows) {
            (_, true) => "more below",
            (true, false) => "the end",
            (false, false) => "",
        }
    }

    /// Scrolls so that a row is seen.
    pub(super) fn reveal(&mut self, row: usize, rows: usize, height: u16) {
        let top = self.top(rows, height);
        let last = (row + 1).saturating_sub(usize::from(height));
        self.top = top.clamp(last, row.max(last));
    }

    /// Scrolls, if the action is one that scrolls.
    pub(super) fn scroll(&mut self, action: Action, rows: usize, height: u16) {
        let page = usize::from(height).max(1);
        let top = self.top(rows, height);
        self.top = match action {
            Action::Up => top.saturating_sub(1),
            Action::Down => top + 1,
            Action::HalfUp => top.saturating_sub(page.div_ceil(2)),
            Action::HalfDown => top + page.div_ceil(2),
            Action::PageUp => top.saturating_sub(page),
            Action::PageDown => top + page,
            Action::First => 0,
            Action::Last => rows,
            _ => top,
        };
        self.top = self.top(rows, height);
    }
}
