//! A search in the merged output: which lines of each job match is known by a tally each, and the next of all is the nearest of
//! what these know. What nobody knows yet is counted by others. Not: how a pattern is found in a line.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::model::InstanceId;
use crate::terminal::{Count, Direction, Errand, Matcher, Near, Pattern, Report, Sought, Tally};
use crate::ui::Terminals;
use crate::ui::merged::lanes::{Gap, LaneLine, Lanes};
use crate::ui::pager::{Course, Progress, hits_told};

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
    /// In each job, the line from which on it is sought; going back, before which.
    from: BTreeMap<InstanceId, u64>,
    course: Course,
    /// It waits for somebody to count lines of this job.
    waits: Option<(InstanceId, Near)>,
}

/// Of each job so many leaves are looked at when a key is pressed, before the rest is left to errands: a tenth of a millisecond.
const AT_ONCE: usize = 1;
/// Hits that are passed in one slice.
const SLICE: u32 = 20;

impl Search {
    /// A search for a regex, with smart case. Fails with what is wrong, in a few words.
    pub(super) fn new(text: &str, direction: Direction, lanes: &Lanes<'_>) -> Result<Self, String> {
        let pattern = Arc::new(Pattern::new(text)?);
        let tallies = lanes.lanes.iter().map(|lane| (lane.id, Tally::new(Arc::<Pattern>::clone(&pattern))));
        Ok(Self {
            text: text.to_owned(),
            direction,
            tallies: tallies.collect(),
            pattern,
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

    /// Forgets jobs that have gone: nobody counts in them any more, so nothing waits for that.
    pub(super) fn forget(&mut self, is_there: impl Fn(InstanceId) -> bool) {
        if let Some(seek) = &mut self.seeking {
            seek.waits = seek.waits.filter(|(id, _)| is_there(*id));
        }
        self.tallies.retain(|id, _| is_there(*id));
    }

    /// Whether there is work to do here.
    pub(super) fn is_busy(&self) -> bool {
        self.seeking.as_ref().is_some_and(|seek| seek.waits.is_none())
    }

    /// How many lines match, and which of them it stands on.
    pub(super) fn told(&self, lanes: &Lanes<'_>) -> String {
        hits_told(self.seeking.is_some(), self.place(lanes), self.count(lanes))
    }

    /// Stops what still runs; whether anything did.
    pub(super) fn stop(&mut self, lanes: &Lanes<'_>) -> bool {
        let ran = self.seeking.take().is_some() || !self.stopped && !self.count(lanes).complete;
        self.stopped = self.stopped || ran;
        ran
    }

    /// Seeks the line that matches `times` further: from the one it stands on, or from a place.
    pub(super) fn go(
        &mut self,
        lanes: &Lanes<'_>,
        from: &Gap,
        direction: Direction,
        times: u32,
    ) -> Progress<LaneLine> {
        let current = self.current.and_then(|(id, line)| Some((lanes.index(id)?, line)));
        let from = current.map_or_else(|| from.clone(), |spot| beside(lanes, spot, direction));
        self.stopped = false;
        for (lane, at) in lanes.lanes.iter().zip(&from) {
            let pattern = || Tally::new(Arc::<Pattern>::clone(&self.pattern));
            let tally = self.tallies.entry(lane.id).or_insert_with(pattern);
            tally.look_around(lane.terminal, Near { line: *at, direction }, AT_ONCE);
        }
        let (from, times) = (lanes.keep(&from), times.max(1));
        self.seeking = Some(Seek { from, course: Course::new(direction, times), waits: None });
        self.work(lanes)
    }

    /// A slice of work.
    pub(super) fn work(&mut self, lanes: &Lanes<'_>) -> Progress<LaneLine> {
        let Some(mut seek) = self.seeking.take() else { return Progress::Nowhere };
        for _ in 0..SLICE {
            let direction = seek.course.direction;
            match self.nearest(lanes, &seek) {
                Some((line, Sought::Found(_))) => {
                    if seek.course.found() {
                        self.current = Some((lanes.lanes[line.0].id, line.1));
                        return seek.course.at(line);
                    }
                    seek.from = lanes.keep(&beside(lanes, line, direction));
                }
                Some(((index, _), Sought::Unknown(line))) => {
                    seek.waits = Some((lanes.lanes[index].id, Near { line, direction }));
                    break;
                }
                Some((_, Sought::Nothing)) | None => {
                    if !seek.course.go_round(self.count(lanes)) {
                        return Progress::Nowhere;
                    }
                    seek.from = lanes.keep(&match direction {
                        Direction::Forward => lanes.start(),
                        Direction::Backward => lanes.end(),
                    });
                }
            }
        }
        self.seeking = Some(seek);
        Progress::Seeking
    }

    /// What somebody else is to count, for who looks at a place: one job after the other.
    pub(super) fn errand(&self, lanes: &Lanes<'_>, at: &Gap) -> Option<Errand> {
        let (index, near) = match &self.seeking {
            Some(seek) => {
                let (id, near) = seek.waits?;
                (lanes.index(id)?, near)
            }
            None if self.stopped => return None,
            None => {
                let unknown = |(index, _): &(usize, &u64)| !self.count_in(lanes, *index).complete;
                let (index, line) = at.iter().enumerate().find(unknown)?;
                (index, Near { line: *line, direction: self.direction })
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

    /// How many lines match in all jobs.
    fn count(&self, lanes: &Lanes<'_>) -> Count {
        let all = Count { lines: 0, complete: true };
        (0..lanes.lanes.len()).map(|index| self.count_in(lanes, index)).fold(all, |sum, count| Count {
            lines: sum.lines + count.lines,
            complete: sum.complete && count.complete,
        })
    }

    /// How many do in one job. One that came later is counted with the next search.
    fn count_in(&self, lanes: &Lanes<'_>, index: usize) -> Count {
        let lane = &lanes.lanes[index];
        let tally = self.tallies.get(&lane.id);
        tally.map_or(Count { lines: 0, complete: true }, |tally| tally.count(lane.terminal))
    }

    /// Which of all hits it stands on, from 1; nothing while that is not known.
    fn place(&self, lanes: &Lanes<'_>) -> Option<u64> {
        let (id, line) = self.current?;
        let before = lanes.before((lanes.index(id)?, line));
        let ranks = lanes.lanes.iter().zip(&before).map(|(lane, at)| {
            self.tallies.get(&lane.id).map_or(Some(0), |tally| tally.rank(lane.terminal, *at))
        });
        ranks.sum::<Option<u64>>().map(|rank| rank + 1)
    }

    /// The nearest line that matches, or of which nobody knows whether it does.
    fn nearest(&self, lanes: &Lanes<'_>, seek: &Seek) -> Option<(LaneLine, Sought)> {
        let from = lanes.restore(&seek.from);
        let sought = lanes.lanes.iter().zip(&from).enumerate().filter_map(|(index, (lane, at))| {
            let tally = self.tallies.get(&lane.id)?;
            let (sought, last) = match seek.course.direction {
                Direction::Forward => (tally.next(lane.terminal, *at), 0),
                Direction::Backward => (tally.previous(lane.terminal, *at), 1),
            };
            match sought {
                Sought::Found(line) => Some(((index, line), sought)),
                Sought::Unknown(line) => Some(((index, line.saturating_sub(last)), sought)),
                Sought::Nothing => None,
            }
        });
        let time = |((index, line), _): &(LaneLine, Sought)| (lanes.lanes[*index].time(*line), *index);
        match seek.course.direction {
            Direction::Forward => sought.min_by_key(time),
            Direction::Backward => sought.max_by_key(time),
        }
    }
}

/// The place behind a line; going back, before it.
fn beside(lanes: &Lanes<'_>, spot: LaneLine, direction: Direction) -> Gap {
    let mut gap = lanes.before(spot);
    gap[spot.0] = spot.1 + u64::from(direction == Direction::Forward);
    gap
}
