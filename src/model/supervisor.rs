//! The supervisor: one event in, effects out. Not: any clock, process or file; and no decision, which the files beside it take.

use std::sync::Arc;

use crate::config::Plan;
use crate::model::instance::Instance;
use crate::model::launch::{Ground, Surroundings};
use crate::model::needs::Graph;
use crate::model::quit::Quit;
use crate::model::turn::{Runs, Turn};
use crate::model::{Effect, Event, InstanceId, Now, RunId, Time};

/// What should happen, as plain data: it can be cloned, compared and replayed.
#[derive(Debug, Clone, PartialEq)]
pub struct Supervisor {
    pub(super) plan: Arc<Plan>,
    pub(super) ground: Arc<Ground>,
    pub(super) graph: Arc<Graph>,
    pub(super) instances: Vec<Instance>,
    pub(super) quitting: Option<Quit>,
    runs: Runs,
}

/// Deeds make deadlines, and a grace of nothing is due at once: after so many rounds the rest waits for a `Tick`.
const ROUNDS: usize = 8;

impl Supervisor {
    /// Everything stopped. Jobs have the instance ids of their order in the plan.
    pub fn new(plan: Plan, surroundings: Surroundings) -> Self {
        let graph = Graph::of(&plan);
        let jobs = plan.systems.iter().flat_map(|system| {
            let name: Arc<str> = Arc::from(system.name.as_str());
            system.jobs.iter().map(move |job| (Arc::clone(&name), Arc::new(job.clone())))
        });
        let instances =
            jobs.zip(0..).map(|((system, job), id)| Instance::new(InstanceId(id), system, job)).collect();
        let ground = Arc::new(Ground::new(&plan, surroundings));
        let runs = Runs::default();
        Self { plan: Arc::new(plan), ground, graph: Arc::new(graph), instances, quitting: None, runs }
    }

    /// Takes one event and returns what must now be done. Never blocks, never reads a clock, cannot fail.
    #[must_use]
    pub fn step(&mut self, now: Now, event: Event) -> Vec<Effect> {
        let mut turn = Turn {
            now,
            effects: Vec::new(),
            runs: std::mem::take(&mut self.runs),
            limit: self.quitting.map(|quit| quit.kill_at()),
            ground: Arc::clone(&self.ground),
        };
        self.take(event, &mut turn);
        for _ in 0..ROUNDS {
            self.tick(&mut turn);
            self.reconcile(&mut turn);
            if self.deadline().is_none_or(|deadline| deadline > now.mono) {
                break;
            }
        }
        self.finish_if_all_ended(&mut turn);
        self.runs = turn.runs;
        turn.effects
    }

    /// When `Event::Tick` is next due.
    #[must_use]
    pub fn deadline(&self) -> Option<Time> {
        let quit = self.quitting.and_then(|quit| quit.deadline());
        self.instances.iter().filter_map(Instance::deadline).chain(quit).min()
    }

    /// What is asked for.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Whose run it is: also of stop commands, and of ended runs of which something is left.
    pub fn owner(&self, run: RunId) -> Option<InstanceId> {
        self.runs.owner(run)
    }

    fn take(&mut self, event: Event, turn: &mut Turn) {
        match event {
            Event::Tick => {}
            Event::Command(command) => self.carry_out(command, turn),
            Event::Spawned { run, pid } => {
                self.tell_owner(run, turn, |one, turn| one.spawned(run, pid, turn));
            }
            Event::SpawnFailed { run, error } => {
                self.tell_owner(run, turn, |one, turn| one.spawn_failed(run, error, turn));
            }
            Event::Exited { run, exit } => {
                self.tell_owner(run, turn, |one, turn| one.exited(run, exit, turn));
            }
            Event::Drained { run } => self.tell_owner(run, turn, |one, turn| one.drained(run, turn)),
            Event::Quiet { run } => self.tell_owner(run, turn, |one, turn| one.quiet(run, turn)),
            Event::OrphanEnded => self.instances.iter_mut().for_each(|one| one.orphan_ended(turn)),
            Event::Surveyed { run, left } => {
                self.tell_owner(run, turn, |one, turn| one.surveyed(run, left, turn));
            }
            Event::Reloaded { .. } | Event::FileBroken { .. } => {}
            Event::Adopted { run, pid } => {
                self.tell_owner(run, turn, |one, turn| one.adopted(run, pid, turn));
            }
            Event::NotAdopted { run, why, hope } => {
                self.tell_owner(run, turn, |one, turn| one.not_adopted(run, why, hope, turn));
            }
            Event::Noticed { run, notice } => {
                self.tell_owner(run, turn, |one, turn| one.noticed(run, notice, turn));
            }
            Event::Answered { run, answer } => {
                self.tell_owner(run, turn, |one, turn| one.answered(run, answer, turn));
            }
            Event::Said { run, line } => {
                self.tell_owner(run, turn, |one, turn| one.said(run, line, turn));
            }
            Event::Step { run, mark } => self.tell_owner(run, turn, |one, turn| one.mark(run, mark, turn)),
        }
    }

    /// A fact about a run that is closed, or never was, is news of no one.
    fn tell_owner(&mut self, run: RunId, turn: &mut Turn, tell: impl FnOnce(&mut Instance, &mut Turn)) {
        if let Some(index) = turn.runs.owner(run).and_then(|owner| self.index_of(owner)) {
            tell(&mut self.instances[index], turn);
        }
    }

    /// Does what is due.
    fn tick(&mut self, turn: &mut Turn) {
        self.tick_quit(turn);
        for instance in &mut self.instances {
            instance.tick(turn);
        }
    }
}
