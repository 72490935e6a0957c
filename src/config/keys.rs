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
    known: &["zap", "defaults", "env", "systems"],
    later: &["templates", "fixups", "calendars", "alerts", "novelty", "include", "keys"],
};

/// `[zap]`.
pub(super) const ZAP: Keys = Keys {
    place: "in `[zap]`",
    known: &["format", "theme", "shell", "quit", "stop-timeout", "mouse", "log"],
    later: &[
        "max-starting",
        "start-stagger",
        "keep",
        "watch-config",
        "history",
        "history-total",
        "timezone",
        "event-log",
    ],
};

/// `[systems.NAME]`.
pub(super) const SYSTEM: Keys = Keys {
    place: "in a system",
    known: &["title", "description", "autostart", "work-dir", "env", "defaults", "jobs"],
    later: &["env-file"],
};

/// `[systems.NAME.jobs.NAME]`, `[defaults]` and `[systems.NAME.defaults]`.
pub(super) const JOB: Keys = Keys {
    place: "in a job",
    known: &[
        "title",
        "description",
        "command",
        "steps",
        "shell",
        "work-dir",
        "env",
        "umask",
        "autostart",
        "restart",
        "exit-codes",
        "start-secs",
        "start-retries",
        "backoff",
        "restart-delay",
        "stop",
        "depends-on",
        "one-shot",
        "interactive",
    ],
    later: &[
        "template",
        "session",
        "session-shell",
        "history",
        "labels",
        "env-file",
        "user",
        "numprocs",
        "max-runs",
        "restart-every",
        "restart-at",
        "timeout",
        "stdout",
        "stderr",
        "tty",
        "before",
        "init",
        "after",
        "ready",
        "health-check",
        "pid-file",
        "container-id",
        "schedule",
        "versions",
        "on-change",
        "fixups",
        "novelty",
    ],
};

/// One entry of `steps`.
pub(super) const STEP: Keys =
    Keys { place: "in a step", known: &["run", "name", "timeout", "ok-codes"], later: &[] };

/// `stop`.
pub(super) const STOP: Keys =
    Keys { place: "in `stop`", known: &["signal", "timeout", "command", "keys", "group"], later: &["reach"] };

/// `backoff`.
pub(super) const BACKOFF: Keys =
    Keys { place: "in `backoff`", known: &["first", "max", "factor"], later: &[] };

/// The top of a theme.
pub(super) const THEME: Keys = Keys { place: "in a theme", known: &["description", "looks"], later: &[] };
