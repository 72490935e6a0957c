//! A search as one pair of eyes holds it: the line it stands on, what it still seeks. Not: how a pattern is found in lines, and
//! not: who counts them.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use crate::terminal::{
    Count, Direction, Errand, Filter, Filters, Matcher, Pattern, Report, Sought, Tally, Terminal,
};
use crate::ui::pager::{Position, Progress, Trail};
use crate::ui::text::thousands;

/// A search.
#[derive(Debug)]
pub(in crate::ui) struct Search {
    /// As it was typed.
    pub(in crate::ui) text: String,
    /// Where `n` goes.
    pub(in crate::ui) direction: Direction,
    pattern: Arc<Pattern>,
    /// The lines that match.
    trail: Trail,
    stopped: bool,
}

/// The sign of a search in a direction, as before what is typed.
pub(in crate::ui) fn sign(direction: Direction) -> &'static str {
    match direction {
        Direction::Forward => "/",
        Direction::Backward => "?",
    }
}

/// `3/57`, `57 hits`, `no hit`; `57+ hits` while it counts. `place` counts from 1.
pub(in crate::ui) fn hits_told(is_seeking: bool, place: Option<u64>, count: Count) -> String {
    if is_seeking {
        return "seeking".to_owned();
    }
    let total = thousands(count.lines);
    let more = if count.complete { "" } else { "+" };
    match (place, count.lines) {
        (_, 0) => if count.complete { "no hit" } else { "counting" }.to_owned(),
        (Some(place), _) => format!("{}/{total}{more}", thousands(place)),
        (None, 1) => format!("1{more} hit"),
        (None, _) => format!("{total}{more} hits"),
    }
}

impl Search {
    /// A search for a regex, with smart case, among the lines that pass some filters. Fails with what is wrong, in a few words.
    pub(in crate::ui) fn new(text: &str, direction: Direction, among: Filters) -> Result<Self, String> {
        let pattern = Arc::new(Pattern::new(text)?);
        let trail = Trail::new(matcher(&pattern, among));
        Ok(Self { text: text.to_owned(), direction, pattern, trail, stopped: false })
    }

    /// From now on it is made among the lines that pass these filters.
    pub(in crate::ui) fn among(&mut self, among: Filters) {
        self.trail.mean(matcher(&self.pattern, among));
        self.stopped = false;
    }

    /// Where the pattern is in a text.
    pub(in crate::ui) fn hits(&self, text: &str) -> Vec<Range<usize>> {
        self.pattern.matches_in(text)
    }

    /// Which lines match.
    pub(in crate::ui) fn tally(&self) -> &Tally {
        self.trail.tally()
    }

    /// Whether it stands on a line.
    pub(super) fn stands_on(&self, line: u64) -> bool {
        self.line() == Some(line)
    }

    /// The line that it stands on.
    pub(in crate::ui) fn line(&self) -> Option<u64> {
        self.trail.current()
    }

    /// Whether it stands on one of these lines.
    pub(in crate::ui) fn stands_in(&self, lines: RangeInclusive<u64>) -> bool {
        self.line().is_some_and(|line| lines.contains(&line))
    }

    /// Whether any of these lines matches.
    pub(in crate::ui) fn any_in(&self, terminal: &Terminal, lines: &Range<u64>) -> bool {
        self.trail.look_around(terminal, lines.end, Direction::Backward);
        matches!(self.tally().next(terminal, lines.start), Sought::Found(line) if line < lines.end)
    }

    /// Seeks the line that matches `times` further: from the one it stands on, or from a position.
    pub(in crate::ui) fn go(
        &mut self,
        terminal: &Terminal,
        from: Position,
        direction: Direction,
        times: u32,
    ) -> Progress {
        let from = match (self.line(), direction) {
            (Some(line), Direction::Forward) => line + 1,
            (Some(line), Direction::Backward) => line,
            (None, _) => from.line,
        };
        self.stopped = false;
        self.trail.go(terminal, from, direction, times)
    }

    /// Forgets the line that it stands on.
    pub(in crate::ui) fn lift(&mut self) {
        self.trail.lift();
    }

    /// Stops what still runs; whether anything did.
    pub(in crate::ui) fn stop(&mut self, terminal: &Terminal) -> bool {
        let ran = self.trail.stop() || self.unfinished(terminal);
        self.stopped = self.stopped || ran;
        ran
    }

    /// A slice of work. The line it came to, if it came to one.
    pub(in crate::ui) fn work(&mut self, terminal: &Terminal) -> Option<Progress> {
        self.trail.work(terminal)
    }

    /// Whether somebody stopped it before all was counted.
    pub(in crate::ui) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Whether there is work to do here.
    pub(in crate::ui) fn is_busy(&self) -> bool {
        self.trail.is_busy()
    }

    /// What somebody else is to count, for who looks at a position.
    pub(in crate::ui) fn errand(&self, terminal: &Terminal, from: Position) -> Option<Errand> {
        if self.stopped && !self.trail.is_seeking() {
            return None;
        }
        self.trail.errand(terminal, from.line, self.direction)
    }

    /// Takes what somebody else has counted; whether it was counted for this search. It may go on seeking then.
    pub(in crate::ui) fn report(&mut self, terminal: &Terminal, report: &Report) -> bool {
        self.trail.report(terminal, report)
    }

    /// How many lines match, and which of them it stands on.
    pub(in crate::ui) fn told(&self, terminal: &Terminal) -> String {
        let place = self.line().and_then(|line| self.trail.place(terminal, line));
        hits_told(self.trail.is_seeking(), place, self.tally().count(terminal))
    }

    fn unfinished(&self, terminal: &Terminal) -> bool {
        !self.stopped && !self.tally().count(terminal).complete
    }
}

fn matcher(pattern: &Arc<Pattern>, mut among: Filters) -> Arc<dyn Matcher> {
    if among.0.is_empty() {
        return Arc::<Pattern>::clone(pattern);
    }
    among.0.push(Filter { pattern: Arc::clone(pattern), out: false });
    Arc::new(among)
}
