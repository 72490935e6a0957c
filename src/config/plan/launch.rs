//! What is started, and in which surroundings: the keys of class L, and their versions. Not: how they are read (`config/launch`).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

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
    /// The user it runs as, if that is another one.
    pub user: Option<String>,
    /// Where its standard output goes.
    pub stdout: Stream,
    /// Where its standard error goes.
    pub stderr: Stream,
    /// Which process is supervised.
    pub subject: Subject,
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

/// `stdout`, `stderr`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stream {
    /// To the terminal of the job.
    Terminal,
    /// Nowhere.
    Discard,
    /// Into a file, and perhaps to the terminal of the job too.
    File(StreamFile),
}

/// A file that a stream goes into.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the keys of the file, each apart from the others"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamFile {
    /// Where it is, absolute. Each `$ZAP_INSTANCE` in it, whatever follows, is the number of the instance.
    pub file: PathBuf,
    /// Whether what is in it stays when a run begins.
    pub append: bool,
    /// Whether the terminal of the job shows the stream too.
    pub tee: bool,
    /// Whether the stream is a terminal of its own; else a pipe.
    pub tty: bool,
    /// Whether escape sequences stay.
    pub ansi: bool,
    /// When it is put aside, in bytes; never if nothing.
    pub max_size: Option<u64>,
    /// How many files that were put aside are kept.
    pub keep: u32,
}

/// Which process is supervised: `pid-file`, `container-id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The one that was started.
    Own,
    /// The one whose pid the command writes.
    PidFile(PidFile),
    /// The first one of the container whose id the command prints.
    Container(ContainerTool),
}

/// `pid-file`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PidFile {
    /// Where it is, absolute; nothing: where zap wants it. Each `$ZAP_INSTANCE` in it, as above.
    pub path: Option<PathBuf>,
    /// How long it may take until it is there.
    pub timeout: Duration,
    /// What follows when it is not.
    pub on_timeout: OnTimeout,
}

/// `pid-file.on-timeout`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnTimeout {
    /// It goes on being waited for.
    Wait,
    /// The job is ended, and held until a person starts it.
    Hold,
    /// The start has failed.
    Fail,
}

/// `container-id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerTool {
    /// `podman`.
    Podman,
    /// `docker`.
    Docker,
}

impl ContainerTool {
    /// Its name, in the file and as a program.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Podman => "podman",
            Self::Docker => "docker",
        }
    }
}

/// One entry of `versions`.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// From when on it is due.
    pub apply_on: Moment,
    /// Whether it only pretends: as the newest one it is a rollback to the one before.
    pub fake: bool,
    /// What is started: complete, the job's own keys where it says nothing.
    pub launch: Launch,
}

/// A moment on the wall clock, as it was written and as it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// As the file has it: `2027-04-01T08:00:00`.
    pub text: String,
    /// Milliseconds since 1970-01-01 UTC.
    pub unix_ms: i64,
}

/// `on-change`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnChange {
    /// It is restarted.
    Restart,
    /// It goes on, and its row says that the file means something else.
    Pending,
}
