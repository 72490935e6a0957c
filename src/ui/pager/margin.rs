//! What stands left of the text: marks, line numbers, times. Not: the text, and not: what a time looks like (`times`).

use ratatui::style::Style;

use crate::config::Role;
use crate::terminal::{Moment, Terminal};
use crate::ui::brush::Brush;
use crate::ui::pager::times::{self, Times};
use crate::ui::paint::Paint;

/// What is wished left of the text, of whatever job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::ui) struct Margin {
    /// The numbers of lines.
    pub(in crate::ui) numbers: bool,
    /// When they were printed.
    pub(in crate::ui) times: Times,
}

/// The columns that a margin takes beside the lines of one output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::ui) struct Columns {
    /// Whether there is a gutter for marks.
    gutter: bool,
    /// Columns of a number; 0: none.
    numbers: u16,
    times: Times,
}

/// What there is to say about a line.
pub(in crate::ui) struct Remark {
    /// The letter that marks it.
    pub(in crate::ui) mark: Option<char>,
    /// Its number, from 0.
    pub(in crate::ui) number: u64,
    /// When it was printed.
    pub(in crate::ui) at: Moment,
    /// When its run began, or the line before was printed: whichever its time is told from.
    pub(in crate::ui) since: Option<Moment>,
}

/// The steps in which numbers widen, so that the text moves at most twice while a job prints.
const DIGITS: [u16; 2] = [5, 8];

impl Columns {
    /// The columns for lines up to `last` in a pane of `cols`. The text keeps half of a pane: times give way before numbers.
    pub(in crate::ui) fn new(wanted: Margin, last: u64, marked: bool, cols: u16) -> Self {
        let numbers = if wanted.numbers { digits(last) } else { 0 };
        let gutter = marked || wanted != Margin::default();
        let all = Self { gutter, numbers, times: wanted.times };
        let fits = |columns: &Self| columns.width() <= cols / 2;
        [all, Self { times: Times::Off, ..all }, Self { times: Times::Off, numbers: 0, ..all }]
            .into_iter()
            .find(fits)
            .unwrap_or_default()
    }

    /// How many columns there are, blanks included.
    pub(in crate::ui) fn width(self) -> u16 {
        let blank = |columns: u16| if columns > 0 { columns + 1 } else { 0 };
        let beside = blank(self.numbers) + blank(self.times.width());
        match (self.gutter, beside) {
            (false, _) => beside,
            // A letter alone keeps its distance.
            (true, 0) => 2,
            (true, _) => 1 + beside,
        }
    }

    /// Whether nothing stands left of the text.
    pub(in crate::ui) fn is_empty(self) -> bool {
        self.width() == 0
    }

    /// What the time of a line is told from.
    pub(in crate::ui) fn times(self) -> Times {
        self.times
    }

    /// Draws what stands before a line, from the column `x` on.
    pub(in crate::ui) fn draw(
        self,
        brush: &mut Brush<'_>,
        (x, y): (u16, u16),
        line: &Remark,
        paint: &Paint<'_>,
    ) {
        let mut x = x;
        if self.gutter {
            let letter = line.mark.map(String::from).unwrap_or_default();
            brush.put(x, y, x + 1, &letter, paint.of(Role::Key));
            x += 1;
        }
        if self.numbers > 0 {
            let right = x + self.numbers;
            brush.put_right(x, right, y, &(line.number + 1).to_string(), paint.of(Role::Dim));
            x = right + 1;
        }
        if let Some((told, look)) = self.time(line, paint) {
            brush.put_right(x, x + self.times.width(), y, &told, look);
        }
    }

    /// The time of a line, and its look: a pause that a person would notice is told aloud.
    fn time(self, line: &Remark, paint: &Paint<'_>) -> Option<(String, Style)> {
        let dim = paint.of(Role::Dim);
        let elapsed = line.since.map(|since| line.at.0.saturating_sub(since.0));
        match self.times {
            Times::Off => None,
            Times::Clock => Some((times::clock(line.at, paint), dim)),
            Times::Run => elapsed.map(|millis| (times::since_run(millis), dim)),
            Times::Line => elapsed.map(|millis| {
                (times::since_line(millis), if times::is_tiny(millis) { dim } else { Style::new() })
            }),
        }
    }

    /// What the time of a line of a terminal is told from; `before` says when the line above it was printed.
    pub(in crate::ui) fn since(
        self,
        terminal: &Terminal,
        number: u64,
        before: impl FnOnce() -> Option<Moment>,
    ) -> Option<Moment> {
        match self.times {
            Times::Off | Times::Clock => None,
            Times::Run => terminal.began(number),
            Times::Line => before(),
        }
    }
}

fn digits(last: u64) -> u16 {
    let needed = last.max(1).ilog10() as u16 + 1;
    DIGITS.into_iter().find(|digits| *digits >= needed).unwrap_or(needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_keeps_half_of_the_pane() {
        let all = Margin { numbers: true, times: Times::Clock };
        for cols in 0..200 {
            for last in [0, 99_999, 100_000, u64::MAX] {
                assert!(Columns::new(all, last, true, cols).width() <= cols / 2, "{cols} {last}");
            }
        }
        assert_eq!(Columns::new(all, 10, true, 80).width(), 1 + 6 + 13);
        assert_eq!(Columns::new(all, 10, false, 30).width(), 1 + 6);
        assert_eq!(Columns::new(Margin::default(), 10, true, 80).width(), 2);
        assert!(Columns::new(Margin::default(), 10, false, 80).is_empty());
    }

    #[test]
    fn numbers_widen_in_two_steps() {
        let numbers = Margin { numbers: true, times: Times::Off };
        let wide = |last| Columns::new(numbers, last, false, 80).width();
        assert_eq!([1, 99_999, 100_000, 99_999_999].map(wide), [7, 7, 10, 10]);
    }
}
