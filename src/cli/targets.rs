//! What the addresses on the command line mean, and what is said of those that mean nothing.

use strsim::osa_distance;

use crate::config::Plan;
use crate::model::{Found, NotFound, Target, resolve};

use super::args::{LATER, VERBS};
use super::main::Failure;

/// What words mean.
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// The things they name.
    pub(super) targets: Vec<Target>,
    /// What a person should know about them: whole lines.
    pub(super) notes: String,
}

/// What is started: the targets that were named, or every system that starts by itself.
pub(super) fn wanted(plan: &Plan, words: &[String]) -> Result<Meant, Failure> {
    if words.is_empty() {
        let systems = plan.systems.iter().filter(|system| system.autostart);
        let targets = systems.map(|system| Target::System(system.name.clone())).collect();
        return Ok(Meant { targets, notes: String::new() });
    }
    let mut meant = Meant::default();
    for word in words {
        let Found { targets, shadowed } = found(plan, word)?;
        meant.targets.extend(targets);
        if !shadowed.is_empty() {
            let jobs = quoted(&shadowed, " and ");
            let note = format!("note: `{word}` is the system; the job of that name is {jobs}\n");
            meant.notes.push_str(&note);
        }
    }
    Ok(meant)
}

/// The job, or the jobs, that a word means.
pub(super) fn jobs(plan: &Plan, word: &str) -> Result<Vec<Target>, Failure> {
    let targets = found(plan, word)?.targets;
    match targets.iter().find(|target| matches!(target, Target::System(_))) {
        Some(_) => {
            Err(Failure::usage(&format!("`{word}` is a system; --until takes a job, like `{word}/JOB`")))
        }
        None => Ok(targets),
    }
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
            let what = if word.starts_with('@') { "job with a label" } else { "system or job" };
            format!("no {what} named `{word}` in {file}{meant}{later}\nsystems: {}", systems.join(", "))
        }
        NotFound::Ambiguous { candidates } => {
            format!("several jobs are named `{word}`: say which one, {}", quoted(candidates, " or "))
        }
        NotFound::NoInstance { job, count: 1 } => {
            format!("`{word}`: the job `{job}` has one instance only")
        }
        NotFound::NoInstance { job, count } => {
            format!("`{word}`: the job `{job}` has {count} instances, #1 to #{count}")
        }
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
