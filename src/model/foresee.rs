//! What a reload would do, told before it happens. Not: doing it (`reload`), nor the words' types (`forecast`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::config::{self, Diff, Fate, Job, JobChange, KeyChange, Need, Plan, System, SystemChange};
use crate::model::instance::Instance;
use crate::model::lookup::jobs;
use crate::model::phase::{Phase, Reason};
use crate::model::reload::will_be_wanted;
use crate::model::turn::Turn;
use crate::model::{Change, ChangeKind, Forecast, Now, State, Supervisor};

/// The instances of a job that the file has now.
type Known<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a Instance>>;

impl Supervisor {
    /// What a reload of this plan would do. Changes nothing: it is tried on a copy.
    #[must_use]
    pub fn forecast(&self, now: Now, plan: &Plan) -> Forecast {
        let mut known = Known::new();
        for one in self.instances.iter().filter(|one| one.leaving.is_none()) {
            known.entry((&one.system, &one.job.name)).or_default().push(one);
        }
        let asked: BTreeMap<(&str, &str), (&System, &Job)> = jobs(plan)
            .map(|(system, job)| ((system.name.as_str(), job.name.as_str()), (system, job)))
            .collect();
        let wanted = self.wanted_systems();
        let after = self.reloaded(now, plan);
        let diff = config::diff(&self.plan, plan);
        let told = |JobChange { system, job, fate }: &JobChange| {
            let known = known.get(&(system.as_str(), job.as_str())).map_or(&[][..], Vec::as_slice);
            let asked = asked.get(&(system.as_str(), job.as_str()));
            let is_started =
                wanted.contains(system.as_str()) || asked.is_some_and(|(asked, _)| asked.autostart);
            let asked_job = asked.map(|(_, job)| *job);
            let (kind, keys, deed) = match (fate, asked_job) {
                (Fate::Changed(keys), Some(job)) => {
                    (ChangeKind::Changed, names(keys), after.change(known, job))
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
        let mut changes: Vec<Change> = diff.jobs.iter().map(told).collect();
        let affected = self.affected(&known, &diff, &after);
        let kept = diff.kept.saturating_sub(u32::try_from(affected.len()).unwrap_or(u32::MAX));
        changes.extend(affected);
        let settings = diff.settings.iter().map(|key| (*key).to_owned()).collect();
        Forecast { settings, systems: systems(&diff), changes, kept }
    }

    /// A copy that was told of this plan, and has drawn its first conclusions.
    fn reloaded(&self, now: Now, plan: &Plan) -> Self {
        let mut copy = self.clone();
        let ground = Arc::clone(&self.ground);
        let mut turn = Turn { now, effects: Vec::new(), runs: self.runs.clone(), limit: None, ground };
        copy.ask_for(plan.clone(), &mut turn);
        copy.reconcile(&mut turn);
        copy
    }

    /// The jobs that are the same in the file and do not go on as they are, in the order of the file.
    fn affected(&self, known: &Known<'_>, diff: &Diff, after: &Self) -> Vec<Change> {
        let differs: BTreeSet<(&str, &str)> =
            diff.jobs.iter().map(|change| (change.system.as_str(), change.job.as_str())).collect();
        let mut affected = Vec::new();
        for system in &self.plan.systems {
            for job in &system.jobs {
                let name = (system.name.as_str(), job.name.as_str());
                let known = known.get(&name).filter(|_| !differs.contains(&name));
                let deeds = after.outlooks(known.map_or(&[][..], Vec::as_slice));
                let deeds: Vec<String> =
                    deeds.iter().filter(|deed| deed.matters()).map(Outlook::to_string).collect();
                if !deeds.is_empty() {
                    let address = format!("{}/{}", system.name, job.name);
                    let (kind, deed) = (ChangeKind::Affected, deeds.join(", "));
                    affected.push(Change { address, kind, keys: Vec::new(), deed });
                }
            }
        }
        affected
    }

    /// What becomes of the instances of a job that has changed.
    fn change(&self, known: &[&Instance], job: &Job) -> String {
        let staying: Vec<&Instance> =
            known.iter().copied().filter(|one| one.ordinal <= job.numprocs).collect();
        let mut deeds: Vec<String> = self.outlooks(&staying).iter().map(Outlook::to_string).collect();
        let before = u32::try_from(known.len()).unwrap_or(u32::MAX);
        if job.numprocs > before {
            deeds.push(counted(job.numprocs - before, "more"));
        } else if job.numprocs < before {
            deeds.push(counted(before - job.numprocs, "fewer"));
        }
        deeds.join(", ")
    }

    /// What has become of these instances of a job, the same once.
    fn outlooks(&self, before: &[&Instance]) -> Vec<Outlook> {
        let mut outlooks = Vec::new();
        for before in before {
            let Some(index) = self.index_of(before.id) else { continue };
            let outlook = Outlook::of(before, &self.instances[index]);
            if !outlooks.contains(&outlook) {
                outlooks.push(outlook);
            }
        }
        outlooks
    }
}

/// What becomes of an instance that stays.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outlook {
    GoesOn,
    /// Though the file means something else.
    GoesOnPending,
    Stays,
    /// It does not run; what it will run is another thing now.
    NextStart,
    Starts,
    WaitsForWindow,
    Restarts,
    /// When this is back.
    RestartsLater(String),
    Stops,
    StopsUntilWindow,
    /// Until this is back.
    StopsUntilBack(String),
}

impl Outlook {
    /// What has become of an instance.
    fn of(before: &Instance, after: &Instance) -> Self {
        let was = before.phase.state();
        let was_up = matches!(was, State::Starting | State::Running);
        let was_resting = !was_up && was != State::Stopping && was != State::Waiting;
        match &after.phase {
            Phase::Stopping { reason, .. } if was_up => Self::of_stop(*reason, after),
            Phase::Waiting if was_resting => Self::Starts,
            Phase::Preparing { .. } | Phase::Starting { .. } if !was_up => Self::Starts,
            Phase::Scheduled if was != State::Scheduled => Self::WaitsForWindow,
            Phase::Starting { .. } | Phase::Running { .. }
                if after.owed.is_some() && before.owed.is_none() =>
            {
                Self::RestartsLater(needed(after.owed, after))
            }
            Phase::Starting { .. } | Phase::Running { .. } if after.has_pending_change() => {
                Self::GoesOnPending
            }
            Phase::Starting { .. } | Phase::Running { .. } | Phase::Preparing { .. } => Self::GoesOn,
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Held { .. }
            | Phase::Stopping { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => {
                let launch = |one: &Instance| one.calendar.offer().map(|offer| offer.launch);
                if launch(before) == launch(after) { Self::Stays } else { Self::NextStart }
            }
        }
    }

    /// What the stop of one that was up comes to.
    fn of_stop(reason: Reason, instance: &Instance) -> Self {
        match reason {
            Reason::Version | Reason::Changed | Reason::Again(_) | Reason::Daily | Reason::Every => {
                Self::Restarts
            }
            Reason::Closed => Self::StopsUntilWindow,
            Reason::Need(entry) => Self::StopsUntilBack(needed(Some(entry), instance)),
            Reason::Restart
            | Reason::Stop
            | Reason::Kill
            | Reason::Overtime(_)
            | Reason::Removed
            | Reason::Quit
            | Reason::Fault(_) => Self::Stops,
        }
    }

    /// Whether it is another one than before.
    fn matters(&self) -> bool {
        match self {
            Self::GoesOn | Self::GoesOnPending | Self::Stays | Self::NextStart => false,
            Self::Starts
            | Self::WaitsForWindow
            | Self::Restarts
            | Self::RestartsLater(_)
            | Self::Stops
            | Self::StopsUntilWindow
            | Self::StopsUntilBack(_) => true,
        }
    }
}

impl fmt::Display for Outlook {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GoesOn => out.write_str("goes on"),
            Self::GoesOnPending => out.write_str("goes on (pending)"),
            Self::Stays => out.write_str("stays as it is"),
            Self::NextStart => out.write_str("takes effect at its next start"),
            Self::Starts => out.write_str("starts"),
            Self::WaitsForWindow => out.write_str("waits for its window"),
            Self::Restarts => out.write_str("restarts"),
            Self::RestartsLater(need) => write!(out, "restarts when {need} is back"),
            Self::Stops => out.write_str("stops"),
            Self::StopsUntilWindow => out.write_str("stops until its window opens"),
            Self::StopsUntilBack(need) => write!(out, "stops until {need} is back"),
        }
    }
}

fn needed(entry: Option<usize>, instance: &Instance) -> String {
    match entry.and_then(|entry| instance.job.needs.get(entry)) {
        Some(Need::Job { system, job, .. }) => format!("{system}/{job}"),
        Some(Need::Command { .. }) | None => "what it needs".to_owned(),
    }
}

/// What differs about the systems beside their jobs, a line each.
fn systems(diff: &Diff) -> Vec<String> {
    // The jobs of one that comes or goes tell it, unless it has none.
    let is_told = |change: &&SystemChange| match change.fate {
        Fate::Added | Fate::Removed => diff.jobs.iter().all(|job| job.system != change.system),
        Fate::Changed(_) => true,
    };
    let told = |change: &SystemChange| match &change.fate {
        Fate::Added => format!("{}: added", change.system),
        Fate::Removed => format!("{}: removed", change.system),
        Fate::Changed(keys) => {
            let words = keys.iter().map(|key| if *key == "jobs" { "jobs in another order" } else { key });
            format!("{}: {}", change.system, words.collect::<Vec<_>>().join(", "))
        }
    };
    let file = diff.file.then(|| "another file".to_owned());
    let order = diff.order.then(|| "systems in another order".to_owned());
    diff.systems.iter().filter(is_told).map(told).chain(order).chain(file).collect()
}

/// `1 added, 2 changed, mouse changed, 197 jobs kept`.
impl fmt::Display for Forecast {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (count, word) in self.counts() {
            write!(out, "{count} {word}, ")?;
        }
        if !self.settings.is_empty() {
            write!(out, "{} changed, ", self.settings.join(", "))?;
        }
        for line in &self.systems {
            write!(out, "[{line}], ")?;
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
