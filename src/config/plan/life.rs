//! What becomes of a job that runs: restarts, their pauses and guards, how it is stopped, the commands beside it.

use std::time::Duration;

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

/// `max-runs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxRuns {
    /// So many automatic starts; at least 1.
    pub count: u32,
    /// Within so long.
    pub within: Duration,
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
    pub aim: Aim,
    /// Who has to end.
    pub reach: Reach,
}

/// `stop.group`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The whole process group.
    Group,
    /// The leader alone.
    Leader,
}

/// `stop.reach`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every process of the run, wherever it went.
    All,
    /// The process group of the run; what left it is spared.
    Group,
}

/// `before`, `init`, `after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The command, as an argument vector.
    pub command: Vec<String>,
    /// As the file has it.
    pub line: String,
    /// How long it may take.
    pub timeout: Duration,
}
