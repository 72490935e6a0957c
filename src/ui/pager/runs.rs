//! From run to run: the places where one begins.

use std::ops::Range;

use crate::terminal::{LineKind, Terminal};
use crate::ui::pager::Position;

/// Where the run after the one at `from` begins; `None` if there is no more.
pub(in crate::ui) fn next_run(terminal: &Terminal, from: Position) -> Option<Position> {
    let ends = terminal.run_ends();
    let end = ends.get(ends.partition_point(|end| *end < from.line))?;
    begins_at(end + 1, terminal)
}

/// Where the run at `from` begins, or, if `from` is its beginning, the run before; `None` at the very first line.
pub(in crate::ui) fn previous_run(terminal: &Terminal, from: Position) -> Option<Position> {
    let start = terminal.lines().start;
    if from.line <= start {
        return None;
    }
    let last = from.line.saturating_sub(u64::from(from.row == 0));
    let ends = terminal.run_ends();
    let ends = &ends[..ends.partition_point(|end| *end < last)];
    begins_at(ends.last().map_or(start, |end| end + 1), terminal)
}

/// The lines of the run at a line, without the one that ends it.
pub(in crate::ui) fn run_of(terminal: &Terminal, line: u64) -> Range<u64> {
    let (lines, ends) = (terminal.lines(), terminal.run_ends());
    let at = ends.partition_point(|end| *end < line);
    let start = at.checked_sub(1).map_or(lines.start, |before| ends[before] + 1);
    start..ends.get(at).copied().unwrap_or(lines.end)
}

/// The lines of an ended run by its number, with the one that ends it.
pub(in crate::ui) fn run_numbered(terminal: &Terminal, number: u32) -> Option<Range<u64>> {
    let ends = terminal.run_ends();
    let numbered = |end: &u64| match terminal.line(*end).map(|line| line.kind) {
        Some(LineKind::RunEnd(end)) => end.number,
        Some(LineKind::Output | LineKind::Piece | LineKind::Note) | None => 0,
    };
    let end = ends.get(ends.partition_point(|end| numbered(end) < number))?;
    (numbered(end) == number).then(|| run_of(terminal, *end).start..end + 1)
}

fn begins_at(line: u64, terminal: &Terminal) -> Option<Position> {
    (line < terminal.lines().end).then_some(Position { line, row: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Fed, Moment};

    #[test]
    fn runs_are_found_to_both_sides() {
        let mut terminal = Terminal::new(24, 80);
        for run in 1..=3 {
            terminal.begin_run(run, None, Moment(0));
            terminal.feed(b"a\r\nb\r\n", Moment(0), &mut Fed::default());
            terminal.end_run("exit 0", Moment(0));
        }
        let at = |line| Position { line, row: 0 };
        assert_eq!(next_run(&terminal, at(0)), Some(at(3)));
        assert_eq!(next_run(&terminal, at(3)), Some(at(6)));
        assert_eq!(next_run(&terminal, at(6)), None);
        assert_eq!(previous_run(&terminal, at(7)), Some(at(6)));
        assert_eq!(previous_run(&terminal, at(6)), Some(at(3)));
        assert_eq!(previous_run(&terminal, at(3)), Some(at(0)));
        assert_eq!(previous_run(&terminal, at(0)), None);
        assert_eq!([0, 2, 3, 8].map(|line| run_of(&terminal, line)), [0..2, 0..2, 3..5, 6..8]);
    }

    #[test]
    fn a_long_run_takes_one_step() {
        let mut terminal = Terminal::new(24, 80);
        terminal.begin_run(1, None, Moment(0));
        terminal.feed(&b"a\r\n".repeat(50_000), Moment(0), &mut Fed::default());
        terminal.end_run("exit 0", Moment(0));
        terminal.begin_run(2, None, Moment(0));
        terminal.feed(&b"b\r\n".repeat(50_000), Moment(0), &mut Fed::default());
        let at = |line| Position { line, row: 0 };
        assert_eq!(next_run(&terminal, at(7)), Some(at(50_001)));
        assert_eq!(next_run(&terminal, at(50_001)), None);
        assert_eq!(previous_run(&terminal, at(100_000)), Some(at(50_001)));
        assert_eq!(previous_run(&terminal, at(50_001)), Some(at(0)));
    }
}
