//! What happens when a run ends, or does not begin. Not: what its end means (`policy`).

use std::sync::Arc;
use std::time::Duration;

use crate::model::instance::{Cause, Instance, Wish};
use crate::model::leftover::{Care, Leftover, NUDGE_AFTER, Origin, Terminal};
use crate::model::phase::{Course, End, Live, Phase, Reason};
use crate::model::policy::{Career, Reached, Verdict, is_expected, judge};
use crate::model::turn::Turn;
use crate::model::{By, Exit, RecordKind, RunId, SpawnError, Time, steps, why};

impl Instance {
    /// The leader of a run was reaped.
    pub(super) fn exited(&mut self, run: RunId, exit: Exit, turn: &mut Turn) {
        if let Some(leftover) = self.leftover_mut(run) {
            let origin = leftover.origin;
            leftover.reaped(turn);
            match origin {
                Origin::Hook(_) => self.hook_exited(run, exit, turn),
                Origin::Run(_) => self.note_end(run, exit, turn),
            }
            return;
        }
        let Some(live) = self.phase.live().filter(|live| live.run == run) else { return };
        if self.leaderless().is_some()
            || self.launcher_ended(live, exit, turn)
            || self.ask_exit_code(live, exit, turn)
        {
            return;
        }
        self.run_ended(live, exit, turn);
    }

    /// The process that a run is supervised by has ended.
    pub(super) fn run_ended(&mut self, live: Live, exit: Exit, turn: &mut Turn) {
        if self.is_up_by_now(turn) {
            self.up(live, turn);
        }
        self.note_end(live.run, exit, turn);
        match self.phase {
            Phase::Starting { .. } => self.ended_early(live, exit, turn),
            Phase::Running { .. } => self.ended_up(live, exit, turn),
            Phase::Stopping { reason, course } => self.ended_stopping(reason, course, exit, turn),
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => {}
        }
    }

    /// Whether it has lived long enough, and only the news of that has not come before the news of its end.
    fn is_up_by_now(&self, turn: &Turn) -> bool {
        match self.phase {
            Phase::Starting { up_at, .. } => {
                self.job.init.is_none() && up_at.is_some_and(|up_at| turn.is_due(up_at))
            }
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Running { .. }
            | Phase::Stopping { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => false,
        }
    }

    /// The process of a run could not be made.
    pub(super) fn spawn_failed(&mut self, run: RunId, error: SpawnError, turn: &mut Turn) {
        if self.leftover_mut(run).is_some() {
            self.hook_not_spawned(run, error, turn);
            return;
        }
        if self.phase.live() != Some(Live { run, birth: None }) {
            return;
        }
        turn.runs.close(run);
        let why = why::not_started(error);
        self.record(Some(run), RecordKind::NotStarted { why: why.clone() }, turn);
        if let Some(last) = self.run_mut(run) {
            last.ended = Some(turn.now);
        }
        match self.phase {
            Phase::Starting { .. } => {
                self.conclude(Some(run), Career::NotStarted, End::NotStarted(why), turn);
            }
            Phase::Stopping { reason, .. } => {
                self.phase = Phase::Stopping { reason, course: Course::Clearing };
            }
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

    pub(super) fn note_end(&mut self, run: RunId, exit: Exit, turn: &mut Turn) {
        let expected_code = is_expected(&self.job, exit);
        let Some(last) = self.run_mut(run) else { return };
        last.pid = None;
        last.ended = Some(turn.now);
        last.exit = Some(exit);
        let told = last.cause == Cause::Told && !expected_code;
        self.record(Some(run), RecordKind::Exited { exit, expected: expected_code || told, told }, turn);
    }

    fn ended_early(&mut self, live: Live, exit: Exit, turn: &mut Turn) {
        let lived = lived(live, turn.now.mono);
        self.leave(live.run, Care::Watched, turn);
        self.conclude(Some(live.run), Career::Early { exit, lived }, End::Exited { exit, lived }, turn);
    }

    fn ended_up(&mut self, live: Live, exit: Exit, turn: &mut Turn) {
        let lived = lived(live, turn.now.mono);
        self.leave(live.run, Care::Watched, turn);
        self.conclude(Some(live.run), Career::Up { exit, lived }, End::Exited { exit, lived }, turn);
    }

    /// As wished, or by itself before it was told: in both cases what is left of it must end.
    pub(super) fn ended_stopping(&mut self, reason: Reason, course: Course, exit: Exit, turn: &mut Turn) {
        let Some(live) = course.live() else { return };
        let nudge_at = Some(turn.now.mono + NUDGE_AFTER);
        let care = match course {
            Course::Asked { kill_at, .. } | Course::Signalled { kill_at, .. } => {
                Care::Ending { nudge_at, kill_at }
            }
            Course::Killed { give_up_at, .. } => Care::Killed { give_up_at },
            Course::Held(_) | Course::Unborn { .. } | Course::Clearing => {
                self.achieved |= is_expected(&self.job, exit);
                Care::Ending { nudge_at, kill_at: turn.grace(self.job.stop.timeout) }
            }
        };
        self.leave(live.run, care, turn);
        self.end_leftovers(turn);
        self.phase = Phase::Stopping { reason, course: Course::Clearing };
        match (reason, self.wish) {
            (Reason::Overtime(step), Wish::Up) => self.judge_overtime(step, live, turn),
            (Reason::Fault(fault), Wish::Up) => self.judge_fault(fault, live, turn),
            (
                Reason::Stop
                | Reason::Kill
                | Reason::Restart
                | Reason::Need(_)
                | Reason::Again(_)
                | Reason::Overtime(_)
                | Reason::Closed
                | Reason::Version
                | Reason::Changed
                | Reason::Removed
                | Reason::Daily
                | Reason::Every
                | Reason::Fault(_)
                | Reason::Quit,
                _,
            ) => self.remember_told(reason, exit, live, turn),
        }
    }

    fn judge_overtime(&mut self, step: usize, live: Live, turn: &mut Turn) {
        let Some(launch) = self.last.as_ref().map(|last| Arc::clone(&last.launch)) else { return };
        let timeout = steps::timeout(&launch.work, step).unwrap_or_default();
        let step = steps::name(&launch.work, step).unwrap_or_default().to_owned();
        let reached = self.run_mut(live.run).map_or(Reached::Start, |last| last.reached);
        let career = Career::Overtime { reached, lived: lived(live, turn.now.mono) };
        self.conclude(Some(live.run), career, End::Overtime { step, timeout }, turn);
    }

    /// Its leader has ended: what is left of it is cared for apart.
    fn leave(&mut self, run: RunId, care: Care, turn: &mut Turn) {
        let terminal = self.terminal_of(run);
        if terminal == Terminal::Drained {
            self.close_steps(run, turn);
        }
        self.leftovers.push(Leftover::of_run(run, self.number, terminal, care, self.job.stop.reach, turn));
        self.abort_hooks(turn);
        self.silence(turn);
        self.kill_stray_container(turn);
        self.run_after(turn);
    }

    /// Its terminal may have reached the end before its leader did.
    pub(super) fn terminal_of(&mut self, run: RunId) -> Terminal {
        let drained = self.run_mut(run).is_some_and(|last| last.drained);
        if drained { Terminal::Drained } else { Terminal::Open }
    }

    /// An end that nobody asked for.
    pub(super) fn conclude(&mut self, run: Option<RunId>, career: Career, end: End, turn: &mut Turn) {
        let job = Arc::clone(&self.job);
        self.author = By::Policy;
        match judge(&job, career, &mut self.tally) {
            Verdict::Done => {
                self.achieved = true;
                self.record(run, RecordKind::Done, turn);
                self.enter(Phase::Done { end }, turn.now);
            }
            Verdict::Failed => {
                let attempts = self.tally.failed_starts;
                let why = why::failed(&end, attempts);
                self.record(run, RecordKind::Failed { why }, turn);
                self.enter(Phase::Failed { end, attempts }, turn.now);
            }
            Verdict::Retry { pause } => self.back_off(run, pause, end, Some(self.tally.failed_starts), turn),
            Verdict::Again { pause } => self.back_off(run, pause, end, None, turn),
        }
        self.remember_judged(turn);
    }

    /// A pause, and another start; a longer one if it started too often by itself.
    fn back_off(
        &mut self,
        run: Option<RunId>,
        pause: Duration,
        end: End,
        retry: Option<u32>,
        turn: &mut Turn,
    ) {
        debug_assert_eq!(self.wish, Wish::Up, "what is not wanted is stopping");
        let until = turn.now.mono + pause;
        let limit = self.job.max_runs.filter(|_| self.start_counts(retry, turn.now.mono));
        if let Some(limit) = limit
            && let Some(until) = self.tally.guard.admit(limit, until)
        {
            let (why, in_ms) = (why::too_often(limit), millis(until.since(turn.now.mono)));
            self.record(run, RecordKind::Held { why, in_ms: Some(in_ms) }, turn);
            self.enter(Phase::Held { until: Some(until), end }, turn.now);
            return;
        }
        self.record(run, RecordKind::Retry { attempt: retry, in_ms: millis(pause) }, turn);
        self.enter(Phase::Backoff { until, end, retry }, turn.now);
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// How long a run has lived, up to now.
pub(super) fn lived(live: Live, now: Time) -> Duration {
    live.birth.map_or(Duration::ZERO, |birth| now.since(birth.at))
}
