//! How many rows a line takes, and where each begins.

use crate::terminal::{self, LineKind, Terminal};
use crate::ui::pager::line::plain;
use crate::ui::pager::{Columns, Search};
use crate::ui::text::width;

/// What a pane can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct Reach {
    /// Columns of the text; at least 1.
    pub(in crate::ui) cols: u16,
    /// Rows; at least 1.
    pub(in crate::ui) rows: u16,
    /// Whether long lines go on in the next row.
    pub(in crate::ui) wrap: bool,
    /// What stands left of the text.
    pub(in crate::ui) margin: Columns,
    /// The line above which a border says that the view was cleared there.
    pub(in crate::ui) cleared: Option<u64>,
}

impl Reach {
    /// The reach of a pane whose lines have nothing beside them.
    pub(in crate::ui) fn plain(cols: u16, rows: u16, wrap: bool) -> Self {
        Self { cols, rows, wrap, margin: Columns::default(), cleared: None }
    }

    /// How many rows stand above a line that are none of its text.
    pub(super) fn above(self, number: u64) -> usize {
        usize::from(self.cleared == Some(number))
    }
}

/// How many rows a line takes; at least 1.
pub(in crate::ui) fn height(terminal: &Terminal, number: u64, reach: Reach) -> usize {
    if !reach.wrap {
        return 1 + reach.above(number);
    }
    let rows = match terminal.line(number) {
        Some(line) if !matches!(line.kind, LineKind::RunEnd(_)) => {
            breaks(&plain(&line), reach.cols).len() + 1
        }
        _ => 1,
    };
    rows + reach.above(number)
}

/// The row and the column at which the first hit in a line stands; the column counts from the beginning of the line.
pub(in crate::ui) fn place_in(
    terminal: &Terminal,
    reach: Reach,
    number: u64,
    search: &Search,
) -> (usize, usize) {
    let Some(line) = terminal.line(number) else { return (0, 0) };
    let text = plain(&line);
    let byte = search.hits(&text).first().map_or(0, |hit| hit.start);
    let row = if reach.wrap { breaks(&text, reach.cols).partition_point(|start| *start <= byte) } else { 0 };
    (row + reach.above(number), width(&text[..byte]))
}

/// The byte at which each row after the first begins. A wide character that does not fit moves to the next row whole.
pub(super) fn breaks(text: &str, cols: u16) -> Vec<usize> {
    if text.len() <= usize::from(cols) {
        return Vec::new();
    }
    terminal::breaks(text, cols)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_full_and_wide_characters_whole() {
        assert_eq!(breaks("abcdefgh", 3), [3, 6]);
        assert_eq!(breaks("abc", 3), [0; 0]);
        assert_eq!(breaks("ab漢字", 3), [2, 5]);
        assert_eq!(breaks("", 3), [0; 0]);
    }
}
