//! What an address means: `dev/web`, `web`, `web#1`, `dev`. Not: what is done with it.

use crate::config::Plan;
use crate::model::{InstanceId, Supervisor, Target};

/// An address that means something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it means.
    pub target: Target,
    /// Jobs that have the name of the system that was found: a system wins, and the answer says so.
    pub shadowed: Vec<String>,
}

/// An address that means nothing, or too much.
#[derive(Debug, Clone, PartialEq, Eq)]
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

impl Supervisor {
    /// The address of an instance.
    pub fn address(&self, id: InstanceId) -> Option<&str> {
        self.index_of(id).map(|index| self.instances[index].address.as_str())
    }

    /// What a word on the command line means. `web:1` is accepted like `web#1`.
    pub fn resolve(&self, word: &str) -> Result<Found, NotFound> {
        let named = self.named(word);
        if self.plan.systems.iter().any(|system| system.name == word) {
            let shadowed = self.addresses(&named);
            return Ok(Found { target: Target::System(word.to_owned()), shadowed });
        }
        let (word, number) = split_number(word);
        match self.named(word).as_slice() {
            [] => Err(NotFound::Unknown { near: near(word, &self.plan) }),
            [one] if number.is_none_or(|number| number == 1) => {
                Ok(Found { target: Target::Instance(InstanceId(*one as u32)), shadowed: Vec::new() })
            }
            [one] => Err(NotFound::NoInstance { job: self.instances[*one].address.clone() }),
            several => Err(NotFound::Ambiguous { candidates: self.addresses(several) }),
        }
    }

    /// The jobs with this address or this name.
    fn named(&self, word: &str) -> Vec<usize> {
        let is_meant = |&index: &usize| {
            let instance = &self.instances[index];
            instance.address == word || instance.job.name == word
        };
        (0..self.instances.len()).filter(is_meant).collect()
    }

    fn addresses(&self, indices: &[usize]) -> Vec<String> {
        indices.iter().map(|&index| self.instances[index].address.clone()).collect()
    }
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
        .map(|name| (distance(word, &name), name))
        .filter(|(distance, name)| *distance <= name.chars().count().max(3) / 3)
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Letters put in, left out, changed, or swapped with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
