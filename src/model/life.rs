//! What is known of a run beyond that it lives: its fault, its `init`, since when it is up. Not: what follows from it.

use crate::model::health::Health;
use crate::model::instance::Instance;
use crate::model::ready::Readiness;
use crate::model::subject::Search;
use crate::model::{RunId, Time};

/// What is known of a run beyond that it lives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Life {
    /// What is wrong with it, as a sentence.
    pub(super) fault: Option<String>,
    /// The search for the process that it is supervised by.
    pub(super) search: Search,
    /// How far its `init` is.
    pub(super) init: Init,
    /// How many starts had failed before it was up.
    pub(super) failed_starts: u32,
    /// Since when it is up, or was.
    pub(super) up: Option<Time>,
    /// How far its readiness is.
    pub(super) ready: Readiness,
    /// Its health checks, once it is up.
    pub(super) health: Vec<Health>,
}

/// How far the `init` of a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Init {
    /// It has not begun, or there is none.
    #[default]
    Before,
    /// It runs.
    Runs(RunId),
    /// It succeeded.
    Done,
}

impl Instance {
    /// When its run has taken longer than it may: counted from birth.
    pub(super) fn overtime_at(&self) -> Option<Time> {
        let timeout = self.job.timeout?;
        Some(self.phase.at_work()?.birth?.at + timeout)
    }

    /// When `restart-every` restarts it: counted from up.
    pub(super) fn restart_at(&self) -> Option<Time> {
        let every = self.job.restart_every?;
        self.phase.up()?;
        Some(self.last.as_ref()?.life.up? + every)
    }
}
