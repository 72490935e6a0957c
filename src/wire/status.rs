//! How jobs are: the shape of `zap status --json` (`interface.md`). Fields are only ever added. Not: how it is printed.

use serde::{Deserialize, Serialize};

use crate::model::{Exit, FileProblem, State};

/// How everything is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// zap itself.
    pub zap: ZapStatus,
    /// The systems, in the order of the file.
    pub systems: Vec<SystemStatus>,
}

/// How zap is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZapStatus {
    /// The engine.
    pub pid: u32,
    /// Its version.
    pub version: String,
    /// The file that it runs.
    pub file: String,
    /// When it was started: RFC 3339, UTC, with milliseconds, like all times here.
    pub started: String,
    /// Whether it stops everything in order to end.
    #[serde(default)]
    pub quitting: bool,
    /// What is wrong with the file since it was read anew; the old plan goes on.
    #[serde(default)]
    pub problem: Option<FileProblem>,
}

/// A system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SystemStatus {
    /// Its name.
    pub name: String,
    /// Its instances, in the order of the file.
    pub jobs: Vec<JobStatus>,
}

/// An instance of a job.
#[expect(clippy::struct_excessive_bools, reason = "the shape of the JSON: facts beside the state")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobStatus {
    /// `dev/web`, `dev/web#2`.
    pub address: String,
    /// The name of the job.
    pub name: String,
    /// The number of the instance, from 1.
    pub instance: u32,
    /// The title of the job.
    pub title: String,
    /// In which state it is.
    pub state: State,
    /// Whether dependants may count on it.
    pub ready: bool,
    /// Whether somebody wants it up.
    pub wanted: bool,
    /// Its process, while there is one.
    pub pid: Option<i32>,
    /// The number of its present or last run.
    pub run: Option<u32>,
    /// When it came into its state.
    pub since: String,
    /// How its last run ended, until the next one begins.
    pub exit: Option<Ended>,
    /// How often it was started by itself since a person started it.
    pub restarts: u32,
    /// When something happens by itself.
    pub next: Option<String>,
    /// Why it is as it is, in one sentence.
    pub why: String,
    /// Whether it runs something else than the file says.
    pub pending_change: bool,
    /// Whether a health check finds it unwell.
    #[serde(default)]
    pub unwell: bool,
    /// What nobody has seen of its output.
    pub unseen: Unseen,
    /// Processes of ended runs that still live.
    pub lingering: u32,
    /// How much of a processor all processes of its run use; 100 is one processor. Since they were measured last or since the run
    /// began, but over a quarter of a second where that is more than ten seconds ago. Nothing: it has none, or is too young.
    pub cpu_percent: Option<f32>,
    /// How much memory they use, each with what it shares. Nothing: it has none.
    pub memory_bytes: Option<u64>,
    /// The steps of its present or last run.
    pub steps: Vec<StepStatus>,
    /// A few words for the row.
    #[serde(default)]
    pub note: String,
}

/// What no eye has seen of an output since it last looked; nothing: not measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Unseen {
    /// Whether there is anything.
    pub output: Option<bool>,
    /// How many errors; where there is too much to count them all, so many at least.
    pub errors: Option<u32>,
    /// How many novelties.
    pub novel: Option<u32>,
}

/// How a run ended: `{ "code": 1 }` or `{ "signal": "KILL" }`; neither if nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// It called exit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u8>,
    /// The name of the signal that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
}

impl Ended {
    /// The same for people, who know signals by their names.
    pub fn of(exit: Exit, name: impl FnOnce(i32) -> String) -> Self {
        match exit {
            Exit::Code(code) => Self { code: Some(code), signal: None },
            Exit::Signal(number) => Self { code: None, signal: Some(name(number)) },
            Exit::Unknown => Self { code: None, signal: None },
        }
    }
}

/// A step of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepStatus {
    /// Its name.
    pub name: String,
    /// `pending`, `running`, `done`, `failed`, `cut`.
    pub state: String,
    /// Its exit code.
    pub exit: Option<u8>,
    /// How long it took, or takes already.
    pub seconds: Option<f64>,
}
