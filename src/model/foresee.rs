//! What a reload would do, told before it happens. Not: doing it (`reload`), nor the words' types (`forecast`).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::config::{Job, Plan};
use crate::model::instance::{Instance, Wish};
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
        let wanted: Vec<&str> =
            self.instances.iter().filter(|one| one.wish == Wish::Up).map(|one| &*one.system).collect();
        let mut forecast = Forecast::default();
        for system in &plan.systems {
            let is_started = system.autostart || wanted.contains(&system.name.as_str());
            for job in &system.jobs {
                let address = format!("{}/{}", system.name, job.name);
                match known.remove(&(system.name.as_str(), job.name.as_str())) {
                    Some(known) if *known[0].job == *job => forecast.kept += 1,
                    Some(known) => {
                        let deed = self.change(now, &known, job);
                        forecast.changes.push(change(address, ChangeKind::Changed, deed));
                    }
                    None => {
                        let deed = come(job, will_be_wanted(job, is_started, []));
                        forecast.changes.push(change(address, ChangeKind::Added, deed));
                    }
                }
            }
        }
        for ((system, job), leavers) in known {
            let address = format!("{system}/{job}");
            forecast.changes.push(change(address, ChangeKind::Removed, go(&leavers)));
        }
        forecast
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
            deeds.push(counted(before - job.numprocs, "less"));
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

/// `1 added, 2 changed, 197 kept`.
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
        write!(out, "{} kept", self.kept)
    }
}

fn change(address: String, kind: ChangeKind, deed: String) -> Change {
    Change { address, kind, keys: Vec::new(), deed }
}

fn come(job: &Job, is_wanted: bool) -> String {
    let deed = if is_wanted { "starts" } else { "is not started" };
    if job.numprocs > 1 { format!("{deed}, {} instances", job.numprocs) } else { deed.to_owned() }
}

fn go(leavers: &[&Instance]) -> String {
    let lives = |one: &&Instance| one.phase.live().is_some() || !one.leftovers.is_empty();
    if leavers.iter().any(lives) { "stops" } else { "goes" }.to_owned()
}

fn counted(count: u32, word: &str) -> String {
    format!("{count} {word} instance{}", if count == 1 { "" } else { "s" })
}
