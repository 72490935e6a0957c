//! The matching lines after the last leaf: few enough to be looked at on the loop. Those that have left the screen are looked
//! at once, those on it whenever something has changed.

use std::ops::Range;

use super::errand::Counted;
use super::matcher::Matcher;
use crate::terminal::Terminal;

/// The matching lines after the last leaf.
#[derive(Debug, Default)]
pub(super) struct Tail {
    /// Where the leaves end.
    from: u64,
    /// Lines before this one do not change any more.
    still: u64,
    /// Of the lines that do not change, those that match, lowest first; then the others.
    matching: Vec<u64>,
}

impl Tail {
    /// The matching lines, lowest first.
    pub(super) fn matching(&self) -> &[u64] {
        &self.matching
    }

    /// The leaves that were the tail so far need not be read again.
    pub(super) fn grown_up(&self, terminal: &Terminal, settled: u64) -> Vec<Counted> {
        let known = self.from..self.still.min(settled);
        if known.is_empty() {
            return Vec::new();
        }
        let lines = terminal.leaves(&known).map(|leaf| leaf.lines());
        let whole = lines.filter(|lines| known.start <= lines.start && lines.end <= known.end);
        whole.map(|lines| self.counted(&lines)).collect()
    }

    fn counted(&self, lines: &Range<u64>) -> Counted {
        let from = self.matching.partition_point(|line| *line < lines.start);
        let to = self.matching.partition_point(|line| *line < lines.end);
        let places: Vec<u32> =
            self.matching[from..to].iter().map(|line| (line - lines.start) as u32).collect();
        Counted::new(lines, &places)
    }

    /// Forgets what was known from a line on.
    pub(super) fn forget(&mut self, from: u64) {
        self.still = self.still.min(from);
    }

    /// Looks at what is new. The leaves end at `from`.
    pub(super) fn follow(&mut self, terminal: &Terminal, matcher: &dyn Matcher, from: u64) {
        if from < self.from {
            self.still = from;
        }
        self.from = from;
        let end = terminal.lines().end.max(from);
        // The line before the screen may be one that goes on in it.
        let still = terminal.screen_start().saturating_sub(1).clamp(from, end);
        let known = self.still.clamp(from, still);
        self.matching.retain(|line| (from..known).contains(line));
        self.still = still;
        let matching = &mut self.matching;
        let mut reads = matcher.reader();
        terminal.visit_runs(heard(terminal, matcher, known)..end, &mut |number, text| match text {
            None => reads = matcher.reader(),
            Some(text) => {
                if reads(text) && number >= known {
                    matching.push(number);
                }
            }
        });
    }
}

/// From where on a matcher is to hear lines of which those from `known` on are looked at: also of the leaves, if the tail is short. But
/// nothing of an earlier life of zap for lines of this one, which are another run: that stands on the disk.
fn heard(terminal: &Terminal, matcher: &dyn Matcher, known: u64) -> u64 {
    let fresh = terminal.fresh_start();
    let heard = known.saturating_sub(matcher.context());
    if fresh <= known { heard.max(fresh) } else { heard }
}
