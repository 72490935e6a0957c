//! A place in the output: a line and a row inside it. It stays put when output arrives or the width changes.

use crate::terminal::Terminal;
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
pub(in crate::ui) fn top(terminal: &Terminal) -> Position {
    Position { line: terminal.lines().start, row: 0 }
}

/// The lowest place: from there a pane shows the end in its last row, and nothing of what was cleared.
pub(in crate::ui) fn bottom(terminal: &Terminal, reach: Reach) -> Position {
    end(terminal, reach).max(Position { line: reach.cleared.unwrap_or(0), row: 0 })
}

/// Whether a pane at the end would show something that was cleared.
pub(in crate::ui) fn is_cleared(terminal: &Terminal, reach: Reach) -> bool {
    reach.cleared.is_some_and(|line| end(terminal, reach) <= Position { line, row: 0 })
}

/// The place from which a pane shows the end in its last row.
fn end(terminal: &Terminal, reach: Reach) -> Position {
    let lines = terminal.lines();
    back(terminal, reach, Position { line: lines.end, row: 0 }, usize::from(reach.rows))
}

/// So many rows further down, at most to the bottom.
pub(in crate::ui) fn down(terminal: &Terminal, reach: Reach, from: Position, rows: usize) -> Position {
    let bottom = bottom(terminal, reach);
    if rows > FAR {
        return Position { line: from.line.saturating_add(rows as u64), row: 0 }.min(bottom);
    }
    let mut at = from;
    let mut left = rows;
    while left > 0 && at < bottom {
        let below = height(terminal, at.line, reach).saturating_sub(at.row).max(1);
        if below > left {
            at.row += left;
            left = 0;
        } else {
            at = Position { line: at.line + 1, row: 0 };
            left -= below;
        }
    }
    at.min(bottom)
}

/// So many rows further up, at most to the top.
pub(in crate::ui) fn up(terminal: &Terminal, reach: Reach, from: Position, rows: usize) -> Position {
    if rows > FAR {
        return Position { line: from.line.saturating_sub(rows as u64), row: 0 }.max(top(terminal));
    }
    back(terminal, reach, from, rows)
}

/// The number of the last line of which a pane that begins at `from` shows anything.
pub(in crate::ui) fn last_seen(terminal: &Terminal, reach: Reach, from: Position) -> u64 {
    let end = terminal.lines().end;
    let mut line = from.line;
    let mut rows = height(terminal, line, reach).saturating_sub(from.row);
    while rows < usize::from(reach.rows) && line + 1 < end {
        line += 1;
        rows += height(terminal, line, reach);
    }
    line
}

fn back(terminal: &Terminal, reach: Reach, from: Position, rows: usize) -> Position {
    let start = terminal.lines().start;
    let mut at = from;
    let mut left = rows;
    while left > at.row {
        if at.line <= start {
            return Position { line: start, row: 0 };
        }
        left -= at.row;
        let line = at.line - 1;
        at = Position { line, row: height(terminal, line, reach) };
    }
    at.row -= left;
    at
}
