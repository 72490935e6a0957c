//! A place in the output: a line and a row inside it. It stays put when output arrives or the width changes.

use crate::ui::pager::Seen;
use crate::ui::pager::wrap::{Reach, height};

/// A place in the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(in crate::ui) struct Position {
    /// The number of the logical line.
    pub(in crate::ui) line: u64,
    /// The row inside it, from 0.
    pub(in crate::ui) row: usize,
}

/// Beyond as many rows a move counts lines, because a person cannot tell the difference and measuring each takes time.
const FAR: usize = 10_000;

/// The beginning of what can be had.
pub(in crate::ui) fn top(seen: &Seen<'_>) -> Position {
    Position { line: seen.start(), row: 0 }
}

/// The lowest place: from there a pane shows the end in its last row, and nothing of what was cleared.
pub(in crate::ui) fn bottom(seen: &Seen<'_>, reach: Reach) -> Position {
    end(seen, reach).max(Position { line: reach.cleared.unwrap_or(0), row: 0 })
}

/// Whether a pane at the end would show something that was cleared.
pub(in crate::ui) fn is_cleared(seen: &Seen<'_>, reach: Reach) -> bool {
    reach.cleared.is_some_and(|line| end(seen, reach) <= Position { line, row: 0 })
}

/// The place from which a pane shows the end in its last row.
fn end(seen: &Seen<'_>, reach: Reach) -> Position {
    back(seen, reach, Position { line: seen.end(), row: 0 }, usize::from(reach.rows))
}

/// So many rows further down, at most to the bottom.
pub(in crate::ui) fn down(seen: &Seen<'_>, reach: Reach, from: Position, rows: usize) -> Position {
    let bottom = bottom(seen, reach);
    if rows > FAR {
        return Position { line: seen.below(from.line, rows as u64), row: 0 }.min(bottom);
    }
    let mut at = from;
    let mut left = rows;
    while left > 0 && at < bottom {
        let below = height(seen, at.line, reach).saturating_sub(at.row).max(1);
        if below > left {
            at.row += left;
            left = 0;
        } else {
            let Some(line) = seen.next(at.line + 1) else { break };
            at = Position { line, row: 0 };
            left -= below;
        }
    }
    at.min(bottom)
}

/// So many rows further up, at most to the top.
pub(in crate::ui) fn up(seen: &Seen<'_>, reach: Reach, from: Position, rows: usize) -> Position {
    if rows > FAR {
        return Position { line: seen.above(from.line, rows as u64), row: 0 }.max(top(seen));
    }
    back(seen, reach, from, rows)
}

/// The number of the last line of which a pane that begins at `from` shows anything.
pub(in crate::ui) fn last_seen(seen: &Seen<'_>, reach: Reach, from: Position) -> u64 {
    let mut line = from.line;
    let mut rows = height(seen, line, reach).saturating_sub(from.row);
    while rows < usize::from(reach.rows)
        && let Some(next) = seen.next(line + 1)
    {
        line = next;
        rows += height(seen, line, reach);
    }
    line
}

fn back(seen: &Seen<'_>, reach: Reach, from: Position, rows: usize) -> Position {
    let mut at = from;
    let mut left = rows;
    while left > at.row {
        let Some(line) = seen.previous(at.line) else { return Position { line: at.line, row: 0 } };
        left -= at.row;
        at = Position { line, row: height(seen, line, reach) };
    }
    at.row -= left;
    at
}
