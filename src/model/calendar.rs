//! What the wall clock says about an instance: its windows, its versions, its times of the day. Not: how windows are read
//! (`window`), nor what follows (`changeover`).

use crate::config::Job;
use crate::model::versions::{Offer, Versions};
use crate::model::window::{self, Daily, Joints, Opening, Outlook};
use crate::model::{NextKind, Wall};

/// What the wall clock says about an instance. Looks are kept as long as they hold, since they cost more than a step may take.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Calendar {
    versions: Versions,
    outlook: Option<Outlook>,
    /// When the newest window opened in which it was let go: none is repeated.
    served: Option<Wall>,
    daily: Option<Round>,
    /// The newest of its times of the day that was taken: none is repeated.
    taken: Option<Wall>,
}

/// A time of the day that comes round, seen from a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Round {
    seen_from: Wall,
    next: Daily,
}

/// Whether an instance may run now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    /// It may, at any time.
    Always,
    /// It may, since this window is open.
    Open(Opening),
    /// It may not.
    Closed,
}

impl Calendar {
    /// Nothing was looked at yet.
    pub(super) fn of(job: &Job) -> Self {
        Self { versions: Versions::of(job), outlook: None, served: None, daily: None, taken: None }
    }

    /// The same job, read anew.
    pub(super) fn reread(&mut self, job: &Job) {
        self.versions = self.versions.reread(job);
        self.outlook = None;
        self.daily = None;
    }

    /// The wall clock shows this.
    pub(super) fn look(&mut self, job: &Job, wall: Wall) {
        self.versions.look(wall);
        if job.schedule.is_empty() {
            self.outlook = None;
            return;
        }
        let at = self.high(job, wall);
        if self.outlook.is_none_or(|outlook| at < outlook.from || outlook.until <= at) {
            self.outlook = Some(window::look(&job.schedule, at, joints(job)));
        }
    }

    /// A one-shot job does not see the clock put back before the window it was let go in: that would be repeated.
    fn high(&self, job: &Job, wall: Wall) -> Wall {
        if job.one_shot { self.served.map_or(wall, |served| wall.max(served)) } else { wall }
    }

    /// What is to be run.
    pub(super) fn offer(&self) -> Option<Offer> {
        self.versions.in_force()
    }

    /// Whether it may run now.
    pub(super) fn season(&self) -> Season {
        match self.outlook {
            None => Season::Always,
            Some(Outlook { open: Some(opening), .. }) => Season::Open(opening),
            Some(Outlook { open: None, .. }) => Season::Closed,
        }
    }

    /// The window that is open, if it was not let go in it yet.
    pub(super) fn fresh(&self) -> Option<Opening> {
        match self.season() {
            Season::Open(opening) => Some(opening).filter(|opening| Some(opening.at) > self.served),
            Season::Always | Season::Closed => None,
        }
    }

    /// It is let go.
    pub(super) fn serve(&mut self) {
        match self.season() {
            Season::Open(opening) => self.served = self.served.max(Some(opening.at)),
            Season::Always | Season::Closed => {}
        }
    }

    /// A person wants it, whatever happened in this window before.
    pub(super) fn forget(&mut self) {
        self.served = None;
    }

    /// What opens next.
    pub(super) fn opens(&self) -> Option<Opening> {
        self.outlook.and_then(|outlook| outlook.next)
    }

    /// When the window that is open closes.
    pub(super) fn closes(&self) -> Option<Wall> {
        self.outlook.and_then(|outlook| outlook.closes)
    }

    /// When another version comes into force.
    pub(super) fn next_version(&self) -> Option<Wall> {
        self.versions.next()
    }

    /// The time of the day that comes round next, while it runs.
    pub(super) fn next_daily(&self) -> Option<Wall> {
        self.daily.map(|round| round.next.at)
    }

    /// It runs: looks when it is restarted by the time of the day. What is due is taken, and returned.
    pub(super) fn take_daily(&mut self, job: &Job, wall: Wall) -> Option<Daily> {
        if job.restart_at.is_empty() {
            self.daily = None;
            return None;
        }
        let round = self.daily.filter(|round| round.seen_from <= wall);
        let due = round.map(|round| round.next).filter(|next| next.at <= wall);
        if due.is_some() {
            // What else was missed is not made up for.
            self.taken = self.taken.max(Some(wall));
            self.daily = None;
        } else if round.is_none() {
            let after = self.taken.map_or(wall, |taken| taken.max(wall));
            self.daily = window::next_daily(&job.restart_at, &job.zone, after)
                .map(|next| Round { seen_from: wall, next });
        }
        due
    }

    /// It does not run.
    pub(super) fn rest_daily(&mut self) {
        self.daily = None;
    }

    /// When something changes that the wall clock says.
    pub(super) fn deadline(&self) -> Option<Wall> {
        let bound = self.outlook.map(|outlook| outlook.until);
        bound.into_iter().chain(self.next_version()).chain(self.next_daily()).min()
    }

    /// What comes next for what runs, and when.
    pub(super) fn next_while_running(&self) -> Option<(Wall, NextKind)> {
        let close = self.closes().map(|at| (at, NextKind::Close));
        let version = self.next_version().map(|at| (at, NextKind::Version));
        let daily = self.next_daily().map(|at| (at, NextKind::Restart));
        close.into_iter().chain(version).chain(daily).min_by_key(|(at, _)| *at)
    }
}

fn joints(job: &Job) -> Joints {
    if job.one_shot { Joints::Apart } else { Joints::Joined }
}
