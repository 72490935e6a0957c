//! How an instance comes down: command or keys, the signal, KILL, and patience with what is left. Not: in which order
//! instances stop (`reconcile`), nor what an end by itself means (`end`).

use std::sync::Arc;
use std::time::Duration;

use crate::model::hook::{Errand, Purpose};
use crate::model::instance::{Cause, Instance, Wish};
use crate::model::leftover::{Care, GIVE_UP_AFTER, Leftover};
use crate::model::phase::{Course, Force, Live, Phase, Reason, Rest};
use crate::model::policy::Tally;
use crate::model::turn::Turn;
use crate::model::{Effect, RecordKind, RunId, Time, author, signal, why};

/// After this, the processes of a run that did not end yet are counted, for the eye.
const COUNT_AFTER: Duration = Duration::from_millis(500);

/// A stop command that succeeded leaves the process this long before the signal follows.
const AFTER_COMMAND: Duration = Duration::from_secs(1);

impl Instance {
    /// A person wants it down. What only waits is down at once.
    pub(super) fn put_down(&mut self, reason: Reason, turn: &mut Turn) {
        self.wish = Wish::Down;
        self.put_down = true;
        if let Some(before) = &mut self.leaving {
            *before = Wish::Down;
        }
        self.tally = Tally::default();
        self.stop(reason, turn);
    }

    /// It must not go on. A run is told when its dependants have ended (`reconcile`).
    pub(super) fn stop(&mut self, reason: Reason, turn: &mut Turn) {
        match self.phase {
            Phase::Starting { live, .. } | Phase::Running { live } => {
                self.author = author::of_reason(reason);
                self.abort_hooks(turn);
                self.silence(turn);
                if let Some(exit) = self.leaderless() {
                    self.end_leaderless(reason, live, exit, turn);
                    return;
                }
                self.enter(Phase::Stopping { reason, course: Course::Held(live) }, turn.now);
            }
            Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => {
                self.author = author::of_reason(reason);
                self.abort_hooks(turn);
                self.clear(reason, turn);
            }
            Phase::Stopping { course, .. } => match reason {
                Reason::Need(_)
                | Reason::Again(_)
                | Reason::Overtime(_)
                | Reason::Every
                | Reason::Fault(_)
                | Reason::Closed
                | Reason::Version
                | Reason::Changed
                | Reason::Removed
                | Reason::Daily => {}
                Reason::Stop | Reason::Kill | Reason::Restart | Reason::Quit => {
                    self.author = author::of_reason(reason);
                    self.phase = Phase::Stopping { reason, course };
                }
            },
            Phase::Stopped(_) => {}
        }
    }

    /// KILL at once, whoever depends on it.
    pub(super) fn kill(&mut self, reason: Reason, turn: &mut Turn) {
        self.put_down(reason, turn);
        for leftover in &mut self.leftovers {
            leftover.kill(turn);
        }
        self.force_live(reason, turn);
    }

    /// KILL at once, since zap ends; what got it already is waited for, not killed again.
    pub(super) fn kill_for_quit(&mut self, turn: &mut Turn) {
        for leftover in &mut self.leftovers {
            match leftover.care {
                Care::Watched | Care::Ending { .. } => leftover.kill(turn),
                Care::Killed { .. } | Care::GivenUp | Care::Spared { .. } => {}
            }
        }
        self.force_live(Reason::Quit, turn);
    }

    fn force_live(&mut self, reason: Reason, turn: &mut Turn) {
        if let Some(live) = self.phase.live() {
            self.force(reason, live, turn);
        }
    }

    /// Begins the stop procedure; of a run that is not born yet, when it is.
    pub(super) fn tell(&mut self, reason: Reason, live: Live, turn: &mut Turn) {
        let course = if live.birth.is_some() {
            let why = why::told(reason, self);
            self.record(Some(live.run), RecordKind::Stopping { why }, turn);
            self.told(live.run);
            self.ask(live, turn)
        } else {
            Course::Unborn { run: live.run, force: Force::Asking }
        };
        self.phase = Phase::Stopping { reason, course };
        self.tick_stop(turn);
    }

    /// KILL; of a run that is not born yet, when it is.
    pub(super) fn force(&mut self, reason: Reason, live: Live, turn: &mut Turn) {
        let course = if live.birth.is_some() {
            if self.last.as_ref().is_some_and(|last| last.cause == Cause::Itself) {
                let why = why::told(reason, self);
                self.record(Some(live.run), RecordKind::Stopping { why }, turn);
            }
            self.told(live.run);
            self.kill_subject(live.run, turn);
            turn.push(Effect::Survey { run: live.run });
            Course::Killed { live, give_up_at: turn.now.mono + GIVE_UP_AFTER }
        } else {
            Course::Unborn { run: live.run, force: Force::Killing }
        };
        self.phase = Phase::Stopping { reason, course };
    }

    /// The next stage of a stop, if it is due.
    pub(super) fn tick_stop(&mut self, turn: &mut Turn) {
        let Phase::Stopping { reason, course } = self.phase else { return };
        match course {
            Course::Asked { live, kill_at, .. } | Course::Signalled { live, kill_at, .. }
                if turn.is_due(kill_at) =>
            {
                self.force(reason, live, turn);
            }
            Course::Asked { live, signal_at, kill_at } if turn.is_due(signal_at) => {
                let course = self.send_signal(live, kill_at, turn);
                self.phase = Phase::Stopping { reason, course };
            }
            Course::Signalled { live, look_at: Some(look_at), kill_at } if turn.is_due(look_at) => {
                turn.push(Effect::Survey { run: live.run });
                let course = Course::Signalled { live, look_at: None, kill_at };
                self.phase = Phase::Stopping { reason, course };
            }
            Course::Killed { live, give_up_at } if turn.is_due(give_up_at) => {
                self.give_up(reason, live, turn);
            }
            Course::Held(_)
            | Course::Unborn { .. }
            | Course::Asked { .. }
            | Course::Signalled { .. }
            | Course::Killed { .. }
            | Course::Clearing => {}
        }
    }

    /// The stop command has ended, or could not be run: what still lives gets the signal soon, or now.
    pub(super) fn stop_command_ended(&mut self, success: bool, turn: &mut Turn) {
        let Phase::Stopping { reason, course } = self.phase else { return };
        match course {
            Course::Asked { live, signal_at, kill_at } => {
                let patience = if success { AFTER_COMMAND } else { Duration::ZERO };
                let signal_at = signal_at.min(turn.now.mono + patience);
                self.phase = Phase::Stopping { reason, course: Course::Asked { live, signal_at, kill_at } };
            }
            Course::Held(_)
            | Course::Unborn { .. }
            | Course::Signalled { .. }
            | Course::Killed { .. }
            | Course::Clearing => {}
        }
    }

    /// Quit has begun, or nears its end: no grace is longer than the limit.
    pub(super) fn shorten(&mut self, limit: Time) {
        let Phase::Stopping { course, .. } = &mut self.phase else { return };
        match course {
            Course::Asked { kill_at, .. } | Course::Signalled { kill_at, .. } => {
                *kill_at = limit.min(*kill_at);
            }
            Course::Held(_) | Course::Unborn { .. } | Course::Killed { .. } | Course::Clearing => {}
        }
    }

    /// Quit has begun: neither is the grace of what is left of its ended runs.
    pub(super) fn shorten_leftovers(&mut self, turn: &Turn) {
        for leftover in &mut self.leftovers {
            leftover.shorten(turn);
        }
    }

    /// Ends what is left of its ended runs.
    pub(super) fn end_leftovers(&mut self, turn: &mut Turn) {
        let grace = self.job.stop.timeout;
        for leftover in &mut self.leftovers {
            leftover.end(grace, turn);
        }
    }

    /// What is left of it is ended first, if there is anything that can be ended.
    fn clear(&mut self, reason: Reason, turn: &mut Turn) {
        self.end_leftovers(turn);
        self.ask_no_more(turn);
        if self.is_clear_or_given_up() {
            self.come_to_rest(if self.last.is_none() { Rest::Fresh } else { Rest::Asked }, turn);
        } else {
            self.enter(Phase::Stopping { reason, course: Course::Clearing }, turn.now);
        }
    }

    /// Nothing of it runs. That is told if somebody wished it: else it only makes room for what comes.
    pub(super) fn come_to_rest(&mut self, rest: Rest, turn: &mut Turn) {
        match self.wish {
            Wish::Down => self.record(None, RecordKind::Stopped, turn),
            Wish::Up => {}
        }
        self.enter(Phase::Stopped(rest), turn.now);
    }

    /// Command or keys, if given; else the signal.
    fn ask(&mut self, live: Live, turn: &mut Turn) -> Course {
        let kill_at = turn.grace(self.job.stop.timeout);
        let signal_at = turn.now.mono + kill_at.since(turn.now.mono) / 2;
        if let Some(keys) = self.job.stop.keys.clone() {
            turn.push(Effect::Write { run: live.run, bytes: keys });
        }
        if let Some(command) = self.job.stop.command.clone() {
            self.spawn_stop_command(&command, signal_at, kill_at, turn);
        }
        if self.job.stop.keys.is_some() || self.job.stop.command.is_some() {
            Course::Asked { live, signal_at, kill_at }
        } else {
            self.send_signal(live, kill_at, turn)
        }
    }

    fn spawn_stop_command(&mut self, command: &[String], nudge_at: Time, kill_at: Time, turn: &mut Turn) {
        let Some(launch) = self.last.as_ref().map(|last| Arc::clone(&last.launch)) else { return };
        let line = command.join(" ");
        let timeout = nudge_at.since(turn.now.mono);
        let errand = Errand { command, line, term_at: nudge_at, kill_at, timeout };
        self.run_hook(Purpose::Stop, errand, &launch, turn);
    }

    fn send_signal(&mut self, live: Live, kill_at: Time, turn: &mut Turn) -> Course {
        let number = self.job.stop.signal;
        self.signal_subject(live.run, number, turn);
        let kill_at = if number == signal::KILL { turn.now.mono } else { kill_at };
        Course::Signalled { live, look_at: Some(turn.now.mono + COUNT_AFTER), kill_at }
    }

    pub(super) fn told(&mut self, run: RunId) {
        if let Some(last) = self.run_mut(run) {
            last.cause = Cause::Told;
        }
    }

    /// Nothing ends it: it is named, and nobody waits for it.
    fn give_up(&mut self, reason: Reason, live: Live, turn: &mut Turn) {
        let count = self.run_mut(live.run).and_then(|last| last.processes).unwrap_or(1).max(1);
        self.record(Some(live.run), RecordKind::Left { count }, turn);
        let terminal = self.terminal_of(live.run);
        self.end_leftovers(turn);
        let reach = self.job.stop.reach;
        self.leftovers.push(Leftover::of_undying(live.run, self.number, terminal, reach, turn));
        self.phase = Phase::Stopping { reason, course: Course::Clearing };
    }
}
