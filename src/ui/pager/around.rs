//! Which lines are seen, given those that pass filters: so many around each, and the end of each run of which one passes. Asked
//! about the lines of a terminal by who draws them, and about lines as they come by by who writes them, so that both have the
//! same. Not: which lines pass.

use std::ops::Range;

use crate::terminal::Sought;

/// Lines that pass, as far as they are known.
pub(super) trait Passing {
    /// The first from `line` on.
    fn next(&self, line: u64) -> Sought;
    /// The last before `line`.
    fn previous(&self, line: u64) -> Sought;
}

/// What is seen beside the lines that pass.
#[derive(Debug)]
pub(super) struct Around<'a> {
    /// How many lines are seen before and after each that passes.
    pub(super) context: u64,
    /// The lines that there are.
    pub(super) lines: Range<u64>,
    /// Those among them that end runs, lowest first.
    pub(super) ends: &'a [u64],
}

impl Around<'_> {
    /// The first line from `line` on that is seen.
    pub(super) fn ahead(&self, passing: &impl Passing, line: u64) -> Sought {
        let found = passing.next(line.saturating_sub(self.context));
        let seen = match found {
            Sought::Found(found) => found.saturating_sub(self.context).max(line).max(self.lines.start),
            // What passes there may have lines around it that come before.
            Sought::Unknown(from) => from.saturating_sub(self.context),
            Sought::Nothing => u64::MAX,
        };
        let index = self.ends.partition_point(|end| *end < line);
        let end = self.ends.get(index).filter(|end| **end < seen && self.ends_what_passes(passing, index));
        match (end, found) {
            (Some(end), _) => Sought::Found(*end),
            (None, Sought::Found(_)) if seen < self.lines.end => Sought::Found(seen),
            (None, Sought::Found(_)) => Sought::Nothing,
            (None, unknown) => unknown,
        }
    }

    /// The last line before `line` that is seen.
    pub(super) fn behind(&self, passing: &impl Passing, line: u64) -> Sought {
        let line = line.min(self.lines.end);
        if line <= self.lines.start {
            return Sought::Nothing;
        }
        if self.context > 0
            && matches!(passing.next(line), Sought::Found(next) if next - self.context.min(next) < line)
        {
            return Sought::Found(line - 1);
        }
        let before = passing.previous(line);
        let Sought::Found(found) = before else { return before };
        let end = self.ends.get(self.ends.partition_point(|end| *end <= found)).filter(|end| **end < line);
        let seen = found.saturating_add(self.context).min(line - 1);
        Sought::Found(end.map_or(seen, |end| seen.max(*end)))
    }

    /// Whether a line passes in the run that the separator at an index ends.
    fn ends_what_passes(&self, passing: &impl Passing, index: usize) -> bool {
        let begin = index.checked_sub(1).map_or(0, |before| self.ends[before] + 1);
        matches!(passing.previous(self.ends[index]), Sought::Found(line) if line >= begin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Kind {
        Passes,
        Misses,
        EndsRun,
    }

    /// Lines from a number on, of which nothing is known from another number on.
    struct Told {
        start: u64,
        kinds: Vec<Kind>,
        until: u64,
    }

    impl Told {
        fn lines(&self) -> Range<u64> {
            self.start..self.start + self.kinds.len() as u64
        }

        fn are(&self, kind: Kind) -> impl DoubleEndedIterator<Item = u64> + '_ {
            self.lines().filter(move |line| self.kinds[(line - self.start) as usize] == kind)
        }

        fn around<'a>(&self, context: u64, ends: &'a [u64]) -> Around<'a> {
            Around { context, lines: self.lines(), ends }
        }

        /// Line by line.
        fn is_seen(&self, context: u64, line: u64) -> bool {
            let near = self.are(Kind::Passes).any(|passing| passing.abs_diff(line) <= context);
            let run = self.are(Kind::EndsRun).rfind(|end| *end < line).map_or(0, |end| end + 1);
            let ends = self.are(Kind::EndsRun).any(|end| end == line);
            near || ends && self.are(Kind::Passes).any(|passing| (run..line).contains(&passing))
        }
    }

    impl Passing for Told {
        fn next(&self, line: u64) -> Sought {
            let all_known = self.until >= self.lines().end;
            match self.are(Kind::Passes).find(|passing| (line..self.until).contains(passing)) {
                Some(passing) => Sought::Found(passing),
                None if all_known => Sought::Nothing,
                None => Sought::Unknown(self.until.max(line)),
            }
        }

        fn previous(&self, line: u64) -> Sought {
            self.are(Kind::Passes).rfind(|passing| *passing < line).map_or(Sought::Nothing, Sought::Found)
        }
    }

    proptest! {
        #[test]
        fn what_is_seen_is_what_passes_with_what_stands_around_it(
            start in 0..4_u64,
            kinds in prop::collection::vec(
                prop_oneof![6 => Just(Kind::Misses), 2 => Just(Kind::Passes), 2 => Just(Kind::EndsRun)],
                0..24,
            ),
            context in 0..6_u64,
        ) {
            let mut told = Told { start, kinds, until: u64::MAX };
            let ends: Vec<u64> = told.are(Kind::EndsRun).collect();
            let around = told.around(context, &ends);
            let sought = |found: Option<u64>| found.map_or(Sought::Nothing, Sought::Found);
            let seen: Vec<u64> = told.lines().filter(|line| told.is_seen(context, *line)).collect();
            let ahead = |line: u64| sought(seen.iter().copied().find(|seen| *seen >= line));
            let asked = 0..told.lines().end + 8;
            for line in asked.clone() {
                prop_assert_eq!(around.ahead(&told, line), ahead(line), "ahead of {}", line);
                let behind = sought(seen.iter().copied().rfind(|seen| *seen < line));
                prop_assert_eq!(around.behind(&told, line), behind, "behind {}", line);
            }
            // Who knows less says so, and nothing else than who knows all.
            for until in told.lines() {
                told.until = until;
                for line in asked.clone() {
                    let found = around.ahead(&told, line);
                    let is_right = matches!(found, Sought::Unknown(_)) || found == ahead(line);
                    prop_assert!(is_right, "{:?} from {} as known until {}", found, line, until);
                }
            }
        }
    }
}
