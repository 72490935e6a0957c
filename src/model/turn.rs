//! One turn of the supervisor: the present, the effects gathered so far, and the names of runs. Not: any decision.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::model::launch::Ground;
use crate::model::{By, Delivery, Effect, InstanceId, Now, Record, RecordKind, RunId, Time, signal};

/// One turn: what `Supervisor::step` passes down.
#[derive(Debug)]
pub(super) struct Turn {
    /// The present.
    pub(super) now: Now,
    /// What must be done.
    pub(super) effects: Vec<Effect>,
    /// Which runs there are.
    pub(super) runs: Runs,
    /// When everything gets KILL, while zap quits: no grace is longer.
    pub(super) limit: Option<Time>,
    /// What all launches share.
    pub(super) ground: Arc<Ground>,
}

/// The runs that are not closed, and the next free name. Names are never reused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Runs {
    last: u64,
    open: BTreeMap<RunId, InstanceId>,
}

impl Runs {
    /// A fresh name.
    pub(super) fn open(&mut self, instance: InstanceId) -> RunId {
        self.last += 1;
        let run = RunId(self.last);
        self.open.insert(run, instance);
        run
    }

    /// Nothing that is told about it counts any more.
    pub(super) fn close(&mut self, run: RunId) {
        self.open.remove(&run);
    }

    /// Whose run it is, unless it is closed.
    pub(super) fn owner(&self, run: RunId) -> Option<InstanceId> {
        self.open.get(&run).copied()
    }
}

impl Turn {
    /// The end of a grace that begins now.
    pub(super) fn grace(&self, grace: Duration) -> Time {
        let own = self.now.mono + grace;
        self.limit.map_or(own, |limit| own.min(limit))
    }

    /// Whether a deadline has come.
    pub(super) fn is_due(&self, deadline: Time) -> bool {
        deadline <= self.now.mono
    }

    /// Asks for a deed.
    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Sends a signal.
    pub(super) fn signal(&mut self, run: RunId, signal: i32, delivery: Delivery) {
        self.push(Effect::Signal { run, signal, delivery });
    }

    /// Sends KILL to the group and to whatever escaped from it.
    pub(super) fn kill(&mut self, run: RunId) {
        self.signal(run, signal::KILL, Delivery::Group);
        self.signal(run, signal::KILL, Delivery::Family);
    }

    /// Keeps what happened, and who brought it about.
    pub(super) fn record(
        &mut self,
        instance: InstanceId,
        address: &str,
        run: Option<RunId>,
        by: By,
        kind: RecordKind,
    ) {
        let record =
            Record { at: self.now, instance: Some(instance), address: address.to_owned(), run, by, kind };
        self.push(Effect::Record(record));
    }
}
