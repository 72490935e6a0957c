//! The checked plan: what `systems.toml` asks for, with every default filled in. The tables of a job that have keys of their own
//! have a file each. Not: how it is read.

mod launch;
mod life;
mod needs;
mod probe;
mod schedule;
mod settings;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use launch::{
    ContainerTool, Launch, Moment, OnChange, OnTimeout, PidFile, Session, Step, Stream, StreamFile, Subject,
    Version, Work,
};
pub use life::{Aim, Backoff, Expected, Hook, MaxRuns, Reach, Restart, Stop};
pub use needs::{Need, OnLoss, Until};
pub use probe::{HealthCheck, OnFail, Probe, Ready, Sign};
pub use schedule::{TimeOfDay, WeekDays, Window, Zone};
pub use settings::{LogLevel, Quit, Settings};

/// Everything that a file asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The file, as an absolute path.
    pub file: PathBuf,
    /// The table `[zap]`.
    pub settings: Settings,
    /// The environment zap itself was started with; jobs inherit it.
    pub environment: Arc<BTreeMap<OsString, OsString>>,
    /// The systems, in the order of the file.
    pub systems: Vec<System>,
}

/// A system: a group of jobs that are run together.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// The name in addresses.
    pub name: String,
    /// The title a person reads; the name if none was given.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// Part of a bare `zap`.
    pub autostart: bool,
    /// The jobs, in the order of the file. Whoever runs them holds the same piece of memory.
    pub jobs: Vec<Arc<Job>>,
}

/// A job: one thing that is started and stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The name in addresses.
    pub name: String,
    /// The title a person reads; derived from the command if none was given.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// Words by which several jobs are addressed at once: `@label`.
    pub labels: Vec<String>,
    /// What is started, and in which surroundings, before any of [`Self::versions`] is due. Nothing before the first of them, if
    /// the job itself has no work.
    pub launch: Option<Launch>,
    /// What is started instead from a moment on; the earliest first.
    pub versions: Vec<Version>,
    /// What a reload does to a running instance of which a launch key has changed.
    pub on_change: OnChange,
    /// How many instances there are; at least 1.
    pub numprocs: u32,
    /// Started with its system.
    pub autostart: bool,
    /// What happens after an end.
    pub restart: Restart,
    /// Which ends are expected.
    pub exit_codes: Vec<Expected>,
    /// How long it must live to count as started.
    pub start_secs: Duration,
    /// How often a failed start is tried again.
    pub start_retries: u32,
    /// The pause before a failed start is tried again.
    pub backoff: Backoff,
    /// The pause after an ordinary end.
    pub restart_delay: Duration,
    /// How it is stopped.
    pub stop: Stop,
    /// Guards against starting for ever; nothing if it may.
    pub max_runs: Option<MaxRuns>,
    /// After so long up it is restarted.
    pub restart_every: Option<Duration>,
    /// At these times of the day it is restarted, in [`Self::zone`].
    pub restart_at: Vec<TimeOfDay>,
    /// How long a run may take.
    pub timeout: Option<Duration>,
    /// Must succeed before the start.
    pub before: Option<Hook>,
    /// Must succeed once it lives, for it to be up.
    pub init: Option<Hook>,
    /// Runs when it has ended.
    pub after: Option<Hook>,
    /// What it needs.
    pub needs: Vec<Need>,
    /// When it is ready, beyond being up.
    pub ready: Option<Ready>,
    /// How one sees that it is still well.
    pub health: Vec<HealthCheck>,
    /// When it should run; empty: always.
    pub schedule: Vec<Window>,
    /// The time zone of `restart-at`: that of `[zap]`.
    pub zone: Zone,
    /// Meant to end.
    pub one_shot: bool,
    /// Keys go to it as soon as its pager is focused.
    pub interactive: bool,
    /// How many bytes of its output the disk keeps, compressed, of all runs of an instance; nothing if `[zap]` says it.
    pub history: Option<u64>,
}
