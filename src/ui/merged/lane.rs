//! The lines of one job by their times. A wall clock can be set back and a program can rewrite what it printed, so a line
//! counts as printed no earlier than those shortly before it: thus times do not fall. Not: how jobs are merged.

use std::cell::RefCell;
use std::ops::Range;

use crate::model::InstanceId;
use crate::terminal::Terminal;

/// Lines whose times are read at once. Times do not fall within two pages; only where a clock was set back by long do they
/// later, and there the order is still one, if an odd one.
const PAGE: u64 = 256;
/// Pages that are kept while something is looked for.
const PAGES: usize = 4;
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
    pages: RefCell<Vec<Page>>,
}

struct Page {
    first: u64,
    times: Vec<i64>,
}

impl<'t> Lane<'t> {
    /// The lines of a job as they are now.
    pub(in crate::ui) fn new(id: InstanceId, terminal: &'t Terminal) -> Self {
        Self { id, terminal, lines: terminal.lines(), pages: RefCell::default() }
    }

    /// When a line was printed, in milliseconds since 1970; never before those shortly before it.
    pub(super) fn time(&self, line: u64) -> i64 {
        let first = line / PAGE * PAGE;
        let mut pages = self.pages.borrow_mut();
        let at = pages.iter().position(|page| page.first == first).unwrap_or_else(|| {
            if pages.len() >= PAGES {
                pages.remove(0);
            }
            pages.push(self.read(first));
            pages.len() - 1
        });
        let page = &pages[at];
        page.times.get((line - first) as usize).copied().unwrap_or(i64::MAX)
    }

    /// The first of some lines that was printed at or after a time; the end of them if there is none.
    pub(in crate::ui) fn since(&self, among: Range<u64>, time: i64) -> u64 {
        let (mut low, mut high) = (among.start, among.end);
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

    /// The time of one line as it was kept.
    fn raw(&self, line: u64) -> i64 {
        let mut time = None;
        self.terminal.visit_times(line..line + 1, &mut |_, at| time = Some(at.0));
        time.or_else(|| self.terminal.line(line).map(|line| line.at.0)).unwrap_or(i64::MIN)
    }

    /// The times of a page, those before it taken into account.
    fn read(&self, first: u64) -> Page {
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
        Page { first, times }
    }
}
