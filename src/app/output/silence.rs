//! When a run whose end is awaited has fallen silent. Not: what follows from it (`model`).

use std::time::Duration;

use crate::model::{Now, RunId, Time};

use super::Outputs;

/// An ended run whose terminal had nothing to read for so long is quiet (`behaviour.md`, End).
const QUIET: Duration = Duration::from_millis(500);

impl Outputs {
    /// Tells later, by [`Self::quiet`], when this run had nothing to read for a while.
    pub(crate) fn await_quiet(&mut self, run: RunId, now: Now) {
        if let Some(source) = self.sources.get_mut(&run) {
            source.last = now.mono;
            source.awaited = true;
        }
    }

    /// The terminal of this run is at its end: nobody waits for its quiet any more.
    pub(crate) fn drained(&mut self, run: RunId) {
        if let Some(source) = self.sources.get_mut(&run) {
            source.awaited = false;
        }
    }

    /// When the next awaited run may be quiet.
    pub(crate) fn quiet_at(&self) -> Option<Time> {
        self.sources.values().filter(|source| source.awaited).map(|source| source.last + QUIET).min()
    }

    /// The awaited runs that were quiet for long enough, each once. `empty` tells whether nothing is left to read.
    pub(crate) fn quiet(&mut self, now: Now, empty: impl Fn(RunId) -> bool) -> Vec<RunId> {
        let mut quiet = Vec::new();
        for (run, source) in self.sources.iter_mut().filter(|(_, source)| source.awaited) {
            if now.mono < source.last + QUIET {
                continue;
            }
            if empty(*run) {
                source.awaited = false;
                quiet.push(*run);
            } else {
                source.last = now.mono;
            }
        }
        quiet.sort_unstable();
        quiet
    }
}
