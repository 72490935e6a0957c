//! A search as one pair of eyes holds it: the line it stands on, what it still seeks. Not: how a pattern is found in lines, and
//! not: who counts them.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use crate::terminal::{self, Errand, Filter, Filters, Near, Pattern, Report, Sought, Tally, Terminal};
use crate::ui::pager::Position;
use crate::ui::text::thousands;

/// A search.
#[derive(Debug)]
pub(in crate::ui) struct Search {
    /// As it was typed.
    pub(in crate::ui) text: String,
    /// Where `n` goes.
    pub(in crate::ui) direction: Direction,
    pattern: Arc<Pattern>,
    tally: Tally,
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
    /// How many hits further it goes.
    times: u32,
    round: bool,
    /// It went round and has found nothing since.
    barren: bool,
    /// It waits for somebody to count lines.
    waits: bool,
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

/// Leaves that are looked at when a key is pressed, before the rest is left to errands: half a millisecond.
const AT_ONCE: usize = 4;
/// Hits that are passed in one slice.
const SLICE: u32 = 50;

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

    pub(in crate::ui) fn among_lines(self) -> terminal::Direction {
        match self {
            Self::Forward => terminal::Direction::Forward,
            Self::Back => terminal::Direction::Backward,
        }
    }
}

impl Search {
    /// A search for a regex, with smart case, among the lines that pass some filters. Fails with what is wrong, in a few words.
    pub(in crate::ui) fn new(text: &str, direction: Direction, among: Filters) -> Result<Self, String> {
        let pattern = Arc::new(Pattern::new(text)?);
        let tally = tally(&pattern, among);
        let text = text.to_owned();
        Ok(Self { text, direction, pattern, tally, current: None, seeking: None, stopped: false })
    }

    /// From now on it is made among the lines that pass these filters.
    pub(in crate::ui) fn among(&mut self, among: Filters) {
        self.tally = tally(&self.pattern, among);
        self.seeking = None;
        self.stopped = false;
    }

    /// Where the pattern is in a text.
    pub(in crate::ui) fn hits(&self, text: &str) -> Vec<Range<usize>> {
        self.pattern.matches_in(text)
    }

    /// Which lines match.
    pub(in crate::ui) fn tally(&self) -> &Tally {
        &self.tally
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
    pub(in crate::ui) fn any_in(&self, terminal: &Terminal, lines: &Range<u64>) -> bool {
        self.tally.look_around(terminal, near(lines.end, Direction::Back), AT_ONCE);
        matches!(self.tally.next(terminal, lines.start), Sought::Found(line) if line < lines.end)
    }

    /// Seeks the line that matches `times` further: from the one it stands on, or from a position.
    pub(in crate::ui) fn go(
        &mut self,
        terminal: &Terminal,
        from: Position,
        direction: Direction,
        times: u32,
    ) -> Progress {
        let from = match (self.current, direction) {
            (Some(line), Direction::Forward) => line + 1,
            (Some(line), Direction::Back) => line,
            (None, _) => from.line,
        };
        self.stopped = false;
        self.tally.look_around(terminal, near(from, direction), AT_ONCE);
        self.seeking = Some(Seek { from, direction, times, round: false, barren: false, waits: false });
        self.seek(terminal)
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
        self.is_busy().then(|| self.seek(terminal))
    }

    /// Whether somebody stopped it before all was counted.
    pub(in crate::ui) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Whether there is work to do here.
    pub(in crate::ui) fn is_busy(&self) -> bool {
        self.seeking.is_some_and(|seek| !seek.waits)
    }

    /// What somebody else is to count, for who looks at a position.
    pub(in crate::ui) fn errand(&self, terminal: &Terminal, from: Position) -> Option<Errand> {
        match self.seeking {
            Some(seek) => self.tally.errand(terminal, near(seek.from, seek.direction)),
            None if self.stopped => None,
            None => self.tally.errand(terminal, near(from.line, self.direction)),
        }
    }

    /// Takes what somebody else has counted; whether it was counted for this search. It may go on seeking then.
    pub(in crate::ui) fn report(&mut self, terminal: &Terminal, report: &Report) -> bool {
        if !self.tally.awaits(report) {
            return false;
        }
        self.tally.take(terminal, report);
        if let Some(seek) = &mut self.seeking {
            seek.waits = false;
        }
        true
    }

    /// `3/57`, `57 hits`, `no hit`; `57+ hits` while it counts.
    pub(in crate::ui) fn told(&self, terminal: &Terminal) -> String {
        if self.seeking.is_some() {
            return "seeking".to_owned();
        }
        let count = self.tally.count(terminal);
        let total = thousands(count.lines);
        let more = if count.complete { "" } else { "+" };
        let place = self.current.and_then(|line| self.tally.rank(terminal, line));
        match (place, count.lines) {
            (_, 0) => if count.complete { "no hit" } else { "counting" }.to_owned(),
            (Some(place), _) => format!("{}/{total}{more}", thousands(place + 1)),
            (None, 1) => format!("1{more} hit"),
            (None, _) => format!("{total}{more} hits"),
        }
    }

    fn unfinished(&self, terminal: &Terminal) -> bool {
        !self.stopped && !self.tally.count(terminal).complete
    }

    fn seek(&mut self, terminal: &Terminal) -> Progress {
        let Some(mut seek) = self.seeking.take() else { return Progress::Nowhere };
        for _ in 0..SLICE {
            let sought = match seek.direction {
                Direction::Forward => self.tally.next(terminal, seek.from),
                Direction::Back => self.tally.previous(terminal, seek.from),
            };
            match sought {
                Sought::Found(line) => {
                    self.current = Some(line);
                    seek.times = seek.times.saturating_sub(1);
                    if seek.times == 0 {
                        return Progress::At { line, round: seek.round };
                    }
                    seek.from = line + u64::from(seek.direction == Direction::Forward);
                    seek.barren = false;
                }
                Sought::Unknown(from) => {
                    seek.from = from;
                    seek.waits = true;
                    break;
                }
                Sought::Nothing if seek.barren => return Progress::Nowhere,
                Sought::Nothing => {
                    seek.from = match seek.direction {
                        Direction::Forward => terminal.lines().start,
                        Direction::Back => terminal.lines().end,
                    };
                    (seek.round, seek.barren) = (true, true);
                    self.go_round_at_once(terminal, &mut seek);
                }
            }
        }
        self.seeking = Some(seek);
        Progress::Seeking
    }

    /// Who goes round a thousand times may as well go once.
    fn go_round_at_once(&self, terminal: &Terminal, seek: &mut Seek) {
        let count = self.tally.count(terminal);
        if let Some(all) = u32::try_from(count.lines).ok().filter(|all| count.complete && *all > 0) {
            seek.times = (seek.times - 1) % all + 1;
        }
    }
}

fn tally(pattern: &Arc<Pattern>, mut among: Filters) -> Tally {
    if among.0.is_empty() {
        return Tally::new(Arc::<Pattern>::clone(pattern));
    }
    among.0.push(Filter { pattern: Arc::clone(pattern), out: false });
    Tally::new(Arc::new(among))
}

fn near(line: u64, direction: Direction) -> Near {
    Near { line, direction: direction.among_lines() }
}
