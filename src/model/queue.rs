//! Who may start beside whom: `max-starting`, `start-stagger`, and what leaves. Not: whether an instance wants to (`reconcile`).

use std::collections::BTreeMap;

use crate::config::Settings;
use crate::model::instance::Instance;
use crate::model::phase::Phase;
use crate::model::{InstanceId, Now, Supervisor, Time};

/// Why an instance that could start does not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Queued {
    /// As many are starting as may.
    Places,
    /// The last start is not long enough ago.
    Stagger,
    /// This one, which the reload that brought it took away, has not ended: a job that was renamed or moved still holds what the
    /// new one wants, its port for instance.
    Leaver(InstanceId),
}

/// How many may start now, and who has to wait for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Queue {
    /// By reload: the first one that it took away and that has not ended.
    leavers: BTreeMap<u32, InstanceId>,
    places: Option<u32>,
    next_at: Option<Time>,
}

impl Queue {
    /// Counts who is starting.
    pub(super) fn of(instances: &[Instance], settings: &Settings, last_start: Option<Time>) -> Self {
        let places = (settings.max_starting > 0).then(|| {
            let starting = instances.iter().filter(|instance| is_starting(&instance.phase)).count();
            settings.max_starting.saturating_sub(u32::try_from(starting).unwrap_or(u32::MAX))
        });
        let leavers = instances.iter().rev().filter(|instance| still_leaves(instance));
        let leavers = leavers.map(|instance| (instance.left, instance.id)).collect();
        Self { leavers, places, next_at: next_at(settings, last_start) }
    }

    /// Whom this one has to wait for, before anything else.
    pub(super) fn leaver(&self, instance: &Instance) -> Option<Queued> {
        self.leavers.get(&instance.came).copied().map(Queued::Leaver)
    }

    /// What one more start has to wait for.
    pub(super) fn holds(&self, now: Now) -> Option<Queued> {
        if self.places == Some(0) {
            Some(Queued::Places)
        } else {
            self.next_at.filter(|at| *at > now.mono).map(|_| Queued::Stagger)
        }
    }

    /// One more has started.
    pub(super) fn take(&mut self, settings: &Settings, now: Now) {
        self.places = self.places.map(|places| places.saturating_sub(1));
        self.next_at = next_at(settings, Some(now.mono));
    }
}

impl Supervisor {
    /// Whether somebody waits for the end of one that has ended.
    pub(super) fn is_queued_in_vain(&self) -> bool {
        self.instances.iter().filter_map(|one| self.leaver(one)).any(|leaver| !still_leaves(leaver))
    }
}

/// When the next start may be, as far as `start-stagger` is concerned.
pub(super) fn next_at(settings: &Settings, last_start: Option<Time>) -> Option<Time> {
    last_start.filter(|_| !settings.start_stagger.is_zero()).map(|last| last + settings.start_stagger)
}

/// Whether it leaves and has not ended. What nothing can end is waited for by nobody.
fn still_leaves(instance: &Instance) -> bool {
    instance.leaving.is_some() && !instance.phase.is_stopped()
}

fn is_starting(phase: &Phase) -> bool {
    match phase {
        Phase::Preparing { .. } | Phase::Starting { .. } => true,
        Phase::Stopped(_)
        | Phase::Waiting
        | Phase::Scheduled
        | Phase::Held { .. }
        | Phase::Running { .. }
        | Phase::Stopping { .. }
        | Phase::Backoff { .. }
        | Phase::Done { .. }
        | Phase::Failed { .. } => false,
    }
}
