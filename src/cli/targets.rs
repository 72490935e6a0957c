//! What the addresses on the command line mean, and what is said of those that mean nothing.

use strsim::osa_distance;

use crate::config::Plan;
use crate::model::{Found, NotFound, Target, resolve};

use super::args::{LATER, VERBS};
use super::main::Failure;

/// What is started: the targets that were named, or every system that starts by itself.
pub(super) fn wanted(plan: &Plan, words: &[String]) -> Result<Vec<Target>, Failure> {
    if words.is_empty() {
        let systems = plan.systems.iter().filter(|system| system.autostart);
        return Ok(systems.map(|system| Target::System(system.name.clone())).collect());
    }
    words.iter().map(|word| found(plan, word).map(|found| found.target)).collect()
}

/// The one instance that a word means.
pub(super) fn instance(plan: &Plan, word: &str) -> Result<Target, Failure> {
    let target = found(plan, word)?.target;
    match &target {
        Target::Instance(_) | Target::Numbered { .. } => Ok(target),
        Target::Job { system, job } if instances(plan, system, job) > 1 => {
            Err(Failure::usage(&format!("`{word}` has several instances: say which one, like `{word}#1`")))
        }
        Target::Job { .. } => Ok(target),
        Target::System(name) => {
            Err(Failure::usage(&format!("`{name}` is a system; --until takes a job, like `{name}/JOB`")))
        }
    }
}

fn instances(plan: &Plan, system: &str, job: &str) -> u32 {
    let system = plan.systems.iter().find(|one| one.name == system);
    system.and_then(|system| system.jobs.iter().find(|one| one.name == job)).map_or(1, |job| job.numprocs)
}

fn found(plan: &Plan, word: &str) -> Result<Found, Failure> {
    resolve(plan, word).map_err(|error| {
        let systems: Vec<String> = plan.systems.iter().map(|system| system.name.clone()).collect();
        Failure::usage(&unknown(word, &error, &plan.file.display().to_string(), &systems))
    })
}

/// What is said of a word that means nothing in this file, which has these systems.
pub(super) fn unknown(word: &str, error: &NotFound, file: &str, systems: &[String]) -> String {
    match error {
        NotFound::Unknown { near } => {
            let meant =
                meant(word, near).map_or_else(String::new, |meant| format!(": did you mean {meant}?"));
            let later = if LATER.contains(&word) {
                format!("\n`zap {word}` is not built yet")
            } else {
                String::new()
            };
            format!(
                "no system or job named `{word}` in {file}{meant}{later}\nsystems: {}",
                systems.join(", ")
            )
        }
        NotFound::Ambiguous { candidates } => {
            format!("several jobs are named `{word}`: say which one, {}", quoted(candidates, " or "))
        }
        NotFound::NoInstance { job, .. } => format!("`{word}`: the job `{job}` has one instance only"),
    }
}

/// Names and verbs that look like the word.
fn meant(word: &str, near: &[String]) -> Option<String> {
    let verb = near_verb(word).map(|verb| format!("zap {verb}"));
    let all: Vec<String> = near.iter().cloned().chain(verb).collect();
    (!all.is_empty()).then(|| quoted(&all, " or "))
}

/// The verb that was mistyped, if one is near: one wrong letter in a short one, two in a longer one.
fn near_verb(word: &str) -> Option<&'static str> {
    let verbs = VERBS.iter().chain(LATER).copied().filter(|verb| *verb != word);
    let distances = verbs.map(|verb| (osa_distance(word, verb), verb));
    let near = distances.filter(|(distance, verb)| *distance <= verb.len().div_ceil(4).min(2));
    near.min_by_key(|(distance, _)| *distance).map(|(_, verb)| verb)
}

fn quoted(names: &[String], between: &str) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(between)
}
