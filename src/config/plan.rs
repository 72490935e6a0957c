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
    /// Words by which several jobs are addressed at once: `@label`.
    pub labels: Vec<String>,
    /// What is started, and in which surroundings, before any of [`Self::versions`] is due. Nothing before the first of them, if
    /// the job itself has no work.
    pub launch: Option<Launch>,
    /// What is started instead from a moment on; the earliest first.
    pub versions: Vec<Version>,
    /// What a reload does to a running instance of which a launch key has changed.
    pub on_change: OnChange,
    /// How many instances there are; at least 1.
    pub numprocs: u32,
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
    /// Guards against starting for ever; nothing if it may.
    pub max_runs: Option<MaxRuns>,
    /// After so long up it is restarted.
    pub restart_every: Option<Duration>,
    /// At these times of the day it is restarted, in [`Self::zone`].
    pub restart_at: Vec<TimeOfDay>,
    /// How long a run may take.
    pub timeout: Option<Duration>,
    /// Must succeed before the start.
    pub before: Option<Hook>,
    /// Must succeed once it lives, for it to be up.
    pub init: Option<Hook>,
    /// Runs when it has ended.
    pub after: Option<Hook>,
    /// What it needs.
    pub needs: Vec<Need>,
    /// When it is ready, beyond being up.
    pub ready: Option<Ready>,
    /// How one sees that it is still well.
    pub health: Vec<HealthCheck>,
    /// When it should run; empty: always.
    pub schedule: Vec<Window>,
    /// The time zone of `restart-at`: that of `[zap]`.
    pub zone: Zone,
    /// Meant to end.
    pub one_shot: bool,
    /// Keys go to it as soon as its pager is focused.
    pub interactive: bool,
    /// How many bytes of its output the disk keeps, compressed, of all runs of an instance; nothing if `[zap]` says it.
    pub history: Option<u64>,
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
    /// The user it runs as, if that is another one.
    pub user: Option<String>,
    /// Where its standard output goes.
    pub stdout: Stream,
    /// Where its standard error goes.
    pub stderr: Stream,
    /// Which process is supervised.
    pub subject: Subject,
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

/// `max-runs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxRuns {
    /// So many automatic starts; at least 1.
    pub count: u32,
    /// Within so long.
    pub within: Duration,
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

/// One entry of `schedule`: on each of its days from `start` to `stop`. A window that stops no later than it starts ends on the
/// next day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// When it opens; nothing: with the day.
    pub start: Option<TimeOfDay>,
    /// When it closes; nothing: with the day.
    pub stop: Option<TimeOfDay>,
    /// On which days it opens.
    pub days: WeekDays,
    /// Where these times are meant.
    pub zone: Zone,
}

/// A time of the day, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(pub jiff::civil::Time);

/// Days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekDays {
    /// Bit 0 is Monday, bit 6 is Sunday; never empty.
    pub bits: u8,
}

impl WeekDays {
    /// Every day.
    pub const ALL: Self = Self { bits: 0x7f };

    /// Whether it is among them.
    pub fn has(self, day: jiff::civil::Weekday) -> bool {
        self.bits & (1 << day.to_monday_zero_offset()) != 0
    }
}

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// As the file has it: `local`, `Europe/Berlin`.
    pub name: String,
    /// Its rules.
    pub rules: jiff::tz::TimeZone,
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: jiff::tz::TimeZone::UTC }
    }
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

/// One entry of `depends-on`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// A job that exists in the plan: all of its instances.
    Job {
        /// The name of its system.
        system: String,
        /// Its name.
        job: String,
        /// What it must have come to.
        until: Until,
        /// What follows when it is lost.
        on_loss: OnLoss,
    },
    /// Something outside of zap: asked for until it succeeds, before each start.
    Command {
        /// An argument vector.
        command: Vec<String>,
        /// As the file has it.
        line: String,
    },
}

/// `depends-on.until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// It is up.
    Running,
    /// It is up, and its probe has answered.
    Ready,
    /// It ended as expected, once.
    Done,
}

/// `depends-on.on-loss`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnLoss {
    /// Stopped, and started when the need is met again.
    Stop,
    /// Nothing.
    Ignore,
    /// It goes on, and is restarted when the need is met again.
    Restart,
}
