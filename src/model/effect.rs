//! What must now be done: the deeds that the supervisor asks for. Only `app/perform.rs` performs them.

use std::ffi::OsString;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::{Exit, InstanceId, Nonce, Now, RunId, Size};

/// A deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Make a process in a session and a PTY of its own. Answered by `Spawned` or `SpawnFailed`, always.
    Spawn {
        /// The new run.
        run: RunId,
        /// Whose run it is.
        instance: InstanceId,
        /// What is run: complete.
        launch: Box<Launch>,
    },
    /// Make the process of a hook (a stop command). It has a process group and a session of its own; its output is shown in
    /// the instance's terminal. Answered like `Spawn`, and its end by `Exited`. `Signal`, `Survey` and `Close` name it too;
    /// nobody waits for the end of its terminal.
    SpawnHook {
        /// The run of the hook.
        run: RunId,
        /// Whose hook it is.
        instance: InstanceId,
        /// Which hook.
        kind: HookKind,
        /// What is run: complete.
        launch: Box<Launch>,
    },
    /// Send a signal. CONT follows it, unless it is KILL, so that a stopped program hears it.
    Signal {
        /// Which run.
        run: RunId,
        /// The number of the signal.
        signal: i32,
        /// To whom.
        delivery: Delivery,
    },
    /// Type bytes into the terminal of a run.
    Write {
        /// Which run.
        run: RunId,
        /// What is typed.
        bytes: Vec<u8>,
    },
    /// Change the size of an instance's terminal, and of its PTY if it has a run.
    Resize {
        /// Whose terminal.
        instance: InstanceId,
        /// The run that uses it.
        run: Option<RunId>,
        /// The new size.
        size: Size,
    },
    /// Tell by `Quiet` when the terminal of this ended run had nothing to read for 500 ms (unless `Drained` comes first).
    AwaitQuiet {
        /// Which run.
        run: RunId,
    },
    /// Look at once which processes of this run are alive; answered by `Surveyed`. Surveys of one turn share one look.
    Survey {
        /// Which run.
        run: RunId,
    },
    /// The run is over and nothing of it is left: close its terminal's PTY, forget its pids.
    Close {
        /// Which run.
        run: RunId,
    },
    /// Something worth keeping happened.
    Record(Record),
    /// Everything has ended: zap may end with this code.
    Finish {
        /// The exit code of zap.
        code: u8,
    },
}

/// To whom a signal goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// The leader alone.
    Leader,
    /// The process group of the leader.
    Group,
    /// Every process of the run, wherever it went (session, parent chain, environment).
    Family,
}

/// A command that belongs to a job and is not the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HookKind {
    /// `stop.command`.
    Stop,
}

/// All that is needed to make a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The program and its arguments; never empty.
    pub argv: Vec<OsString>,
    /// The whole environment, in the order of the names.
    pub env: Vec<(OsString, OsString)>,
    /// The folder, absolute.
    pub folder: PathBuf,
    /// The umask, or the inherited one.
    pub umask: Option<u32>,
    /// The size of its terminal.
    pub size: Size,
    /// The secret of its step marks, if it has steps.
    pub nonce: Option<Nonce>,
}

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
    /// What.
    pub kind: RecordKind,
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
    },
    /// Nothing of it is left.
    Closed,
    /// It will be tried again.
    Retry {
        /// Which attempt failed, from 1.
        attempt: u32,
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
}
