//! From a cell of the pane to the character that stands there. Not: what a click means.

use crate::terminal::{LineKind, Terminal};
use crate::ui::pager::cursor::at_column;
use crate::ui::pager::line::plain;
use crate::ui::pager::rows::rows;
use crate::ui::pager::select::Spot;
use crate::ui::pager::wrap::rows_above;
use crate::ui::pager::{Pager, Position, Reach, Seen, Stage, stage, top, up};

/// What stands in the first row of the pane; `None` while the job paints the alternate screen, which is no part of the lines.
pub(in crate::ui) fn first_row(pager: &Pager, terminal: &Terminal, reach: Reach) -> Option<Position> {
    match stage(pager, terminal, reach) {
        Stage::Lines => Some(pager.position(terminal, reach)),
        Stage::Screen => {
            let (line, row) = terminal.screen_top()?;
            Some(Position { line, row })
        }
        Stage::Joined(joint) => {
            let above = usize::from(reach.rows.saturating_sub(joint.rows));
            let seen = pager.seen(terminal);
            let first = up(&seen, reach, Position { line: joint.line, row: 0 }, above);
            Some(first.max(top(&seen)))
        }
    }
}

/// The character at a column and a row of the pane, or the nearest before it.
pub(in crate::ui) fn spot_at(
    pager: &Pager,
    terminal: &Terminal,
    reach: Reach,
    (column, row): (u16, u16),
) -> Option<Spot> {
    let first = first_row(pager, terminal, reach)?;
    let seen = pager.seen(terminal);
    let mut left = first.row + usize::from(row);
    let mut last = None;
    let mut next = seen.next(first.line);
    while let Some(number) = next {
        let Some(line) = terminal.line(number) else { break };
        // Where lines are left out, or the view was cleared, a row of its own stands above.
        let above = rows_above(&seen, number, reach);
        if above > left {
            return Some(Spot { line: number, byte: 0 });
        }
        left -= above;
        let text = plain(&line);
        let rows = rows(&line.kind, &text, reach, pager.shift);
        // What zap says is selected as a whole, whichever of its characters is hit.
        let byte = |start: usize, stop: usize, column: usize| match line.kind {
            LineKind::Output | LineKind::Piece => start + at_column(&text[start..stop], column),
            LineKind::Note | LineKind::RunEnd(_) => 0,
        };
        if let Some((start, stop)) = rows.get(left) {
            let column = usize::from(column.saturating_sub(reach.margin.width()));
            return Some(Spot { line: number, byte: byte(*start, *stop, column) });
        }
        left -= rows.len();
        last = Some(Spot { line: number, byte: byte(0, text.len(), usize::MAX) });
        next = seen.next(number + 1);
    }
    last
}

/// The row of its line in which a character stands.
pub(in crate::ui) fn place_of(seen: &Seen<'_>, reach: Reach, spot: Spot) -> Position {
    let above = rows_above(seen, spot.line, reach);
    if !reach.wrap {
        return Position { line: spot.line, row: above };
    }
    let line = seen.terminal.line(spot.line);
    let rows = line.map_or_else(Vec::new, |line| rows(&line.kind, &plain(&line), reach, 0));
    let row = rows.partition_point(|(start, _)| *start <= spot.byte).saturating_sub(1);
    Position { line: spot.line, row: above + row }
}
