//! Carries out what a person asks for: it sets wishes and moves phases. Not: starting or stopping by itself (`reconcile`).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::instance::{Instance, Wish};
use crate::model::phase::{Phase, Reason};
use crate::model::turn::Turn;
use crate::model::{By, Command, InstanceId, Supervisor, Target};

impl Supervisor {
    /// Carries out a command. Once zap quits, nothing is started any more.
    pub(super) fn carry_out(&mut self, command: Command, turn: &mut Turn) {
        match command {
            Command::Start(targets) => {
                let wanted = self.indices(&targets, Self::starts_with_system);
                self.start_all(&wanted, turn);
            }
            Command::Restart(targets) => {
                let wanted = self.indices(&targets, Self::restarts_with_system);
                self.restart_all(wanted, turn);
            }
            Command::RestartFailed => self.start_all(&self.failed(), turn),
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
    fn start_all(&mut self, wanted: &BTreeSet<usize>, turn: &mut Turn) {
        if self.is_quitting() {
            return;
        }
        let graph = Arc::clone(&self.graph);
        let mut started = BTreeSet::new();
        let mut asked = BTreeSet::new();
        let mut open: Vec<usize> = wanted.iter().rev().copied().collect();
        while let Some(index) = open.pop() {
            if !started.insert(index) || self.instances[index].leaving.is_some() {
                continue;
            }
            self.instances[index].start(turn);
            if !wanted.contains(&index) {
                self.instances[index].author = By::Need;
            }
            let node = graph.node(index);
            if asked.insert(node) {
                for need in graph.needs(node) {
                    let lacks = |&member: &usize| !self.instances[member].meets(need.until);
                    open.extend(graph.members(need.on).filter(lacks));
                }
            }
        }
    }

    fn restart_all(&mut self, wanted: BTreeSet<usize>, turn: &mut Turn) {
        if self.is_quitting() {
            return;
        }
        self.start_all(&wanted, turn);
        for index in wanted {
            if self.instances[index].leaving.is_none() {
                self.instances[index].restart(turn);
            }
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

    /// The instances that are meant, also those that leave.
    pub fn members(&self, target: &Target) -> Vec<InstanceId> {
        let indices = self.indices(std::slice::from_ref(target), |_, _| true);
        indices.into_iter().map(|index| self.instances[index].id).collect()
    }

    /// Which instances are meant; of a system only those that `counts` names.
    fn indices(&self, targets: &[Target], counts: impl Fn(&Self, usize) -> bool) -> BTreeSet<usize> {
        let all = || self.instances.iter().enumerate();
        let mut indices = BTreeSet::new();
        for target in targets {
            match target {
                Target::Instance(id) => indices.extend(self.index_of(*id)),
                Target::Numbered { system, job, number } => {
                    let is_meant = |one: &Instance| one.is_of(system, job) && one.ordinal == *number;
                    indices.extend(all().filter(|(_, one)| is_meant(one)).map(|(index, _)| index));
                }
                Target::Job { system, job } => {
                    indices.extend(all().filter(|(_, one)| one.is_of(system, job)).map(|(index, _)| index));
                }
                Target::System(name) => {
                    let members = all().filter(|(_, one)| *one.system == **name).map(|(index, _)| index);
                    indices.extend(members.filter(|&index| counts(self, index)));
                }
            }
        }
        indices
    }
}
