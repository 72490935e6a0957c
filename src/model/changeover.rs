//! How an instance follows the wall clock and the file: windows open and close, versions come into force, launch keys change.
//! Only for what is wanted. Not: what the clock says (`calendar`), nor how the file is read anew (`reload`).

use jiff::civil::DateTime;

use crate::config::{OnChange, Zone};
use crate::model::calendar::Season;
use crate::model::inquiry::Inquiry;
use crate::model::instance::{Instance, Wish};
use crate::model::phase::{Phase, Reason};
use crate::model::policy::Tally;
use crate::model::turn::Turn;
use crate::model::versions::Offer;
use crate::model::window::{self, Opening};
use crate::model::{By, RecordKind, Wall, author};

/// How what an instance was last started with differs from what it should run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    /// Another version is in force.
    Version,
    /// The version is the same, but the file says something else about it.
    Edit,
}

impl Instance {
    /// Follows the clock and the file.
    pub(super) fn follow(&mut self, turn: &mut Turn) {
        self.calendar.look(&self.job, turn.now.wall);
        match self.wish {
            Wish::Up => {
                self.follow_windows(turn);
                self.follow_day(turn);
            }
            Wish::Down => {}
        }
        self.follow_launch(turn);
    }

    /// How what it was last started with differs from what it should run.
    pub(super) fn difference(&self) -> Option<Difference> {
        let (old, new) = (self.offer.as_ref()?, self.calendar.offer()?);
        if old.launch == new.launch {
            None
        } else if old.since == new.since {
            Some(Difference::Edit)
        } else {
            Some(Difference::Version)
        }
    }

    /// Whether it runs something else than the file says, and is left alone.
    pub(super) fn has_pending_change(&self) -> bool {
        let is_pending =
            self.difference() == Some(Difference::Edit) && self.job.on_change == OnChange::Pending;
        is_pending && self.phase.live().is_some()
    }

    /// It is about to be started with this.
    pub(super) fn accept(&mut self, offer: Offer) {
        self.calendar.serve();
        self.inquiry = Inquiry::default();
        self.owed = None;
        self.excused.clear();
        self.offer = Some(offer);
    }

    fn follow_windows(&mut self, turn: &mut Turn) {
        let season = self.calendar.season();
        let may_run = season != Season::Closed && self.calendar.offer().is_some();
        match self.phase {
            Phase::Preparing { .. } | Phase::Starting { .. } | Phase::Running { .. } if !may_run => {
                self.stop(Reason::Closed, turn);
            }
            Phase::Waiting | Phase::Backoff { .. } | Phase::Held { until: Some(_), .. } if !may_run => {
                self.ask_no_more(turn);
                self.enter(Phase::Scheduled, turn.now);
            }
            Phase::Scheduled if may_run => self.let_go_if_due(season, turn),
            // Each window is a new chance.
            Phase::Done { .. } | Phase::Failed { .. } if may_run => {
                if let Some(opening) = self.calendar.fresh() {
                    self.let_go(Some(opening), turn);
                }
            }
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Stopping { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => {}
        }
    }

    /// What serves runs whenever its window is open; what is meant to end once in each.
    fn let_go_if_due(&mut self, season: Season, turn: &mut Turn) {
        match season {
            Season::Always => self.let_go(None, turn),
            Season::Open(opening) if !self.job.one_shot || self.calendar.fresh().is_some() => {
                self.let_go(Some(opening), turn);
            }
            Season::Open(_) | Season::Closed => {}
        }
    }

    fn let_go(&mut self, opening: Option<Opening>, turn: &mut Turn) {
        if let Some(opening) = opening
            && let Some(local) = opening.skipped
            && let Some(zone) = self.job.schedule.get(opening.window).map(|window| window.zone.clone())
        {
            self.record_skipped(local, opening.at, &zone, turn);
        }
        self.calendar.serve();
        self.tally = Tally::default();
        self.author = By::Schedule;
        self.enter(Phase::Waiting, turn.now);
    }

    fn follow_launch(&mut self, turn: &mut Turn) {
        let Some(difference) = self.difference() else { return };
        let reason = match (difference, self.job.on_change) {
            (Difference::Version, _) => Reason::Version,
            (Difference::Edit, OnChange::Restart) => Reason::Changed,
            (Difference::Edit, OnChange::Pending) => return,
        };
        self.achieved = false;
        if self.wish == Wish::Down {
            return;
        }
        match self.phase {
            Phase::Starting { .. } | Phase::Running { .. } => {
                self.tally = Tally::default();
                self.stop(reason, turn);
            }
            // With windows the next one is its next chance.
            Phase::Done { .. } | Phase::Failed { .. } if !self.job.schedule.is_empty() => {}
            Phase::Backoff { .. } | Phase::Held { .. } | Phase::Done { .. } | Phase::Failed { .. } => {
                self.tally = Tally::default();
                self.author = author::of_reason(reason);
                self.enter(Phase::Waiting, turn.now);
                // What a person had to release may have been held outside of its window.
                self.follow_windows(turn);
            }
            // What waits is started with what is in force then.
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Stopping { .. } => {}
        }
    }

    fn follow_day(&mut self, turn: &mut Turn) {
        if self.phase.up().is_none() {
            self.calendar.rest_daily();
            return;
        }
        let Some(due) = self.calendar.take_daily(&self.job, turn.now.wall) else { return };
        if let Some(local) = due.skipped {
            let zone = self.job.zone.clone();
            self.record_skipped(local, due.at, &zone, turn);
        }
        self.stop(Reason::Daily, turn);
    }

    fn record_skipped(&self, local: DateTime, at: Wall, zone: &Zone, turn: &mut Turn) {
        let instead = window::in_words(at, at, zone);
        let what = format!("{} on {} does not exist: {instead} instead", local.time(), local.date());
        self.record(None, RecordKind::Zap { what }, turn);
    }
}
