//! How many rows a line takes, and where each begins.

use crate::terminal::{self, LineKind};
use crate::ui::pager::line::plain;
use crate::ui::pager::{Search, Seen};
use crate::ui::text::width;

/// What a pane can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) struct Reach {
    /// Columns; at least 1.
    pub(in crate::ui) cols: u16,
    /// Rows; at least 1.
    pub(in crate::ui) rows: u16,
    /// Whether long lines go on in the next row.
    pub(in crate::ui) wrap: bool,
}

/// How many rows a line takes, with the one above it that tells of lines left out; at least 1.
pub(super) fn height(seen: &Seen<'_>, number: u64, reach: Reach) -> usize {
    let parted = usize::from(seen.is_parted(number));
    if !reach.wrap {
        return parted + 1;
    }
    match seen.terminal.line(number) {
        Some(line) if !matches!(line.kind, LineKind::RunEnd(_)) => {
            parted + breaks(&plain(&line), reach.cols).len() + 1
        }
        _ => parted + 1,
    }
}

/// The row and the column at which the first hit in a line stands; the column counts from the beginning of the line.
pub(in crate::ui) fn place_in(seen: &Seen<'_>, reach: Reach, number: u64, search: &Search) -> (usize, usize) {
    let Some(line) = seen.terminal.line(number) else { return (0, 0) };
    let text = plain(&line);
    let byte = search.hits(&text).first().map_or(0, |hit| hit.start);
    let row = if reach.wrap { breaks(&text, reach.cols).partition_point(|start| *start <= byte) } else { 0 };
    (row + usize::from(seen.is_parted(number)), width(&text[..byte]))
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
