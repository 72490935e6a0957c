//! The lines of one job by their times. A wall clock can be set back and a program can rewrite what it printed, so a line
//! counts as printed no earlier than those shortly before it: thus times do not fall. Not: how jobs are merged.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use crate::model::InstanceId;
use crate::terminal::Terminal;

/// Lines whose times are read at once. Times do not fall within two pages; only where a clock was set back by long do they
/// later, and there the order is still one, if an odd one.
const PAGE: u64 = 256;
/// Pages of a job that are kept: those where one stands, those at the end, and those where something is looked for.
const PAGES: usize = 8;
/// How far a search by time is put right where times fell.
const ASTRAY: u64 = 4096;

/// The lines of a job.
pub(in crate::ui) struct Lane<'t> {
    /// Whose.
    pub(in crate::ui) id: InstanceId,
    /// Where they are kept.
    pub(in crate::ui) terminal: &'t Terminal,
    /// The numbers of those that there are.
    pub(in crate::ui) lines: Range<u64>,
    /// Lines before this one stand in leaves.
    settled: u64,
    known: Rc<RefCell<Known>>,
}

/// What is known of the times of several jobs, kept from frame to frame: what stands on the disk need not be read again then.
#[derive(Debug, Default)]
pub(super) struct Times(RefCell<BTreeMap<InstanceId, Rc<RefCell<Known>>>>);

/// What is known of the times of a job.
#[derive(Debug, Default)]
struct Known {
    pages: Vec<Stretch>,
    /// When the first line of a leaf was printed, by the number of that line: so a time is found without a leaf being read
    /// twice.
    leaves: BTreeMap<u64, i64>,
    /// The state of the terminal in which this was known: its revision and its size.
    looked: (u64, (u16, u16)),
    settled: u64,
    /// How often lines were read.
    #[cfg(test)]
    reads: usize,
}

#[derive(Debug)]
struct Stretch {
    first: u64,
    times: Vec<i64>,
}

impl Times {
    /// What is known of a job.
    fn of(&self, id: InstanceId) -> Rc<RefCell<Known>> {
        Rc::clone(self.0.borrow_mut().entry(id).or_default())
    }
}

impl Known {
    /// Forgets what may have changed, and what has gone.
    fn follow(&mut self, terminal: &Terminal, lines: &Range<u64>, settled: u64) {
        let now = (terminal.revision(), terminal.size());
        if self.looked == now {
            return;
        }
        let still = settled.min(self.settled);
        self.pages.retain(|page| page.first >= lines.start && page.first + PAGE <= still);
        self.leaves.retain(|first, _| lines.start <= *first && *first < still);
        (self.looked, self.settled) = (now, settled);
    }
}

impl<'t> Lane<'t> {
    /// The lines of a job as they are now.
    pub(in crate::ui) fn new(id: InstanceId, terminal: &'t Terminal) -> Self {
        Self::with(id, terminal, Rc::default())
    }

    /// The same, with what is known already.
    pub(super) fn knowing(id: InstanceId, terminal: &'t Terminal, times: &Times) -> Self {
        Self::with(id, terminal, times.of(id))
    }

    fn with(id: InstanceId, terminal: &'t Terminal, known: Rc<RefCell<Known>>) -> Self {
        let lines = terminal.lines();
        let settled = terminal.leaves(&lines).next_back().map_or(lines.start, |leaf| leaf.lines().end);
        known.borrow_mut().follow(terminal, &lines, settled);
        Self { id, terminal, lines, settled, known }
    }

    /// When a line was printed, in milliseconds since 1970; never before those shortly before it.
    pub(super) fn time(&self, line: u64) -> i64 {
        let first = line / PAGE * PAGE;
        if self.known.borrow().pages.last().is_none_or(|page| page.first != first) {
            self.turn_to(first);
        }
        let known = self.known.borrow();
        let times = known.pages.last().and_then(|page| page.times.get((line - first) as usize));
        times.copied().unwrap_or(i64::MAX)
    }

    /// Makes a page the last one, which is the one that was asked for last.
    fn turn_to(&self, first: u64) {
        let kept = self.known.borrow().pages.iter().position(|page| page.first == first);
        if let Some(at) = kept {
            return self.known.borrow_mut().pages[at..].rotate_left(1);
        }
        let page = self.read(first);
        let pages = &mut self.known.borrow_mut().pages;
        if pages.len() >= PAGES {
            pages.remove(0);
        }
        pages.push(page);
    }

    /// The first of some lines that was printed at or after a time; the end of them if there is none.
    pub(in crate::ui) fn since(&self, among: Range<u64>, time: i64) -> u64 {
        let (mut low, mut high) = (among.start, among.end);
        self.narrow(&mut low, &mut high, time);
        while high - low > PAGE {
            let middle = low + (high - low) / 2;
            if self.raw(middle) < time { low = middle + 1 } else { high = middle }
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if self.time(middle) < time { low = middle + 1 } else { high = middle }
        }
        // Where times fell the way may have led astray.
        let mut found = low;
        while found > among.start && low - found < ASTRAY && self.time(found - 1) >= time {
            found -= 1;
        }
        if found == low {
            while found < among.end && found - low < ASTRAY && self.time(found) < time {
                found += 1;
            }
        }
        found
    }

    /// Narrows a range in which a time is sought to one leaf, or to what is in none: by the times with which leaves begin. Jobs
    /// that print steadily are found where they should be; every other step halves the range, however they print.
    pub(super) fn narrow(&self, low: &mut u64, high: &mut u64, time: i64) {
        let mut guesses = false;
        while *high - *low > PAGE {
            guesses = !guesses;
            let middle = if guesses { self.guess(*low, *high, time) } else { *low + (*high - *low) / 2 };
            let Some(leaf) = self.leaf(middle) else {
                if middle < self.settled || self.settled <= *low {
                    return;
                }
                // Where the last leaf ends, what is in none begins.
                let at = self.settled;
                if self.raw(at) < time {
                    *low = at;
                } else {
                    *high = at;
                }
                continue;
            };
            let at = match (leaf.start > *low, leaf.end < *high) {
                (true, _) => leaf.start,
                (false, true) => leaf.end,
                (false, false) => return,
            };
            if self.began(at) < time { *low = at } else { *high = at }
        }
    }

    /// Where a line of a time would be, if all were printed at the same pace.
    fn guess(&self, low: u64, high: u64, time: i64) -> u64 {
        let start = |line| self.leaf(line).map_or(line, |leaf| leaf.start);
        let (first, last) = (start(low), start(high - 1));
        let (from, to) = (i128::from(self.began(first)), i128::from(self.began(last)));
        let part = (i128::from(time) - from).clamp(0, (to - from).max(0));
        let lines = i128::from(last - first) * part / (to - from).max(1);
        (first + u64::try_from(lines).unwrap_or(0)).clamp(low, high - 1)
    }

    /// The leaf in which a line stands, if it stands in one.
    pub(super) fn leaf(&self, line: u64) -> Option<Range<u64>> {
        if line >= self.settled {
            return None;
        }
        let leaf = self.terminal.leaves(&(line..line + 1)).next()?;
        Some(leaf.lines()).filter(|lines| lines.contains(&line))
    }

    /// When the first line of a leaf was printed.
    pub(super) fn began(&self, line: u64) -> i64 {
        if line >= self.settled {
            return self.raw(line);
        }
        let known = self.known.borrow().leaves.get(&line).copied();
        known.unwrap_or_else(|| {
            #[cfg(test)]
            self.count();
            let time = self.raw(line);
            self.known.borrow_mut().leaves.insert(line, time);
            time
        })
    }

    #[cfg(test)]
    fn count(&self) {
        self.known.borrow_mut().reads += 1;
    }

    /// How often lines were read.
    #[cfg(test)]
    pub(super) fn reads(&self) -> usize {
        self.known.borrow().reads
    }

    /// The time of one line as it was kept.
    fn raw(&self, line: u64) -> i64 {
        let mut time = None;
        self.terminal.visit_times(line..line + 1, &mut |_, at| time = Some(at.0));
        time.or_else(|| self.terminal.line(line).map(|line| line.at.0)).unwrap_or(i64::MIN)
    }

    /// The times of a page, those before it taken into account.
    fn read(&self, first: u64) -> Stretch {
        #[cfg(test)]
        self.count();
        let from = first.saturating_sub(PAGE).max(self.lines.start);
        let end = (first + PAGE).min(self.lines.end);
        let mut times = vec![i64::MIN; end.saturating_sub(from) as usize];
        self.terminal.visit_times(from..end, &mut |line, at| {
            if let Some(time) = times.get_mut((line - from) as usize) {
                *time = at.0;
            }
        });
        // What stands for the dropped ones has the time of the first that is there.
        if times.first() == Some(&i64::MIN) {
            times[0] = self.raw(from);
        }
        let mut latest = i64::MIN;
        for time in &mut times {
            latest = latest.max(*time);
            *time = latest;
        }
        let before = first.max(from) - from;
        // The first page may begin in the middle: its numbers count from `first` all the same.
        let missing = from.saturating_sub(first) as usize;
        let times = std::iter::repeat_n(i64::MIN, missing).chain(times.drain(before as usize..)).collect();
        Stretch { first, times }
    }
}
