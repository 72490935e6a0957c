//! Finding a pattern in the lines of a terminal, in slices, so that a long history never holds up a key. Reads lines; changes
//! nothing.

use std::ops::{ControlFlow, Range};

use super::face::Terminal;
use super::history::Direction;

/// A pattern, and how many lines match it as far as counted.
#[derive(Debug, Clone)]
pub struct Search {
    regex: regex::Regex,
    counted: Counted,
}

/// How far a search has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// This line matches.
    Found(u64),
    /// Nothing yet: go on from this line. Going backwards it is the line after the next one to look at, as at the beginning.
    Searching(u64),
    /// There is nothing more in this direction.
    Nothing,
}

/// How many lines match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matches {
    /// Lines that match, as far as counted.
    pub lines: u64,
    /// Whether all lines that have left the screen were counted.
    pub complete: bool,
}

/// The part of the lines that was counted already, with the matching lines in it.
#[derive(Debug, Clone, Default)]
struct Counted {
    /// Counted up to here.
    until: u64,
    /// The numbers of lines that match, oldest first.
    lines: std::collections::VecDeque<u64>,
}

impl Search {
    /// A search for a regular expression. Smart case: without a capital letter, capitals and small letters are the same.
    /// The error is a text for people.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let regex = regex::RegexBuilder::new(pattern)
            .case_insensitive(!has_capital(pattern))
            .size_limit(1 << 20)
            .build()
            .map_err(|error| reason(&error))?;
        Ok(Self { regex, counted: Counted::default() })
    }

    /// Where the pattern is in a text. Empty matches are left out.
    pub fn matches_in(&self, text: &str) -> Vec<Range<usize>> {
        self.regex.find_iter(text).map(|found| found.range()).filter(|range| !range.is_empty()).collect()
    }

    /// Whether a text matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// The next line from `from` on (itself included) that matches, looking at no more than `budget` lines.
    pub fn find_next(&self, terminal: &Terminal, from: u64, budget: u64) -> Progress {
        let lines = terminal.lines();
        let from = from.max(lines.start);
        let until = from.saturating_add(budget).min(lines.end);
        match self.first_in(terminal, from..until, Direction::Forward) {
            Some(number) => Progress::Found(number),
            None if until >= lines.end => Progress::Nothing,
            None => Progress::Searching(until),
        }
    }

    /// The last line before `from` that matches, looking at no more than `budget` lines.
    pub fn find_previous(&self, terminal: &Terminal, from: u64, budget: u64) -> Progress {
        let lines = terminal.lines();
        let from = from.min(lines.end);
        let until = from.saturating_sub(budget).max(lines.start);
        match self.first_in(terminal, until..from, Direction::Backward) {
            Some(number) => Progress::Found(number),
            None if until <= lines.start => Progress::Nothing,
            None => Progress::Searching(until),
        }
    }

    fn first_in(&self, terminal: &Terminal, range: Range<u64>, direction: Direction) -> Option<u64> {
        let mut found = None;
        let _ = terminal.visit_text(range, direction, &mut |number, text| {
            if self.regex.is_match(text) {
                found = Some(number);
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        found
    }

    /// Goes on counting matching lines, looking at no more than `budget` of them. Lines that can still change, because they
    /// stand on the screen, are not counted before they have left it.
    pub fn count_some(&mut self, terminal: &Terminal, budget: u64) -> Matches {
        let first = terminal.lines().start;
        let settled = terminal.screen_start();
        let counted = &mut self.counted;
        // Lines came back to a screen that grew.
        while counted.lines.back().is_some_and(|line| *line >= settled) {
            counted.lines.pop_back();
        }
        while counted.lines.front().is_some_and(|line| *line < first) {
            counted.lines.pop_front();
        }
        let from = counted.until.min(settled).max(first);
        let until = from.saturating_add(budget).min(settled);
        let (regex, lines) = (&self.regex, &mut counted.lines);
        let _ = terminal.visit_text(from..until, Direction::Forward, &mut |number, text| {
            if regex.is_match(text) {
                lines.push_back(number);
            }
            ControlFlow::Continue(())
        });
        counted.until = until.max(from);
        self.matches(terminal)
    }

    /// What was counted so far.
    pub fn matches(&self, terminal: &Terminal) -> Matches {
        Matches {
            lines: self.counted.lines.len() as u64,
            complete: self.counted.until >= terminal.screen_start(),
        }
    }

    /// Which of the counted matches a line is, from 1; `None` if it was not counted.
    pub fn place_of(&self, line: u64) -> Option<u64> {
        self.counted.lines.binary_search(&line).ok().map(|index| index as u64 + 1)
    }
}

/// Whether the pattern asks for a capital letter. `\W` and its like ask for none.
fn has_capital(pattern: &str) -> bool {
    let mut escaped = false;
    pattern.chars().any(|character| {
        let counts = character.is_uppercase() && !escaped;
        escaped = character == '\\' && !escaped;
        counts
    })
}

/// The last line of what the regex crate says: the reason, without the drawing.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Fed, Moment};

    fn terminal(lines: u64) -> Terminal {
        let mut terminal = Terminal::new(5, 40);
        for number in 0..lines {
            let text =
                format!("line {number} {}\r\n", if number % 10 == 3 { "Error\x1b[1mX" } else { "fine" });
            terminal.feed(text.as_bytes(), Moment(0), &mut Fed::default());
        }
        terminal
    }

    #[test]
    fn case_is_smart() {
        assert!(Search::new("error").unwrap().is_match("ERROR"));
        assert!(!Search::new("Error").unwrap().is_match("ERROR"));
        assert!(Search::new(r"\Serror").unwrap().is_match("xERROR"));
    }

    #[test]
    fn an_error_is_a_text() {
        assert_eq!(Search::new("a(").unwrap_err(), "unclosed group");
    }

    #[test]
    fn goes_both_ways_in_slices() {
        let terminal = terminal(1000);
        let search = Search::new("errorx").unwrap();
        assert_eq!(search.find_next(&terminal, 4, 5), Progress::Searching(9));
        assert_eq!(search.find_next(&terminal, 9, 5), Progress::Found(13));
        assert_eq!(search.find_next(&terminal, 994, 500), Progress::Nothing);
        assert_eq!(search.find_previous(&terminal, 13, 500), Progress::Found(3));
        assert_eq!(search.find_previous(&terminal, 3, 500), Progress::Nothing);
        assert_eq!(search.find_previous(&terminal, 900, 2), Progress::Searching(898));
    }

    #[test]
    fn a_count_stays_right_while_lines_come_and_go() {
        let mut terminal = terminal(10_000);
        let mut search = Search::new("Error").unwrap();
        assert_eq!(search.count_some(&terminal, 100), Matches { lines: 10, complete: false });
        while !search.count_some(&terminal, 1000).complete {}
        assert_eq!(search.matches(&terminal).lines, 1000);
        terminal.feed("one more Error\r\n".repeat(9).as_bytes(), Moment(0), &mut Fed::default());
        assert_eq!(search.count_some(&terminal, 1000), Matches { lines: 1005, complete: true });
        terminal.drop_oldest(1);
        let first = terminal.lines().start;
        let left = search.count_some(&terminal, 1000).lines;
        assert!(first > 0 && left < 1005);
        let by_hand = (first..terminal.screen_start())
            .filter(|number| terminal.line(*number).is_some_and(|line| line.text().contains("Error")));
        assert_eq!(left, by_hand.count() as u64);
        assert_eq!(search.matches_in("an Error here"), vec![3..8]);
    }
}
