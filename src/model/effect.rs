//! What must now be done: the deeds that the supervisor asks for. Only `app/perform.rs` performs them.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use crate::config::{Stream, StreamFile};
use crate::model::{InstanceId, Nonce, Record, RunId, Size};

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
    /// Make the process of a hook. It has a process group and a session of its own. Answered like `Spawn`, and its end by
    /// `Exited`. `Signal`, `Survey` and `Close` name it too. What becomes of its output tells [`HookKind::audience`]; nobody
    /// waits for the end of its terminal unless it is heard.
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
    /// As `Close`, but something of the run is alive and may live for ever (`stop.reach`): also when zap ends, it gets no signal.
    Spare {
        /// Which run.
        run: RunId,
    },
    /// Ask something; answered by `Answered`, unless it is dismissed first. Asking takes as long as it takes: the supervisor
    /// dismisses what it no longer waits for.
    Ask {
        /// The run of the question.
        run: RunId,
        /// What is asked.
        question: Question,
    },
    /// Nobody waits for the answer to this question any more.
    Dismiss {
        /// The run of the question.
        run: RunId,
    },
    /// Tell by `Noticed` which lines of a run's output match, from now on and instead of what was listened for before. For a
    /// new run it comes before its `Spawn`.
    Listen {
        /// Which run.
        run: RunId,
        /// What is listened for; empty: nothing.
        patterns: Vec<Pattern>,
    },
    /// Find the process that a run shall be supervised by and make it the leader. Answered by `Adopted` or `NotAdopted`.
    Adopt {
        /// Which run.
        run: RunId,
        /// Where its pid comes from.
        from: PidSource,
    },
    /// An instance is gone from the plan and nothing of it runs: forget its output.
    Forget {
        /// Which instance.
        instance: InstanceId,
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
    /// `before`.
    Before,
    /// `init`.
    Init,
    /// `after`.
    After,
    /// `stop.command`.
    Stop,
    /// A command of `ready`, `health-check` or `depends-on`.
    Probe,
    /// Asks a container tool for a pid or an exit code.
    Inspect,
    /// Sends a signal by a container tool.
    Signal,
}

/// Who gets what a hook prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// The terminal of the instance shows it.
    Shown,
    /// Its last line is told by `Said`, and nobody is shown it.
    Heard,
}

impl HookKind {
    /// The word for it in sentences: `its before command`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Before => "before command",
            Self::Init => "init command",
            Self::After => "after command",
            Self::Stop => "stop command",
            Self::Probe => "probe",
            Self::Inspect => "question to the container tool",
            Self::Signal => "signal by the container tool",
        }
    }

    /// Who gets what it prints.
    pub fn audience(self) -> Audience {
        match self {
            Self::Before | Self::Init | Self::After | Self::Stop => Audience::Shown,
            Self::Probe | Self::Inspect | Self::Signal => Audience::Heard,
        }
    }
}

/// What is asked of the world. Commands are not among it: they are hooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
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
    /// Whether there is such a file or folder.
    File(PathBuf),
    /// Whether something in a folder, or below it, changed within that time.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// How long nothing may change.
        inactive: Duration,
    },
}

/// What is listened for in the output of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// A regular expression.
    pub regex: String,
    /// What a match means.
    pub meaning: Meaning,
}

/// What a match means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Meaning {
    /// [`Notice::Ready`](crate::model::Notice::Ready); told once.
    Ready,
    /// [`Notice::Fail`](crate::model::Notice::Fail); told once.
    Fail,
}

/// Where the pid of a run comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PidSource {
    /// It stands in this file. A process that is older than the run is a stranger.
    File(PathBuf),
    /// It is this one.
    Number(i32),
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
    /// The user it runs as, if that is another one: needs root, or goes through `sudo -n -u`.
    pub user: Option<String>,
    /// Where its standard output goes.
    pub stdout: Stream,
    /// Where its standard error goes.
    pub stderr: Stream,
    /// Whether the last line of its output is told by `Said`.
    pub heard: bool,
}
