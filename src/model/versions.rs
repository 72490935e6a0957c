//! Which version of a job is in force. Not: what follows when another one is (`calendar`, `changeover`).

use std::sync::Arc;

use crate::config::{Job, Launch};
use crate::model::Wall;

/// The versions of a job, and how far they have come.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Versions {
    own: Option<Arc<Launch>>,
    list: Vec<Version>,
    /// The newest moment at which one was due: a wall clock that is put back takes none out of force.
    mark: Option<Wall>,
}

#[derive(Debug, Clone, PartialEq)]
struct Version {
    at: Wall,
    fake: bool,
    launch: Arc<Launch>,
}

/// What is to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    /// Since when it is due; nothing for the job's own keys.
    pub(super) since: Option<Wall>,
    /// What.
    pub(super) launch: Arc<Launch>,
}

impl Versions {
    /// Reads a job.
    pub(super) fn of(job: &Job) -> Self {
        Self { own: None, list: Vec::new(), mark: None }.reread(job)
    }

    /// The same job, read anew. What is as it was stays the same piece of memory: then it is soon compared.
    pub(super) fn reread(&self, job: &Job) -> Self {
        let known = || self.own.iter().chain(self.list.iter().map(|version| &version.launch));
        let share = |launch: &Launch| {
            let same = known().find(|known| ***known == *launch);
            same.map_or_else(|| Arc::new(launch.clone()), Arc::clone)
        };
        let version = |version: &crate::config::Version| Version {
            at: Wall(version.apply_on.unix_ms),
            fake: version.fake,
            launch: share(&version.launch),
        };
        let list = job.versions.iter().map(version).collect();
        Self { own: job.launch.as_ref().map(share), list, mark: self.mark }
    }

    /// The wall clock shows this.
    pub(super) fn look(&mut self, wall: Wall) {
        let due = self.list.iter().map(|version| version.at).filter(|at| *at <= wall).max();
        self.mark = self.mark.max(due);
    }

    /// What is in force: the newest due version that is not fake, else the job's own keys.
    pub(super) fn in_force(&self) -> Option<Offer> {
        let due = self.list.iter().filter(|version| !version.fake && Some(version.at) <= self.mark);
        match due.max_by_key(|version| version.at) {
            Some(version) => Some(Offer { since: Some(version.at), launch: Arc::clone(&version.launch) }),
            None => self.own.clone().map(|launch| Offer { since: None, launch }),
        }
    }

    /// When the next one comes into force.
    pub(super) fn next(&self) -> Option<Wall> {
        let later = self.list.iter().filter(|version| !version.fake && Some(version.at) > self.mark);
        later.map(|version| version.at).min()
    }
}
