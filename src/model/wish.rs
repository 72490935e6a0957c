//! Carries out what a person asks for: it sets wishes and moves phases. Not: starting or stopping by itself (`reconcile`).

use std::collections::BTreeSet;

use crate::model::instance::Wish;
use crate::model::needs::is_met_by;
use crate::model::phase::{Phase, Reason};
use crate::model::turn::Turn;
use crate::model::{Command, InstanceId, Supervisor, Target};

impl Supervisor {
    /// Carries out a command. Once zap quits, nothing is started any more.
    pub(super) fn carry_out(&mut self, command: Command, turn: &mut Turn) {
        match command {
            Command::Start(targets) => {
                let wanted = self.indices(&targets, Self::starts_with_system);
                self.start_all(wanted, turn);
            }
            Command::Restart(targets) => {
                let wanted = self.indices(&targets, Self::restarts_with_system);
                self.restart_all(wanted, turn);
            }
            Command::RestartFailed => self.start_all(self.failed(), turn),
            Command::Stop(targets) => self.put_down_all(&targets, turn),
            Command::Kill(targets) => {
                for index in self.indices(&targets, |_, _| true) {
                    self.instances[index].kill(Reason::Kill, turn);
                }
            }
            Command::Signal { targets, signal } => {
                for index in self.indices(&targets, |_, _| true) {
                    self.instances[index].send(signal, turn);
                }
            }
            Command::Type { instance, bytes } => {
                if let Some(index) = self.index_of(instance) {
                    self.instances[index].type_in(bytes, turn);
                }
            }
            Command::Resize { instance, size } => {
                if let Some(index) = self.index_of(instance) {
                    self.instances[index].resize(size, turn);
                }
            }
            Command::Quit => self.quit(turn),
        }
    }

    /// Starts these, and what they need and have not.
    fn start_all(&mut self, wanted: BTreeSet<usize>, turn: &mut Turn) {
        if self.is_quitting() {
            return;
        }
        let mut seen = BTreeSet::new();
        let mut open: Vec<usize> = wanted.into_iter().rev().collect();
        while let Some(index) = open.pop() {
            if seen.insert(index) {
                self.instances[index].start(turn);
                let needs = self.graph.needs(index).iter().map(|need| need.on);
                open.extend(needs.filter(|&need| !is_met_by(&self.instances[need])));
            }
        }
    }

    fn restart_all(&mut self, wanted: BTreeSet<usize>, turn: &mut Turn) {
        if self.is_quitting() {
            return;
        }
        self.start_all(wanted.clone(), turn);
        for index in wanted {
            self.instances[index].restart(turn);
        }
    }

    fn put_down_all(&mut self, targets: &[Target], turn: &mut Turn) {
        for index in self.indices(targets, |_, _| true) {
            self.instances[index].put_down(Reason::Stop, turn);
        }
    }

    fn failed(&self) -> BTreeSet<usize> {
        let has_failed = |index: &usize| match self.instances[*index].phase {
            Phase::Failed { .. } => true,
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Stopping { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. } => false,
        };
        (0..self.instances.len()).filter(has_failed).collect()
    }

    /// interface.md, Addresses: `start` of a system starts its `autostart` jobs.
    fn starts_with_system(&self, index: usize) -> bool {
        self.instances[index].job.autostart
    }

    /// A system anew: what starts with it, and what somebody started by hand.
    fn restarts_with_system(&self, index: usize) -> bool {
        self.instances[index].job.autostart || self.instances[index].wish == Wish::Up
    }

    /// Which instances are meant; of a system only those that `counts` names.
    fn indices(&self, targets: &[Target], counts: impl Fn(&Self, usize) -> bool) -> BTreeSet<usize> {
        let mut indices = BTreeSet::new();
        for target in targets {
            match target {
                Target::Instance(id) => indices.extend(self.index_of(*id)),
                Target::Job { .. } | Target::Numbered { .. } => {}
                Target::System(name) => {
                    let members = (0..self.instances.len()).filter(|&i| *self.instances[i].system == **name);
                    indices.extend(members.filter(|&index| counts(self, index)));
                }
            }
        }
        indices
    }

    /// The index of an instance, if there is such a one.
    pub(super) fn index_of(&self, id: InstanceId) -> Option<usize> {
        usize::try_from(id.0).ok().filter(|&index| index < self.instances.len())
    }
}
