//! Which lines of a terminal a pager shows: all, or those that its filters leave. All that moves over lines or draws them goes
//! through this. Not: rows.

use std::rc::Rc;

use crate::terminal::{LineKind, Sought, Terminal};
use crate::ui::pager::filtered::Filtered;

/// The lines that a pager shows.
#[derive(Clone)]
pub(in crate::ui) struct Seen<'t> {
    pub(in crate::ui) terminal: &'t Terminal,
    filtered: Option<Rc<Filtered>>,
}

impl<'t> Seen<'t> {
    /// The lines of a terminal that filters leave; all without any.
    pub(in crate::ui) fn new(terminal: &'t Terminal, filtered: Option<Rc<Filtered>>) -> Self {
        Self { terminal, filtered }
    }

    /// The number of the first line that there is, seen or not.
    pub(in crate::ui) fn start(&self) -> u64 {
        self.terminal.lines().start
    }

    /// The number after the last line that there is.
    pub(in crate::ui) fn end(&self) -> u64 {
        self.terminal.lines().end
    }

    /// The first line from `line` on that is seen.
    pub(in crate::ui) fn ahead(&self, line: u64) -> Sought {
        let lines = self.terminal.lines();
        match &self.filtered {
            Some(filtered) => filtered.ahead(self.terminal, line),
            None if line < lines.end => Sought::Found(line.max(lines.start)),
            None => Sought::Nothing,
        }
    }

    /// The last line before `line` that is seen.
    pub(in crate::ui) fn behind(&self, line: u64) -> Sought {
        let lines = self.terminal.lines();
        match &self.filtered {
            Some(filtered) => filtered.behind(self.terminal, line),
            None if line > lines.start => Sought::Found(line.min(lines.end) - 1),
            None => Sought::Nothing,
        }
    }

    /// The first line from `line` on that is known to be seen.
    pub(in crate::ui) fn next(&self, line: u64) -> Option<u64> {
        found(self.ahead(line))
    }

    /// The last line before `line` that is known to be seen.
    pub(in crate::ui) fn previous(&self, line: u64) -> Option<u64> {
        found(self.behind(line))
    }

    /// Whether it is known of all lines whether they are seen.
    pub(in crate::ui) fn is_known(&self) -> bool {
        self.filtered.as_ref().is_none_or(|filtered| filtered.tally().count(self.terminal).complete)
    }

    /// The line that is so many lines further down among those that are seen; where not all is known, among all.
    pub(in crate::ui) fn below(&self, line: u64, lines: u64) -> u64 {
        self.nth_from(line, |rank| rank.saturating_add(lines)).unwrap_or(line.saturating_add(lines))
    }

    /// The line that is so many lines further up among those that are seen; where not all is known, among all.
    pub(in crate::ui) fn above(&self, line: u64, lines: u64) -> u64 {
        self.nth_from(line, |rank| rank.saturating_sub(lines)).unwrap_or(line.saturating_sub(lines))
    }

    /// The line at so many hundredths of all that are seen; where not all is known, of all.
    pub(in crate::ui) fn portion(&self, percent: u32) -> u64 {
        let (start, end) = (self.start(), self.end());
        let part = |all: u64| all * u64::from(percent.min(100)) / 100;
        let among = self.filtered.as_ref().and_then(|filtered| {
            let count = filtered.tally().count(self.terminal);
            let line = filtered.tally().nth(self.terminal, part(count.lines));
            count.complete.then(|| found(line).unwrap_or(end))
        });
        among.unwrap_or(start + part(end - start))
    }

    /// How many lines of a range pass the filters; `None` while that is not known.
    pub(in crate::ui) fn count(&self, lines: std::ops::Range<u64>) -> Option<u64> {
        let Some(filtered) = &self.filtered else { return Some(lines.end.saturating_sub(lines.start)) };
        let all = filtered.tally().count(self.terminal);
        let rank = |line| filtered.tally().rank(self.terminal, line);
        let to = if lines.end >= self.end() && all.complete { Some(all.lines) } else { rank(lines.end) };
        Some(to?.saturating_sub(rank(lines.start)?))
    }

    /// Whether lines are left out above this one, which a row of its own tells: only where lines stand around others.
    pub(super) fn is_parted(&self, line: u64) -> bool {
        let Some(filtered) = self.filtered.as_ref().filter(|filtered| filtered.context > 0) else {
            return false;
        };
        line > self.start()
            && filtered.ahead(self.terminal, line - 1) != Sought::Found(line - 1)
            && !matches!(self.terminal.line(line).map(|line| line.kind), Some(LineKind::RunEnd(_)))
    }

    /// Whether a line is only seen because it stands near one that passes.
    pub(super) fn is_aside(&self, line: u64) -> bool {
        self.filtered
            .as_ref()
            .is_some_and(|filtered| filtered.context > 0 && !filtered.passes(self.terminal, line))
    }

    fn nth_from(&self, line: u64, moved: impl Fn(u64) -> u64) -> Option<u64> {
        let tally = self.filtered.as_ref()?.tally();
        let rank = tally.rank(self.terminal, line)?;
        match tally.nth(self.terminal, moved(rank)) {
            Sought::Found(line) => Some(line),
            Sought::Nothing => Some(self.end()),
            Sought::Unknown(_) => None,
        }
    }
}

fn found(sought: Sought) -> Option<u64> {
    match sought {
        Sought::Found(line) => Some(line),
        Sought::Unknown(_) | Sought::Nothing => None,
    }
}
