//! An instance of a job: its wish and its phase; `run`: one of its runs. Not: what it has to do with others (`needs`,
//! `reconcile`).

mod run;

use std::sync::Arc;

use crate::config::{Job, Launch, Until};
use crate::model::calendar::Calendar;
use crate::model::hook::Pending;
use crate::model::inquiry::Inquiry;
use crate::model::launch::Owner;
use crate::model::leftover::Leftover;
use crate::model::past::Ends;
use crate::model::phase::{Phase, Reason, Rest};
use crate::model::policy::Tally;
use crate::model::queue::Queued;
use crate::model::turn::Turn;
use crate::model::versions::Offer;
use crate::model::{By, Effect, InstanceId, Now, RecordKind, RunId, Size, Station, Time};

pub(super) use run::{Cause, Run};

/// An instance of a job.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Instance {
    /// Its name for others.
    pub(super) id: InstanceId,
    /// Its number among the instances of its job, from 1.
    pub(super) ordinal: u32,
    /// `dev/web`, or `dev/web#2` where there are several.
    pub(super) address: String,
    /// `web`, or `web#2` where there are several.
    pub(super) label: String,
    /// The name of its system.
    pub(super) system: Arc<str>,
    /// What the plan says.
    pub(super) job: Arc<Job>,
    /// What somebody wishes.
    pub(super) wish: Wish,
    /// In which phase it is.
    pub(super) phase: Phase,
    /// When it came into its state.
    pub(super) since: Now,
    /// The size of its terminal.
    pub(super) size: Size,
    /// How many runs there were, in this life of zap and before it.
    pub(super) number: u32,
    /// Its present or last run.
    pub(super) last: Option<Run>,
    /// What is left of ended runs.
    pub(super) leftovers: Vec<Leftover>,
    /// Its hooks that somebody waits for; each is among the leftovers too.
    pub(super) hooks: Vec<Pending>,
    /// Who brought its present course about.
    pub(super) author: By,
    /// Its attempts.
    pub(super) tally: Tally,
    /// How its last runs ended.
    pub(super) past: Ends,
    /// It was done once: who needs it to be done may count on it until its launch keys change.
    pub(super) achieved: bool,
    /// A person put it down since it was last started: no reload starts it.
    pub(super) put_down: bool,
    /// Set when the plan no longer has it: what was wished about it before. It goes when nothing of it is left.
    pub(super) leaving: Option<Wish>,
    /// Which reload brought it, counted from 1; 0 if it was there from the beginning.
    pub(super) came: u32,
    /// Which reload took it away, while it leaves.
    pub(super) left: u32,
    /// What the wall clock says about it.
    pub(super) calendar: Calendar,
    /// What it was last started with.
    pub(super) offer: Option<Offer>,
    /// The commands that must succeed before it starts.
    pub(super) inquiry: Inquiry,
    /// The need that was lost, and for which it is restarted when that is met again.
    pub(super) owed: Option<usize>,
    /// The needs that a reload brought while it was up, and that were not met since: by their place among the job's.
    pub(super) excused: Vec<usize>,
    /// What it has not come to yet since a reload asked for it beside others of its job.
    pub(super) unproven: Vec<Until>,
    /// It could start, but for the others. Recomputed by each `reconcile`.
    pub(super) queued: Option<Queued>,
}

/// What somebody wishes about an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// It should be up.
    Up,
    /// It should stay down.
    Down,
}

impl Instance {
    /// Stopped, never started.
    pub(super) fn new(id: InstanceId, system: Arc<str>, job: Arc<Job>, ordinal: u32) -> Self {
        let label = label(&job, ordinal);
        Self {
            id,
            ordinal,
            address: format!("{system}/{label}"),
            label,
            calendar: Calendar::of(&job),
            system,
            job,
            wish: Wish::Down,
            phase: Phase::Stopped(Rest::Fresh),
            since: Now::default(),
            size: Size::UNSEEN,
            number: 0,
            last: None,
            leftovers: Vec::new(),
            hooks: Vec::new(),
            author: By::Zap,
            tally: Tally::default(),
            past: Ends::new(),
            achieved: false,
            put_down: false,
            leaving: None,
            came: 0,
            left: 0,
            offer: None,
            inquiry: Inquiry::default(),
            owed: None,
            excused: Vec::new(),
            unproven: Vec::new(),
            queued: None,
        }
    }

    /// Its station.
    pub(super) fn station(&self) -> Station {
        Station { system: self.system.to_string(), job: self.job.name.clone(), number: self.ordinal }
    }

    /// Changes the phase; `since` changes with the state.
    pub(super) fn enter(&mut self, phase: Phase, now: Now) {
        if self.phase.state() != phase.state() {
            self.since = now;
        }
        self.phase = phase;
    }

    /// Keeps what happened to it.
    pub(super) fn record(&self, run: Option<RunId>, kind: RecordKind, turn: &mut Turn) {
        turn.record(self.id, &self.address, run, self.by(&kind), kind);
    }

    /// Whose launches it makes: those of its present or last run; before the first one in this life of zap, of that.
    pub(super) fn owner<'a>(&'a self, launch: &'a Launch) -> Owner<'a> {
        let run = self.last.as_ref().map_or(self.number + 1, |last| last.number);
        let (system, job) = (&self.system, &self.job.name);
        Owner { system, job, launch, instance: self.ordinal, run, size: self.size }
    }

    /// The same for what comes before its next run.
    pub(super) fn owner_ahead<'a>(&'a self, launch: &'a Launch) -> Owner<'a> {
        Owner { run: self.number + 1, ..self.owner(launch) }
    }

    /// What is left of this run.
    pub(super) fn leftover_mut(&mut self, run: RunId) -> Option<&mut Leftover> {
        self.leftovers.iter_mut().find(|leftover| leftover.run == run)
    }

    /// How many processes of its ended runs are known to live.
    pub(super) fn lingering(&self) -> u32 {
        self.leftovers.iter().map(Leftover::lingering).sum()
    }

    /// Whether nothing is left of its runs, or nothing but what may live beside the next one.
    pub(super) fn is_clear(&self) -> bool {
        !self.may_adopt_late() && self.leftovers.iter().all(Leftover::is_spared)
    }

    /// Whether the next run may begin: nothing is left of those before that could be in its way. A question that nothing can end
    /// is not.
    pub(super) fn has_room(&self) -> bool {
        let is_harmless = |leftover: &Leftover| leftover.is_spared() || leftover.is_stuck_question(None);
        !self.may_adopt_late() && self.leftovers.iter().all(is_harmless)
    }

    /// Whether this command was asked, and nothing can end it: then it is not asked beside itself.
    pub(super) fn is_stuck(&self, command: &[String]) -> bool {
        self.leftovers.iter().any(|leftover| leftover.is_stuck_question(Some(command)))
    }

    /// Whether nobody has to wait for what is left of its runs: there is nothing, or nothing can end it.
    pub(super) fn is_clear_or_given_up(&self) -> bool {
        !self.may_adopt_late()
            && self.leftovers.iter().all(|leftover| leftover.is_given_up() || leftover.is_spared())
    }

    /// When something is due.
    pub(super) fn deadline(&self) -> Option<Time> {
        let leftovers = self.leftovers.iter().filter_map(Leftover::deadline);
        let overtime = self.timed_step().map(|(_, at)| at);
        let spans = self.overtime_at().into_iter().chain(self.restart_at()).chain(self.hooks_deadline());
        let spans = spans.chain(self.overdue_at()).chain(self.probes_deadline());
        let spans = spans.chain(self.inquiry.deadline()).chain(self.search_deadline());
        self.phase.deadline().into_iter().chain(overtime).chain(spans).chain(leftovers).min()
    }

    /// Bytes for the terminal of its run.
    pub(super) fn type_in(&self, bytes: Vec<u8>, turn: &mut Turn) {
        let live = self.phase.live().filter(|live| live.birth.is_some() && self.leaderless().is_none());
        if let Some(live) = live {
            turn.push(Effect::Write { run: live.run, bytes });
        }
    }

    /// A new size for its terminal, and for its next runs.
    pub(super) fn resize(&mut self, size: Size, turn: &mut Turn) {
        let size = Size { rows: size.rows.max(2), cols: size.cols.max(2) };
        if size != self.size {
            self.size = size;
            let run = self.phase.live().map(|live| live.run);
            turn.push(Effect::Resize { instance: self.id, run, size });
        }
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, turn: &mut Turn) {
        match self.phase {
            Phase::Starting { live, up_at: Some(up_at) } if turn.is_due(up_at) => self.settle_in(live, turn),
            Phase::Backoff { until, .. } if turn.is_due(until) => {
                self.tally.restarts += 1;
                self.enter(Phase::Waiting, turn.now);
            }
            Phase::Held { until: Some(until), .. } if turn.is_due(until) => {
                self.tally.restarts += 1;
                self.enter(Phase::Waiting, turn.now);
            }
            Phase::Stopping { .. } => self.tick_stop(turn),
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => {}
        }
        if let Some((step, at)) = self.timed_step()
            && turn.is_due(at)
        {
            self.stop(Reason::Overtime(step), turn);
        }
        self.tick_span(turn);
        self.tick_hooks(turn);
        self.tick_search(turn);
        self.tick_ready(turn);
        self.tick_probes(turn);
        for leftover in &mut self.leftovers {
            leftover.tick(self.id, &self.address, turn);
        }
        self.close_leftovers(turn);
    }
}

/// Where there are several instances, the number belongs to the name.
pub(super) fn label(job: &Job, ordinal: u32) -> String {
    if job.numprocs > 1 || ordinal > 1 { format!("{}#{ordinal}", job.name) } else { job.name.clone() }
}
