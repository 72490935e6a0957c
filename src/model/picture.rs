//! Makes the `View`: the picture of everything. Not: its types (`view`), nor its sentences (`why`).

use std::collections::BTreeMap;

use crate::model::instance::{Instance, Run, Wish};
use crate::model::leftover::{Leftover, Terminal};
use crate::model::phase::{Course, Phase};
use crate::model::quit::Quit;
use crate::model::roster::Hall;
use crate::model::sight::Sight;
use crate::model::{InstanceView, Quitting, RunView, Supervisor, Survivor, SystemView, Time, View};

impl Supervisor {
    /// The picture of everything, for eyes and wires: plain serde data.
    #[must_use]
    pub fn view(&self) -> View {
        let sight = self.sight();
        let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, instance) in self.instances.iter().enumerate() {
            members.entry(&instance.system).or_default().push(index);
        }
        let systems = self.halls.iter().map(|hall| {
            let members = members.get(hall.name.as_str()).map_or(&[][..], Vec::as_slice);
            self.system_view(hall, members, &sight)
        });
        View {
            systems: systems.collect(),
            quitting: self.quitting.map(|quit| self.quitting_view(quit)),
            problem: self.problem.clone(),
        }
    }

    fn system_view(&self, hall: &Hall, members: &[usize], sight: &Sight) -> SystemView {
        SystemView {
            name: hall.name.clone(),
            title: hall.title.clone(),
            description: hall.description.clone(),
            jobs: members.iter().map(|&index| self.instance_view(index, sight)).collect(),
        }
    }

    fn instance_view(&self, index: usize, sight: &Sight) -> InstanceView {
        let instance = &self.instances[index];
        let job = &instance.job;
        let next = self.next(instance);
        let blocker = sight.blocker(index).map(|blocker| &self.instances[blocker]);
        let blocker = blocker.or_else(|| self.leaver(instance));
        InstanceView {
            id: instance.id,
            address: instance.address.clone(),
            name: job.name.clone(),
            label: instance.label.clone(),
            number: instance.ordinal,
            labels: job.labels.clone(),
            title: job.title.clone(),
            description: job.description.clone(),
            state: instance.phase.state(),
            ready: instance.is_ready(),
            wanted: instance.wish == Wish::Up,
            interactive: job.interactive,
            one_shot: job.one_shot,
            since: instance.since,
            run: instance.last.as_ref().map(|run| run_view(instance, run)),
            exit: instance.last.as_ref().and_then(|last| last.exit),
            restarts: instance.tally.restarts,
            next,
            abroad: next.is_some_and(|next| instance.is_abroad(next.kind)),
            why: self.why(index, sight),
            blocked_by: blocker.map(|blocker| blocker.id),
            pending_change: instance.has_pending_change(),
            unwell: instance.is_unwell(),
            overdue: instance.is_overdue(),
            note: self.note(index, sight),
            lingering: instance.lingering(),
            steps: instance.last.as_ref().map_or_else(Vec::new, |last| last.steps.view(&last.launch.work)),
        }
    }

    fn quitting_view(&self, quit: Quit) -> Quitting {
        let alive: Vec<Survivor> = (0..self.instances.len())
            .filter(|&index| self.is_alive(index))
            .map(|index| self.survivor(index, quit.kill_at()))
            .collect();
        let ended = quit.alive.saturating_sub(alive.len() as u32);
        Quitting { since: quit.since, kill_at: quit.kill_at(), ended, alive }
    }

    fn survivor(&self, index: usize, all_killed_at: Time) -> Survivor {
        let instance = &self.instances[index];
        Survivor {
            id: instance.id,
            address: instance.address.clone(),
            doing: self.doing(index),
            // What was not told yet gets KILL with all others at the latest.
            kill_at: instance.phase.untold().map_or_else(|| kill_at(instance), |_| Some(all_killed_at)),
            processes: processes(instance),
        }
    }
}

fn run_view(instance: &Instance, run: &Run) -> RunView {
    RunView {
        id: run.id,
        number: run.number,
        pid: run.pid,
        started: run.started,
        ended: run.ended,
        complete: is_complete(instance, run),
    }
}

fn is_complete(instance: &Instance, run: &Run) -> bool {
    let is_live = instance.phase.live().is_some_and(|live| live.run == run.id);
    let is_read = |leftover: &Leftover| leftover.terminal != Terminal::Open || leftover.is_given_up();
    !is_live && instance.leftovers.iter().filter(|leftover| leftover.run == run.id).all(is_read)
}

pub(super) fn kill_at(instance: &Instance) -> Option<Time> {
    let live = match &instance.phase {
        Phase::Stopping { course, .. } => match *course {
            Course::Asked { kill_at, .. } | Course::Signalled { kill_at, .. } => Some(kill_at),
            Course::Held(_) | Course::Unborn { .. } | Course::Killed { .. } | Course::Clearing => None,
        },
        Phase::Stopped(_)
        | Phase::Waiting
        | Phase::Scheduled
        | Phase::Preparing { .. }
        | Phase::Held { .. }
        | Phase::Starting { .. }
        | Phase::Running { .. }
        | Phase::Backoff { .. }
        | Phase::Done { .. }
        | Phase::Failed { .. } => None,
    };
    live.or_else(|| instance.leftovers.iter().filter_map(Leftover::kill_at).min())
}

/// A live run that was not counted yet has one process at least.
fn processes(instance: &Instance) -> Option<u32> {
    let counted = instance.last.as_ref().and_then(|last| last.processes);
    match (instance.phase.live(), instance.lingering()) {
        (None, 0) => None,
        (None, left) => Some(left),
        (Some(_), 0) => counted,
        (Some(_), left) => Some(counted.unwrap_or(1) + left),
    }
}
