//! How many lines match, which comes next, and which of all it is: for a history of millions of lines a number per leaf, and
//! never a number per line. What is not known yet it gives out as errands. All that is done here is short.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::errand::{Counted, Errand, Passage, Report};
use super::known::{Known, Step};
use super::matcher::Matcher;
use super::spread::Spread;
use super::tail::Tail;
use crate::terminal::Terminal;
use crate::terminal::history::{Direction, Leaf};

/// So many leaves make an errand: about 4 MB.
const ERRAND: usize = 64;
/// Of so many leaves the places of matching lines stay known.
const RECENT: usize = 4;

/// The lines of one terminal that match.
pub struct Tally {
    matcher: Arc<dyn Matcher>,
    /// Who runs an errand knows by this whether it is still wanted.
    identity: Arc<()>,
    inner: RefCell<Inner>,
}

/// How many lines match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Lines that match, as far as counted.
    pub lines: u64,
    /// Whether all lines were counted.
    pub complete: bool,
}

/// A line that matches, if it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// This line matches.
    Found(u64),
    /// Nothing is known from this line on; going backwards, before this line.
    Unknown(u64),
    /// There is none in this direction.
    Nothing,
}

/// Where somebody wants to know more first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// At this line, or, going backwards, before it.
    pub line: u64,
    /// And from there on in this direction; what lies behind comes last.
    pub direction: Direction,
}

#[derive(Default)]
struct Inner {
    /// The state of the terminal that was looked at last: its revision, and how many times lines were taken back.
    looked: Option<(u64, u64)>,
    known: Known,
    tail: Tail,
    /// The first line of a leaf, and the places in it that match.
    recent: VecDeque<(u64, Rc<[u32]>)>,
    under_way: bool,
    /// What an errand under way tells of leaves that reach beyond this line may be old.
    suspect: u64,
    /// And of leaves that begin before this one, because what stood before them was dropped.
    sound: u64,
    /// The number of the first line there is.
    first: u64,
}

impl Tally {
    /// Nothing is counted yet.
    pub fn new(matcher: Arc<dyn Matcher>) -> Self {
        Self { matcher, identity: Arc::new(()), inner: RefCell::default() }
    }

    /// Which lines match.
    pub fn matcher(&self) -> &dyn Matcher {
        &*self.matcher
    }

    /// How many lines match, as far as counted.
    pub fn count(&self, terminal: &Terminal) -> Count {
        let inner = self.look(terminal);
        let tail = inner.tail.matching().len() as u64;
        Count { lines: inner.known.matching() + tail, complete: inner.known.is_complete() }
    }

    /// How many lines from `line` on match, as far as counted.
    pub fn count_from(&self, terminal: &Terminal, line: u64) -> Count {
        let mut inner = self.look(terminal);
        let complete = inner.known.gap_from(line).is_none();
        let end = inner.known.settled().end.max(line);
        let leaves = inner.known.within(&(line..end)).to_vec();
        let mut lines = inner.tail.matching().iter().filter(|known| **known >= line).count() as u64;
        for leaf in leaves {
            lines += if leaf.first < line && leaf.matching > 0 {
                let places = self.places(&mut inner, terminal, &leaf);
                places.iter().filter(|place| leaf.first + u64::from(**place) >= line).count() as u64
            } else {
                u64::from(leaf.matching)
            };
        }
        Count { lines, complete }
    }

    /// The first line from `line` on (itself included) that matches.
    pub fn next(&self, terminal: &Terminal, line: u64) -> Sought {
        let mut inner = self.look(terminal);
        let mut at = line;
        loop {
            match inner.known.next(at) {
                Step::Leaf(leaf) => {
                    let places = self.places(&mut inner, terminal, &leaf);
                    let found = places.partition_point(|place| leaf.first + u64::from(*place) < at);
                    if let Some(place) = places.get(found) {
                        return Sought::Found(leaf.first + u64::from(*place));
                    }
                    at = leaf.end();
                }
                Step::Unknown(at) => return Sought::Unknown(at),
                Step::End => break,
            }
        }
        let tail = inner.tail.matching();
        let found = tail.get(tail.partition_point(|known| *known < line));
        found.map_or(Sought::Nothing, |line| Sought::Found(*line))
    }

    /// The last line before `line` that matches.
    pub fn previous(&self, terminal: &Terminal, line: u64) -> Sought {
        let mut inner = self.look(terminal);
        let tail = inner.tail.matching();
        if let Some(found) = tail[..tail.partition_point(|known| *known < line)].last() {
            return Sought::Found(*found);
        }
        let mut at = line;
        loop {
            match inner.known.previous(at) {
                Step::Leaf(leaf) => {
                    let places = self.places(&mut inner, terminal, &leaf);
                    let before = places.partition_point(|place| leaf.first + u64::from(*place) < at);
                    if let Some(place) = before.checked_sub(1).and_then(|last| places.get(last)) {
                        return Sought::Found(leaf.first + u64::from(*place));
                    }
                    at = leaf.first;
                }
                Step::Unknown(at) => return Sought::Unknown(at),
                Step::End => return Sought::Nothing,
            }
        }
    }

    /// How many lines before `line` match; `None` while not all of them were counted.
    pub fn rank(&self, terminal: &Terminal, line: u64) -> Option<u64> {
        let mut inner = self.look(terminal);
        let (mut rank, leaf) = inner.known.rank(line)?;
        if let Some(leaf) = leaf {
            let places = self.places(&mut inner, terminal, &leaf);
            rank += places.partition_point(|place| leaf.first + u64::from(*place) < line) as u64;
        }
        Some(rank + inner.tail.matching().partition_point(|known| *known < line) as u64)
    }

    /// The match number `nth`, from 0.
    pub fn nth(&self, terminal: &Terminal, nth: u64) -> Sought {
        let mut inner = self.look(terminal);
        match inner.known.nth(nth) {
            Ok((leaf, before)) => {
                let places = self.places(&mut inner, terminal, &leaf);
                let place = places.get((nth - before) as usize);
                place.map_or(Sought::Nothing, |place| Sought::Found(leaf.first + u64::from(*place)))
            }
            Err(before) if inner.known.is_complete() => {
                let found = inner.tail.matching().get((nth - before) as usize);
                found.map_or(Sought::Nothing, |line| Sought::Found(*line))
            }
            Err(_) => {
                let gap = inner.known.gap_from(0);
                Sought::Unknown(gap.map_or(0, |gap| gap.start))
            }
        }
    }

    /// How many lines match in each of so many equal parts of a range, as far as counted; no parts if it is empty. Where a leaf lies in several parts
    /// and has many matches, these are taken to be spread evenly over it.
    pub fn spread(&self, terminal: &Terminal, lines: &Range<u64>, parts: usize) -> Vec<u64> {
        let inner = self.look(terminal);
        let mut spread = Spread::new(lines, parts);
        for leaf in inner.known.within(lines) {
            spread.add_leaf(leaf);
        }
        for line in inner.tail.matching() {
            spread.add(*line);
        }
        spread.counts()
    }

    /// In which direction the unknown is nearer to a line.
    pub fn nearest(&self, terminal: &Terminal, line: u64) -> Near {
        let inner = self.look(terminal);
        let ahead = inner.known.gap_from(line).map(|gap| gap.start.saturating_sub(line));
        let behind = inner.known.gap_before(line).map(|gap| line.saturating_sub(gap.end));
        let direction = match (ahead, behind) {
            (Some(ahead), Some(behind)) if behind < ahead => Direction::Backward,
            (None, Some(_)) => Direction::Backward,
            (Some(_), _) | (None, None) => Direction::Forward,
        };
        Near { line, direction }
    }

    /// What is to be counted next, if anything: some leaves, those first that somebody wants to know about. None while one is
    /// under way.
    #[must_use]
    pub fn errand(&self, terminal: &Terminal, near: Near) -> Option<Errand> {
        let mut inner = self.look(terminal);
        let passage = inner.unknown(terminal, near, ERRAND, self.matcher.context());
        self.give_out(&mut inner, passage)
    }

    /// The same for who wants to know about the newest lines alone, from `line` on.
    #[must_use]
    pub fn errand_from(&self, terminal: &Terminal, line: u64) -> Option<Errand> {
        let mut inner = self.look(terminal);
        let gap = inner.known.gap_from(line)?;
        let mut leaves: Vec<Leaf> = terminal.leaves(&gap).rev().take(ERRAND).collect();
        leaves.reverse();
        self.give_out(&mut inner, Passage::new(terminal, leaves, self.matcher.context()))
    }

    fn give_out(&self, inner: &mut Inner, passage: Passage) -> Option<Errand> {
        if inner.under_way || passage.is_empty() {
            return None;
        }
        inner.under_way = true;
        inner.suspect = u64::MAX;
        inner.sound = 0;
        Some(Errand { owner: Arc::downgrade(&self.identity), matcher: Arc::clone(&self.matcher), passage })
    }

    /// Counts a few leaves at once, the nearest unknown ones, so that what is near needs no second frame. One takes about a
    /// tenth of a millisecond.
    pub fn look_around(&self, terminal: &Terminal, near: Near, leaves: usize) {
        let mut inner = self.look(terminal);
        let passage = inner.unknown(terminal, near, leaves, self.matcher.context());
        inner.known.add(passage.count(&*self.matcher, || true));
    }

    /// Whether a report is one of ours.
    pub fn awaits(&self, report: &Report) -> bool {
        std::ptr::eq(report.owner.as_ptr(), Arc::as_ptr(&self.identity))
    }

    /// Takes what an errand of ours has found.
    pub fn take(&self, terminal: &Terminal, report: &Report) {
        if !self.awaits(report) {
            return;
        }
        let mut inner = self.look(terminal);
        inner.under_way = false;
        let (sound, suspect) = (inner.sound, inner.suspect);
        let holds = |leaf: &Counted| sound <= leaf.first && leaf.end() <= suspect;
        inner.known.add(report.counted.iter().copied().filter(holds));
    }

    /// Bytes of memory held.
    pub fn memory(&self) -> usize {
        let inner = self.inner.borrow();
        let recent: usize = inner.recent.iter().map(|(_, places)| places.len() * size_of::<u32>()).sum();
        inner.known.memory() + size_of_val(inner.tail.matching()) + recent
    }

    /// Takes notice of lines that came and went.
    fn look(&self, terminal: &Terminal) -> std::cell::RefMut<'_, Inner> {
        let mut inner = self.inner.borrow_mut();
        let now = (terminal.revision(), terminal.taken_back());
        if inner.looked != Some(now) {
            if let Some(from) = inner.looked.and_then(|(_, count)| terminal.taken_back_since(count)) {
                inner.distrust(from);
            }
            inner.follow(terminal, &*self.matcher);
            inner.looked = Some(now);
        }
        inner
    }

    /// The places of a leaf that match.
    fn places(&self, inner: &mut Inner, terminal: &Terminal, counted: &Counted) -> Rc<[u32]> {
        if let Some(few) = counted.few() {
            return few.iter().map(|place| u32::from(*place)).collect();
        }
        if let Some((_, places)) = inner.recent.iter().find(|(first, _)| *first == counted.first) {
            return Rc::clone(places);
        }
        let leaf = terminal.leaves(&(counted.first..counted.end())).take(1).collect();
        let passage = Passage::new(terminal, leaf, self.matcher.context());
        let places: Rc<[u32]> = passage.places(&*self.matcher).into();
        inner.recent.truncate(RECENT - 1);
        inner.recent.push_front((counted.first, Rc::clone(&places)));
        places
    }
}

impl std::fmt::Debug for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tally").finish_non_exhaustive()
    }
}

impl Inner {
    fn follow(&mut self, terminal: &Terminal, matcher: &dyn Matcher) {
        let lines = terminal.kept_lines();
        let last = terminal.leaves(&lines).next_back().map(|leaf| leaf.lines().end);
        let settled = lines.start..last.unwrap_or(lines.start);
        let before = self.known.settled();
        let grown_up = self.tail.grown_up(terminal, settled.end);
        if settled.end < before.end || settled.start > before.start {
            self.recent.retain(|(first, _)| (settled.start..settled.end.min(before.end)).contains(first));
        }
        self.known.settle(settled.clone());
        if !grown_up.is_empty() {
            self.known.add(grown_up);
        }
        if std::mem::replace(&mut self.first, lines.start) < lines.start && matcher.context() > 0 {
            self.hear_anew(terminal, matcher, &settled);
        }
        self.tail.follow(terminal, matcher, settled.end);
    }

    /// The oldest lines were dropped, and the first ones now have nothing before them.
    fn hear_anew(&mut self, terminal: &Terminal, matcher: &dyn Matcher, settled: &Range<u64>) {
        let unheard = self.first..self.first + matcher.context();
        self.sound = self.sound.max(unheard.end);
        self.recent.retain(|(first, _)| *first >= unheard.end);
        if unheard.end > settled.end {
            self.tail.forget(settled.end);
        }
        // Whoever counts only what is new knows nothing of the oldest lines, which are read from the disk.
        if self.known.within(&unheard).is_empty() {
            return;
        }
        let cut = terminal.leaves(&unheard).collect();
        self.known.replace(Passage::new(terminal, cut, 0).count(matcher, || true));
    }

    /// Lines from this one on were taken back to the screen, and may have been written anew. So may the end of the one before.
    fn distrust(&mut self, from: u64) {
        let from = from.saturating_sub(1);
        self.known.forget(from);
        self.tail.forget(from);
        self.recent.clear();
        self.suspect = self.suspect.min(from);
    }

    /// The nearest leaves of which nothing is known.
    fn unknown(&self, terminal: &Terminal, near: Near, most: usize, context: u64) -> Passage {
        let known = &self.known;
        let leaves = match near.direction {
            Direction::Forward => {
                let gap = known.gap_from(near.line).or_else(|| known.gap_from(0));
                gap.map_or_else(Vec::new, |gap| terminal.leaves(&gap).take(most).collect())
            }
            Direction::Backward => {
                let gap = known.gap_before(near.line).or_else(|| known.gap_before(u64::MAX));
                let last = |gap| terminal.leaves(&gap).rev().take(most).collect();
                let mut leaves: Vec<Leaf> = gap.map_or_else(Vec::new, last);
                leaves.reverse();
                leaves
            }
        };
        Passage::new(terminal, leaves, context)
    }
}
