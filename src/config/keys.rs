//! Which keys each table knows, and which of the design it does not know yet. Not: what they mean.

/// The keys of one kind of table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Keys {
    /// Where one is in such a table: `in a job`.
    pub(super) place: &'static str,
    /// The keys that are read.
    pub(super) known: &'static [&'static str],
    /// The keys of the design whose issue has not come yet; they are refused by name.
    pub(super) later: &'static [&'static str],
}

/// The top of `systems.toml`.
pub(super) const FILE: Keys = Keys {
    place: "at the top of the file",
    known: &["zap", "defaults", "env", "systems", "keys"],
    later: &["templates", "fixups", "calendars", "alerts", "novelty", "include"],
};

/// `[zap]`.
pub(super) const ZAP: Keys = Keys {
    place: "in `[zap]`",
    known: &[
        "format",
        "theme",
        "shell",
        "max-starting",
        "start-stagger",
        "watch-config",
        "quit",
        "timezone",
        "log",
        "event-log",
        "mouse",
        "stop-timeout",
        "history",
        "history-total",
    ],
    later: &["keep"],
};

/// `[systems.NAME]`.
pub(super) const SYSTEM: Keys = Keys {
    place: "in a system",
    known: &["title", "description", "autostart", "work-dir", "env", "env-file", "defaults", "jobs"],
    later: &[],
};

/// `[systems.NAME.jobs.NAME]`, `[defaults]` and `[systems.NAME.defaults]`.
pub(super) const JOB: Keys = Keys {
    place: "in a job",
    known: &[
        "command",
        "steps",
        "title",
        "description",
        "labels",
        "shell",
        "work-dir",
        "env",
        "env-file",
        "umask",
        "user",
        "numprocs",
        "autostart",
        "restart",
        "exit-codes",
        "start-secs",
        "start-retries",
        "backoff",
        "restart-delay",
        "max-runs",
        "restart-every",
        "restart-at",
        "timeout",
        "stop",
        "stdout",
        "stderr",
        "before",
        "init",
        "after",
        "depends-on",
        "ready",
        "health-check",
        "pid-file",
        "container-id",
        "one-shot",
        "schedule",
        "versions",
        "on-change",
        "interactive",
        "history",
    ],
    later: &["template", "session", "session-shell", "fixups", "novelty"],
};

/// One entry of `versions`: the keys of class L, and when.
pub(super) const VERSION: Keys = Keys {
    place: "in a version",
    known: &[
        "apply-on",
        "fake",
        "command",
        "steps",
        "shell",
        "work-dir",
        "env",
        "env-file",
        "umask",
        "user",
        "stdout",
        "stderr",
        "pid-file",
        "container-id",
    ],
    later: &["template", "session", "session-shell"],
};

/// One entry of `steps`.
pub(super) const STEP: Keys =
    Keys { place: "in a step", known: &["run", "name", "timeout", "ok-codes"], later: &[] };

/// `stop`.
pub(super) const STOP: Keys = Keys {
    place: "in `stop`",
    known: &["signal", "timeout", "command", "keys", "group", "reach"],
    later: &[],
};

/// `backoff`.
pub(super) const BACKOFF: Keys =
    Keys { place: "in `backoff`", known: &["first", "max", "factor"], later: &[] };

/// `max-runs`.
pub(super) const MAX_RUNS: Keys = Keys { place: "in `max-runs`", known: &["count", "within"], later: &[] };

/// `stdout`, `stderr`.
pub(super) const STREAM: Keys = Keys {
    place: "in `stdout` or `stderr`",
    known: &["file", "append", "tee", "max-size", "keep", "tty", "ansi"],
    later: &[],
};

/// `before`, `init`, `after`.
pub(super) const HOOK: Keys = Keys { place: "in a hook", known: &["command", "timeout"], later: &[] };

/// One entry of `depends-on`.
pub(super) const NEED: Keys =
    Keys { place: "in `depends-on`", known: &["job", "until", "on-loss", "command"], later: &[] };

/// `ready`.
pub(super) const READY: Keys = Keys {
    place: "in `ready`",
    known: &["log", "tcp", "http", "status", "command", "file", "fail-log", "timeout", "interval"],
    later: &[],
};

/// One entry of `health-check`.
pub(super) const HEALTH: Keys = Keys {
    place: "in `health-check`",
    known: &[
        "command",
        "http",
        "status",
        "tcp",
        "folder",
        "inactive-time",
        "interval",
        "timeout",
        "start-period",
        "max-failed",
        "on-fail",
    ],
    later: &[],
};

/// `pid-file`.
pub(super) const PID_FILE: Keys =
    Keys { place: "in `pid-file`", known: &["path", "timeout", "on-timeout"], later: &[] };

/// One entry of `schedule`.
pub(super) const WINDOW: Keys =
    Keys { place: "in `schedule`", known: &["start-time", "stop-time", "week-days", "timezone"], later: &[] };

/// The top of a theme.
pub(super) const THEME: Keys = Keys { place: "in a theme", known: &["description", "looks"], later: &[] };
