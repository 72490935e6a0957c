//! How many rows a line takes, and where each begins.

use crate::terminal::{LineKind, Terminal};
use crate::ui::pager::line::plain;
use crate::ui::text::{cells, width};

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

/// How many rows a line takes; at least 1.
pub(super) fn height(terminal: &Terminal, number: u64, reach: Reach) -> usize {
    if !reach.wrap {
        return 1;
    }
    match terminal.line(number) {
        Some(line) if !matches!(line.kind, LineKind::RunEnd(_)) => {
            breaks(&plain(&line), reach.cols).len() + 1
        }
        _ => 1,
    }
}

/// The row and the column at which a byte of a line stands; the column counts from the beginning of the line.
pub(in crate::ui) fn row_of(terminal: &Terminal, reach: Reach, number: u64, byte: usize) -> (usize, usize) {
    let Some(line) = terminal.line(number) else { return (0, 0) };
    let text = plain(&line);
    let column = width(text.get(..byte).unwrap_or_default());
    let row = if reach.wrap { breaks(&text, reach.cols).partition_point(|start| *start <= byte) } else { 0 };
    (row, column)
}

/// The byte at which each row after the first begins. A wide character that does not fit moves to the next row whole.
pub(super) fn breaks(text: &str, cols: u16) -> Vec<usize> {
    let cols = cols.max(1);
    if text.is_ascii() {
        return (usize::from(cols)..text.len()).step_by(usize::from(cols)).collect();
    }
    let mut breaks = Vec::new();
    let mut used = 0;
    for (at, c) in text.char_indices() {
        let wide = cells(c).unwrap_or(0);
        if used > 0 && used + wide > cols {
            breaks.push(at);
            used = 0;
        }
        used += wide;
    }
    breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_full_and_wide_characters_whole() {
        assert_eq!(breaks("abcdefgh", 3), [3, 6]);
        assert_eq!(breaks("abc", 3), [0; 0]);
        assert_eq!(breaks("ab漢字", 3), [2, 5]);
        assert_eq!(breaks("漢字", 1), [3]);
        assert_eq!(breaks("", 3), [0; 0]);
    }
}
