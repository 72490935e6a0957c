//! Counting some leaves, on whatever thread. Not: which leaves, and not: what becomes of the numbers.

use std::ops::Range;
use std::sync::{Arc, Weak};

use super::matcher::Matcher;
use super::sheet::Room;
use crate::terminal::history::Leaf;

/// So many matching lines of a leaf are remembered by their places, so that a rare hit is found without reading again.
pub(super) const FEW: usize = 6;

/// Some leaves to be counted.
pub struct Errand {
    pub(super) owner: Weak<()>,
    pub(super) matcher: Arc<dyn Matcher>,
    pub(super) leaves: Vec<Leaf>,
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
        let mut room = Room::default();
        let mut counted = Vec::with_capacity(self.leaves.len());
        for leaf in &self.leaves {
            if self.owner.strong_count() == 0 {
                break;
            }
            let places = matching(leaf, &*self.matcher, &mut room);
            counted.push(Counted::new(&leaf.lines(), &places));
        }
        // Errands come from many histories, and the next one may be long in coming.
        self.leaves.iter().for_each(Leaf::rest);
        Report { owner: self.owner, counted }
    }
}

/// The places of the lines of a leaf that match.
pub(super) fn matching(leaf: &Leaf, matcher: &dyn Matcher, room: &mut Room) -> Vec<u32> {
    let mut places = Vec::new();
    matcher.search(room.read(leaf), &mut |place| places.push(place));
    places
}
