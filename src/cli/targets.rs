//! What the addresses on the command line mean, and what is said of those that mean nothing.

use crate::config::Plan;
use crate::model::{Found, InstanceId, NotFound, Target, resolve};

use super::args::LATER;
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
pub(super) fn instance(plan: &Plan, word: &str) -> Result<InstanceId, Failure> {
    match found(plan, word)?.target {
        Target::Instance(id) => Ok(id),
        Target::System(name) => {
            Err(Failure::usage(&format!("`{name}` is a system; --until takes a job, like `{name}/JOB`")))
        }
    }
}

fn found(plan: &Plan, word: &str) -> Result<Found, Failure> {
    resolve(plan, word).map_err(|error| Failure::usage(&unknown(plan, word, &error)))
}

fn unknown(plan: &Plan, word: &str, error: &NotFound) -> String {
    let file = plan.file.display();
    match error {
        NotFound::Unknown { near } if near.is_empty() => {
            let later = if LATER.contains(&word) {
                format!("\n`zap {word}` is not built yet")
            } else {
                String::new()
            };
            format!("no system or job named `{word}` in {file}{later}\n{}", systems(plan))
        }
        NotFound::Unknown { near } => {
            format!(
                "no system or job named `{word}` in {file}: did you mean {}?\n{}",
                quoted(near, " or "),
                systems(plan)
            )
        }
        NotFound::Ambiguous { candidates } => {
            format!("several jobs are named `{word}`: say which one, {}", quoted(candidates, " or "))
        }
        NotFound::NoInstance { job } => format!("`{word}`: the job `{job}` has one instance only"),
    }
}

fn systems(plan: &Plan) -> String {
    let names: Vec<String> = plan.systems.iter().map(|system| system.name.clone()).collect();
    format!("systems: {}", names.join(", "))
}

fn quoted(names: &[String], between: &str) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(between)
}
