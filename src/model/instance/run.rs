//! A run of an instance: its beginning, its steps, and its close when all of its output is there. Not: its phase.

use std::sync::Arc;

use crate::config::Launch;
use crate::model::leftover::{Leftover, Origin};
use crate::model::life::Life;
use crate::model::phase::{Live, Phase};
use crate::model::policy::Reached;
use crate::model::steps::{self, Change, Pace, Steps};
use crate::model::subject::Search;
use crate::model::turn::Turn;
use crate::model::{Effect, Exit, Now, RecordKind, RunId, StepMark, Time};

use super::Instance;

/// A run, as far as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::model) struct Run {
    /// Its name.
    pub(in crate::model) id: RunId,
    /// Its number within the instance, from 1.
    pub(in crate::model) number: u32,
    /// Its process, while there is one.
    pub(in crate::model) pid: Option<i32>,
    /// When it was asked for, later when it was born.
    pub(in crate::model) started: Now,
    /// When its leader ended.
    pub(in crate::model) ended: Option<Now>,
    /// How it ended.
    pub(in crate::model) exit: Option<Exit>,
    /// Whether it ended by itself.
    pub(in crate::model) cause: Cause,
    /// How far it came.
    pub(in crate::model) reached: Reached,
    /// Whether its terminal reached the end.
    pub(in crate::model) drained: bool,
    /// How many processes it has, by the last look.
    pub(in crate::model) processes: Option<u32>,
    /// How far its steps are.
    pub(in crate::model) steps: Steps,
    /// What it runs: the file may say something else by now.
    pub(in crate::model) launch: Arc<Launch>,
    /// What is known of it beyond that it lives.
    pub(in crate::model) life: Life,
}

/// Who brings a run to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum Cause {
    /// Itself.
    Itself,
    /// zap: it was told to end.
    Told,
}

impl Instance {
    /// Asks for a new run.
    pub(in crate::model) fn spawn(&mut self, launch: &Arc<Launch>, turn: &mut Turn) {
        let run = turn.runs.open(self.id);
        self.number += 1;
        self.last = Some(Run {
            id: run,
            number: self.number,
            pid: None,
            started: turn.now,
            ended: None,
            exit: None,
            cause: Cause::Itself,
            reached: Reached::Start,
            drained: false,
            processes: None,
            steps: Steps::of(&launch.work),
            launch: Arc::clone(launch),
            life: Life { search: Search::of(&launch.subject), ..Life::default() },
        });
        let launch = Box::new(turn.ground.launch(self.owner(launch), run));
        // Before its first byte can come, and before it is known that there is no process: then nobody listens any more.
        self.listen(run, turn);
        turn.push(Effect::Spawn { run, instance: self.id, launch });
        self.enter(Phase::Starting { live: Live { run, birth: None }, up_at: None }, turn.now);
    }

    /// Its present or last run, if it is this one.
    pub(in crate::model) fn run_mut(&mut self, run: RunId) -> Option<&mut Run> {
        self.last.as_mut().filter(|last| last.id == run)
    }

    /// The step that runs and has a timeout, while nobody has told the run to end.
    pub(in crate::model) fn timed_step(&self) -> Option<(usize, Time)> {
        self.phase.at_work()?;
        self.last.as_ref().and_then(|last| last.steps.overtime(&last.launch.work))
    }

    /// So many processes of a run are alive, and so many of them in its group.
    pub(in crate::model) fn surveyed(&mut self, run: RunId, left: u32, in_group: u32, turn: &mut Turn) {
        if let Some(leftover) = self.leftover_mut(run) {
            leftover.surveyed(left, in_group, turn);
        } else if let Some(last) = self.run_mut(run) {
            last.processes = Some(left);
        }
    }

    /// Somebody's orphan was reaped.
    pub(in crate::model) fn orphan_ended(&mut self, turn: &mut Turn) {
        self.leftovers.iter_mut().for_each(|leftover| leftover.orphan_ended(turn));
    }

    /// The terminal of a run reached its end.
    pub(in crate::model) fn drained(&mut self, run: RunId, turn: &mut Turn) {
        if let Some(last) = self.run_mut(run) {
            last.drained = true;
        }
        self.launcher_silent(run, turn);
        if let Some(leftover) = self.leftover_mut(run) {
            leftover.drained(turn);
            self.close_steps(run, turn);
            self.hook_heard(run, turn);
        }
    }

    /// The terminal of an ended run has nothing more to say.
    pub(in crate::model) fn quiet(&mut self, run: RunId, turn: &mut Turn) {
        self.launcher_silent(run, turn);
        if let Some(leftover) = self.leftover_mut(run) {
            leftover.quiet();
            self.close_steps(run, turn);
            self.hook_heard(run, turn);
        }
    }

    /// The mark of a step: also after the end, since output comes behind the news of an exit.
    pub(in crate::model) fn mark(&mut self, run: RunId, mark: StepMark, turn: &mut Turn) {
        let Some(last) = self.run_mut(run) else { return };
        let launch = Arc::clone(&last.launch);
        let pace = match last.cause {
            Cause::Itself => Pace::Free,
            Cause::Told => Pace::Told,
        };
        let Some(change) = last.steps.mark(&launch.work, mark, pace, turn.now.mono) else { return };
        self.record_step(run, change, turn);
        if change.last_began {
            self.last_step_began(run, turn);
        }
    }

    /// What is left of its runs and is over is closed.
    pub(in crate::model) fn close_leftovers(&mut self, turn: &mut Turn) {
        if !self.leftovers.iter().any(Leftover::is_over) {
            return;
        }
        let (over, left) = std::mem::take(&mut self.leftovers).into_iter().partition(Leftover::is_over);
        self.leftovers = left;
        for leftover in over {
            self.close(&leftover, turn);
        }
    }

    /// Forgets a run of which nothing is left.
    fn close(&mut self, leftover: &Leftover, turn: &mut Turn) {
        let run = leftover.run;
        turn.runs.close(run);
        turn.push(Effect::Close { run });
        match leftover.origin {
            Origin::Run(_) => {
                self.close_steps(run, turn);
                self.record(Some(run), RecordKind::Closed, turn);
            }
            Origin::Hook(_) => {}
        }
    }

    /// The steps of a run that is over, and whose marks have all been read, are over too.
    pub(in crate::model) fn close_steps(&mut self, run: RunId, turn: &mut Turn) {
        let Some(last) = self.run_mut(run) else { return };
        let launch = Arc::clone(&last.launch);
        let natural = last.exit.filter(|_| last.cause == Cause::Itself);
        if let Some(change) = last.steps.close(&launch.work, natural, turn.now.mono) {
            self.record_step(run, change, turn);
        }
    }

    fn record_step(&self, run: RunId, change: Change, turn: &mut Turn) {
        let work = self.last.as_ref().map(|last| &last.launch.work);
        let name = work.and_then(|work| steps::name(work, change.step)).unwrap_or_default().to_owned();
        self.record(Some(run), RecordKind::Step { name, code: change.code }, turn);
    }

    /// behaviour.md, States: for steps `start-secs` counts from the start of the last step.
    fn last_step_began(&mut self, run: RunId, turn: &Turn) {
        let start_secs = self.job.start_secs;
        if self.last.as_ref().is_some_and(|last| last.life.search.is_open()) {
            return;
        }
        if self.phase.starting().is_some_and(|live| live.run == run) {
            self.phase.set_up_at(Some(turn.now.mono + start_secs));
        }
    }
}
