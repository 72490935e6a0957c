//! What an address means: `dev/web`, `web`, `web#1`, `dev`. Not: what is done with it.

use serde::{Deserialize, Serialize};
use strsim::osa_distance;

use crate::config::Plan;
use crate::model::{InstanceId, Target};

/// An address that means something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it means.
    pub target: Target,
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
    },
}

/// What a word on the command line means. `web:1` is accepted like `web#1`.
pub fn resolve(plan: &Plan, word: &str) -> Result<Found, NotFound> {
    if plan.systems.iter().any(|system| system.name == word) {
        let shadowed = named(plan, word).map(|(_, address)| address).collect();
        return Ok(Found { target: Target::System(word.to_owned()), shadowed });
    }
    let (name, number) = split_number(word);
    let found: Vec<(InstanceId, String)> = named(plan, name).collect();
    match found.as_slice() {
        [] => Err(NotFound::Unknown { near: near(name, plan) }),
        [(id, _)] if number.is_none_or(|number| number == 1) => {
            Ok(Found { target: Target::Instance(*id), shadowed: Vec::new() })
        }
        [(_, address)] => Err(NotFound::NoInstance { job: address.clone() }),
        several => Err(NotFound::Ambiguous {
            candidates: several.iter().map(|(_, address)| address.clone()).collect(),
        }),
    }
}

/// The instances with this address, or of a job with this name. Instances have the ids of their order in the plan.
fn named<'a>(plan: &'a Plan, word: &'a str) -> impl Iterator<Item = (InstanceId, String)> + 'a {
    let jobs = plan.systems.iter().flat_map(|system| system.jobs.iter().map(move |job| (system, job)));
    let addressed = jobs.zip(0..).map(|((system, job), id)| {
        let address = format!("{}/{}", system.name, job.name);
        (InstanceId(id), &job.name, address)
    });
    addressed
        .filter(move |(_, name, address)| *name == word || address == word)
        .map(|(id, _, address)| (id, address))
}

fn split_number(word: &str) -> (&str, Option<u32>) {
    let split = word.rsplit_once(['#', ':']).and_then(|(name, number)| Some((name, number.parse().ok()?)));
    split.map_or((word, None), |(name, number)| (name, Some(number)))
}

/// Names within a third of their length of changed letters.
fn near(word: &str, plan: &Plan) -> Vec<String> {
    let systems = plan.systems.iter().map(|system| system.name.clone());
    let jobs = plan.systems.iter().flat_map(|system| {
        let address = move |job: &crate::config::Job| format!("{}/{}", system.name, job.name);
        system.jobs.iter().flat_map(move |job| [job.name.clone(), address(job)])
    });
    let mut near: Vec<(usize, String)> = systems
        .chain(jobs)
        .map(|name| (osa_distance(word, &name), name))
        .filter(|(distance, name)| *distance <= name.chars().count().max(3) / 3)
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}
