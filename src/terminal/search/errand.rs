//! Counting some leaves, on whatever thread. Not: which leaves, and not: what becomes of the numbers.

use std::ops::Range;
use std::sync::{Arc, Weak};

use super::matcher::Matcher;
use super::sheet::Room;
use crate::terminal::Terminal;
use crate::terminal::history::Leaf;

/// So many matching lines of a leaf are remembered by their places, so that a rare hit is found without reading again.
pub(super) const FEW: usize = 6;

/// Some leaves to be counted.
pub struct Errand {
    pub(super) owner: Weak<()>,
    pub(super) matcher: Arc<dyn Matcher>,
    pub(super) passage: Passage,
}

/// Leaves that follow each other, and what a matcher wants to have heard before them.
#[derive(Default)]
pub(super) struct Passage {
    /// The leaves with the lines before, oldest first.
    before: Vec<Leaf>,
    /// Oldest first.
    leaves: Vec<Leaf>,
}

/// What came of an errand.
#[derive(Debug)]
pub struct Report {
    pub(super) owner: Weak<()>,
    pub(super) counted: Vec<Counted>,
}

/// What is known of a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    /// The number of its first line.
    pub(super) first: u64,
    /// How many lines it has.
    pub(super) lines: u32,
    /// How many of them match.
    pub(super) matching: u32,
    /// The places of those, if they are few.
    few: [u16; FEW],
}

impl Counted {
    /// A leaf with these lines, of which those at `places` match.
    pub(super) fn new(lines: &Range<u64>, places: &[u32]) -> Self {
        let mut few = [0; FEW];
        for (few, place) in few.iter_mut().zip(places) {
            *few = u16::try_from(*place).unwrap_or(u16::MAX);
        }
        let matching = places.len() as u32;
        Self { first: lines.start, lines: (lines.end - lines.start) as u32, matching, few }
    }

    /// The number after its last line.
    pub(super) fn end(&self) -> u64 {
        self.first + u64::from(self.lines)
    }

    /// The places of the lines that match, if they are few.
    pub(super) fn few(&self) -> Option<&[u16]> {
        let few = self.few.get(..self.matching as usize)?;
        (!few.contains(&u16::MAX)).then_some(few)
    }
}

impl Errand {
    /// Counts. Ends early once nobody waits for it any more.
    pub fn run(self) -> Report {
        let Self { owner, matcher, passage } = self;
        let counted = passage.count(&*matcher, || owner.strong_count() > 0);
        // Errands come from many histories, and the next one may be long in coming.
        passage.rest();
        Report { owner, counted }
    }
}

impl Passage {
    /// Leaves of a terminal that follow each other, oldest first, to be read with `context` lines before them.
    pub(super) fn new(terminal: &Terminal, leaves: Vec<Leaf>, context: u64) -> Self {
        let before = match leaves.first() {
            Some(first) if context > 0 => {
                let start = first.lines().start;
                terminal.leaves(&(start.saturating_sub(context)..start)).collect()
            }
            Some(_) | None => Vec::new(),
        };
        Self { before, leaves }
    }

    /// Whether there is nothing to read.
    pub(super) fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// Counts the lines of each leaf that match, as long as `goes_on` says so.
    pub(super) fn count(&self, matcher: &dyn Matcher, goes_on: impl Fn() -> bool) -> Vec<Counted> {
        let mut counted = Vec::with_capacity(self.leaves.len());
        self.read(matcher, &mut |lines, places| {
            counted.push(Counted::new(lines, &places));
            goes_on()
        });
        counted
    }

    /// The places of the lines that match in the first leaf.
    pub(super) fn places(&self, matcher: &dyn Matcher) -> Vec<u32> {
        let mut first = Vec::new();
        self.read(matcher, &mut |_, places| {
            first = places;
            false
        });
        first
    }

    /// Tells of each leaf its lines and the places of those that match, until it hears that this is enough.
    fn read(&self, matcher: &dyn Matcher, tell: &mut dyn FnMut(&Range<u64>, Vec<u32>) -> bool) {
        let (mut room, context) = (Room::default(), matcher.context());
        for leaf in &self.before {
            room.read(leaf, context);
        }
        for leaf in &self.leaves {
            let mut places = Vec::new();
            matcher.search(room.read(leaf, context), &mut |place| places.push(place));
            if !tell(&leaf.lines(), places) {
                return;
            }
        }
    }

    /// No file stays open.
    fn rest(&self) {
        self.before.iter().chain(&self.leaves).for_each(Leaf::rest);
    }
}
