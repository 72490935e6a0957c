//! The picture of everything, for eyes and wires: plain serde data, made by `Supervisor::view`, and where to find
//! something in it. Not: making it (`picture`).

use serde::{Deserialize, Serialize};

use crate::model::{Exit, InstanceId, Now, RunId, Target, Time};

/// The picture of everything.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct View {
    /// The systems, in the order of the file.
    pub systems: Vec<SystemView>,
    /// Set while zap stops everything in order to end.
    pub quitting: Option<Quitting>,
    /// What is wrong with the file, since it was read anew; the old plan goes on.
    pub problem: Option<FileProblem>,
}

impl View {
    /// An instance by its id.
    pub fn instance(&self, id: InstanceId) -> Option<&InstanceView> {
        self.instances().find(|job| job.id == id)
    }

    /// All instances, in the order of the file.
    pub fn instances(&self) -> impl Iterator<Item = &InstanceView> {
        self.systems.iter().flat_map(|system| &system.jobs)
    }

    /// The chain of reasons: an instance, whom it waits for, whom that one waits for, and so on.
    pub fn reasons<'a>(&'a self, job: &'a InstanceView) -> impl Iterator<Item = &'a InstanceView> {
        // `config` refuses circles; were there one, nobody would run in it for ever.
        let most = self.instances().count();
        std::iter::successors(Some(job), |job| self.instance(job.blocked_by?)).take(most)
    }

    /// The instances that are meant by these, each once, in the order of the file.
    pub fn meant<'a>(&'a self, targets: &'a [Target]) -> impl Iterator<Item = &'a InstanceView> {
        let is_meant = move |system: &str, one: &InstanceView| {
            targets.iter().any(|target| match target {
                Target::System(name) => system == name,
                Target::Job { system: name, job } => system == name && one.name == *job,
                Target::Numbered { system: name, job, number } => {
                    system == name && one.name == *job && one.number == *number
                }
                Target::Instance(id) => one.id == *id,
            })
        };
        self.systems
            .iter()
            .flat_map(move |system| system.jobs.iter().filter(move |job| is_meant(&system.name, job)))
    }
}

/// What is wrong with a file that was read anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProblem {
    /// The first problem, in one line: ``no job named `dba` ``.
    pub first: String,
    /// Where it is: `systems.toml:14:15`.
    pub place: String,
    /// How many more there are.
    pub more: u32,
    /// All of them, as they are drawn for a person, without colour.
    pub text: String,
}

/// A system and its jobs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SystemView {
    /// The name in addresses.
    pub name: String,
    /// The title a person reads.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its instances, in the order of the file.
    pub jobs: Vec<InstanceView>,
}

/// An instance of a job.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a picture: its flags are facts beside the state, not states"
)]
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InstanceView {
    /// Its id.
    pub id: InstanceId,
    /// `dev/web`.
    pub address: String,
    /// The job's name.
    pub name: String,
    /// Its name on a row: `web`, or `web#2` where there are several.
    pub label: String,
    /// The number of the instance, from 1.
    pub number: u32,
    /// Words by which several jobs are addressed at once.
    pub labels: Vec<String>,
    /// The job's title.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// In which state it is.
    pub state: State,
    /// Whether dependants may count on it.
    pub ready: bool,
    /// Whether somebody wants it up.
    pub wanted: bool,
    /// Whether keys go to it as soon as its pager is focused.
    pub interactive: bool,
    /// Meant to end.
    pub one_shot: bool,
    /// When it came into its state.
    pub since: Now,
    /// Its present run, or the last one.
    pub run: Option<RunView>,
    /// How the last run ended; kept until the next.
    pub exit: Option<Exit>,
    /// How often it was started again by itself since a person started it.
    pub restarts: u32,
    /// What will happen by itself, and when.
    pub next: Option<Next>,
    /// Whether the file means the time of `next` in another zone than the one that zap lives in.
    pub abroad: bool,
    /// One sentence: why it is as it is ("waiting for db to be ready").
    pub why: String,
    /// Who it waits for: the next link of the chain of reasons.
    pub blocked_by: Option<InstanceId>,
    /// Whether it runs something else than the file says (`on-change = "pending"`).
    pub pending_change: bool,
    /// Whether a health check finds it unwell.
    pub unwell: bool,
    /// Whether it is up, and its sign of being ready takes longer than `ready.timeout`.
    pub overdue: bool,
    /// A few words for the row, beside the state's own ("exit 101", "retry 2/3", "for db").
    pub note: String,
    /// Processes of ended runs that still live.
    pub lingering: u32,
    /// The steps of its present or last run; empty for jobs without steps.
    pub steps: Vec<StepView>,
}

/// A run, as far as eyes need it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RunView {
    /// Its id.
    pub id: RunId,
    /// Its number among the runs of this instance, from 1.
    pub number: u32,
    /// Its process, while there is one.
    pub pid: Option<i32>,
    /// When it was started.
    pub started: Now,
    /// When its leader ended.
    pub ended: Option<Now>,
    /// Whether it has ended and all that it wrote was read: its terminal is at its end, or who still holds it says nothing.
    pub complete: bool,
}

/// The state of an instance, as `behaviour.md` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Not wanted.
    Stopped,
    /// Wanted later: in its window, or by a version that is not due yet.
    Scheduled,
    /// Wanted; held by something that is named.
    Waiting,
    /// It has a pid and is not up yet.
    Starting,
    /// Up.
    Running,
    /// Told to end.
    Stopping,
    /// Ended too early or unexpectedly; tried again.
    Backoff,
    /// Too many automatic runs.
    Held,
    /// Ended as expected, nothing more to do.
    Done,
    /// Ended unexpectedly and will not be tried again.
    Failed,
}

/// What will happen by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Next {
    /// When.
    pub at: Time,
    /// What.
    pub kind: NextKind,
}

/// What will happen by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextKind {
    /// It counts as up.
    Up,
    /// It is started again.
    Retry,
    /// It gets KILL.
    Kill,
    /// It is released.
    Release,
    /// Its window opens.
    Open,
    /// Its window closes.
    Close,
    /// Another version comes into force.
    Version,
    /// It is restarted, by `restart-every` or `restart-at`.
    Restart,
}

/// A step of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepView {
    /// Its name.
    pub name: String,
    /// How far it is.
    pub state: StepState,
    /// When it began.
    pub began: Option<Time>,
    /// When it ended.
    pub ended: Option<Time>,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepState {
    /// Not yet begun.
    Pending,
    /// Begun.
    Running,
    /// Ended with a code that counts as success.
    Done(u8),
    /// Ended with another code.
    Failed(u8),
    /// Its run ended before it did.
    Cut,
}

/// zap stops everything in order to end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quitting {
    /// When it began.
    pub since: Now,
    /// When everything gets KILL.
    pub kill_at: Time,
    /// How many instances have ended since.
    pub ended: u32,
    /// Who is still alive.
    pub alive: Vec<Survivor>,
}

/// An instance that has not ended yet while zap quits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Survivor {
    /// Which one.
    pub id: InstanceId,
    /// `dev/db`.
    pub address: String,
    /// What is being done about it: "TERM sent", "its stop command runs", "waits for dev/web to end".
    pub doing: String,
    /// When it gets KILL.
    pub kill_at: Option<Time>,
    /// Processes known to be alive.
    pub processes: Option<u32>,
}

/// The sum of many states: how a system's row and the head line count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Overview {
    /// Up or done as expected.
    pub good: u32,
    /// All.
    pub all: u32,
    /// Failed, or held: in trouble.
    pub failed: u32,
    /// Between two states.
    pub moving: u32,
    /// Waiting or to be tried again.
    pub pending: u32,
    /// At rest: not wanted, or wanted later.
    pub stopped: u32,
}
