//! A search as one pair of eyes holds it: the pattern, the hit it stands on, the count as far as it got. All work is done
//! in bounded slices. Not: how a pattern is found in lines.

use std::ops::{Range, RangeInclusive};

use crate::terminal::Terminal;
use crate::ui::pager::Position;
use crate::ui::pager::find::{Hit, Pattern, Sought, backward, count, forward};

/// A search.
#[derive(Debug)]
pub(in crate::ui) struct Search {
    /// What is sought.
    pub(in crate::ui) pattern: Pattern,
    /// As it was typed.
    pub(in crate::ui) text: String,
    /// Where `n` goes.
    pub(in crate::ui) direction: Direction,
    current: Option<Hit>,
    ordinal: Option<u64>,
    seeking: Option<Seek>,
    tally: Tally,
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
    from: Hit,
    direction: Direction,
    round: bool,
}

/// What came of a slice of seeking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Progress {
    /// It stands on this hit now.
    At {
        /// The number of the line.
        line: u64,
        /// The byte in its plain text.
        byte: usize,
        /// Whether it went past the end, or the beginning, on the way.
        round: bool,
    },
    /// It goes on.
    Seeking,
    /// There is no hit.
    Nowhere,
}

/// How many hits there are, as far as they have been counted: for each chunk of lines, so that the number of one hit can be
/// had without counting all again.
#[derive(Debug, Default)]
struct Tally {
    chunks: Vec<u64>,
    base: u64,
    next: Option<u64>,
    total: u64,
}

/// Lines in a chunk.
const CHUNK: u64 = 1024;
/// Lines that are looked at in one slice: a few milliseconds at most.
const SLICE: u64 = 1000;
/// Chunks that are counted when a key is pressed.
const CHUNKS_AT_ONCE: usize = 4;
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
    /// A search that has not begun.
    pub(in crate::ui) fn new(pattern: Pattern, text: &str, direction: Direction) -> Self {
        Self {
            pattern,
            text: text.to_owned(),
            direction,
            current: None,
            ordinal: None,
            seeking: None,
            tally: Tally::default(),
            stopped: false,
        }
    }

    /// The byte in a line where the hit begins that it stands on.
    pub(super) fn current_in(&self, line: u64) -> Option<usize> {
        self.current.filter(|hit| hit.line == line).map(|hit| hit.byte)
    }

    /// Whether it stands on a hit in these lines.
    pub(in crate::ui) fn stands_in(&self, lines: RangeInclusive<u64>) -> bool {
        self.current.is_some_and(|hit| lines.contains(&hit.line))
    }

    /// Whether any hit lies in these lines.
    pub(in crate::ui) fn any_in(&self, terminal: &Terminal, lines: Range<u64>) -> bool {
        count(terminal, &self.pattern, lines) > 0
    }

    /// Seeks the next hit: from the one it stands on, or from a position.
    pub(in crate::ui) fn go(
        &mut self,
        terminal: &Terminal,
        from: Position,
        direction: Direction,
    ) -> Progress {
        let start = Hit { line: from.line, byte: 0 };
        let from = match (self.current, direction) {
            (Some(hit), Direction::Forward) => Hit { byte: hit.byte + 1, ..hit },
            (Some(hit), Direction::Back) => hit,
            (None, _) => start,
        };
        self.stopped = false;
        self.seeking = Some(Seek { from, direction, round: false });
        self.seek(terminal, AT_ONCE)
    }

    /// Forgets the hit that it stands on.
    pub(in crate::ui) fn lift(&mut self) {
        self.current = None;
        self.ordinal = None;
    }

    /// Stops what still runs; whether anything did.
    pub(in crate::ui) fn stop(&mut self, terminal: &Terminal) -> bool {
        let ran = self.seeking.take().is_some() || self.unfinished(terminal);
        self.stopped = self.stopped || ran;
        ran
    }

    /// Counts a little at once, so that a short output needs no second frame.
    pub(in crate::ui) fn begin_count(&mut self, terminal: &Terminal) {
        for _ in 0..CHUNKS_AT_ONCE {
            if self.unfinished(terminal) {
                self.tally.advance(terminal, &self.pattern);
            }
        }
    }

    /// A slice of work. The hit it came to, if it came to one.
    pub(in crate::ui) fn work(&mut self, terminal: &Terminal) -> Option<Progress> {
        let progress = self.seeking.map(|_| self.seek(terminal, SLICE));
        if progress.is_none() && self.unfinished(terminal) {
            self.tally.advance(terminal, &self.pattern);
        }
        progress
    }

    /// Whether there is work to do.
    pub(in crate::ui) fn is_busy(&self, terminal: &Terminal) -> bool {
        self.seeking.is_some() || self.unfinished(terminal)
    }

    /// `3/57`, `57 hits`, `no hit`; `57+ hits` while it counts.
    pub(in crate::ui) fn told(&mut self, terminal: &Terminal) -> String {
        let total = self.tally.total + self.tally.tail(terminal, &self.pattern);
        let more = if self.unfinished(terminal) { "+" } else { "" };
        if self.seeking.is_some() {
            return "seeking".to_owned();
        }
        match (self.ordinal(terminal), total) {
            (_, 0) => if more.is_empty() { "no hit" } else { "counting" }.to_owned(),
            (Some(ordinal), _) => format!("{ordinal}/{total}{more}"),
            (None, 1) => format!("1 hit{more}"),
            (None, _) => format!("{total}{more} hits"),
        }
    }

    fn unfinished(&self, terminal: &Terminal) -> bool {
        !self.stopped && self.tally.next_in(terminal) < settled(terminal)
    }

    fn ordinal(&mut self, terminal: &Terminal) -> Option<u64> {
        let hit = self.current?;
        if self.ordinal.is_none() {
            self.ordinal = self.tally.ordinal(terminal, &self.pattern, hit);
        }
        self.ordinal
    }

    fn seek(&mut self, terminal: &Terminal, budget: u64) -> Progress {
        let Some(seek) = self.seeking else { return Progress::Nowhere };
        let sought = match seek.direction {
            Direction::Forward => forward(terminal, &self.pattern, seek.from, budget),
            Direction::Back => backward(terminal, &self.pattern, seek.from, budget),
        };
        match sought {
            Sought::Found(hit) => {
                self.seeking = None;
                self.current = Some(hit);
                self.ordinal = None;
                Progress::At { line: hit.line, byte: hit.byte, round: seek.round }
            }
            Sought::Further(from) => {
                self.seeking = Some(Seek { from, ..seek });
                Progress::Seeking
            }
            Sought::Nowhere if seek.round => {
                self.seeking = None;
                Progress::Nowhere
            }
            Sought::Nowhere => {
                let from = match seek.direction {
                    Direction::Forward => Hit { line: terminal.lines().start, byte: 0 },
                    Direction::Back => Hit { line: terminal.lines().end, byte: 0 },
                };
                self.seeking = Some(Seek { from, round: true, ..seek });
                self.seek(terminal, budget)
            }
        }
    }
}

impl Tally {
    fn next_in(&self, terminal: &Terminal) -> u64 {
        let start = terminal.lines().start;
        self.next.map_or(start, |next| next.max(start))
    }

    fn advance(&mut self, terminal: &Terminal, pattern: &Pattern) {
        let next = self.next_in(terminal);
        if self.next.is_none() {
            self.base = next / CHUNK;
        }
        let chunk_end = (next / CHUNK + 1) * CHUNK;
        let end = chunk_end.min(settled(terminal));
        let found = count(terminal, pattern, next..end);
        let chunk = (next / CHUNK - self.base) as usize;
        self.chunks.resize(self.chunks.len().max(chunk + 1), 0);
        self.chunks[chunk] += found;
        self.total += found;
        self.next = Some(end);
    }

    /// The hits in the lines that may still change.
    fn tail(&self, terminal: &Terminal, pattern: &Pattern) -> u64 {
        let next = self.next_in(terminal);
        if next < settled(terminal) { 0 } else { count(terminal, pattern, next..terminal.lines().end) }
    }

    /// The number of a hit among all, from 1, if that far has been counted.
    fn ordinal(&self, terminal: &Terminal, pattern: &Pattern, hit: Hit) -> Option<u64> {
        let next = self.next_in(terminal);
        if hit.line >= next && next < settled(terminal) {
            return None;
        }
        let chunk = (hit.line / CHUNK).saturating_sub(self.base) as usize;
        let whole: u64 = self.chunks.iter().take(chunk).sum();
        let start = (hit.line / CHUNK * CHUNK).max(terminal.lines().start);
        let line = terminal.line(hit.line)?;
        let text = super::line::plain(&line);
        let inside = pattern.hits(&text).filter(|range| range.start <= hit.byte).count() as u64;
        Some(whole + count(terminal, pattern, start..hit.line) + inside)
    }
}

/// Up to which line nothing changes any more: what stands on a live screen may.
fn settled(terminal: &Terminal) -> u64 {
    let lines = terminal.lines();
    let screen = if terminal.live() { u64::from(terminal.size().0) } else { 0 };
    lines.end.saturating_sub(screen).max(lines.start)
}
