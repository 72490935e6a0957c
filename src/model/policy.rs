//! What an end means: done, failed, or another try. A pure reading of `restart`, `exit-codes`, `start-retries`, `backoff`
//! and `restart-delay`. Not: carrying it out (`end`).

use std::time::Duration;

use crate::config::{Expected, Job, Restart};
use crate::model::guard::Guard;
use crate::model::{Exit, backoff};

/// A run that lived this long has earned a first pause again (behaviour.md, End, restart).
pub(super) const SETTLED: Duration = Duration::from_secs(10);

/// What an instance remembers of its attempts. A person's start or restart zeroes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Tally {
    /// Failed starts since it was last up.
    pub(super) failed_starts: u32,
    /// Pauses since a run lived for [`SETTLED`].
    pub(super) step: u32,
    /// Automatic starts.
    pub(super) restarts: u32,
    /// Those of them that `max-runs` counts.
    pub(super) guard: Guard,
}

/// How far a run came, as far as the policy needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Career {
    /// There was no process.
    NotStarted,
    /// It ended before it was up.
    Early {
        /// How it ended.
        exit: Exit,
        /// How long it lived.
        lived: Duration,
    },
    /// It had been up.
    Up {
        /// How it ended.
        exit: Exit,
        /// How long it lived.
        lived: Duration,
    },
    /// Something was wrong before it could do its work: a failed start, however it ended.
    Unfit {
        /// How long it lived.
        lived: Duration,
    },
    /// It did not do its work well: it starts anew, whatever `restart` says.
    Unwell {
        /// How long it lived.
        lived: Duration,
    },
    /// It, or a step of it, took too long: an end that is never expected.
    Overtime {
        /// What it had reached.
        reached: Reached,
        /// How long it lived.
        lived: Duration,
    },
}

/// What a run has reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// It was asked for.
    Start,
    /// It was up.
    Up,
}

/// What follows from an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It ended as expected, nothing more to do.
    Done,
    /// It is not tried again.
    Failed,
    /// A failed start that is tried again.
    Retry {
        /// After this pause.
        pause: Duration,
    },
    /// It had been up and starts again.
    Again {
        /// After this pause.
        pause: Duration,
    },
}

/// Whether `exit-codes` names this end.
pub(super) fn is_expected(job: &Job, exit: Exit) -> bool {
    job.exit_codes.iter().any(|expected| match (*expected, exit) {
        (Expected::Code(expected), Exit::Code(code)) => expected == code,
        (Expected::Signal(expected), Exit::Signal(signal)) => expected == signal,
        (Expected::Code(_), Exit::Signal(_) | Exit::Unknown)
        | (Expected::Signal(_), Exit::Code(_) | Exit::Unknown) => false,
    })
}

/// Decides, and counts in `tally`. For ends that nobody asked for.
pub(super) fn judge(job: &Job, career: Career, tally: &mut Tally) -> Verdict {
    match career {
        Career::NotStarted => failed_start(job, Duration::ZERO, tally),
        Career::Early { exit, lived } if counts_as_start(job, exit) => ended(job, exit, lived, tally),
        Career::Early { lived, .. } if job.restart != Restart::Never => failed_start(job, lived, tally),
        Career::Up { exit, lived } if misses_its_aim(job, exit) => failed_start(job, lived, tally),
        Career::Early { exit, lived } | Career::Up { exit, lived } => ended(job, exit, lived, tally),
        Career::Unfit { lived } | Career::Overtime { reached: Reached::Start, lived } => {
            failed_start(job, lived, tally)
        }
        Career::Overtime { .. } if job.restart == Restart::Never => Verdict::Failed,
        // As with an unexpected end: what is meant to end has missed its aim.
        Career::Overtime { reached: Reached::Up, lived } if job.one_shot => failed_start(job, lived, tally),
        Career::Unwell { lived } | Career::Overtime { reached: Reached::Up, lived } => {
            again(job, lived, tally)
        }
    }
}

/// supervisord: an end within startsecs is a failed start whatever its code. Not so for what is meant to end.
fn counts_as_start(job: &Job, exit: Exit) -> bool {
    is_expected(job, exit) && (job.one_shot || job.start_secs.is_zero())
}

/// The aim of what is meant to end is an expected end, not to be up: it is tried as often as `start-retries` says, else a
/// one-shot job, which is up at birth, would be tried for ever.
fn misses_its_aim(job: &Job, exit: Exit) -> bool {
    job.one_shot && job.restart != Restart::Never && !is_expected(job, exit)
}

fn failed_start(job: &Job, lived: Duration, tally: &mut Tally) -> Verdict {
    tally.failed_starts += 1;
    if job.restart == Restart::Never || tally.failed_starts > job.start_retries {
        return Verdict::Failed;
    }
    Verdict::Retry { pause: next_pause(job, lived, tally) }
}

fn ended(job: &Job, exit: Exit, lived: Duration, tally: &mut Tally) -> Verdict {
    let expected = is_expected(job, exit);
    match job.restart {
        Restart::Never if !expected => Verdict::Failed,
        Restart::Always if job.one_shot && expected => Verdict::Done,
        Restart::Never | Restart::Unexpected if expected => Verdict::Done,
        Restart::Never | Restart::Unexpected | Restart::Always => again(job, lived, tally),
    }
}

fn again(job: &Job, lived: Duration, tally: &mut Tally) -> Verdict {
    let backoff = if lived < SETTLED { next_pause(job, lived, tally) } else { forget_pauses(tally) };
    Verdict::Again { pause: job.restart_delay.saturating_add(backoff) }
}

fn next_pause(job: &Job, lived: Duration, tally: &mut Tally) -> Duration {
    if lived >= SETTLED {
        forget_pauses(tally);
    }
    let pause = backoff::pause(&job.backoff, tally.step);
    tally.step += 1;
    pause
}

fn forget_pauses(tally: &mut Tally) -> Duration {
    tally.step = 0;
    Duration::ZERO
}
