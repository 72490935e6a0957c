//! How an instance comes up: a person's start, the birth of a run, up. Not: when it may (`reconcile`).

use crate::model::instance::{Instance, Wish};
use crate::model::phase::{Birth, Course, Force, Live, Phase, Reason};
use crate::model::policy::{Reached, Tally};
use crate::model::turn::Turn;
use crate::model::{By, Now, RecordKind, RunId};

impl Instance {
    /// Somebody wants it: whatever it rested from is forgotten. What runs goes on.
    pub(super) fn start(&mut self, turn: &mut Turn) {
        self.wish = Wish::Up;
        self.put_down = false;
        self.calendar.forget();
        self.author = By::User;
        match self.phase {
            Phase::Stopped(_)
            | Phase::Held { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => {
                self.tally = Tally::default();
                self.kill_given_up(turn);
                self.enter(Phase::Waiting, turn.now);
            }
            Phase::Waiting | Phase::Scheduled => {
                self.tally = Tally::default();
                self.kill_given_up(turn);
            }
            Phase::Stopping { reason, course } => {
                self.tally = Tally::default();
                self.phase = Phase::Stopping { reason: wished_again(reason), course };
            }
            Phase::Preparing { .. } | Phase::Starting { .. } | Phase::Running { .. } => {}
        }
    }

    /// Somebody wants it anew. A run that is not born yet is new enough.
    pub(super) fn restart(&mut self, turn: &mut Turn) {
        self.start(turn);
        if self.phase.at_work().is_some_and(|live| live.birth.is_some()) {
            self.tally = Tally::default();
            self.stop(Reason::Restart, turn);
        }
    }

    /// The process of its run exists.
    pub(super) fn spawned(&mut self, run: RunId, pid: i32, turn: &mut Turn) {
        if let Some(leftover) = self.leftover_mut(run) {
            leftover.born(turn);
            return;
        }
        if self.phase.live() != Some(Live { run, birth: None }) {
            return;
        }
        let live = Live { run, birth: Some(Birth { pid, at: turn.now.mono }) };
        self.record(Some(run), RecordKind::Started { pid }, turn);
        let is_begun = self.begin_run(live, pid, turn.now);
        let is_known = self.last.as_ref().is_none_or(|last| !last.life.search.is_open());
        let up_at = (is_begun && is_known).then(|| turn.now.mono + self.job.start_secs);
        match self.phase {
            Phase::Starting { .. } => {
                self.phase = Phase::Starting { live, up_at };
                self.search(run, turn);
                self.watch_for_sign(turn);
            }
            Phase::Stopping { reason, course } => self.born_to_stop(reason, course, live, turn),
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Running { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => {}
        }
    }

    /// It has lived for `start-secs`, and its `init` succeeded.
    pub(super) fn up(&mut self, live: Live, turn: &mut Turn) {
        let failed_starts = self.tally.failed_starts;
        if !self.job.one_shot {
            self.tally.failed_starts = 0;
        }
        if let Some(last) = self.run_mut(live.run) {
            last.life.failed_starts = failed_starts;
            last.reached = Reached::Up;
            last.life.up = Some(turn.now.mono);
        }
        self.record(Some(live.run), RecordKind::Up, turn);
        self.enter(Phase::Running { live }, turn.now);
        self.tell_ready(turn);
        self.watch_health(turn);
    }

    /// Notes the birth; tells whether `start-secs` counts from now.
    fn begin_run(&mut self, live: Live, pid: i32, now: Now) -> bool {
        let Some(last) = self.run_mut(live.run) else { return true };
        last.pid = Some(pid);
        last.started = now;
        let only_session = last.steps.born(now.mono);
        // A mark may have overtaken the birth: then its last step has begun.
        last.steps.is_empty() || only_session || last.steps.last_has_begun()
    }

    fn born_to_stop(&mut self, reason: Reason, course: Course, live: Live, turn: &mut Turn) {
        match course {
            Course::Held(_) => self.phase = Phase::Stopping { reason, course: Course::Held(live) },
            Course::Unborn { force: Force::Asking, .. } => self.tell(reason, live, turn),
            Course::Unborn { force: Force::Killing, .. } => self.force(reason, live, turn),
            Course::Asked { .. } | Course::Signalled { .. } | Course::Killed { .. } | Course::Clearing => {}
        }
    }

    fn kill_given_up(&mut self, turn: &mut Turn) {
        for leftover in self.leftovers.iter_mut().filter(|leftover| leftover.is_given_up()) {
            leftover.kill(turn);
        }
    }
}

/// A person's wish is not judged as an end by itself.
fn wished_again(reason: Reason) -> Reason {
    match reason {
        Reason::Overtime(_) | Reason::Fault(_) | Reason::Every => Reason::Restart,
        Reason::Stop
        | Reason::Kill
        | Reason::Restart
        | Reason::Need(_)
        | Reason::Again(_)
        | Reason::Closed
        | Reason::Version
        | Reason::Changed
        | Reason::Removed
        | Reason::Daily
        | Reason::Quit => reason,
    }
}
