//! What happened, to be kept and told: as data. Not: the same in words (`retold`).

use serde::{Deserialize, Serialize};

use crate::model::{Exit, HookKind, InstanceId, Now, RunId};

/// Something worth keeping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When.
    pub at: Now,
    /// About which instance.
    pub instance: Option<InstanceId>,
    /// Its address, or "zap".
    pub address: String,
    /// About which run.
    pub run: Option<RunId>,
    /// Who brought it about.
    pub by: By,
    /// What.
    pub kind: RecordKind,
}

/// Who brings something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// A person, by a key or a verb.
    User,
    /// `restart`, `backoff`, `timeout`, probes and the like.
    Policy,
    /// Something that is needed.
    Need,
    /// A changed file.
    Reload,
    /// A window, a version or a time of the day.
    Schedule,
    /// zap itself, or the job itself.
    Zap,
}

/// What is worth keeping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    /// The process exists.
    Started {
        /// Its pid.
        pid: i32,
    },
    /// It is up.
    Up,
    /// It could not be started.
    NotStarted {
        /// Why not.
        why: String,
    },
    /// It was told to end.
    Stopping {
        /// Why.
        why: String,
    },
    /// Its leader ended.
    Exited {
        /// How.
        exit: Exit,
        /// Whether `exit-codes` (or our own signal) makes it expected.
        expected: bool,
        /// Whether zap told it to end, and nothing else makes its end expected.
        told: bool,
    },
    /// Nothing of it is left.
    Closed,
    /// It will be tried again.
    Retry {
        /// Which failed start that was, from 1; nothing if it had been up.
        attempt: Option<u32>,
        /// How long until the next one, in milliseconds.
        in_ms: u64,
    },
    /// It will not be tried again.
    Failed {
        /// Why.
        why: String,
    },
    /// It ended as expected.
    Done,
    /// A step began or ended.
    Step {
        /// Its name.
        name: String,
        /// How it ended, if it did.
        code: Option<u8>,
    },
    /// A process that nothing can end is named.
    Left {
        /// How many processes.
        count: u32,
    },
    /// Its probe has answered.
    Ready,
    /// It is no longer ready.
    Unready {
        /// Why not.
        why: String,
    },
    /// Nothing of it runs, and nothing will: a person, the file or the end of zap wished it. `by` tells who.
    Stopped,
    /// Too many automatic starts: it is held.
    Held {
        /// Why.
        why: String,
        /// Until it is released, in milliseconds; nothing: until a person starts it.
        in_ms: Option<u64>,
    },
    /// A hook has ended.
    Hook {
        /// Which.
        kind: HookKind,
        /// What became of it, as a fragment: `ended, exit 1`.
        what: String,
    },
    /// The answer of a probe is another one than before, or brings something about.
    Probe {
        /// What was asked and what came back: `tcp 127.0.0.1:5432: connection refused`.
        what: String,
    },
    /// Somebody wished something.
    Command {
        /// What: `restart dev/web`.
        what: String,
    },
    /// The file was read anew, or something in it came into force.
    Reload {
        /// What changed: `1 added, 2 changed, 197 kept`.
        what: String,
    },
    /// Something about zap itself.
    Zap {
        /// What.
        what: String,
    },
}
