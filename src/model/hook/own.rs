//! The commands that the file names beside a job: `before`, `init`, `after`. Not: running them (`hook`).

use std::sync::Arc;

use crate::config::{self, Launch};
use crate::model::fault::Fault;
use crate::model::instance::Instance;
use crate::model::life::Init;
use crate::model::phase::{End, Live, Phase};
use crate::model::policy::Career;
use crate::model::turn::Turn;
use crate::model::{HookKind, RecordKind, RunId};

use super::{Errand, Outcome, Purpose};

impl Instance {
    /// Its start begins: with its `before`, if there is one.
    pub(in crate::model) fn begin(&mut self, launch: &Arc<Launch>, turn: &mut Turn) {
        match self.job.before.clone() {
            None => self.spawn(launch, turn),
            Some(hook) => {
                let purpose = Purpose::Before(Arc::clone(launch));
                let hook = self.run_own_hook(purpose, &hook, launch, turn);
                self.enter(Phase::Preparing { hook }, turn.now);
            }
        }
    }

    /// It has lived for `start-secs`: it is up, unless its `init` has to succeed first.
    pub(in crate::model) fn settle_in(&mut self, live: Live, turn: &mut Turn) {
        let Some(last) = self.last.as_ref().filter(|last| last.id == live.run) else { return };
        match (self.job.init.clone(), last.life.init) {
            (None, _) | (Some(_), Init::Done) => self.up(live, turn),
            (Some(hook), Init::Before) => {
                let launch = Arc::clone(&last.launch);
                let run = self.run_own_hook(Purpose::Init, &hook, &launch, turn);
                if let Some(last) = &mut self.last {
                    last.life.init = Init::Runs(run);
                }
                self.phase = Phase::Starting { live, up_at: None };
            }
            (Some(_), Init::Runs(_)) => self.phase = Phase::Starting { live, up_at: None },
        }
    }

    /// Its run has ended: `after` runs, unless zap has no time left.
    pub(in crate::model) fn run_after(&mut self, turn: &mut Turn) {
        let Some(hook) = self.job.after.clone() else { return };
        let Some(launch) = self.last.as_ref().map(|last| Arc::clone(&last.launch)) else { return };
        if turn.limit.is_some_and(|limit| turn.is_due(limit)) {
            let what = "was not run, since zap ends".to_owned();
            self.record(None, RecordKind::Hook { kind: HookKind::After, what }, turn);
            return;
        }
        self.run_own_hook(Purpose::After, &hook, &launch, turn);
    }

    fn run_own_hook(
        &mut self,
        purpose: Purpose,
        hook: &config::Hook,
        launch: &Launch,
        turn: &mut Turn,
    ) -> RunId {
        let errand = Errand {
            command: &hook.command,
            line: hook.line.clone(),
            term_at: turn.grace(hook.timeout),
            kill_at: turn.grace(hook.timeout.saturating_add(self.job.stop.timeout)),
            timeout: hook.timeout,
        };
        self.run_hook(purpose, errand, launch, turn)
    }

    pub(super) fn prepared(
        &mut self,
        run: RunId,
        line: &str,
        launch: &Arc<Launch>,
        outcome: &Outcome,
        turn: &mut Turn,
    ) {
        if self.phase != (Phase::Preparing { hook: run }) {
            return;
        }
        if outcome.is_success() {
            self.spawn(launch, turn);
            return;
        }
        let why = format!("its before command `{line}` {}", outcome.in_words());
        let end = End::Faulty { fault: Fault::Before, why };
        self.conclude(None, Career::NotStarted, end, turn);
    }

    pub(super) fn initialised(&mut self, run: RunId, line: &str, outcome: &Outcome, turn: &mut Turn) {
        let awaited = self.last.as_mut().filter(|last| last.life.init == Init::Runs(run));
        let Some(last) = awaited else { return };
        let Some(live) = self.phase.starting() else { return };
        if outcome.is_success() {
            last.life.init = Init::Done;
            self.up(live, turn);
        } else {
            let why = format!("its init command `{line}` {}", outcome.in_words());
            self.fail(Fault::Init, why, turn);
        }
    }
}
