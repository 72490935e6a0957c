//! Whether anything can still happen without a person: what `--no-tui` waits for. Not: what should happen.

use crate::model::phase::{End, Phase};
use crate::model::{Exit, InstanceId, Supervisor};

impl Supervisor {
    /// Whether nothing can happen any more without a person: every wanted instance is done, failed, or waits for one of
    /// these, and no clock brings it back. If so: whether all that was wanted ended as expected.
    pub fn at_rest(&self) -> Option<bool> {
        let sight = self.sight();
        let mut good = true;
        for (index, instance) in self.instances.iter().enumerate() {
            match &instance.phase {
                Phase::Stopped(_) => {}
                Phase::Done { .. } if instance.comes_back().is_none() => {}
                // Scheduled: nothing that it could run is ever in force, or no window ever opens.
                Phase::Failed { .. } | Phase::Scheduled if instance.comes_back().is_none() => good = false,
                Phase::Held { until: None, .. } => good = false,
                // Who waits for no job waits for a command, for its turn, or for what is left of an earlier run.
                Phase::Waiting if sight.block(index).is_some() => good = false,
                Phase::Waiting
                | Phase::Scheduled
                | Phase::Preparing { .. }
                | Phase::Held { until: Some(_), .. }
                | Phase::Starting { .. }
                | Phase::Running { .. }
                | Phase::Stopping { .. }
                | Phase::Backoff { .. }
                | Phase::Done { .. }
                | Phase::Failed { .. } => return None,
            }
        }
        Some(good)
    }

    /// Whether an instance has ended for good, and how: with an exit, or without one because it could not be started or was
    /// never tried.
    pub fn ended(&self, id: InstanceId) -> Option<Option<Exit>> {
        let index = self.index_of(id)?;
        match &self.instances[index].phase {
            Phase::Done { end } | Phase::Failed { end, .. } => Some(match end {
                End::NotStarted(_) | End::Overtime { .. } | End::Faulty { .. } => None,
                End::Exited { exit, .. } => Some(*exit),
            }),
            // What it needs can no longer come.
            Phase::Waiting => self.at_rest().map(|_| None),
            Phase::Stopped(_) => Some(None),
            Phase::Held { until: None, .. } | Phase::Scheduled => self.at_rest().map(|_| None),
            Phase::Held { until: Some(_), .. }
            | Phase::Preparing { .. }
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Stopping { .. }
            | Phase::Backoff { .. } => None,
        }
    }
}
