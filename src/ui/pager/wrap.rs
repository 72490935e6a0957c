//! How many rows a line takes, and where each begins.

use crate::terminal;
use crate::ui::Action;
use crate::ui::pager::line::plain;
use crate::ui::pager::rows::rows;
use crate::ui::pager::{Columns, Search, Seen};
use crate::ui::text::width;

/// The most columns that lines are shifted.
const FARTHEST: u16 = u16::MAX / 2;

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

    /// How far down from the top a line is shown that was not in sight: some lines before it explain it.
    pub(in crate::ui) fn third(self) -> usize {
        usize::from(self.rows) / 3
    }

    /// How many columns chopped lines are shifted so that a column is seen, and `beyond` more on the side from which it comes;
    /// as many as before if it is in sight.
    pub(in crate::ui) fn shift_to(self, shift: u16, column: usize, beyond: u16) -> u16 {
        let (cols, before, beyond) = (usize::from(self.cols), usize::from(shift), usize::from(beyond));
        let shift = match column {
            _ if self.wrap => before,
            column if column < before => column.saturating_sub(beyond),
            column if column >= before + cols => column + 1 + beyond - cols,
            _ => before,
        };
        shift.min(FARTHEST.into()) as u16
    }

    /// Shifted by half a pane, or by so many columns.
    pub(in crate::ui) fn shift_by(self, shift: u16, action: Action, count: Option<u32>) -> u16 {
        let by = count.map_or(self.cols.div_ceil(2), |count| u16::try_from(count).unwrap_or(u16::MAX));
        match action {
            Action::Left => shift.saturating_sub(by),
            _ => shift.saturating_add(by).min(FARTHEST),
        }
    }

    /// Whether the border stands above a line.
    pub(super) fn is_border(self, number: u64) -> bool {
        self.cleared == Some(number)
    }
}

/// How many rows a line takes, with those above it that tell of lines left out or cleared; at least 1.
pub(in crate::ui) fn height(seen: &Seen<'_>, number: u64, reach: Reach) -> usize {
    let above = rows_above(seen, number, reach);
    if !reach.wrap {
        return above + 1;
    }
    let line = seen.terminal.line(number);
    above + line.map_or(1, |line| rows(&line.kind, &plain(&line), reach, 0).len())
}

/// How many rows above a line tell of lines left out, or that the view was cleared.
pub(super) fn rows_above(seen: &Seen<'_>, number: u64, reach: Reach) -> usize {
    usize::from(reach.is_border(number)) + usize::from(seen.is_parted(number))
}

/// The row and the column at which the first hit in a line stands; the column counts from the beginning of the line.
pub(in crate::ui) fn place_in(seen: &Seen<'_>, reach: Reach, number: u64, search: &Search) -> (usize, usize) {
    let Some(line) = seen.terminal.line(number) else { return (0, 0) };
    let text = plain(&line);
    let byte = search.hits(&text).first().map_or(0, |hit| hit.start);
    let row = if reach.wrap { breaks(&text, reach.cols).partition_point(|start| *start <= byte) } else { 0 };
    let above = rows_above(seen, number, reach);
    (row + above, width(&text[..byte]))
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
