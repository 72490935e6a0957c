//! From run to run: the places where one begins.

use crate::terminal::{LineKind, Terminal};
use crate::ui::pager::Position;

/// How many lines one key press looks through.
const REACH: u64 = 200_000;

/// Where the run after the one at `from` begins.
pub(in crate::ui) fn next_run(terminal: &Terminal, from: Position) -> Option<Position> {
    let lines = terminal.lines();
    let reach = from.line.max(lines.start)..lines.end.min(from.line.saturating_add(REACH));
    let end = reach.into_iter().find(|number| ends_run(terminal, *number))?;
    (end + 1 < lines.end).then_some(Position { line: end + 1, row: 0 })
}

/// Where the run at `from` begins, or, if `from` is its beginning, the run before.
pub(in crate::ui) fn previous_run(terminal: &Terminal, from: Position) -> Option<Position> {
    let start = terminal.lines().start;
    let before = from.line.checked_sub(u64::from(from.row == 0))?;
    if from.line <= start {
        return None;
    }
    let reach = start.max(before.saturating_sub(REACH))..before;
    let end = reach.rev().find(|number| ends_run(terminal, *number));
    Some(Position { line: end.map_or(start, |end| end + 1), row: 0 })
}

fn ends_run(terminal: &Terminal, number: u64) -> bool {
    terminal.line(number).is_some_and(|line| matches!(line.kind, LineKind::RunEnd(_)))
}
