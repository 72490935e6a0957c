//! Who listens to what a run prints: patterns, and last lines. Not: listening itself (`ear`).

use crate::app::ear::Ear;
use crate::app::message::Channel;
use crate::insight::BadPattern;
use crate::model::{Event, Now, Pattern, RunId, Time};

use super::Outputs;

impl Outputs {
    /// The last line of a run is wanted.
    pub(crate) fn hear_last_line(&mut self, run: RunId) {
        self.ears.entry(run).or_default().hear_last_line();
    }

    /// Whether anybody listens to a run.
    pub(crate) fn is_heard(&self, run: RunId) -> bool {
        self.ears.contains_key(&run)
    }

    /// Listens to a run for these lines from now on, and no longer for others. Whether anybody listens to it now.
    pub(crate) fn listen(&mut self, run: RunId, patterns: Vec<Pattern>) -> Result<bool, BadPattern> {
        let ear = self.ears.entry(run).or_default();
        let listening = ear.listen(patterns);
        let idle = ear.is_idle();
        if idle {
            self.ears.remove(&run);
        }
        listening.map(|()| !idle)
    }

    /// Takes what a run wrote and nobody is shown. Whether somebody still listens.
    pub(crate) fn hear(
        &mut self,
        run: RunId,
        channel: Channel,
        bytes: &[u8],
        now: Now,
        tell: impl FnMut(Event),
    ) -> bool {
        let Some(ear) = self.ears.get_mut(&run) else { return false };
        ear.feed(run, channel, bytes, now.mono, tell);
        if ear.is_idle() {
            self.ears.remove(&run);
            return false;
        }
        true
    }

    /// A run writes nothing more, or has paused for good: what it said last is told.
    pub(crate) fn said(&mut self, run: RunId, tell: impl FnMut(Event)) {
        if let Some(ear) = self.ears.get_mut(&run) {
            ear.finish(run, tell);
            if ear.is_idle() {
                self.ears.remove(&run);
            }
        }
    }

    /// Looks at lines that have no end and paused. Whether there were any.
    pub(crate) fn pauses(&mut self, now: Now, mut tell: impl FnMut(Event)) -> bool {
        let mut any = false;
        for (run, ear) in &mut self.ears {
            if ear.pause_at().is_some_and(|at| at <= now.mono) {
                ear.pause(*run, &mut tell);
                any = true;
            }
        }
        any
    }

    /// When a line that has no end yet may have paused.
    pub(crate) fn pause_at(&self) -> Option<Time> {
        self.ears.values().filter_map(Ear::pause_at).min()
    }
}
