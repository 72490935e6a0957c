//! From one line that is meant to the next, through the whole history, with the count of all. Not: which lines are meant.

use std::sync::Arc;

use crate::terminal::{Count, Direction, Errand, Matcher, Near, Report, Sought, Tally, Terminal};

/// The lines of one kind, and the one that a person went to last.
#[derive(Debug)]
pub(in crate::ui) struct Trail {
    tally: Tally,
    current: Option<u64>,
    seeking: Option<Seek>,
}

/// What is still sought.
#[derive(Debug, Clone, Copy)]
struct Seek {
    from: u64,
    course: Course,
    /// It waits for somebody to count lines.
    waits: bool,
}

/// How much further a seek goes, and which way.
#[derive(Debug, Clone, Copy)]
pub(in crate::ui) struct Course {
    pub(in crate::ui) direction: Direction,
    /// How many lines further.
    times: u32,
    /// It went past the end, or the beginning.
    round: bool,
    /// It went round and has found nothing since.
    barren: bool,
}

/// What came of a slice of seeking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Progress<Line = u64> {
    /// It stands on this line now.
    At {
        /// Which.
        line: Line,
        /// Which way it went round, if it did.
        round: Option<Direction>,
    },
    /// It goes on.
    Seeking,
    /// There is no such line.
    Nowhere,
}

impl Course {
    /// So many lines further.
    pub(in crate::ui) fn new(direction: Direction, times: u32) -> Self {
        Self { direction, times: times.max(1), round: false, barren: false }
    }

    /// One was found; whether that is the one that is sought.
    pub(in crate::ui) fn found(&mut self) -> bool {
        self.times -= 1;
        self.barren = false;
        self.times == 0
    }

    /// Goes on at the other end; whether that makes sense. Who goes round a thousand times may as well go once.
    pub(in crate::ui) fn go_round(&mut self, count: Count) -> bool {
        if self.barren {
            return false;
        }
        (self.round, self.barren) = (true, true);
        if let Some(all) = u32::try_from(count.lines).ok().filter(|all| count.complete && *all > 0) {
            self.times = (self.times - 1) % all + 1;
        }
        true
    }

    /// It has come to a line.
    pub(in crate::ui) fn at<Line>(self, line: Line) -> Progress<Line> {
        Progress::At { line, round: self.round.then_some(self.direction) }
    }
}

/// That the end, or the beginning, was passed on the way to such a line.
pub(in crate::ui) fn round_told(word: &str, round: Direction) -> String {
    match round {
        Direction::Forward => format!("no further {word}: on from the beginning"),
        Direction::Backward => format!("no {word} before: on from the end"),
    }
}

/// Leaves that are looked at when a key is pressed, before the rest is left to errands: half a millisecond.
const AT_ONCE: usize = 4;
/// Lines that are passed in one slice.
const SLICE: u32 = 50;

impl Trail {
    /// Nothing is counted yet.
    pub(in crate::ui) fn new(matcher: Arc<dyn Matcher>) -> Self {
        Self { tally: Tally::new(matcher), current: None, seeking: None }
    }

    /// From now on other lines are meant.
    pub(in crate::ui) fn mean(&mut self, matcher: Arc<dyn Matcher>) {
        self.tally = Tally::new(matcher);
        self.seeking = None;
    }

    /// The lines that are meant.
    pub(in crate::ui) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The line that a person went to last.
    pub(in crate::ui) fn current(&self) -> Option<u64> {
        self.current
    }

    /// Forgets where a person went.
    pub(in crate::ui) fn lift(&mut self) {
        self.current = None;
        self.seeking = None;
    }

    /// Seeks the line that is `times` further, from a line on (itself included), or backwards before it.
    pub(in crate::ui) fn go(
        &mut self,
        terminal: &Terminal,
        from: u64,
        direction: Direction,
        times: u32,
    ) -> Progress {
        self.look_around(terminal, from, direction);
        self.seeking = Some(Seek { from, course: Course::new(direction, times), waits: false });
        self.seek(terminal)
    }

    /// A slice of work. The line it came to, if it came to one.
    pub(in crate::ui) fn work(&mut self, terminal: &Terminal) -> Option<Progress> {
        self.is_busy().then(|| self.seek(terminal))
    }

    /// Whether there is work to do here.
    pub(in crate::ui) fn is_busy(&self) -> bool {
        self.seeking.is_some_and(|seek| !seek.waits)
    }

    /// Whether a person waits for it.
    pub(in crate::ui) fn is_seeking(&self) -> bool {
        self.seeking.is_some()
    }

    /// Seeks no more; whether it did.
    pub(in crate::ui) fn stop(&mut self) -> bool {
        self.seeking.take().is_some()
    }

    /// Counts at once what is near a line.
    pub(in crate::ui) fn look_around(&self, terminal: &Terminal, line: u64, direction: Direction) {
        self.tally.look_around(terminal, Near { line, direction }, AT_ONCE);
    }

    /// What somebody else is to count, for who looks at a line and may go on in a direction.
    pub(in crate::ui) fn errand(&self, terminal: &Terminal, at: u64, direction: Direction) -> Option<Errand> {
        let near = match self.seeking {
            Some(seek) => Near { line: seek.from, direction: seek.course.direction },
            None => Near { line: at, direction },
        };
        self.tally.errand(terminal, near)
    }

    /// Takes what somebody else has counted; whether it was counted for this. It may go on seeking then.
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

    /// Which of all a line is, from 1; nothing while that is not known.
    pub(in crate::ui) fn place(&self, terminal: &Terminal, line: u64) -> Option<u64> {
        self.tally.rank(terminal, line).map(|rank| rank + 1)
    }

    fn seek(&mut self, terminal: &Terminal) -> Progress {
        let Some(Seek { mut from, mut course, mut waits }) = self.seeking.take() else {
            return Progress::Nowhere;
        };
        for _ in 0..SLICE {
            let sought = match course.direction {
                Direction::Forward => self.tally.next(terminal, from),
                Direction::Backward => self.tally.previous(terminal, from),
            };
            match sought {
                Sought::Found(line) => {
                    if course.found() {
                        self.current = Some(line);
                        return course.at(line);
                    }
                    from = line + u64::from(course.direction == Direction::Forward);
                }
                Sought::Unknown(line) => {
                    (from, waits) = (line, true);
                    break;
                }
                Sought::Nothing => {
                    if !course.go_round(self.tally.count(terminal)) {
                        return Progress::Nowhere;
                    }
                    from = match course.direction {
                        Direction::Forward => terminal.lines().start,
                        Direction::Backward => terminal.lines().end,
                    };
                }
            }
        }
        self.seeking = Some(Seek { from, course, waits });
        Progress::Seeking
    }
}
