//! The table `[zap]`, as plain data. Not: how it is read (`config/settings`).

use std::path::PathBuf;
use std::time::Duration;

use super::Zone;

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
    /// How many instances may be starting at one time; 0: any number.
    pub max_starting: u32,
    /// The least time between two starts.
    pub start_stagger: Duration,
    /// Whether a change of the file is applied by itself.
    pub watch_config: bool,
    /// The time zone of schedules and versions that name none.
    pub zone: Zone,
    /// Where events are also written, as lines of text; absolute.
    pub event_log: Option<PathBuf>,
    /// How many bytes of output the disk keeps of each instance that names no number.
    pub history: u64,
    /// How many bytes of output the disk keeps of all projects of this user together.
    pub history_total: u64,
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
