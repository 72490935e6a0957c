//! A search in the merged output: the next line of all jobs that matches, sought in bounded slices, job by job, always in the
//! one that lags behind. Not: how a pattern is found in a line.

use std::ops::{ControlFlow, Range};

use crate::model::InstanceId;
use crate::terminal::{self, Matcher, Pattern};
use crate::ui::merged::lanes::{Cut, Lanes, Spot};
use crate::ui::pager::Direction;

/// A search.
#[derive(Debug)]
pub(in crate::ui) struct Search {
    /// As it was typed.
    pub(in crate::ui) text: String,
    /// Where `n` goes.
    pub(in crate::ui) direction: Direction,
    pattern: Pattern,
    current: Option<(InstanceId, u64)>,
    seeking: Option<Seek>,
    /// No line matched when it was last sought.
    barren: bool,
}

#[derive(Debug)]
struct Seek {
    direction: Direction,
    round: bool,
    lanes: Vec<(InstanceId, Stand)>,
}

/// How far the search has come in a job.
#[derive(Debug, Clone, Copy)]
enum Stand {
    /// It goes on before or behind this line.
    At(u64),
    /// This line matches, and none nearer.
    Found(u64),
    /// None matches.
    Nothing,
}

/// What came of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// It stands on this line now; whether it went round on the way.
    At(Spot, bool),
    /// It goes on.
    Seeking,
    /// No line matches.
    Nowhere,
}

/// Lines that are looked at in one slice: less than a millisecond.
const SLICE: u64 = 2_000;
/// Slices that are looked at when a key is pressed, before the rest is left to the background.
const AT_ONCE: usize = 8;

impl Search {
    /// A search for a regex, with smart case. Fails with what is wrong, in a few words.
    pub(super) fn new(text: &str, direction: Direction) -> Result<Self, String> {
        let pattern = Pattern::new(text)?;
        Ok(Self { text: text.to_owned(), direction, pattern, current: None, seeking: None, barren: false })
    }

    /// Where the pattern is in a text.
    pub(super) fn hits(&self, text: &str) -> Vec<Range<usize>> {
        self.pattern.matches_in(text)
    }

    /// Whether a text matches.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.pattern.is_match(text)
    }

    /// The line that it stands on.
    pub(super) fn current(&self) -> Option<(InstanceId, u64)> {
        self.current
    }

    /// Forgets the line that it stands on.
    pub(super) fn lift(&mut self) {
        self.current = None;
    }

    /// Whether there is work to do.
    pub(super) fn is_busy(&self) -> bool {
        self.seeking.is_some()
    }

    /// What is to be said of it besides its text.
    pub(super) fn told(&self) -> &'static str {
        match (self.is_busy(), self.barren) {
            (true, _) => " seeking",
            (false, true) => " no hit",
            (false, false) => "",
        }
    }

    /// Stops what still runs; whether anything did.
    pub(super) fn stop(&mut self) -> bool {
        self.seeking.take().is_some()
    }

    /// Seeks the next line that matches: from the one it stands on, or from a place.
    pub(super) fn go(&mut self, lanes: &Lanes<'_>, from: &Cut, direction: Direction) -> Progress {
        let current = self.current.and_then(|(id, line)| Some((lanes.index(id)?, line)));
        let from = match (current, direction) {
            (Some(spot), Direction::Forward) => {
                let mut cut = lanes.before(spot);
                cut[spot.0] = spot.1 + 1;
                cut
            }
            (Some(spot), Direction::Back) => lanes.before(spot),
            (None, _) => from.clone(),
        };
        self.barren = false;
        self.begin(lanes, &from, direction, false);
        (0..AT_ONCE)
            .map(|_| self.work(lanes))
            .find(|it| *it != Progress::Seeking)
            .unwrap_or(Progress::Seeking)
    }

    fn begin(&mut self, lanes: &Lanes<'_>, from: &Cut, direction: Direction, round: bool) {
        let stands = lanes.keep(from).into_iter().map(|(id, at)| (id, Stand::At(at))).collect();
        self.seeking = Some(Seek { direction, round, lanes: stands });
    }

    /// A slice of work.
    pub(super) fn work(&mut self, lanes: &Lanes<'_>) -> Progress {
        let Some(seek) = &mut self.seeking else { return Progress::Nowhere };
        let direction = seek.direction;
        if let Some((lane, at)) = seek.lagging(lanes) {
            let stand = slice(&lanes.lanes[lane].lines, at, direction, |range, order| {
                let mut found = None;
                let _ = lanes.lanes[lane].terminal.visit_text(range, order, &mut |line, text| {
                    if !self.pattern.is_match(text) {
                        return ControlFlow::Continue(());
                    }
                    found = Some(line);
                    ControlFlow::Break(())
                });
                found
            });
            seek.set(lanes.lanes[lane].id, stand);
            return Progress::Seeking;
        }
        if let Some(spot) = seek.nearest(lanes) {
            let round = seek.round;
            self.seeking = None;
            self.current = Some((lanes.lanes[spot.0].id, spot.1));
            return Progress::At(spot, round);
        }
        if seek.round {
            self.seeking = None;
            self.barren = true;
            return Progress::Nowhere;
        }
        let from = match direction {
            Direction::Forward => lanes.start(),
            Direction::Back => lanes.end(),
        };
        self.begin(lanes, &from, direction, true);
        Progress::Seeking
    }
}

impl Seek {
    /// The job in which the search lags behind all others, if a line there could still be nearer than what was found.
    fn lagging(&self, lanes: &Lanes<'_>) -> Option<Spot> {
        let open = self.lanes.iter().filter_map(|(id, stand)| match stand {
            Stand::At(at) => lanes.index(*id).map(|index| (index, *at)),
            Stand::Found(_) | Stand::Nothing => None,
        });
        let open = open.filter(|(index, at)| match self.direction {
            Direction::Forward => *at < lanes.lanes[*index].lines.end,
            Direction::Back => *at > lanes.lanes[*index].lines.start,
        });
        let best = self.nearest(lanes).map(|(index, line)| (lanes.lanes[index].time(line), index));
        let time = |(index, at): &Spot| match self.direction {
            Direction::Forward => (lanes.lanes[*index].time(*at), *index),
            Direction::Back => (lanes.lanes[*index].time(*at - 1), *index),
        };
        match self.direction {
            Direction::Forward => {
                open.min_by_key(time).filter(|spot| best.is_none_or(|best| time(spot) < best))
            }
            Direction::Back => open.max_by_key(time).filter(|spot| best.is_none_or(|best| time(spot) > best)),
        }
    }

    /// The nearest of what was found so far.
    fn nearest(&self, lanes: &Lanes<'_>) -> Option<Spot> {
        let found = self.lanes.iter().filter_map(|(id, stand)| match stand {
            Stand::Found(line) => lanes.index(*id).map(|index| (index, *line)),
            Stand::At(_) | Stand::Nothing => None,
        });
        let found = found.filter(|(index, line)| lanes.lanes[*index].lines.contains(line));
        let time = |(index, line): &Spot| (lanes.lanes[*index].time(*line), *index);
        match self.direction {
            Direction::Forward => found.min_by_key(time),
            Direction::Back => found.max_by_key(time),
        }
    }

    fn set(&mut self, id: InstanceId, stand: Stand) {
        if let Some((_, old)) = self.lanes.iter_mut().find(|(of, _)| *of == id) {
            *old = stand;
        }
    }
}

/// Looks at some lines of a job, the nearest first.
fn slice(
    lines: &Range<u64>,
    at: u64,
    direction: Direction,
    find: impl FnOnce(Range<u64>, terminal::Direction) -> Option<u64>,
) -> Stand {
    let (range, order, rest, done) = match direction {
        Direction::Forward => {
            let from = at.max(lines.start);
            let to = from.saturating_add(SLICE).min(lines.end);
            (from..to, terminal::Direction::Forward, to, to >= lines.end)
        }
        Direction::Back => {
            let to = at.min(lines.end);
            let from = to.saturating_sub(SLICE).max(lines.start);
            (from..to, terminal::Direction::Backward, from, from <= lines.start)
        }
    };
    match find(range, order) {
        Some(line) => Stand::Found(line),
        None if done => Stand::Nothing,
        None => Stand::At(rest),
    }
}
