//! Finding a pattern in the lines of a terminal, a bounded slice at a time. To be replaced by the terminal's own search,
//! which looks at compressed blocks rather than at lines.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use crate::terminal::Terminal;
use crate::ui::pager::line::plain;

/// A pattern that was typed: a regex, with smart case.
#[derive(Debug, Clone)]
pub(in crate::ui) struct Pattern {
    regex: Regex,
}

/// Where a hit begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// The number of the line.
    pub(super) line: u64,
    /// The byte in its plain text.
    pub(super) byte: usize,
}

/// What a slice of seeking came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sought {
    /// Here it is.
    Found(Hit),
    /// Not yet; go on from here.
    Further(Hit),
    /// Nowhere.
    Nowhere,
}

impl Pattern {
    /// Case matters as soon as an upper-case letter is typed. Fails with what is wrong, in a few words.
    pub(in crate::ui) fn new(text: &str) -> Result<Self, String> {
        let lower = !text.chars().any(char::is_uppercase);
        let built = RegexBuilder::new(text).case_insensitive(lower).size_limit(1 << 20).build();
        built.map(|regex| Self { regex }).map_err(|error| reason(&error))
    }

    /// The hits in a line, in order; none is empty.
    pub(super) fn hits<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.regex.find_iter(text).map(|hit| hit.range()).filter(|range| !range.is_empty())
    }
}

/// The first hit that begins at or after `from`, within `budget` lines.
pub(super) fn forward(terminal: &Terminal, pattern: &Pattern, from: Hit, budget: u64) -> Sought {
    let lines = terminal.lines();
    let first = from.line.max(lines.start);
    let last = lines.end.min(first.saturating_add(budget));
    for number in first..last {
        let least = if number == from.line { from.byte } else { 0 };
        if let Some(byte) = starts(terminal, pattern, number).into_iter().find(|byte| *byte >= least) {
            return Sought::Found(Hit { line: number, byte });
        }
    }
    if last >= lines.end { Sought::Nowhere } else { Sought::Further(Hit { line: last, byte: 0 }) }
}

/// The last hit that begins before `from`, within `budget` lines.
pub(super) fn backward(terminal: &Terminal, pattern: &Pattern, from: Hit, budget: u64) -> Sought {
    let lines = terminal.lines();
    let end = from.line.saturating_add(1).min(lines.end);
    let first = lines.start.max(end.saturating_sub(budget));
    for number in (first..end).rev() {
        let limit = if number == from.line { from.byte } else { usize::MAX };
        if let Some(byte) = starts(terminal, pattern, number).into_iter().rfind(|byte| *byte < limit) {
            return Sought::Found(Hit { line: number, byte });
        }
    }
    if first <= lines.start { Sought::Nowhere } else { Sought::Further(Hit { line: first, byte: 0 }) }
}

/// How many hits the lines hold.
pub(super) fn count(terminal: &Terminal, pattern: &Pattern, lines: Range<u64>) -> u64 {
    let in_one = |number| terminal.line(number).map_or(0, |line| pattern.hits(&plain(&line)).count() as u64);
    lines.map(in_one).sum()
}

/// Where the hits in a line begin.
fn starts(terminal: &Terminal, pattern: &Pattern, number: u64) -> Vec<usize> {
    let line = terminal.line(number);
    line.map_or_else(Vec::new, |line| pattern.hits(&plain(&line)).map(|hit| hit.start).collect())
}

fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Fed, Moment};

    fn terminal(lines: &[&str]) -> Terminal {
        let mut terminal = Terminal::new(24, 80);
        terminal.begin_run(1, None, Moment(0));
        for line in lines {
            terminal.feed(format!("{line}\r\n").as_bytes(), Moment(0), &mut Fed::default());
        }
        terminal
    }

    #[test]
    fn case_is_smart() {
        let hits = |pattern: &str| Pattern::new(pattern).unwrap().hits("Slow slow").count();
        assert_eq!((hits("slow"), hits("Slow")), (2, 1));
    }

    #[test]
    fn what_is_wrong_is_told_in_a_few_words() {
        assert_eq!(Pattern::new("(").unwrap_err(), "unclosed group");
    }

    #[test]
    fn hits_are_found_to_both_sides() {
        let terminal = terminal(&["x", "a a", "x", "a"]);
        let pattern = Pattern::new("a").unwrap();
        let at = |line, byte| Hit { line, byte };
        assert_eq!(forward(&terminal, &pattern, at(0, 0), 9), Sought::Found(at(1, 0)));
        assert_eq!(forward(&terminal, &pattern, at(1, 1), 9), Sought::Found(at(1, 2)));
        assert_eq!(forward(&terminal, &pattern, at(1, 3), 9), Sought::Found(at(3, 0)));
        assert_eq!(forward(&terminal, &pattern, at(3, 1), 9), Sought::Nowhere);
        assert_eq!(forward(&terminal, &pattern, at(0, 0), 1), Sought::Further(at(1, 0)));
        assert_eq!(backward(&terminal, &pattern, at(3, 0), 9), Sought::Found(at(1, 2)));
        assert_eq!(backward(&terminal, &pattern, at(1, 2), 9), Sought::Found(at(1, 0)));
        assert_eq!(backward(&terminal, &pattern, at(1, 0), 9), Sought::Nowhere);
        assert_eq!(count(&terminal, &pattern, 0..4), 3);
    }
}
