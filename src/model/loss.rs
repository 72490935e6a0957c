//! A need that is lost, and needs that the file changes while somebody is up. Not: whether a need is met (`needs`).

use crate::config::{self, OnLoss};
use crate::model::instance::Instance;
use crate::model::needs::Need;
use crate::model::phase::{Phase, Reason};
use crate::model::turn::Turn;

impl Instance {
    /// These needs are not met although it was started. One that a reload brought, and that was never met since, is not lost:
    /// `depends-on` says who starts before whom, and an edit of it stops nobody that runs.
    pub(super) fn lose<'a>(&mut self, unmet: impl Iterator<Item = &'a Need> + Clone, turn: &mut Turn) {
        self.excused.retain(|entry| unmet.clone().any(|need| need.entry == *entry));
        let mut owed = None;
        for need in unmet {
            if self.excused.contains(&need.entry) {
                continue;
            }
            match need.on_loss {
                OnLoss::Stop => {
                    self.stop(Reason::Need(need.entry), turn);
                    return;
                }
                OnLoss::Ignore => {}
                OnLoss::Restart => owed = owed.or(Some(need.entry)),
            }
        }
        match (owed, self.owed) {
            (Some(_), _) => self.owed = self.owed.or(owed),
            (None, Some(entry)) => {
                self.owed = None;
                self.stop(Reason::Again(entry), turn);
            }
            (None, None) => {}
        }
    }

    /// The file says something else about its needs: what was said of one by its place in the list is said of its new place.
    pub(super) fn renew_needs(&mut self, old: &[config::Need], turn: &mut Turn) {
        self.ask_no_more(turn);
        let new = &self.job.needs;
        let place =
            |entry: usize| new.iter().position(|need| old.get(entry).is_some_and(|old| is_same(old, need)));
        let restarts = |entry: &usize| match new.get(*entry) {
            Some(config::Need::Job { on_loss, .. }) => *on_loss == OnLoss::Restart,
            Some(config::Need::Command { .. }) | None => false,
        };
        self.owed = self.owed.and_then(place).filter(restarts);
        let is_new = |need: &config::Need| !old.iter().any(|old| is_same(old, need));
        let excused = std::mem::take(&mut self.excused).into_iter().filter_map(place);
        self.excused = excused.chain((0..new.len()).filter(|&entry| is_new(&new[entry]))).collect();
        if let Phase::Stopping { reason, .. } = &mut self.phase {
            // What the file no longer names was what the stop was about.
            *reason = match *reason {
                Reason::Need(entry) => place(entry).map_or(Reason::Changed, Reason::Need),
                Reason::Again(entry) => place(entry).map_or(Reason::Changed, Reason::Again),
                other => other,
            };
        }
    }
}

/// Whether it is the same need, whatever follows when it is lost.
fn is_same(one: &config::Need, other: &config::Need) -> bool {
    match (one, other) {
        (
            config::Need::Job { system, job, until, on_loss: _ },
            config::Need::Job { system: other_system, job: other_job, until: other_until, on_loss: _ },
        ) => (system, job, until) == (other_system, other_job, other_until),
        (config::Need::Command { command, .. }, config::Need::Command { command: other, .. }) => {
            command == other
        }
        (config::Need::Job { .. }, config::Need::Command { .. })
        | (config::Need::Command { .. }, config::Need::Job { .. }) => false,
    }
}
