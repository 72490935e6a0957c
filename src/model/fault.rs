//! What can be wrong with a run, or with its beginning, beyond its end: what follows is judged. Not: the judging (`policy`).

use std::time::Duration;

use crate::model::end::lived;
use crate::model::instance::Instance;
use crate::model::phase::{End, Live, Phase, Reason};
use crate::model::policy::{Career, Reached};
use crate::model::turn::Turn;
use crate::model::{RecordKind, RunId};

/// What is wrong with a run, or with its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// `before` did not succeed.
    Before,
    /// `init` did not succeed.
    Init,
    /// A line matched `ready.fail-log`.
    FailLog,
    /// There is no process to supervise.
    NoPid,
    /// There is none, and a person has to look at it.
    NoPidHold,
    /// It took longer than its `timeout`.
    Overtime,
    /// A health check found it unwell.
    Unhealthy,
}

impl Fault {
    /// In a few words, for a row.
    pub(super) fn note(self) -> &'static str {
        match self {
            Self::Before => "before failed",
            Self::Init => "init failed",
            Self::FailLog => "fail-log",
            Self::NoPid | Self::NoPidHold => "no pid",
            Self::Overtime => "too slow",
            Self::Unhealthy => "unhealthy",
        }
    }
}

impl Instance {
    /// The run must not go on. It is told when its dependants have ended; its end is judged as this fault.
    pub(super) fn fail(&mut self, fault: Fault, why: String, turn: &mut Turn) {
        if self.phase.at_work().is_some() {
            if let Some(last) = &mut self.last {
                last.life.fault = Some(why);
            }
            self.stop(Reason::Fault(fault), turn);
        }
    }

    /// A run that had to end because of a fault has ended.
    pub(super) fn judge_fault(&mut self, fault: Fault, live: Live, turn: &mut Turn) {
        let why = self.last.as_ref().and_then(|last| last.life.fault.clone()).unwrap_or_default();
        let end = End::Faulty { fault, why };
        let lived = lived(live, turn.now.mono);
        let reached = self.run_mut(live.run).map_or(Reached::Start, |last| last.reached);
        match fault {
            Fault::NoPidHold => self.hold(live.run, end, turn),
            Fault::Before | Fault::Init | Fault::FailLog | Fault::NoPid => {
                if reached == Reached::Up {
                    // That it was up for a while does not make a good start of it.
                    self.tally.failed_starts = self.last.as_ref().map_or(0, |last| last.life.failed_starts);
                }
                self.conclude(Some(live.run), Career::Unfit { lived }, end, turn);
            }
            Fault::Overtime => self.conclude(Some(live.run), Career::Overtime { reached, lived }, end, turn),
            Fault::Unhealthy => self.conclude(Some(live.run), Career::Unwell { lived }, end, turn),
        }
    }

    /// Nothing happens until a person starts it.
    fn hold(&mut self, run: RunId, end: End, turn: &mut Turn) {
        let why = crate::model::why::ended(&end);
        self.record(Some(run), RecordKind::Held { why, in_ms: None }, turn);
        self.enter(Phase::Held { until: None, end }, turn.now);
        self.remember_judged(turn);
    }

    /// The run took longer than it may, or a restart is due.
    pub(super) fn tick_span(&mut self, turn: &mut Turn) {
        if self.overtime_at().is_some_and(|at| turn.is_due(at)) {
            let timeout = self.job.timeout.unwrap_or_default();
            self.fail(Fault::Overtime, ran_too_long(timeout), turn);
        }
        if self.restart_at().is_some_and(|at| turn.is_due(at)) {
            self.tally.restarts += 1;
            self.stop(Reason::Every, turn);
        }
    }
}

fn ran_too_long(timeout: Duration) -> String {
    format!("ran longer than {}", crate::model::span::in_words(timeout))
}
