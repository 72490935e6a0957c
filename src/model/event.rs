//! What happened: the facts that the supervisor is told.

use serde::{Deserialize, Serialize};

use crate::config::Plan;
use crate::model::{By, Command, Exit, FileProblem, RunId, Station};

/// A fact, or a wish.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A deadline has passed.
    Tick,
    /// Somebody wishes something.
    Command(Command),
    /// The process of a run exists.
    Spawned {
        /// Which run.
        run: RunId,
        /// Its process, also the id of its session and process group.
        pid: i32,
    },
    /// The process of a run could not be made.
    SpawnFailed {
        /// Which run.
        run: RunId,
        /// Why not.
        error: SpawnError,
    },
    /// The leader of a run was reaped.
    Exited {
        /// Which run.
        run: RunId,
        /// How it ended.
        exit: Exit,
    },
    /// The terminal of a run reached its end: nobody holds it any more.
    Drained {
        /// Which run.
        run: RunId,
    },
    /// Asked by [`Effect::AwaitQuiet`](crate::model::Effect::AwaitQuiet): the terminal of an ended run had nothing left to
    /// read for 500 ms, but somebody still holds it.
    Quiet {
        /// Which run.
        run: RunId,
    },
    /// A process that no leader is was reaped: perhaps it was the last one of a run that is over but for its orphans.
    OrphanEnded,
    /// Asked by [`Effect::Survey`](crate::model::Effect::Survey): which processes of a run are alive, the leader not counted
    /// once it was reaped.
    Surveyed {
        /// Which run.
        run: RunId,
        /// How many processes are left.
        left: u32,
        /// How many of them are in the process group of the leader.
        in_group: u32,
    },
    /// A step of a run began or ended.
    Step {
        /// Which run.
        run: RunId,
        /// What its mark says.
        mark: StepMark,
    },
    /// The file was read anew, and is good: from now on this is asked for.
    Reloaded {
        /// What it asks for.
        plan: Box<Plan>,
        /// Who wished it.
        by: By,
    },
    /// So many runs of these instances are remembered from before, also of such as are not there yet: what comes next is counted
    /// on from there.
    Recalled {
        /// Who, and the number of the last run.
        runs: Vec<(Station, u32)>,
    },
    /// The file was read anew, and cannot be used: the old plan goes on.
    FileBroken {
        /// What is wrong.
        problem: FileProblem,
        /// Who wished it.
        by: By,
    },
    /// Something that [`Effect::Listen`](crate::model::Effect::Listen) asked for was seen in the output of a run.
    Noticed {
        /// Which run.
        run: RunId,
        /// What.
        notice: Notice,
    },
    /// The answer to [`Effect::Ask`](crate::model::Effect::Ask).
    Answered {
        /// The run of the question.
        run: RunId,
        /// What came back.
        answer: Answer,
    },
    /// What a run printed of which the last line is wanted: told when its terminal is at its end, before `Drained`.
    Said {
        /// Which run.
        run: RunId,
        /// Its last line that is not blank, without escape sequences; at most 200 characters.
        line: String,
    },
    /// Asked by [`Effect::Adopt`](crate::model::Effect::Adopt): from now on this process is the leader of the run, and `Exited`
    /// tells its end. If the launcher of the run ends later, nobody is told.
    Adopted {
        /// Which run.
        run: RunId,
        /// Its process.
        pid: i32,
    },
    /// Asked by [`Effect::Adopt`](crate::model::Effect::Adopt): there is no process to adopt.
    NotAdopted {
        /// Which run.
        run: RunId,
        /// Why not, as a fragment: `/run/x.pid is not there yet`.
        why: String,
        /// Whether it may still come.
        hope: Hope,
    },
}

/// Whether something may still come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hope {
    /// It may: ask again.
    Later,
    /// It will not.
    Never,
}

/// What was seen in a line of output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// It matches `ready.log`.
    Ready,
    /// It matches `ready.fail-log`.
    Fail {
        /// The line, at most 200 characters.
        line: String,
    },
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No: why not, as a fragment: `connection refused`, `status 503`, `/x does not exist`.
    No(String),
}

/// What the mark of a step says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepMark {
    /// The session's shell is there (all marks of a session job come after this one).
    Session {
        /// Its pid, on the host where it runs.
        pid: u32,
    },
    /// The step, counted from 0 within the `steps` of the plan, begins.
    Begin {
        /// Which one.
        step: u16,
    },
    /// The step has ended.
    End {
        /// Which one.
        step: u16,
        /// Its exit code.
        code: u8,
    },
}

/// Why a process could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpawnError {
    /// `no such file: ./api`, `not executable: ./api`, `folder /x does not exist`, `interpreter /x not found`: as a fragment
    /// to be shown as it stands.
    Command(String),
    /// zap itself lacks something (descriptors, processes, memory): as a fragment.
    System(String),
}
