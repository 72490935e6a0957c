//! The column beside the output that shows all of it at once: where errors, hits, marks and the ends of runs are, and which part
//! is seen. Not: counting them.

use std::ops::Range;

use ratatui::layout::Rect;

use crate::config::Role;
use crate::terminal::Terminal;
use crate::ui::brush::Brush;
use crate::ui::pager::{Pager, Reach};
use crate::ui::paint::Paint;

/// Columns that the overview and the bar beside it take.
pub(in crate::ui) const WIDE: u16 = 2;
/// A pane that is narrower needs every column for the output.
const NARROW: u16 = 24;

/// What stands in a row of the overview. Of several the most important: what a person has set, then what a person seeks, then
/// what is wrong, then where runs end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    RunEnd,
    Error,
    Hit,
    Mark,
}

/// Parts a pane: the output, and the overview if there is room for it.
pub(in crate::ui) fn part(pane: Rect) -> (Rect, Option<Rect>) {
    if pane.width < NARROW {
        return (pane, None);
    }
    let text = Rect { width: pane.width - WIDE, ..pane };
    (text, Some(Rect { x: text.right(), width: WIDE, ..pane }))
}

/// Draws the overview of a pager, unless all there is stands beside it.
pub(in crate::ui) fn draw(
    brush: &mut Brush<'_>,
    area: Rect,
    (pager, reach): (&Pager, Reach),
    terminal: &Terminal,
    paint: &Paint<'_>,
) {
    let lines = terminal.lines();
    let seen = pager.position(terminal, reach).line..pager.last_seen(terminal, reach) + 1;
    let all = pager.seen(terminal);
    let has_more = all.previous(seen.start).is_some() || all.next(seen.end).is_some();
    if area.is_empty() || lines.is_empty() || !has_more {
        return;
    }
    let slider = share(&lines, &seen, area.height);
    let marks: Vec<u64> = pager.marks.lines().collect();
    let cells = cells(pager, terminal, &lines, usize::from(area.height), &marks);
    for ((row, cell), y) in (0..).zip(cells).zip(area.top()..area.bottom()) {
        if let Some(cell) = cell {
            let (index, role) = look(cell);
            brush.put(area.left(), y, area.right(), paint.signs.overview[index], paint.of(role));
        }
        if slider.contains(&row) {
            brush.put(area.left() + 1, y, area.right(), paint.signs.slider, paint.of(Role::Scrollbar));
        }
    }
}

/// The line with which a row of the overview begins.
pub(in crate::ui) fn line_at(lines: &Range<u64>, row: u16, rows: u16) -> u64 {
    let all = u128::from(lines.end - lines.start);
    lines.start + (all * u128::from(row)).div_ceil(u128::from(rows.max(1))) as u64
}

fn look(cell: Cell) -> (usize, Role) {
    match cell {
        Cell::Error => (0, Role::OverviewError),
        Cell::Hit => (1, Role::OverviewHit),
        Cell::Mark => (2, Role::OverviewMark),
        Cell::RunEnd => (3, Role::Separator),
    }
}

fn cells(
    pager: &Pager,
    terminal: &Terminal,
    lines: &Range<u64>,
    rows: usize,
    marks: &[u64],
) -> Vec<Option<Cell>> {
    let mut cells = vec![None; rows];
    let mut set = |row: usize, cell| cells[row] = cells[row].max(Some(cell));
    for line in terminal.run_ends().iter().filter(|line| lines.contains(line)) {
        set(row_of(lines, *line, rows), Cell::RunEnd);
    }
    for line in marks.iter().filter(|line| lines.contains(line)) {
        set(row_of(lines, *line, rows), Cell::Mark);
    }
    let errors = pager.graves.errors().tally().spread(terminal, lines, rows);
    let hits = pager.search.as_ref().map(|search| search.tally().spread(terminal, lines, rows));
    for (row, _) in errors.iter().enumerate().filter(|(_, count)| **count > 0) {
        set(row, Cell::Error);
    }
    for (row, _) in hits.iter().flatten().enumerate().filter(|(_, count)| **count > 0) {
        set(row, Cell::Hit);
    }
    cells
}

fn row_of(lines: &Range<u64>, line: u64, rows: usize) -> usize {
    (u128::from(line - lines.start) * rows as u128 / u128::from(lines.end - lines.start)) as usize
}

/// The rows beside which the slider stands: at least one, the last only if the end is seen, the first only if the beginning is.
fn share(lines: &Range<u64>, seen: &Range<u64>, rows: u16) -> Range<u16> {
    let all = lines.end - lines.start;
    let hidden = all.saturating_sub(seen.end - seen.start);
    let tall = u64::from(rows);
    let long = ((seen.end - seen.start) * tall / all).clamp(1, tall);
    let above = seen.start.saturating_sub(lines.start).min(hidden);
    let room = tall - long;
    let mut start =
        (u128::from(above) * u128::from(room)).checked_div(u128::from(hidden)).unwrap_or(0) as u64;
    if room > 1 {
        start = start.clamp(u64::from(above > 0), room - u64::from(above < hidden));
    }
    start as u16..(start + long) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Fed, Moment};
    use proptest::prelude::*;

    #[test]
    fn the_slider_touches_an_end_only_where_that_is_seen() {
        assert_eq!(share(&(0..1000), &(0..20), 20), 0..1);
        assert_eq!(share(&(0..1000), &(1..21), 20), 1..2);
        assert_eq!(share(&(0..1000), &(980..1000), 20), 19..20);
        assert_eq!(share(&(0..1000), &(979..999), 20), 18..19);
        assert_eq!(share(&(0..40), &(10..30), 20), 5..15);
        assert_eq!(share(&(500..540), &(500..520), 20), 0..10);
        assert_eq!(share(&(0..2), &(0..1), 1), 0..1);
    }

    #[test]
    fn a_row_leads_to_the_line_with_which_it_begins() {
        for (lines, rows) in [(0..1000, 20), (7..1000, 13), (0..5, 20), (0..u64::from(u32::MAX), 50)] {
            for row in 0..rows {
                let line = line_at(&lines, row, rows);
                if line < lines.end {
                    assert!(row_of(&lines, line, usize::from(rows)) >= usize::from(row), "{lines:?} {row}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn rows_show_what_a_naive_count_finds(
            kinds in prop::collection::vec(0..30_u8, 1..3000),
            rows in 1..60_usize,
            marks in prop::collection::vec(0..3000_u64, 0..4),
        ) {
            let mut terminal = Terminal::new(20, 40);
            terminal.begin_run(1, None, Moment(0));
            for kind in &kinds {
                let text: &[u8] = match kind {
                    0 => b"ERROR it broke\r\n",
                    1 => b"a hit\r\n",
                    _ => b"INFO fine\r\n",
                };
                terminal.feed(text, Moment(0), &mut Fed::default());
            }
            terminal.end_run("exit 1", Moment(0));
            let mut pager = Pager::default();
            let among = crate::terminal::Filters::default();
            let search = crate::ui::pager::Search::new("hit", crate::terminal::Direction::Forward, among);
            pager.search = Some(search.unwrap());
            count_all(&mut pager, &terminal);
            let lines = terminal.lines();
            let mut expected = vec![None; rows];
            for (line, kind) in (0..).zip(&kinds) {
                let row = row_of(&lines, line, rows);
                let cell = match kind { 0 => Some(Cell::Error), 1 => Some(Cell::Hit), _ => None };
                expected[row] = expected[row].max(cell);
            }
            let end = row_of(&lines, lines.end - 1, rows);
            expected[end] = expected[end].max(Some(Cell::RunEnd));
            for mark in marks.iter().filter(|mark| lines.contains(mark)) {
                expected[row_of(&lines, *mark, rows)] = Some(Cell::Mark);
            }
            prop_assert_eq!(cells(&pager, &terminal, &lines, rows, &marks), expected);
        }
    }

    fn count_all(pager: &mut Pager, terminal: &Terminal) {
        let at = Position { line: 0, row: 0 };
        while let Some(errand) = pager.graves.errand(terminal, 0) {
            assert!(pager.graves.report(terminal, &errand.run()));
        }
        let search = pager.search.as_mut().unwrap();
        while let Some(errand) = search.errand(terminal, at) {
            assert!(search.report(terminal, &errand.run()));
        }
    }

    use crate::ui::pager::Position;
}
