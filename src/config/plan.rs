//! The checked plan: what `systems.toml` asks for, with every default filled in. Not: how it is read.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

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

/// The table `[zap]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The name of the theme.
    pub theme: String,
    /// Whether quitting asks first.
    pub quit: Quit,
    /// The longest that stopping everything may take on quit.
    pub stop_timeout: Duration,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// The level of zap's own log.
    pub log: LogLevel,
}

/// `[zap].quit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quit {
    /// Ask when something runs.
    Ask,
    /// Stop everything without a question.
    Stop,
}

/// `[zap].log`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Nothing is written.
    Off,
    /// What went wrong.
    Error,
    /// And what looks wrong.
    Warn,
    /// And what happened.
    Info,
    /// And everything else.
    Debug,
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
    /// The jobs, in the order of the file.
    pub jobs: Vec<Job>,
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
    /// What is started, and in which surroundings.
    pub launch: Launch,
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
    /// The jobs it needs.
    pub needs: Vec<Need>,
    /// Meant to end.
    pub one_shot: bool,
    /// Keys go to it as soon as its pager is focused.
    pub interactive: bool,
}

/// The keys of class L: a change means that the running process no longer is what the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// What is run.
    pub work: Work,
    /// The folder, absolute.
    pub work_dir: PathBuf,
    /// Variables set (`Some`) or removed (`None`) over [`Plan::environment`]; all levels merged.
    pub env: BTreeMap<String, Option<String>>,
    /// The umask, or the inherited one.
    pub umask: Option<u32>,
}

/// What a job runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// A program with its arguments, executed as it stands.
    Exec(Vec<String>),
    /// A line for a shell, for example `["sh", "-c"]` and `cd x && make`.
    Shell {
        /// The shell with its option for a command line.
        shell: Vec<String>,
        /// The line.
        line: String,
    },
    /// A sequence in one shell session.
    Steps {
        /// The shell the session runs in when it is local.
        shell: Vec<String>,
        /// The command that opens the session (`["ssh", "-p", "22", "gox"]`), if the first step is one.
        session: Option<Session>,
        /// The steps that run inside the session; never empty unless there is a `session`.
        steps: Vec<Step>,
    },
}

/// What the steps of a job run inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The step as the file has it: `ssh gox`.
    pub line: String,
    /// Its words.
    pub argv: Vec<String>,
}

/// One step of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The name a person reads; the line itself if none was given.
    pub name: String,
    /// The line for the shell.
    pub run: String,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// The codes that count as success.
    pub ok_codes: Vec<u8>,
}

/// `restart`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// An end is an end.
    Never,
    /// After an end that was not expected.
    Unexpected,
    /// After any end.
    Always,
}

/// One entry of `exit-codes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// An exit code.
    Code(u8),
    /// The number of a signal.
    Signal(i32),
}

/// `backoff`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    /// The first pause.
    pub first: Duration,
    /// The longest pause.
    pub max: Duration,
    /// By how much each pause is longer than the one before; at least 1.
    pub factor: f64,
}

/// `stop`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// A command that asks it to end, as an argument vector.
    pub command: Option<Vec<String>>,
    /// Bytes typed into its terminal that ask it to end.
    pub keys: Option<Vec<u8>>,
    /// The number of the signal that asks it to end.
    pub signal: i32,
    /// How long it has before KILL.
    pub timeout: Duration,
    /// Whether the signal goes to the whole process group or to the leader alone.
    pub reach: Reach,
}

/// `stop.group`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The whole process group.
    Group,
    /// The leader alone.
    Leader,
}

/// One entry of `depends-on`: a job that exists in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The name of its system.
    pub system: String,
    /// Its name.
    pub job: String,
}
