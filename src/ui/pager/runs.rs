//! From run to run: the places where one begins.

use crate::terminal::{LineKind, Terminal};
use crate::ui::pager::Position;

/// How many lines one key press looks through: a few milliseconds. The next press goes on from there.
const REACH: u64 = 20_000;

/// Where the run after the one at `from` begins; `None` if there is no more. In a very long run: as far as one press goes.
pub(in crate::ui) fn next_run(terminal: &Terminal, from: Position) -> Option<Position> {
    let lines = terminal.lines();
    let first = from.line.max(lines.start);
    let last = lines.end.min(first.saturating_add(REACH));
    let next = match (first..last).find(|number| ends_run(terminal, *number)) {
        Some(end) => end + 1,
        None => last,
    };
    (next < lines.end).then_some(Position { line: next, row: 0 })
}

/// Where the run at `from` begins, or, if `from` is its beginning, the run before; `None` at the very first line.
pub(in crate::ui) fn previous_run(terminal: &Terminal, from: Position) -> Option<Position> {
    let start = terminal.lines().start;
    if from.line <= start {
        return None;
    }
    let last = from.line.saturating_sub(u64::from(from.row == 0));
    let first = start.max(last.saturating_sub(REACH));
    let line = (first..last).rev().find(|number| ends_run(terminal, *number)).map_or(first, |end| end + 1);
    Some(Position { line, row: 0 })
}

fn ends_run(terminal: &Terminal, number: u64) -> bool {
    terminal.line(number).is_some_and(|line| matches!(line.kind, LineKind::RunEnd(_)))
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
    }
}
