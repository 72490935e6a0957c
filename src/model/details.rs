//! All there is to know about one instance: plain serde data, made by `Supervisor::details`. Not: what every eye needs of every
//! instance all the time (`view`).

use serde::Serialize;

use crate::model::{InstanceId, Wall};

/// All there is to know about one instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Details {
    /// Which one.
    pub id: InstanceId,
    /// The words of the command, as it runs or would run.
    pub command: Vec<String>,
    /// Its folder.
    pub folder: String,
    /// Its environment, in the order of the names; secrets are masked.
    pub env: Vec<Variable>,
    /// What it may and how it is treated: `("stop", "TERM, KILL after 10s")`.
    pub limits: Vec<Limit>,
    /// What it needs.
    pub needs: Vec<Link>,
    /// Who needs it.
    pub needed_by: Vec<Link>,
    /// Its versions, the earliest first; empty if it has none.
    pub versions: Vec<VersionView>,
    /// Its probes with their last answers.
    pub probes: Vec<ProbeView>,
    /// How its last runs ended, the newest first; at most 20.
    pub past: Vec<Past>,
}

/// A variable of the environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value, or `***`.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a variable comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The file.
    File,
    /// zap.
    Zap,
    /// The environment of zap.
    Inherited,
}

/// A rule that holds for an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// The key of the file.
    pub key: String,
    /// What it says, in words.
    pub says: String,
}

/// A need, from either side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The other instance, or the first one of the other job; nothing for a command.
    pub id: Option<InstanceId>,
    /// `dev/db ready`, `pg_isready`.
    pub text: String,
    /// Whether it is met.
    pub met: bool,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionView {
    /// From when on it is due, as the file has it; nothing for the job's own keys.
    pub apply_on: Option<String>,
    /// The same moment.
    pub at: Option<Wall>,
    /// Its command in one line; empty if the job itself has none.
    pub command: String,
    /// Whether it only pretends.
    pub fake: bool,
    /// Whether it is in force.
    pub in_force: bool,
}

/// A probe with its last answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProbeView {
    /// The key it comes from: `ready`, `health-check`.
    pub key: String,
    /// What is asked: `tcp 127.0.0.1:5432`.
    pub what: String,
    /// The last answer in words; nothing before the first.
    pub last: Option<String>,
    /// Whether that was a good one.
    pub good: Option<bool>,
    /// When it came.
    pub at: Option<Wall>,
    /// How many answers like this came one after the other.
    pub times: u32,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Past {
    /// When.
    pub at: Wall,
    /// The number of the run.
    pub run: u32,
    /// What happened and why: `exit 1 after 3s, tried again`.
    pub text: String,
}
