//! Who may start beside whom: `max-starting` and `start-stagger`. Not: whether an instance wants to (`reconcile`).

use crate::config::Settings;
use crate::model::instance::Instance;
use crate::model::phase::Phase;
use crate::model::{Now, Time};

/// Why an instance that could start does not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Queued {
    /// As many are starting as may.
    Places,
    /// The last start is not long enough ago.
    Stagger,
}

/// How many may start now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Queue {
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
        Self { places, next_at: next_at(settings, last_start) }
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

/// When the next start may be, as far as `start-stagger` is concerned.
pub(super) fn next_at(settings: &Settings, last_start: Option<Time>) -> Option<Time> {
    last_start.filter(|_| !settings.start_stagger.is_zero()).map(|last| last + settings.start_stagger)
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
