//! The file was read anew: who stays, who comes, who goes. Not: what follows for those who stay, which is seen when they are
//! compared with the file (`changeover`); nor what would happen (`foresee`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::{Job, Plan, System};
use crate::model::instance::{Instance, Wish, label};
use crate::model::launch::Ground;
use crate::model::needs::Graph;
use crate::model::phase::{Phase, Reason, Rest};
use crate::model::policy::Tally;
use crate::model::roster::Hall;
use crate::model::turn::Turn;
use crate::model::{By, Effect, FileProblem, Record, RecordKind, Supervisor};

/// The instances of the old plan, by system and job.
type Old = BTreeMap<String, BTreeMap<String, Vec<Instance>>>;

impl Supervisor {
    /// From now on this plan is asked for.
    pub(super) fn reload(&mut self, plan: Plan, by: By, turn: &mut Turn) {
        if self.is_quitting() {
            return;
        }
        let what = format!("reload: {}", self.forecast(turn.now, &plan));
        record(what, by, turn);
        self.ask_for(plan, turn);
    }

    /// From now on this plan is asked for, untold.
    pub(super) fn ask_for(&mut self, plan: Plan, turn: &mut Turn) {
        self.problem = None;
        self.reloads += 1;
        let started: BTreeSet<Arc<str>> = self.wanted_systems();
        let mut old = Old::new();
        for one in std::mem::take(&mut self.instances) {
            let jobs = old.entry(one.system.to_string()).or_default();
            jobs.entry(one.job.name.clone()).or_default().push(one);
        }
        let mut instances = Vec::new();
        for system in &plan.systems {
            let is_started = system.autostart || started.contains(system.name.as_str());
            let known = old.remove(&system.name).unwrap_or_default();
            self.reload_system(system, is_started, known, &mut instances, turn);
        }
        let leavers = old.into_values().flat_map(BTreeMap::into_values).flatten();
        leave_all(leavers, self.reloads, &mut instances, turn);
        self.instances = instances;
        self.ground = Arc::new(Ground::new(&plan, self.ground.surroundings.clone()));
        self.plan = Arc::new(plan);
        self.reorder();
        self.start_what_is_needed(turn);
    }

    /// The file cannot be used: the old plan goes on.
    pub(super) fn break_file(&mut self, problem: FileProblem, by: By, turn: &mut Turn) {
        record(format!("the file cannot be used: {}", problem.first), by, turn);
        self.problem = Some(problem);
    }

    /// Who has left and ended is gone. What is spared of it lives on, and nobody's it is not: else the end of zap would end it.
    pub(super) fn let_go_of_leavers(&mut self, turn: &mut Turn) {
        let is_gone = |one: &Instance| one.leaving.is_some() && one.phase.is_stopped() && one.is_clear();
        if !self.instances.iter().any(is_gone) {
            return;
        }
        let (gone, staying): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.instances).into_iter().partition(is_gone);
        self.instances = staying;
        for one in &gone {
            self.recalled.insert(one.station(), one.number);
            for spared in &one.leftovers {
                turn.runs.close(spared.run);
                turn.push(Effect::Spare { run: spared.run });
            }
            turn.push(Effect::Forget { instance: one.id });
        }
        self.reorder();
    }

    /// The systems of which somebody wants something.
    pub(super) fn wanted_systems(&self) -> BTreeSet<Arc<str>> {
        let wanted = self.instances.iter().filter(|one| one.wish == Wish::Up);
        wanted.map(|one| Arc::clone(&one.system)).collect()
    }

    fn reload_system(
        &mut self,
        system: &System,
        is_started: bool,
        mut old: BTreeMap<String, Vec<Instance>>,
        instances: &mut Vec<Instance>,
        turn: &mut Turn,
    ) {
        let name: Arc<str> = Arc::from(system.name.as_str());
        for job in &system.jobs {
            let known = old.remove(&job.name).unwrap_or_default();
            let joins = is_started && joins_its_system(job, &known);
            let is_wanted = joins || will_be_wanted(job, is_started, &known);
            let from = instances.len();
            self.reload_job(&name, job, is_wanted, known, instances, turn);
            for one in instances[from..].iter_mut().filter(|one| joins && one.may_join()) {
                one.start(turn);
                one.author = By::Reload;
            }
        }
        leave_all(old.into_values().flatten(), self.reloads, instances, turn);
    }

    /// By number: only the difference comes or goes.
    fn reload_job(
        &mut self,
        system: &Arc<str>,
        job: &Arc<Job>,
        is_wanted: bool,
        known: Vec<Instance>,
        instances: &mut Vec<Instance>,
        turn: &mut Turn,
    ) {
        let has_others = known.iter().any(|one| one.leaving.is_none());
        let mut known: BTreeMap<u32, Instance> = known.into_iter().map(|one| (one.ordinal, one)).collect();
        for ordinal in 1..=job.numprocs {
            let (mut instance, is_new) = match known.remove(&ordinal) {
                Some(mut one) => {
                    let was_leaving = one.leaving.is_some();
                    one.stay(job, turn);
                    (one, was_leaving)
                }
                None => (self.enlist_one(system, job, ordinal, is_wanted, turn), true),
            };
            if is_new && has_others {
                instance.joins_others();
            }
            instances.push(instance);
        }
        for mut one in known.into_values() {
            one.reread(job, turn);
            instances.push(leave(one, self.reloads, turn));
        }
    }

    /// One more.
    fn enlist_one(
        &mut self,
        system: &Arc<str>,
        job: &Arc<Job>,
        ordinal: u32,
        is_wanted: bool,
        turn: &mut Turn,
    ) -> Instance {
        let mut new = Instance::new(self.roster.fresh(), Arc::clone(system), Arc::clone(job), ordinal);
        new.since = turn.now;
        new.came = self.reloads;
        new.number = self.recalled.get(&new.station()).copied().unwrap_or(0);
        if is_wanted {
            new.start(turn);
            new.author = By::Reload;
        }
        new
    }

    /// Who stands where, and who needs whom, anew.
    fn reorder(&mut self) {
        self.roster.order(&self.instances);
        self.graph = Arc::new(Graph::of(&self.instances));
        let mut halls: Vec<Hall> = self.plan.systems.iter().map(Hall::of).collect();
        let stays = |hall: &Hall| self.instances.iter().any(|one| *one.system == *hall.name);
        let leaving = std::mem::take(&mut self.halls).into_iter().filter(stays);
        for hall in leaving {
            if halls.iter().all(|known| known.name != hall.name) {
                halls.push(hall);
            }
        }
        self.halls = halls;
    }

    /// What is wanted may need by now what nobody ever started. What a person put down stays down.
    fn start_what_is_needed(&mut self, turn: &mut Turn) {
        let graph = Arc::clone(&self.graph);
        for &node in graph.order().iter().rev() {
            if graph.members(node).all(|index| self.instances[index].wish == Wish::Down) {
                continue;
            }
            for index in graph.needs(node).iter().flat_map(|need| graph.members(need.on)) {
                let needed = &mut self.instances[index];
                if needed.phase == Phase::Stopped(Rest::Fresh) && needed.leaving.is_none() && !needed.put_down
                {
                    needed.start(turn);
                    needed.author = By::Need;
                }
            }
        }
    }
}

impl Instance {
    /// The file says this about its job: live keys are applied in place. What it was started with is compared later.
    pub(super) fn reread(&mut self, job: &Arc<Job>, turn: &mut Turn) {
        let was_ready = self.is_ready();
        let old = std::mem::replace(&mut self.job, Arc::clone(job));
        self.label = label(job, self.ordinal);
        self.address = format!("{}/{}", self.system, self.label);
        self.calendar.reread(job);
        if old.needs != job.needs {
            self.renew_needs(&old.needs, turn);
        }
        if let Phase::Starting { up_at: Some(up_at), .. } = &mut self.phase {
            *up_at = *up_at - old.start_secs + job.start_secs;
        }
        if old.ready != job.ready {
            self.renew_ready(old.ready.as_ref(), was_ready, turn);
        }
        if old.health != job.health {
            self.renew_health(turn);
        }
    }

    /// Whether it is down and nobody wants it so.
    fn may_join(&self) -> bool {
        self.leaving.is_none() && self.wish == Wish::Down && !self.put_down
    }

    /// The file still has it, or has it again.
    fn stay(&mut self, job: &Arc<Job>, turn: &mut Turn) {
        if self.job == *job {
            self.job = Arc::clone(job);
        } else {
            self.reread(job, turn);
        }
        if let Some(wish) = self.leaving.take() {
            self.wish = wish;
        }
    }
}

/// The file no longer has it, since this reload.
fn leave(mut one: Instance, reload: u32, turn: &mut Turn) -> Instance {
    if one.leaving.is_none() {
        one.leaving = Some(one.wish);
        one.left = reload;
        one.wish = Wish::Down;
        one.tally = Tally::default();
        one.stop(Reason::Removed, turn);
    }
    one
}

/// The file no longer has these.
fn leave_all(
    leavers: impl Iterator<Item = Instance>,
    reload: u32,
    instances: &mut Vec<Instance>,
    turn: &mut Turn,
) {
    instances.extend(leavers.map(|one| leave(one, reload, turn)));
}

/// Whether the file says by now that a job starts with its system, and did not before.
fn joins_its_system(job: &Job, known: &[Instance]) -> bool {
    let mut staying = known.iter().filter(|one| one.leaving.is_none());
    job.autostart && staying.any(|one| !one.job.autostart)
}

/// Whether new instances of a job are wanted: as their siblings are, else if it starts with a system that is started.
pub(super) fn will_be_wanted<'a>(
    job: &Job,
    is_started: bool,
    known: impl IntoIterator<Item = &'a Instance>,
) -> bool {
    let staying = known.into_iter().filter(|one| one.leaving.is_none()).map(|one| one.wish == Wish::Up);
    staying.reduce(|any, one| any || one).unwrap_or(is_started && job.autostart)
}

fn record(what: String, by: By, turn: &mut Turn) {
    let kind = RecordKind::Reload { what };
    let record = Record { at: turn.now, instance: None, address: "zap".to_owned(), run: None, by, kind };
    turn.push(Effect::Record(record));
}
