//! `health-check`: whether what is up does its work. Not: the asking (`asking`), nor whether it is ready (`ready`).

use crate::config::OnFail;
use crate::model::RecordKind;
use crate::model::asking::Which;
use crate::model::fault::Fault;
use crate::model::instance::Instance;
use crate::model::probing::{Probing, in_words};
use crate::model::turn::Turn;

/// One health check of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Health {
    /// Its probe.
    pub(super) probing: Probing,
    /// Whether it finds the run unwell, and that was told.
    pub(super) unwell: bool,
}

impl Instance {
    /// It is up: its health is looked after, each check beginning after its `start-period`.
    pub(super) fn watch_health(&mut self, turn: &Turn) {
        let checks = self.job.health.len();
        if let Some(last) = &mut self.last {
            last.life.health = vec![Health::default(); checks];
        }
        for index in 0..checks {
            let from = turn.now.mono + self.job.health[index].start_period;
            self.ask_from(Which::Health(index), from);
        }
    }

    /// The file says something else about `health-check`: all of them begin anew.
    pub(super) fn renew_health(&mut self, turn: &mut Turn) {
        for index in 0..self.last.as_ref().map_or(0, |last| last.life.health.len()) {
            self.silence_one(Which::Health(index), turn);
        }
        if self.phase.up().is_some() {
            self.watch_health(turn);
        }
    }

    /// Whether a health check finds it unwell.
    pub(super) fn is_unwell(&self) -> bool {
        self.first_unwell().is_some()
    }

    /// Why it is unwell: `its health check tcp 127.0.0.1:80: connection refused, 3 times in 20s`.
    pub(super) fn why_unwell(&self) -> Option<String> {
        self.first_unwell().map(|index| self.complaint(index))
    }

    /// What a health check has against it that does not count yet: `its health check tcp db:80: connection refused, 1 of 3 bad
    /// answers`.
    pub(super) fn why_doubtful(&self) -> Option<String> {
        let health = &self.last.as_ref()?.life.health;
        let bad = |index: usize| health.get(index).map_or(0, |health| health.probing.bad);
        let index = (0..self.job.health.len()).find(|index| bad(*index) > 0)?;
        let probe = self.asked_of(Which::Health(index)).map(in_words)?;
        let answer = self.probing(Which::Health(index))?.last.as_ref()?;
        let most = self.job.health[index].max_failed.max(1);
        Some(format!("its health check {probe}: {}, {} of {most} bad answers", answer.text, bad(index)))
    }

    /// A good answer.
    pub(super) fn is_well(&mut self, index: usize, turn: &mut Turn) {
        let Some(last) = &mut self.last else { return };
        let run = last.id;
        let Some(health) = last.life.health.get_mut(index).filter(|health| health.unwell) else { return };
        health.unwell = false;
        self.record(Some(run), RecordKind::Ready, turn);
    }

    /// A bad answer: perhaps the one too many.
    pub(super) fn is_ill(&mut self, index: usize, turn: &mut Turn) {
        let Some(check) = self.job.health.get(index) else { return };
        let (max, on_fail) = (check.max_failed.max(1), check.on_fail);
        let why = self.complaint(index);
        let Some(last) = &mut self.last else { return };
        let run = last.id;
        let Some(health) = last.life.health.get_mut(index) else { return };
        if health.probing.bad < max {
            return;
        }
        match on_fail {
            OnFail::Restart => self.fail(Fault::Unhealthy, why, turn),
            OnFail::Alert if health.unwell => {}
            OnFail::Alert => {
                health.unwell = true;
                self.record(Some(run), RecordKind::Unready { why }, turn);
            }
        }
    }

    fn first_unwell(&self) -> Option<usize> {
        self.phase.up()?;
        self.last.as_ref()?.life.health.iter().position(|health| health.unwell)
    }

    /// What its health check says.
    fn complaint(&self, index: usize) -> String {
        let probe = self.asked_of(Which::Health(index)).map(in_words).unwrap_or_default();
        let last = self.probing(Which::Health(index)).and_then(|probing| probing.last.as_ref());
        let answer = last.map_or_else(String::new, super::probing::Reply::in_words);
        format!("its health check {probe}: {answer}")
    }
}
