//! The phases of an instance; each carries its own data and deadlines. Not: how one follows from another.

use std::time::Duration;

use crate::model::fault::Fault;
use crate::model::{Exit, RunId, State, Time};

/// In which phase an instance is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    /// Not wanted.
    Stopped(Rest),
    /// Wanted; held by a need or by what is left of an earlier run. By what is recomputed, not kept.
    Waiting,
    /// Wanted later: outside of its windows, or before its first version. Until when is recomputed, not kept.
    Scheduled,
    /// Its `before` runs.
    Preparing {
        /// The run of the hook, which is among the leftovers.
        hook: RunId,
    },
    /// Asked for, or alive and not up yet.
    Starting {
        /// The run.
        live: Live,
        /// When it counts as up: unknown until it is born and, with steps, its last step has begun.
        up_at: Option<Time>,
    },
    /// Up.
    Running {
        /// The run.
        live: Live,
    },
    /// It has to end.
    Stopping {
        /// Why.
        reason: Reason,
        /// How far that is.
        course: Course,
    },
    /// It is tried again.
    Backoff {
        /// When.
        until: Time,
        /// How the last run ended.
        end: End,
        /// Which retry of a failed start this is; an ordinary restart otherwise.
        retry: Option<u32>,
    },
    /// Too many automatic starts.
    Held {
        /// When it is released; nothing: when a person starts it.
        until: Option<Time>,
        /// How the last run ended.
        end: End,
    },
    /// Ended as expected.
    Done {
        /// How.
        end: End,
    },
    /// Not tried again.
    Failed {
        /// How the last run ended.
        end: End,
        /// How often it was tried.
        attempts: u32,
    },
}

/// Why nothing is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// It was never started.
    Fresh,
    /// Somebody wished it.
    Asked,
}

/// A run whose leader has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Live {
    /// Its name.
    pub(super) run: RunId,
    /// Its process, once `Spawned` has told it.
    pub(super) birth: Option<Birth>,
}

/// The beginning of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Birth {
    /// Its pid.
    pub(super) pid: i32,
    /// When.
    pub(super) at: Time,
}

/// Why a run has to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// A person stopped it.
    Stop,
    /// A person killed it.
    Kill,
    /// A person restarted it.
    Restart,
    /// A need was lost: the one with this index among the job's needs.
    Need(usize),
    /// The step with this index, counted with the session, took too long. What follows is judged like an end by itself.
    Overtime(usize),
    /// The need with this index was lost and is met again, and `on-loss` says restart.
    Again(usize),
    /// Its window has closed, or nothing that it could run is in force.
    Closed,
    /// Another version has come into force.
    Version,
    /// The file says something else than what runs.
    Changed,
    /// The file no longer has it.
    Removed,
    /// It is restarted at this time of the day.
    Daily,
    /// zap ends.
    Quit,
    /// `restart-every`.
    Every,
    /// Something is wrong with the run, which remembers what. What follows is judged.
    Fault(Fault),
}

/// How far a stop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Its dependants end first; it was not told yet.
    Held(Live),
    /// It is not born yet; it is told when it is.
    Unborn {
        /// The run.
        run: RunId,
        /// How it is told then.
        force: Force,
    },
    /// Its stop command runs, or its keys were typed.
    Asked {
        /// The run.
        live: Live,
        /// When it gets the signal.
        signal_at: Time,
        /// When it gets KILL.
        kill_at: Time,
    },
    /// It got the signal.
    Signalled {
        /// The run.
        live: Live,
        /// When its processes are counted for the eye.
        look_at: Option<Time>,
        /// When it gets KILL.
        kill_at: Time,
    },
    /// It got KILL.
    Killed {
        /// The run.
        live: Live,
        /// When nobody waits for it any longer.
        give_up_at: Time,
    },
    /// Its leader has ended; what is left of its runs is being ended.
    Clearing,
}

/// How strongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Force {
    /// By the stop procedure.
    Asking,
    /// By KILL.
    Killing,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// It never began: why not.
    NotStarted(String),
    /// Its leader ended.
    Exited {
        /// How.
        exit: Exit,
        /// How long it lived.
        lived: Duration,
    },
    /// A step took too long, and it was ended.
    Overtime {
        /// Which step.
        step: String,
        /// How long it might have taken.
        timeout: Duration,
    },
    /// Something was wrong with it.
    Faulty {
        /// What.
        fault: Fault,
        /// The same as a sentence.
        why: String,
    },
}

impl Phase {
    /// The run whose leader has not ended.
    pub(super) fn live(&self) -> Option<Live> {
        match self {
            Self::Starting { live, .. } | Self::Running { live } => Some(*live),
            Self::Stopping { course, .. } => course.live(),
            Self::Stopped(_)
            | Self::Waiting
            | Self::Scheduled
            | Self::Preparing { .. }
            | Self::Held { .. }
            | Self::Backoff { .. }
            | Self::Done { .. }
            | Self::Failed { .. } => None,
        }
    }

    /// The run that is at its work, or on its way there: nobody has told it to end.
    pub(super) fn at_work(&self) -> Option<Live> {
        self.starting().or_else(|| self.up())
    }

    /// The run that was asked for or is alive, and is not up yet.
    pub(super) fn starting(&self) -> Option<Live> {
        match self {
            Self::Starting { live, .. } => Some(*live),
            Self::Stopped(_)
            | Self::Waiting
            | Self::Scheduled
            | Self::Preparing { .. }
            | Self::Held { .. }
            | Self::Running { .. }
            | Self::Stopping { .. }
            | Self::Backoff { .. }
            | Self::Done { .. }
            | Self::Failed { .. } => None,
        }
    }

    /// The run that is up.
    pub(super) fn up(&self) -> Option<Live> {
        match self {
            Self::Running { live } => Some(*live),
            Self::Stopped(_)
            | Self::Waiting
            | Self::Scheduled
            | Self::Preparing { .. }
            | Self::Held { .. }
            | Self::Starting { .. }
            | Self::Stopping { .. }
            | Self::Backoff { .. }
            | Self::Done { .. }
            | Self::Failed { .. } => None,
        }
    }

    /// The run that has to end and was not told yet, and why it has to.
    pub(super) fn untold(&self) -> Option<(Reason, Live)> {
        match *self {
            Self::Stopping { reason, course: Course::Held(live) } => Some((reason, live)),
            Self::Stopped(_)
            | Self::Waiting
            | Self::Scheduled
            | Self::Preparing { .. }
            | Self::Held { .. }
            | Self::Starting { .. }
            | Self::Running { .. }
            | Self::Stopping { .. }
            | Self::Backoff { .. }
            | Self::Done { .. }
            | Self::Failed { .. } => None,
        }
    }

    /// Whether it is at rest because nothing is wanted of it.
    pub(super) fn is_stopped(&self) -> bool {
        match self {
            Self::Stopped(_) => true,
            Self::Waiting
            | Self::Scheduled
            | Self::Preparing { .. }
            | Self::Held { .. }
            | Self::Starting { .. }
            | Self::Running { .. }
            | Self::Stopping { .. }
            | Self::Backoff { .. }
            | Self::Done { .. }
            | Self::Failed { .. } => false,
        }
    }

    /// From now on its run counts as up at another time; nothing: that is unknown. Only while it is starting.
    pub(super) fn set_up_at(&mut self, at: Option<Time>) {
        match self {
            Self::Starting { up_at, .. } => *up_at = at,
            Self::Stopped(_)
            | Self::Waiting
            | Self::Scheduled
            | Self::Preparing { .. }
            | Self::Held { .. }
            | Self::Running { .. }
            | Self::Stopping { .. }
            | Self::Backoff { .. }
            | Self::Done { .. }
            | Self::Failed { .. } => {}
        }
    }

    /// The word for it.
    pub(super) fn state(&self) -> State {
        match self {
            Self::Stopped(_) => State::Stopped,
            Self::Waiting => State::Waiting,
            Self::Scheduled => State::Scheduled,
            Self::Held { .. } => State::Held,
            Self::Preparing { .. } | Self::Starting { .. } => State::Starting,
            Self::Running { .. } => State::Running,
            Self::Stopping { .. } => State::Stopping,
            Self::Backoff { .. } => State::Backoff,
            Self::Done { .. } => State::Done,
            Self::Failed { .. } => State::Failed,
        }
    }

    /// When it changes by itself.
    pub(super) fn deadline(&self) -> Option<Time> {
        match self {
            Self::Starting { up_at, .. } => *up_at,
            Self::Backoff { until, .. } => Some(*until),
            Self::Held { until, .. } => *until,
            Self::Stopping { course, .. } => course.deadline(),
            Self::Stopped(_)
            | Self::Waiting
            | Self::Scheduled
            | Self::Preparing { .. }
            | Self::Running { .. }
            | Self::Done { .. }
            | Self::Failed { .. } => None,
        }
    }
}

impl Course {
    /// The run whose leader has not ended.
    pub(super) fn live(&self) -> Option<Live> {
        match *self {
            Self::Held(live)
            | Self::Asked { live, .. }
            | Self::Signalled { live, .. }
            | Self::Killed { live, .. } => Some(live),
            Self::Unborn { run, .. } => Some(Live { run, birth: None }),
            Self::Clearing => None,
        }
    }

    fn deadline(&self) -> Option<Time> {
        match *self {
            Self::Asked { signal_at, kill_at, .. } => Some(signal_at.min(kill_at)),
            Self::Signalled { look_at, kill_at, .. } => {
                Some(look_at.map_or(kill_at, |look_at| look_at.min(kill_at)))
            }
            Self::Killed { give_up_at, .. } => Some(give_up_at),
            Self::Held(_) | Self::Unborn { .. } | Self::Clearing => None,
        }
    }
}
