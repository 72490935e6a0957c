//! The supervisor: one event in, effects out. Not: any clock, process or file; and no decision, which the files beside it take.

use std::sync::Arc;
use std::time::Duration;

use crate::config::Plan;
use crate::model::instance::{Instance, Wish};
use crate::model::late::Late;
use crate::model::launch::{Ground, Surroundings};
use crate::model::needs::Graph;
use crate::model::queue::{self, Queued};
use crate::model::quit::Quit;
use crate::model::recall::Recalled;
use crate::model::roster::{Hall, Roster};
use crate::model::turn::{Runs, Turn};
use crate::model::{Effect, Event, FileProblem, InstanceId, Now, RunId, Time, Wall};

/// What should happen, as plain data: it can be cloned, compared and replayed.
#[derive(Debug, Clone, PartialEq)]
pub struct Supervisor {
    pub(super) plan: Arc<Plan>,
    pub(super) ground: Arc<Ground>,
    pub(super) graph: Arc<Graph>,
    /// In the order of the file; those of one job stand side by side.
    pub(super) instances: Vec<Instance>,
    pub(super) roster: Roster,
    /// The systems of the file, and those of which something still leaves.
    pub(super) halls: Vec<Hall>,
    pub(super) quitting: Option<Quit>,
    /// What is wrong with the file, since it was read anew.
    pub(super) problem: Option<FileProblem>,
    /// How often the file was read anew.
    pub(super) reloads: u32,
    /// When an instance was last started.
    pub(super) last_start: Option<Time>,
    /// When it was last told the time by an event.
    pub(super) last_look: Time,
    /// What the wall clock showed when the monotonic one showed nothing, in milliseconds.
    pub(super) wall_at_zero: i64,
    pub(super) runs: Runs,
    /// How many runs there were before.
    pub(super) recalled: Recalled,
    /// What has happened and is told later.
    pub(super) late: Late,
}

/// Deeds make deadlines, and a grace of nothing is due at once: after so many rounds the rest waits for a `Tick`.
const ROUNDS: usize = 8;

impl Supervisor {
    /// Everything stopped.
    pub fn new(plan: Plan, surroundings: Surroundings) -> Self {
        let ground = Arc::new(Ground::new(&plan, surroundings));
        let mut roster = Roster::default();
        let instances = roster.enlist(&plan);
        let halls = plan.systems.iter().map(Hall::of).collect();
        let graph = Arc::new(Graph::of(&instances));
        Self {
            plan: Arc::new(plan),
            ground,
            graph,
            instances,
            roster,
            halls,
            quitting: None,
            problem: None,
            reloads: 0,
            last_start: None,
            last_look: Time::default(),
            wall_at_zero: 0,
            runs: Runs::default(),
            recalled: Recalled::new(),
            late: Late::default(),
        }
    }

    /// Takes one event and returns what must now be done. Never blocks, never reads a clock, cannot fail.
    #[must_use]
    pub fn step(&mut self, now: Now, event: Event) -> Vec<Effect> {
        self.last_look = now.mono;
        self.wall_at_zero = now.wall.0.saturating_sub(ms(now.mono));
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
            let is_due = self.deadline().is_some_and(|deadline| deadline <= now.mono);
            if !is_due && !self.is_queued_in_vain() {
                break;
            }
        }
        self.let_go_of_leavers(&mut turn);
        self.put_in_order(&mut turn);
        self.finish_if_all_ended(&mut turn);
        self.runs = turn.runs;
        turn.effects
    }

    /// When `Event::Tick` is next due.
    #[must_use]
    pub fn deadline(&self) -> Option<Time> {
        let quit = self.quitting.and_then(|quit| quit.deadline());
        let own = self.instances.iter().filter_map(Instance::deadline);
        own.chain(self.late.deadline()).chain(quit).chain(self.next_wall()).chain(self.next_turn()).min()
    }

    /// When the wall clock shows this, unless it is set.
    pub(super) fn time_of(&self, wall: Wall) -> Time {
        let since_zero = wall.0.saturating_sub(self.wall_at_zero);
        Time(Duration::from_millis(u64::try_from(since_zero).unwrap_or(0)))
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
            Event::Surveyed { run, left, in_group } => {
                self.tell_owner(run, turn, |one, turn| one.surveyed(run, left, in_group, turn));
            }
            Event::Reloaded { plan, by } => self.reload(*plan, by, turn),
            Event::Recalled { runs } => self.recall(runs),
            Event::FileBroken { problem, by } => self.break_file(problem, by, turn),
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

    /// When the wall clock next changes something about what is wanted.
    fn next_wall(&self) -> Option<Time> {
        let wanted = self.instances.iter().filter(|instance| instance.wish == Wish::Up);
        wanted.filter_map(|instance| instance.calendar.deadline()).min().map(|wall| self.time_of(wall))
    }

    /// When the next one of those that wait for `start-stagger` has its turn.
    fn next_turn(&self) -> Option<Time> {
        let waits = self.instances.iter().any(|instance| instance.queued == Some(Queued::Stagger));
        queue::next_at(&self.plan.settings, self.last_start).filter(|_| waits)
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

fn ms(time: Time) -> i64 {
    i64::try_from(time.0.as_millis()).unwrap_or(i64::MAX)
}
