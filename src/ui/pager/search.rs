//! A search as one pair of eyes holds it: the line it stands on, what it still seeks, the count as far as it got. All work
//! is done in bounded slices. Not: how a pattern is found in lines.

use std::ops::{ControlFlow, Range, RangeInclusive};

use crate::terminal::{self, Terminal};
use crate::ui::pager::Position;

/// A search.
#[derive(Debug)]
pub(in crate::ui) struct Search {
    /// As it was typed.
    pub(in crate::ui) text: String,
    /// Where `n` goes.
    pub(in crate::ui) direction: Direction,
    pattern: terminal::Search,
    current: Option<u64>,
    seeking: Option<Seek>,
    stopped: bool,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Direction {
    /// Towards the end.
    Forward,
    /// Towards the beginning.
    Back,
}

#[derive(Debug, Clone, Copy)]
struct Seek {
    from: u64,
    direction: Direction,
    round: bool,
}

/// What came of a slice of seeking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Progress {
    /// It stands on this line now.
    At {
        /// The number of the line.
        line: u64,
        /// Whether it went past the end, or the beginning, on the way.
        round: bool,
    },
    /// It goes on.
    Seeking,
    /// No line matches.
    Nowhere,
}

/// Lines that are looked at in one slice: less than a millisecond.
const SLICE: u64 = 2_000;
/// Lines that are looked at when a key is pressed, before the rest is left to the slices.
const AT_ONCE: u64 = 10_000;

impl Direction {
    /// The other way.
    pub(in crate::ui) fn turned(self) -> Self {
        match self {
            Self::Forward => Self::Back,
            Self::Back => Self::Forward,
        }
    }

    /// The key that begins such a search.
    pub(in crate::ui) fn sign(self) -> &'static str {
        match self {
            Self::Forward => "/",
            Self::Back => "?",
        }
    }
}

impl Search {
    /// A search for a regex, with smart case; a little is counted at once, so that a short output needs no second frame.
    /// Fails with what is wrong, in a few words.
    pub(in crate::ui) fn new(text: &str, direction: Direction, terminal: &Terminal) -> Result<Self, String> {
        let mut pattern = terminal::Search::new(text)?;
        pattern.count_some(terminal, SLICE);
        let text = text.to_owned();
        Ok(Self { text, direction, pattern, current: None, seeking: None, stopped: false })
    }

    /// Where the pattern is in a text.
    pub(in crate::ui) fn hits(&self, text: &str) -> Vec<Range<usize>> {
        self.pattern.matches_in(text)
    }

    /// Whether it stands on a line.
    pub(super) fn stands_on(&self, line: u64) -> bool {
        self.current == Some(line)
    }

    /// The line that it stands on.
    pub(in crate::ui) fn line(&self) -> Option<u64> {
        self.current
    }

    /// Whether it stands on one of these lines.
    pub(in crate::ui) fn stands_in(&self, lines: RangeInclusive<u64>) -> bool {
        self.current.is_some_and(|line| lines.contains(&line))
    }

    /// Whether any of these lines matches.
    pub(in crate::ui) fn any_in(&self, terminal: &Terminal, lines: Range<u64>) -> bool {
        !self.matching(terminal, lines).is_empty()
    }

    /// Seeks the next line that matches: from the one it stands on, or from a position.
    pub(in crate::ui) fn go(
        &mut self,
        terminal: &Terminal,
        from: Position,
        direction: Direction,
    ) -> Progress {
        let from = match (self.current, direction) {
            (Some(line), Direction::Forward) => line + 1,
            (Some(line), Direction::Back) => line,
            (None, _) => from.line,
        };
        self.stopped = false;
        self.seeking = Some(Seek { from, direction, round: false });
        self.seek(terminal, AT_ONCE)
    }

    /// Forgets the line that it stands on.
    pub(in crate::ui) fn lift(&mut self) {
        self.current = None;
    }

    /// Stops what still runs; whether anything did.
    pub(in crate::ui) fn stop(&mut self, terminal: &Terminal) -> bool {
        let ran = self.seeking.take().is_some() || self.unfinished(terminal);
        self.stopped = self.stopped || ran;
        ran
    }

    /// A slice of work. The line it came to, if it came to one.
    pub(in crate::ui) fn work(&mut self, terminal: &Terminal) -> Option<Progress> {
        let progress = self.seeking.map(|_| self.seek(terminal, SLICE));
        if progress.is_none() && self.unfinished(terminal) {
            self.pattern.count_some(terminal, SLICE);
        }
        progress
    }

    /// Whether there is work to do.
    pub(in crate::ui) fn is_busy(&self, terminal: &Terminal) -> bool {
        self.seeking.is_some() || self.unfinished(terminal)
    }

    /// `3/57`, `57 hits`, `no hit`; `57+ hits` while it counts.
    pub(in crate::ui) fn told(&self, terminal: &Terminal) -> String {
        if self.seeking.is_some() {
            return "seeking".to_owned();
        }
        let counted = self.pattern.matches(terminal);
        // What stands on the screen may still change and is not among the counted.
        let on_screen = self.matching(terminal, terminal.screen_start()..terminal.lines().end);
        let total = counted.lines + on_screen.len() as u64;
        let more = if counted.complete { "" } else { "+" };
        match (self.place(&on_screen, counted), total) {
            (_, 0) => if counted.complete { "no hit" } else { "counting" }.to_owned(),
            (Some(place), _) => format!("{place}/{total}{more}"),
            (None, 1) => format!("1{more} hit"),
            (None, _) => format!("{total}{more} hits"),
        }
    }

    /// The number among all matches, from 1, of the line that it stands on.
    fn place(&self, on_screen: &[u64], counted: terminal::Matches) -> Option<u64> {
        let current = self.current?;
        let below = || on_screen.binary_search(&current).ok().filter(|_| counted.complete);
        self.pattern.place_of(current).or_else(|| Some(counted.lines + below()? as u64 + 1))
    }

    fn matching(&self, terminal: &Terminal, lines: Range<u64>) -> Vec<u64> {
        let mut matching = Vec::new();
        let all = terminal.visit_text(lines, terminal::Direction::Forward, &mut |number, text| {
            if self.pattern.is_match(text) {
                matching.push(number);
            }
            ControlFlow::Continue(())
        });
        debug_assert!(all.is_continue(), "nothing breaks it off");
        matching
    }

    fn unfinished(&self, terminal: &Terminal) -> bool {
        !self.stopped && !self.pattern.matches(terminal).complete
    }

    fn seek(&mut self, terminal: &Terminal, budget: u64) -> Progress {
        let Some(seek) = self.seeking else { return Progress::Nowhere };
        let sought = match seek.direction {
            Direction::Forward => self.pattern.find_next(terminal, seek.from, budget),
            Direction::Back => self.pattern.find_previous(terminal, seek.from, budget),
        };
        match sought {
            terminal::Progress::Found(line) => {
                self.seeking = None;
                self.current = Some(line);
                Progress::At { line, round: seek.round }
            }
            terminal::Progress::Searching(from) => {
                self.seeking = Some(Seek { from, ..seek });
                Progress::Seeking
            }
            terminal::Progress::Nothing if seek.round => {
                self.seeking = None;
                Progress::Nowhere
            }
            terminal::Progress::Nothing => {
                let from = match seek.direction {
                    Direction::Forward => terminal.lines().start,
                    Direction::Back => terminal.lines().end,
                };
                self.seeking = Some(Seek { from, round: true, ..seek });
                self.seek(terminal, budget)
            }
        }
    }
}
