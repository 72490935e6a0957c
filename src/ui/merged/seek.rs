//! A search in the merged output: which lines of each job match is known by a tally each, and the next of all is the nearest of
//! what these know. What nobody knows yet is counted by others. Not: how a pattern is found in a line.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::model::InstanceId;
use crate::terminal::{Errand, Matcher, Near, Pattern, Report, Sought, Tally};
use crate::ui::Terminals;
use crate::ui::merged::lanes::{Cut, Lanes, Spot};
use crate::ui::pager::Direction;
use crate::ui::text::thousands;

/// A search.
#[derive(Debug)]
pub(in crate::ui) struct Search {
    /// As it was typed.
    pub(in crate::ui) text: String,
    /// Where `n` goes.
    pub(in crate::ui) direction: Direction,
    pattern: Arc<Pattern>,
    tallies: BTreeMap<InstanceId, Tally>,
    current: Option<(InstanceId, u64)>,
    seeking: Option<Seek>,
    stopped: bool,
}

#[derive(Debug)]
struct Seek {
    direction: Direction,
    /// In each job, the line from which on it is sought; going back, before which.
    from: BTreeMap<InstanceId, u64>,
    /// How many hits further it goes.
    times: u32,
    round: bool,
    /// It went round and has found nothing since.
    barren: bool,
    /// It waits for somebody to count lines of this job.
    waits: Option<(InstanceId, Near)>,
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

/// Of each job so many leaves are looked at when a key is pressed, before the rest is left to errands: a tenth of a millisecond.
const AT_ONCE: usize = 1;
/// Hits that are passed in one slice.
const SLICE: u32 = 20;

impl Search {
    /// A search for a regex, with smart case. Fails with what is wrong, in a few words.
    pub(super) fn new(text: &str, direction: Direction) -> Result<Self, String> {
        Ok(Self {
            text: text.to_owned(),
            direction,
            pattern: Arc::new(Pattern::new(text)?),
            tallies: BTreeMap::new(),
            current: None,
            seeking: None,
            stopped: false,
        })
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

    /// Whether there is work to do here.
    pub(super) fn is_busy(&self) -> bool {
        self.seeking.as_ref().is_some_and(|seek| seek.waits.is_none())
    }

    /// `3/57`, `57 hits`, `no hit`; `57+ hits` while it counts.
    pub(super) fn told(&self, lanes: &Lanes<'_>) -> String {
        if self.seeking.is_some() {
            return "seeking".to_owned();
        }
        let (count, complete) = self.count(lanes);
        let (total, more) = (thousands(count), if complete { "" } else { "+" });
        match (self.place(lanes), count) {
            (_, 0) => if complete { "no hit" } else { "counting" }.to_owned(),
            (Some(place), _) => format!("{}/{total}{more}", thousands(place + 1)),
            (None, 1) => format!("1{more} hit"),
            (None, _) => format!("{total}{more} hits"),
        }
    }

    /// Stops what still runs; whether anything did.
    pub(super) fn stop(&mut self, lanes: &Lanes<'_>) -> bool {
        let ran = self.seeking.take().is_some() || !self.stopped && !self.count(lanes).1;
        self.stopped = self.stopped || ran;
        ran
    }

    /// Seeks the line that matches `times` further: from the one it stands on, or from a place.
    pub(super) fn go(&mut self, lanes: &Lanes<'_>, from: &Cut, direction: Direction, times: u32) -> Progress {
        let current = self.current.and_then(|(id, line)| Some((lanes.index(id)?, line)));
        let from = current.map_or_else(|| from.clone(), |spot| beside(lanes, spot, direction));
        self.stopped = false;
        for (lane, at) in lanes.lanes.iter().zip(&from) {
            let pattern = || Tally::new(Arc::<Pattern>::clone(&self.pattern));
            let tally = self.tallies.entry(lane.id).or_insert_with(pattern);
            tally.look_around(lane.terminal, near(*at, direction), AT_ONCE);
        }
        let (from, times) = (lanes.keep(&from), times.max(1));
        self.seeking = Some(Seek { direction, from, times, round: false, barren: false, waits: None });
        self.work(lanes)
    }

    /// A slice of work.
    pub(super) fn work(&mut self, lanes: &Lanes<'_>) -> Progress {
        let Some(mut seek) = self.seeking.take() else { return Progress::Nowhere };
        for _ in 0..SLICE {
            match self.nearest(lanes, &seek) {
                Some((spot, Sought::Found(_))) => {
                    seek.times -= 1;
                    seek.barren = false;
                    if seek.times == 0 {
                        self.current = Some((lanes.lanes[spot.0].id, spot.1));
                        return Progress::At(spot, seek.round);
                    }
                    seek.from = lanes.keep(&beside(lanes, spot, seek.direction));
                }
                Some(((index, _), Sought::Unknown(line))) => {
                    seek.waits = Some((lanes.lanes[index].id, near(line, seek.direction)));
                    break;
                }
                Some((_, Sought::Nothing)) | None if seek.barren => return Progress::Nowhere,
                Some((_, Sought::Nothing)) | None => self.go_round(lanes, &mut seek),
            }
        }
        self.seeking = Some(seek);
        Progress::Seeking
    }

    /// What somebody else is to count, for who looks at a place: one job after the other.
    pub(super) fn errand(&self, lanes: &Lanes<'_>, at: &Cut) -> Option<Errand> {
        let (index, near) = match &self.seeking {
            Some(seek) => {
                let (id, near) = seek.waits?;
                (lanes.index(id)?, near)
            }
            None if self.stopped => return None,
            None => {
                let unknown = |(index, _): &(usize, &u64)| !self.count_in(lanes, *index).1;
                let (index, line) = at.iter().enumerate().find(unknown)?;
                (index, near(*line, self.direction))
            }
        };
        let lane = &lanes.lanes[index];
        self.tallies.get(&lane.id)?.errand(lane.terminal, near)
    }

    /// Takes what somebody else has counted; whether it was counted for this search. It may go on seeking then.
    pub(in crate::ui) fn report(&mut self, report: &Report, terminals: &Terminals) -> bool {
        let Some((id, tally)) = self.tallies.iter().find(|(_, tally)| tally.awaits(report)) else {
            return false;
        };
        if let Some(terminal) = terminals.get(id) {
            tally.take(terminal, report);
        }
        if let Some(seek) = &mut self.seeking {
            seek.waits = None;
        }
        true
    }

    /// How many lines match, as far as counted, and whether all were.
    fn count(&self, lanes: &Lanes<'_>) -> (u64, bool) {
        let counts = (0..lanes.lanes.len()).map(|index| self.count_in(lanes, index));
        counts.fold((0, true), |(sum, all), (count, complete)| (sum + count, all && complete))
    }

    /// The same for one job. One that came later is counted with the next search.
    fn count_in(&self, lanes: &Lanes<'_>, index: usize) -> (u64, bool) {
        let lane = &lanes.lanes[index];
        let count = self.tallies.get(&lane.id).map(|tally| tally.count(lane.terminal));
        count.map_or((0, true), |count| (count.lines, count.complete))
    }

    /// Which of all hits it stands on, from 0; nothing while that is not known.
    fn place(&self, lanes: &Lanes<'_>) -> Option<u64> {
        let (id, line) = self.current?;
        let before = lanes.before((lanes.index(id)?, line));
        let ranks = lanes.lanes.iter().zip(&before).map(|(lane, at)| {
            self.tallies.get(&lane.id).map_or(Some(0), |tally| tally.rank(lane.terminal, *at))
        });
        ranks.sum()
    }

    /// The nearest line that matches, or of which nobody knows whether it does.
    fn nearest(&self, lanes: &Lanes<'_>, seek: &Seek) -> Option<(Spot, Sought)> {
        let from = lanes.restore(&seek.from);
        let sought = lanes.lanes.iter().zip(&from).enumerate().filter_map(|(index, (lane, at))| {
            let tally = self.tallies.get(&lane.id)?;
            let (sought, last) = match seek.direction {
                Direction::Forward => (tally.next(lane.terminal, *at), 0),
                Direction::Back => (tally.previous(lane.terminal, *at), 1),
            };
            match sought {
                Sought::Found(line) => Some(((index, line), sought)),
                Sought::Unknown(line) => Some(((index, line.saturating_sub(last)), sought)),
                Sought::Nothing => None,
            }
        });
        let time = |((index, line), _): &(Spot, Sought)| (lanes.lanes[*index].time(*line), *index);
        match seek.direction {
            Direction::Forward => sought.min_by_key(time),
            Direction::Back => sought.max_by_key(time),
        }
    }

    /// Goes on at the other end. Who goes round a thousand times may as well go once.
    fn go_round(&self, lanes: &Lanes<'_>, seek: &mut Seek) {
        seek.from = lanes.keep(&match seek.direction {
            Direction::Forward => lanes.start(),
            Direction::Back => lanes.end(),
        });
        (seek.round, seek.barren) = (true, true);
        let (count, complete) = self.count(lanes);
        if let Some(all) = u32::try_from(count).ok().filter(|all| complete && *all > 0) {
            seek.times = (seek.times - 1) % all + 1;
        }
    }
}

/// The place behind a line; going back, before it.
fn beside(lanes: &Lanes<'_>, spot: Spot, direction: Direction) -> Cut {
    let mut cut = lanes.before(spot);
    cut[spot.0] = spot.1 + u64::from(direction == Direction::Forward);
    cut
}

fn near(line: u64, direction: Direction) -> Near {
    Near { line, direction: direction.among_lines() }
}
