//! What a reload would do, told before it happens: plain serde data, made by `Supervisor::forecast`.

use serde::{Deserialize, Serialize};

/// What a reload would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Forecast {
    /// The keys of `[zap]` that differ.
    pub settings: Vec<String>,
    /// What differs about the systems beside their jobs, a line each: `dev: title, jobs in another order`.
    pub systems: Vec<String>,
    /// The jobs that differ: in the order of the new file, then those that are gone, then those that are only affected.
    pub changes: Vec<Change>,
    /// How many jobs are left as they are.
    pub kept: u32,
}

impl Forecast {
    /// Whether nothing changes for the jobs.
    pub fn is_empty(&self) -> bool {
        let Self { settings, systems, changes, kept: _ } = self;
        settings.is_empty() && systems.is_empty() && changes.is_empty()
    }

    /// How many jobs differ in each way, with the word for it; only ways that there are.
    pub fn counts(&self) -> impl Iterator<Item = (usize, &'static str)> {
        const WAYS: [(ChangeKind, &str); 4] = [
            (ChangeKind::Added, "added"),
            (ChangeKind::Removed, "removed"),
            (ChangeKind::Changed, "changed"),
            (ChangeKind::Affected, "affected"),
        ];
        let count = |kind| self.changes.iter().filter(|change| change.kind == kind).count();
        WAYS.into_iter().map(move |(kind, word)| (count(kind), word)).filter(|(count, _)| *count > 0)
    }
}

/// What becomes of one job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// `dev/web`.
    pub address: String,
    /// What differs.
    pub kind: ChangeKind,
    /// The keys that differ, as the file has them; empty unless it is `Changed`.
    pub keys: Vec<String>,
    /// What follows, in words: `restarts`, `goes on (pending)`, `starts`, `stops`, `2 more instances`.
    pub deed: String,
}

/// What differs about a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Some of its keys differ.
    Changed,
    /// Its keys are the same, but what it needs changes.
    Affected,
}
