//! What an address means: `dev/web`, `web`, `web#1`, `dev`, `@label`. Not: what is done with it, nor who has that name at this
//! moment (`Supervisor::members`).

use serde::{Deserialize, Serialize};
use strsim::osa_distance;

use crate::config::{Job, Plan, System};
use crate::model::{Target, View};

/// An address that means something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it means; several things if it is a label, else one.
    pub targets: Vec<Target>,
    /// Jobs that have the name of the system that was found: a system wins, and the answer says so.
    pub shadowed: Vec<String>,
}

/// An address that means nothing, or too much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotFound {
    /// There is no such thing.
    Unknown {
        /// Names that look alike, the best first; at most three.
        near: Vec<String>,
    },
    /// Several jobs have this name.
    Ambiguous {
        /// Their addresses.
        candidates: Vec<String>,
    },
    /// The job has fewer instances.
    NoInstance {
        /// The address of the job.
        job: String,
        /// How many it has.
        count: u32,
    },
}

/// What a word on the command line means. `web:1` is accepted like `web#1`.
pub fn resolve(plan: &Plan, word: &str) -> Result<Found, NotFound> {
    if let Some(label) = word.strip_prefix('@') {
        return labelled(plan, label);
    }
    if plan.systems.iter().any(|system| system.name == word) {
        let shadowed = named(plan, word).map(|(system, job)| address(system, job)).collect();
        return Ok(Found { targets: vec![Target::System(word.to_owned())], shadowed });
    }
    let (name, number) = split_number(word);
    let found: Vec<(&System, &Job)> = named(plan, name).collect();
    match (found.as_slice(), number) {
        ([], _) => Err(NotFound::Unknown { near: near(name, plan) }),
        (&[(system, job)], Some(number)) if number == 0 || number > job.numprocs => {
            Err(NotFound::NoInstance { job: address(system, job), count: job.numprocs })
        }
        (&[(system, job)], number) => {
            Ok(Found { targets: vec![target(&system.name, &job.name, number)], shadowed: Vec::new() })
        }
        (several, _) => Err(NotFound::Ambiguous {
            candidates: several.iter().map(|(system, job)| address(system, job)).collect(),
        }),
    }
}

/// The same for somebody who sees the picture: what the plan no longer has and what has not ended has its name still.
pub fn resolve_shown(plan: &Plan, view: &View, word: &str) -> Result<Found, NotFound> {
    resolve(plan, word).or_else(|error| {
        let targets = shown(view, word);
        match targets.as_slice() {
            [] => Err(error),
            [_] => Ok(Found { targets, shadowed: Vec::new() }),
            _ if word.starts_with('@') => Ok(Found { targets, shadowed: Vec::new() }),
            several => Err(NotFound::Ambiguous { candidates: several.iter().map(in_words).collect() }),
        }
    })
}

/// What has this name in the picture.
fn shown(view: &View, word: &str) -> Vec<Target> {
    if view.systems.iter().any(|system| system.name == word) {
        return vec![Target::System(word.to_owned())];
    }
    let (name, number) = split_number(word);
    let label = word.strip_prefix('@');
    let mut targets: Vec<Target> = Vec::new();
    for system in &view.systems {
        for one in &system.jobs {
            let is_named = one.name == name || format!("{}/{}", system.name, one.name) == name;
            let is_meant = match label {
                Some(label) => one.labels.iter().any(|own| own == label),
                None => is_named && number.is_none_or(|number| number == one.number),
            };
            let target = target(&system.name, &one.name, number);
            if is_meant && !targets.contains(&target) {
                targets.push(target);
            }
        }
    }
    targets
}

fn target(system: &str, job: &str, number: Option<u32>) -> Target {
    let (system, job) = (system.to_owned(), job.to_owned());
    match number {
        Some(number) => Target::Numbered { system, job, number },
        None => Target::Job { system, job },
    }
}

fn in_words(target: &Target) -> String {
    match target {
        Target::System(name) => name.clone(),
        Target::Job { system, job } => format!("{system}/{job}"),
        Target::Numbered { system, job, number } => format!("{system}/{job}#{number}"),
        Target::Instance(id) => format!("{id:?}"),
    }
}

/// All jobs with this label.
fn labelled(plan: &Plan, label: &str) -> Result<Found, NotFound> {
    let with = jobs(plan).filter(|(_, job)| job.labels.iter().any(|own| own == label));
    let targets: Vec<Target> = with.map(|(system, job)| target(&system.name, &job.name, None)).collect();
    if targets.is_empty() {
        let labels = jobs(plan).flat_map(|(_, job)| &job.labels);
        return Err(NotFound::Unknown { near: nearest(label, labels.map(|label| format!("@{label}")), 1) });
    }
    Ok(Found { targets, shadowed: Vec::new() })
}

/// The jobs with this address or this name.
fn named<'a>(plan: &'a Plan, word: &'a str) -> impl Iterator<Item = (&'a System, &'a Job)> {
    jobs(plan).filter(move |(system, job)| job.name == word || address(system, job) == word)
}

/// All jobs of a plan, in the order of the file.
pub(super) fn jobs(plan: &Plan) -> impl Iterator<Item = (&System, &Job)> {
    plan.systems.iter().flat_map(|system| system.jobs.iter().map(move |job| (system, &**job)))
}

fn address(system: &System, job: &Job) -> String {
    format!("{}/{}", system.name, job.name)
}

fn split_number(word: &str) -> (&str, Option<u32>) {
    let split = word.rsplit_once(['#', ':']).and_then(|(name, number)| Some((name, number.parse().ok()?)));
    split.map_or((word, None), |(name, number)| (name, Some(number)))
}

fn near(word: &str, plan: &Plan) -> Vec<String> {
    let systems = plan.systems.iter().map(|system| system.name.clone());
    let names = jobs(plan).flat_map(|(system, job)| [job.name.clone(), address(system, job)]);
    nearest(word, systems.chain(names), 0)
}

/// Names within a third of their length of changed letters; the first letters of each that are `skipped` are not compared.
fn nearest(word: &str, names: impl Iterator<Item = String>, skipped: usize) -> Vec<String> {
    let mut near: Vec<(usize, String)> = names
        .map(|name| (osa_distance(word, &name[skipped..]), name))
        // Of what has nothing in common with it nobody thought.
        .filter(|(distance, name)| *distance < name[skipped..].chars().count().min(word.chars().count()))
        .filter(|(distance, name)| *distance <= name[skipped..].chars().count().max(3) / 3)
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}
