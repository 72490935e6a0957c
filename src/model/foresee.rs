//! What a reload would do, told before it happens. Not: doing it (`reload`), nor the words' types (`forecast`).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::config::{self, Fate, Job, JobChange, KeyChange, Plan, System};
use crate::model::instance::Instance;
use crate::model::phase::{Phase, Reason};
use crate::model::reload::will_be_wanted;
use crate::model::turn::{Runs, Turn};
use crate::model::{Change, ChangeKind, Forecast, Now, Supervisor};

/// The instances of a job that the file has now.
type Known<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a Instance>>;

impl Supervisor {
    /// What a reload of this plan would do. Changes nothing.
    #[must_use]
    pub fn forecast(&self, now: Now, plan: &Plan) -> Forecast {
        let mut known = Known::new();
        for one in self.instances.iter().filter(|one| one.leaving.is_none()) {
            known.entry((&one.system, &one.job.name)).or_default().push(one);
        }
        let wanted = self.wanted_systems();
        let asked: BTreeMap<(&str, &str), (&System, &Job)> = plan
            .systems
            .iter()
            .flat_map(|system| system.jobs.iter().map(move |job| (system, job)))
            .map(|(system, job)| ((system.name.as_str(), job.name.as_str()), (system, job)))
            .collect();
        let diff = config::diff(&self.plan, plan);
        let told = |JobChange { system, job, fate }: &JobChange| {
            let known = known.get(&(system.as_str(), job.as_str())).map_or(&[][..], Vec::as_slice);
            let asked = asked.get(&(system.as_str(), job.as_str()));
            let is_started =
                wanted.contains(system.as_str()) || asked.is_some_and(|(asked, _)| asked.autostart);
            let asked_job = asked.map(|(_, job)| *job);
            let (kind, keys, deed) = match (fate, asked_job) {
                (Fate::Changed(keys), Some(job)) => {
                    (ChangeKind::Changed, names(keys), self.change(now, known, job))
                }
                (Fate::Added | Fate::Changed(_), job) => {
                    let deed =
                        job.map_or_else(String::new, |job| come(job, will_be_wanted(job, is_started, [])));
                    (ChangeKind::Added, Vec::new(), deed)
                }
                (Fate::Removed, _) => (ChangeKind::Removed, Vec::new(), go(known)),
            };
            Change { address: format!("{system}/{job}"), kind, keys, deed }
        };
        Forecast {
            settings: diff.settings.iter().map(|key| (*key).to_owned()).collect(),
            changes: diff.jobs.iter().map(told).collect(),
            kept: diff.kept,
        }
    }

    /// What becomes of the instances of a job that has changed.
    fn change(&self, now: Now, known: &[&Instance], job: &Job) -> String {
        let job = Arc::new(job.clone());
        let staying = known.iter().filter(|one| one.ordinal <= job.numprocs);
        let mut deeds: Vec<String> = Vec::new();
        for one in staying {
            let deed = self.fate(now, one, &job);
            if !deeds.contains(&deed) {
                deeds.push(deed);
            }
        }
        let before = u32::try_from(known.len()).unwrap_or(u32::MAX);
        if job.numprocs > before {
            deeds.push(counted(job.numprocs - before, "more"));
        } else if job.numprocs < before {
            deeds.push(counted(before - job.numprocs, "fewer"));
        }
        deeds.join(", ")
    }

    /// What becomes of an instance that stays: by trying it on a copy.
    fn fate(&self, now: Now, one: &Instance, job: &Arc<Job>) -> String {
        let mut turn = Turn {
            now,
            effects: Vec::new(),
            runs: Runs::default(),
            limit: None,
            ground: Arc::clone(&self.ground),
        };
        let mut copy = one.clone();
        copy.reread(job, &mut turn);
        copy.follow(&mut turn);
        let was_live = one.phase.live().is_some();
        let fate = match &copy.phase {
            Phase::Stopping { reason: Reason::Version | Reason::Changed, .. } if was_live => "restarts",
            Phase::Stopping { reason: Reason::Closed, .. } if was_live => "stops until its window opens",
            Phase::Waiting if one.phase != Phase::Waiting => "starts",
            Phase::Scheduled if one.phase != Phase::Scheduled => "waits for its window",
            Phase::Starting { .. } | Phase::Running { .. } if copy.has_pending_change() => {
                "goes on (pending)"
            }
            Phase::Starting { .. } | Phase::Running { .. } => "goes on",
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Stopping { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => "stays as it is",
        };
        fate.to_owned()
    }
}

/// `1 added, 2 changed, mouse changed, 197 jobs kept`.
impl fmt::Display for Forecast {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |kind| self.changes.iter().filter(|change| change.kind == kind).count();
        let parts = [
            (count(ChangeKind::Added), "added"),
            (count(ChangeKind::Removed), "removed"),
            (count(ChangeKind::Changed), "changed"),
        ];
        for (count, word) in parts.into_iter().filter(|(count, _)| *count > 0) {
            write!(out, "{count} {word}, ")?;
        }
        if !self.settings.is_empty() {
            write!(out, "{} changed, ", self.settings.join(", "))?;
        }
        write!(out, "{} {} kept", self.kept, if self.kept == 1 { "job" } else { "jobs" })
    }
}

fn names(keys: &[KeyChange]) -> Vec<String> {
    keys.iter().map(|change| change.key.to_owned()).collect()
}

fn come(job: &Job, is_wanted: bool) -> String {
    let deed = if is_wanted { "starts" } else { "is not started" };
    if job.numprocs > 1 { format!("{deed}, {} instances", job.numprocs) } else { deed.to_owned() }
}

fn go(leavers: &[&Instance]) -> String {
    let lives = |one: &&Instance| one.phase.live().is_some() || !one.leftovers.is_empty();
    if leavers.iter().any(lives) { "stops" } else { "is removed" }.to_owned()
}

fn counted(count: u32, word: &str) -> String {
    format!("{count} {word} instance{}", if count == 1 { "" } else { "s" })
}
