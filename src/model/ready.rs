//! `ready`: whether those who need a job may count on it. Not: the asking (`asking`), nor what a job needs (`needs`).

use crate::config::{Ready, Sign};
use crate::model::asking::Which;
use crate::model::fault::Fault;
use crate::model::instance::Instance;
use crate::model::phase::Phase;
use crate::model::probing::{Probing, in_words};
use crate::model::turn::Turn;
use crate::model::{Effect, Meaning, Notice, Now, Pattern, ProbeView, RecordKind, RunId, Time, span};

/// How far the readiness of a run is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Readiness {
    /// Its probe, if the sign is one.
    pub(super) probing: Probing,
    /// When its sign was seen.
    pub(super) seen: Option<Now>,
    /// Whether that takes longer than `ready.timeout`.
    pub(super) overdue: bool,
}

impl Instance {
    /// Whether dependants may count on it: it is up, and its sign was seen if it has one. What is meant to end is also ready when
    /// it is done.
    pub(super) fn is_ready(&self) -> bool {
        match self.phase {
            Phase::Running { .. } => self.sign().is_none() || self.has_shown_sign(),
            Phase::Done { .. } => self.job.one_shot,
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Starting { .. }
            | Phase::Stopping { .. }
            | Phase::Backoff { .. }
            | Phase::Failed { .. } => false,
        }
    }

    /// Why its run is not ready, though it lives: `its probe tcp 127.0.0.1:5432: connection refused, 14 times in 7s`. Nothing if
    /// it is ready, if it has no sign, or if it does not live.
    pub(super) fn why_unready(&self) -> Option<String> {
        if self.phase.at_work().is_none() || self.has_shown_sign() {
            return None;
        }
        let missing = match self.sign()? {
            Sign::Log(regex) => format!("no line matches `{regex}` yet"),
            Sign::Probe(probe) => {
                let last = self.probing(Which::Ready).and_then(|probing| probing.last.as_ref());
                match last {
                    Some(last) => format!("its probe {}: {}", in_words(probe), last.in_words()),
                    None => format!("its probe {} has not answered yet", in_words(probe)),
                }
            }
        };
        let overdue = self.last.as_ref().is_some_and(|last| last.life.ready.overdue);
        let timeout = self.job.ready.as_ref().map(|ready| ready.timeout).filter(|_| overdue);
        Some(match timeout {
            Some(timeout) => {
                format!("{missing}; its ready.timeout of {} has passed", span::in_words(timeout))
            }
            None => missing,
        })
    }

    /// Whether it is up, and its sign takes longer than `ready.timeout`.
    pub(super) fn is_overdue(&self) -> bool {
        self.phase.up().is_some()
            && !self.is_ready()
            && self.last.as_ref().is_some_and(|last| last.life.ready.overdue)
    }

    /// Its output is listened to, before the first byte of it can come.
    pub(super) fn listen(&self, run: RunId, turn: &mut Turn) {
        let patterns = self.patterns();
        if !patterns.is_empty() {
            turn.push(Effect::Listen { run, patterns });
        }
    }

    /// It is born: its probe is asked.
    pub(super) fn watch_for_sign(&mut self, turn: &Turn) {
        if self.asked_of(Which::Ready).is_some() {
            self.ask_from(Which::Ready, turn.now.mono);
        }
    }

    /// Something was seen in its output.
    pub(super) fn noticed(&mut self, run: RunId, notice: Notice, turn: &mut Turn) {
        if self.phase.live().is_none_or(|live| live.run != run) {
            return;
        }
        match notice {
            Notice::Ready => self.sign_seen(turn),
            Notice::Fail { line } if !self.is_ready() => {
                self.fail(Fault::FailLog, format!("printed `{line}` before it was ready"), turn);
            }
            Notice::Fail { .. } => {}
        }
    }

    /// Its sign was seen: it is ready, or will be when it is up.
    pub(super) fn sign_seen(&mut self, turn: &mut Turn) {
        let Some(last) = self.last.as_mut().filter(|last| last.life.ready.seen.is_none()) else { return };
        last.life.ready.seen = Some(turn.now);
        last.life.ready.probing.course = crate::model::probing::Course::Idle;
        self.tell_ready(turn);
    }

    /// It may have become ready now.
    pub(super) fn tell_ready(&mut self, turn: &mut Turn) {
        if self.sign().is_some() && self.is_ready() {
            let run = self.last.as_ref().map(|last| last.id);
            self.record(run, RecordKind::Ready, turn);
        }
    }

    /// The file says something else about `ready`. What was ready stays so, and a sign that is still the same one stays seen; else
    /// it is looked for anew.
    pub(super) fn renew_ready(&mut self, old: Option<&Ready>, was_ready: bool, turn: &mut Turn) {
        let Some(live) = self.phase.live() else { return };
        self.silence_one(Which::Ready, turn);
        let is_same = old.and_then(|old| old.sign.as_ref()) == self.sign();
        if let Some(last) = &mut self.last {
            let ready = &mut last.life.ready;
            *ready =
                if is_same { Readiness { overdue: false, ..ready.clone() } } else { Readiness::default() };
            if was_ready {
                ready.seen = ready.seen.or(Some(turn.now));
            }
        }
        turn.push(Effect::Listen { run: live.run, patterns: self.patterns() });
        if !self.has_shown_sign() && live.birth.is_some() {
            self.watch_for_sign(turn);
        }
    }

    /// When the reason says that its sign takes long: counted from birth.
    pub(super) fn overdue_at(&self) -> Option<Time> {
        let ready = self.job.ready.as_ref()?;
        let readiness = &self.last.as_ref()?.life.ready;
        if readiness.overdue || readiness.seen.is_some() || ready.sign.is_none() {
            return None;
        }
        Some(self.phase.at_work()?.birth?.at + ready.timeout)
    }

    /// Says so when its sign takes long.
    pub(super) fn tick_ready(&mut self, turn: &Turn) {
        if self.overdue_at().is_some_and(|at| turn.is_due(at))
            && let Some(last) = &mut self.last
        {
            last.life.ready.overdue = true;
        }
    }

    /// A line of output that is waited for, as one of the probes.
    pub(super) fn listening_view(&self) -> Option<ProbeView> {
        let Some(Sign::Log(regex)) = self.sign() else { return None };
        let seen = self.last.as_ref().and_then(|last| last.life.ready.seen);
        Some(ProbeView {
            key: "ready".to_owned(),
            what: format!("a line that matches `{regex}`"),
            last: seen.map(|_| "seen".to_owned()),
            good: seen.map(|_| true),
            at: seen.map(|seen| seen.wall),
            times: u32::from(seen.is_some()),
        })
    }

    fn sign(&self) -> Option<&Sign> {
        self.job.ready.as_ref()?.sign.as_ref()
    }

    fn has_shown_sign(&self) -> bool {
        self.last.as_ref().is_some_and(|last| last.life.ready.seen.is_some())
    }

    fn patterns(&self) -> Vec<Pattern> {
        let Some(ready) = &self.job.ready else { return Vec::new() };
        let sign = match &ready.sign {
            Some(Sign::Log(regex)) => Some(Pattern { regex: regex.clone(), meaning: Meaning::Ready }),
            Some(Sign::Probe(_)) | None => None,
        };
        let fail = ready.fail_log.clone().map(|regex| Pattern { regex, meaning: Meaning::Fail });
        sign.into_iter().chain(fail).collect()
    }
}
