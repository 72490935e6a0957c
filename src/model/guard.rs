//! `max-runs`: how often an instance may start by itself. Not: when and why it does (`policy`).

use std::time::Duration;

use crate::config::MaxRuns;
use crate::model::Time;
use crate::model::instance::Instance;

/// An end within so long of up is followed by a start that counts (behaviour.md, End, restart).
const SHORT_LIFE: Duration = Duration::from_secs(60);

/// The automatic starts that count, the earliest first. A person's start or restart forgets them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Guard {
    starts: Vec<Time>,
}

impl Guard {
    /// A start that counts is meant for `at`: when it may happen, if not then. It is counted.
    pub(super) fn admit(&mut self, limit: MaxRuns, at: Time) -> Option<Time> {
        self.starts.retain(|start| *start + limit.within > at);
        let count = usize::try_from(limit.count.max(1)).unwrap_or(usize::MAX);
        let free = self.starts.len().checked_sub(count).map(|oldest| self.starts[oldest] + limit.within);
        self.starts.push(free.unwrap_or(at));
        free
    }
}

impl Instance {
    /// Whether the start after the end of the last run counts: after a failed start, or after an end soon after it was up.
    pub(super) fn start_counts(&self, retry: Option<u32>, now: Time) -> bool {
        let up = self.last.as_ref().and_then(|last| last.life.up);
        retry.is_some() || up.is_none_or(|up| now.since(up) <= SHORT_LIFE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_starts_within_the_window_and_the_next_one_when_the_oldest_is_out_of_it() {
        let second = |second| Time(Duration::from_secs(second));
        let limit = MaxRuns { count: 2, within: Duration::from_secs(60) };
        let mut guard = Guard::default();
        let admitted: Vec<Option<Time>> = [1, 2, 3, 4, 200].map(|at| guard.admit(limit, second(at))).to_vec();
        assert_eq!(admitted, [None, None, Some(second(61)), Some(second(62)), None]);
    }

    #[test]
    fn a_window_of_nothing_holds_nobody() {
        let limit = MaxRuns { count: 1, within: Duration::ZERO };
        let mut guard = Guard::default();
        assert!((0..5).all(|_| guard.admit(limit, Time::default()).is_none()));
    }
}
