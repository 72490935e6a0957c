//! Compares what is with what should be, and starts and stops what differs. The only place where something is started or
//! stopped because of wants and needs. Not: wishes and deadlines, which only move phases (`wish`, `Instance::tick`).

use crate::model::Supervisor;
use crate::model::instance::Wish;
use crate::model::phase::{Course, Live, Phase, Reason, Rest};
use crate::model::turn::Turn;

impl Supervisor {
    /// Two passes: the needed first, since what they became decides about those that need them; then the dependants first,
    /// since what they no longer hold may be told to end.
    pub(super) fn reconcile(&mut self, turn: &mut Turn) {
        for position in 0..self.graph.order().len() {
            self.settle(self.graph.order()[position], turn);
        }
        for position in (0..self.graph.order().len()).rev() {
            self.release(self.graph.order()[position], turn);
        }
    }

    /// Brings one instance closer to what it should be.
    fn settle(&mut self, index: usize, turn: &mut Turn) {
        self.leave_rest(index, turn);
        let unmet = self.graph.unmet(index, &self.instances);
        let instance = &mut self.instances[index];
        match (&instance.phase, instance.wish) {
            (Phase::Waiting, Wish::Up) if unmet.is_none() => {
                instance.end_leftovers(turn);
                if instance.is_clear() {
                    if let Some(launch) = instance.job.launch.clone() {
                        instance.begin(&std::sync::Arc::new(launch), turn);
                    }
                }
            }
            (Phase::Preparing { .. } | Phase::Starting { .. } | Phase::Running { .. }, Wish::Up) => {
                if let Some(need) = unmet {
                    instance.stop(Reason::Need(need.entry), turn);
                }
            }
            (
                Phase::Preparing { .. }
                | Phase::Starting { .. }
                | Phase::Running { .. }
                | Phase::Waiting
                | Phase::Backoff { .. }
                | Phase::Held { .. },
                Wish::Down,
            ) => {
                instance.stop(Reason::Stop, turn);
            }
            (
                Phase::Stopped(_)
                | Phase::Waiting
                | Phase::Scheduled
                | Phase::Held { .. }
                | Phase::Stopping { .. }
                | Phase::Backoff { .. }
                | Phase::Done { .. }
                | Phase::Failed { .. },
                _,
            ) => {}
        }
    }

    /// A stop that is complete rests, or makes room for the next start; what rests and is wanted waits.
    fn leave_rest(&mut self, index: usize, turn: &mut Turn) {
        let instance = &mut self.instances[index];
        let at_rest = match &instance.phase {
            Phase::Stopping { course: Course::Clearing, .. } => instance.is_clear_or_given_up(),
            Phase::Stopped(_) => instance.wish == Wish::Up,
            Phase::Stopping { .. }
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => false,
        };
        if at_rest {
            match instance.wish {
                Wish::Up => instance.enter(Phase::Waiting, turn.now),
                Wish::Down => instance.come_to_rest(Rest::Asked, turn),
            }
        }
    }

    /// Tells a held run to end once no dependant holds it.
    fn release(&mut self, index: usize, turn: &mut Turn) {
        let Some((reason, live)) = held(&self.instances[index].phase) else { return };
        let is_held = self.graph.dependants(index).iter().any(|&dependant| self.holds(dependant, index));
        if !is_held {
            self.instances[index].tell(reason, live, turn);
        }
    }

    /// Whether `dependant` must have ended before `need` is told: if it is ending, or will because it loses its need.
    pub(super) fn holds(&self, dependant: usize, need: usize) -> bool {
        let is_lost = !self.instances[need].job.one_shot;
        let dependant = &self.instances[dependant];
        match dependant.phase {
            Phase::Stopping { .. } => true,
            Phase::Starting { .. } | Phase::Running { .. } => is_lost,
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => self.is_quitting() && !dependant.is_clear_or_given_up(),
        }
    }
}

fn held(phase: &Phase) -> Option<(Reason, Live)> {
    match *phase {
        Phase::Stopping { reason, course: Course::Held(live) } => Some((reason, live)),
        Phase::Stopping { .. }
        | Phase::Stopped(_)
        | Phase::Waiting
        | Phase::Scheduled
        | Phase::Preparing { .. }
        | Phase::Held { .. }
        | Phase::Starting { .. }
        | Phase::Running { .. }
        | Phase::Backoff { .. }
        | Phase::Done { .. }
        | Phase::Failed { .. } => None,
    }
}
