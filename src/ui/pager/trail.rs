//! From one line that is meant to the next, through the whole history, with the count of all. Not: which lines are meant.

use std::sync::Arc;

use crate::terminal::{Count, Errand, Matcher, Near, Report, Sought, Tally, Terminal};
use crate::ui::pager::{Direction, Progress};

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
    direction: Direction,
    /// How many lines further it goes.
    times: u32,
    round: bool,
    /// It went round and has found nothing since.
    barren: bool,
    /// It waits for somebody to count lines.
    waits: bool,
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
        let times = times.max(1);
        self.seeking = Some(Seek { from, direction, times, round: false, barren: false, waits: false });
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
        self.tally.look_around(terminal, near(line, direction), AT_ONCE);
    }

    /// What somebody else is to count, for who looks at a line and may go on in a direction.
    pub(in crate::ui) fn errand(&self, terminal: &Terminal, at: u64, direction: Direction) -> Option<Errand> {
        let near = match self.seeking {
            Some(seek) => near(seek.from, seek.direction),
            None => near(at, direction),
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

    /// Which of all a line is, from 1, and how many there are as far as counted.
    pub(in crate::ui) fn place(&self, terminal: &Terminal, line: u64) -> (Option<u64>, Count) {
        (self.tally.rank(terminal, line).map(|rank| rank + 1), self.tally.count(terminal))
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
                    seek.times -= 1;
                    if seek.times == 0 {
                        self.current = Some(line);
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
                Sought::Nothing => self.go_round(terminal, &mut seek),
            }
        }
        self.seeking = Some(seek);
        Progress::Seeking
    }

    /// Goes on at the other end. Who goes round a thousand times may as well go once.
    fn go_round(&self, terminal: &Terminal, seek: &mut Seek) {
        seek.from = match seek.direction {
            Direction::Forward => terminal.lines().start,
            Direction::Back => terminal.lines().end,
        };
        (seek.round, seek.barren) = (true, true);
        let count = self.tally.count(terminal);
        if let Some(all) = u32::try_from(count.lines).ok().filter(|all| count.complete && *all > 0) {
            seek.times = (seek.times - 1) % all + 1;
        }
    }
}

fn near(line: u64, direction: Direction) -> Near {
    Near { line, direction: direction.among_lines() }
}
