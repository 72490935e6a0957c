//! What tells that a job is ready and well.

use std::path::PathBuf;
use std::time::Duration;

/// `ready`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// What tells that it is ready; nothing: being up.
    pub sign: Option<Sign>,
    /// A line that matches this before it is ready is the end of the start: a regular expression.
    pub fail_log: Option<String>,
    /// After so long without an answer the reason says so.
    pub timeout: Duration,
    /// Between two questions; also how long one may take, but at least a second.
    pub interval: Duration,
}

/// What tells that a job is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// A line of its output matches this regular expression.
    Log(String),
    /// Somebody answers.
    Probe(Probe),
}

/// A question to the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// Whether somebody accepts connections there.
    Tcp {
        /// A name or an address.
        host: String,
        /// The port.
        port: u16,
    },
    /// Whether a server answers.
    Http {
        /// `http://host:port/path`.
        url: String,
        /// Which status is good; nothing: 200 to 399.
        status: Option<u16>,
    },
    /// Whether a command succeeds.
    Command {
        /// An argument vector.
        command: Vec<String>,
        /// As the file has it.
        line: String,
    },
    /// Whether there is such a file, or folder; absolute.
    File(PathBuf),
    /// Whether something in a folder changed within that time.
    Folder {
        /// Absolute.
        folder: PathBuf,
        /// How long nothing may change.
        inactive: Duration,
    },
}

/// One entry of `health-check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// What is asked; never a file.
    pub probe: Probe,
    /// Between two questions.
    pub interval: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// Nothing is asked for so long after it is up.
    pub start_period: Duration,
    /// So many bad answers one after the other mean that it is not well; at least 1.
    pub max_failed: u32,
    /// What follows then.
    pub on_fail: OnFail,
}

/// `health-check.on-fail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFail {
    /// It is restarted.
    Restart,
    /// It is told.
    Alert,
}
