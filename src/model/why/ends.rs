//! The words for why something ends or has ended. Not: what follows from it (`policy`).

use std::time::Duration;

use crate::config::{MaxRuns, Need, Until};
use crate::model::instance::Instance;
use crate::model::phase::{End, Reason};
use crate::model::{Exit, SpawnError, signal, span, steps};

/// Why a run is told to end.
pub(in crate::model) fn told(reason: Reason, instance: &Instance) -> String {
    match reason {
        Reason::Stop => "stopped by a person".to_owned(),
        Reason::Kill => "killed by a person".to_owned(),
        Reason::Restart => "restarted by a person".to_owned(),
        Reason::Quit => "zap ends".to_owned(),
        Reason::Closed if instance.calendar.offer().is_none() => {
            "nothing that it could run is in force".to_owned()
        }
        Reason::Closed => "its window has closed".to_owned(),
        Reason::Version => "another version has come into force".to_owned(),
        Reason::Changed => "the file has changed".to_owned(),
        Reason::Removed => "the file no longer has it".to_owned(),
        Reason::Daily => "restarted daily at this time (restart-at)".to_owned(),
        Reason::Again(entry) => match instance.job.needs.get(entry) {
            Some(Need::Job { system, job, .. }) => format!("{system}/{job} is back"),
            Some(Need::Command { .. }) | None => "what it needs is back".to_owned(),
        },
        Reason::Every => restarted_every(instance),
        Reason::Fault(_) => {
            instance.last.as_ref().and_then(|last| last.life.fault.clone()).unwrap_or_default()
        }
        Reason::Overtime(step) => {
            let Some(work) = instance.last.as_ref().map(|last| &last.launch.work) else {
                return String::new();
            };
            let name = steps::name(work, step).unwrap_or_default();
            took_too_long(name, steps::timeout(work, step).unwrap_or_default())
        }
        Reason::Need(entry) => match instance.job.needs.get(entry) {
            Some(Need::Job { system, job, until, .. }) => {
                format!("{system}/{job} is no longer {}", aim(*until))
            }
            Some(Need::Command { line, .. }) => format!("`{line}` no longer succeeds"),
            None => String::new(),
        },
    }
}

/// Why there is no process.
pub(in crate::model) fn not_started(error: SpawnError) -> String {
    match error {
        SpawnError::Command(why) => why,
        SpawnError::System(why) => format!("zap could not start it: {why}"),
    }
}

/// Why it is not tried again.
pub(in crate::model) fn failed(end: &End, attempts: u32) -> String {
    match attempts {
        0 | 1 => ended(end),
        _ => format!("{}, the last of {attempts} failed starts", ended(end)),
    }
}

/// `max-runs` was reached.
pub(in crate::model) fn too_often(limit: MaxRuns) -> String {
    let within = span::in_words(limit.within);
    match limit.count {
        1 => format!("started once by itself within {within}"),
        count => format!("started {count} times by itself within {within}"),
    }
}

/// `exit 101`, `signal KILL`.
pub(in crate::model) fn exit(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!("exit {code}"),
        Exit::Signal(number) => format!("signal {}", signal::name(number)),
        Exit::Unknown => "ended, nobody knows how,".to_owned(),
    }
}

/// What happened to the last run, or kept the next one from beginning.
pub(in crate::model) fn ended(end: &End) -> String {
    match end {
        End::NotStarted(why) | End::Faulty { why, .. } => why.clone(),
        End::Overtime { step, timeout } => took_too_long(step, *timeout),
        End::Exited { exit: code, lived } => format!("{} after {}", exit(*code), span::in_words(*lived)),
    }
}

fn took_too_long(step: &str, timeout: Duration) -> String {
    format!("step {step} took longer than {}", span::in_words(timeout))
}

pub(super) fn restarted_every(instance: &Instance) -> String {
    let every = instance.job.restart_every.unwrap_or_default();
    format!("restarted every {}", span::in_words(every))
}

pub(super) fn note_of_end(end: &End) -> String {
    match end {
        End::NotStarted(why) => note_of_refusal(why).to_owned(),
        End::Overtime { .. } => "step too slow".to_owned(),
        End::Faulty { fault, .. } => fault.note().to_owned(),
        End::Exited { exit: Exit::Code(code), .. } => format!("exit {code}"),
        End::Exited { exit: Exit::Signal(number), .. } => signal::name(*number),
        End::Exited { exit: Exit::Unknown, .. } => "exit unknown".to_owned(),
    }
}

/// The row has no room for the name of the file; the sentence has it.
fn note_of_refusal(why: &str) -> &str {
    const SHORT: [(&str, &str); 5] = [
        ("no such file", "no file"),
        ("folder ", "no folder"),
        ("command not found", "not found"),
        ("not executable", "not executable"),
        ("interpreter ", "no interpreter"),
    ];
    SHORT.iter().find(|(beginning, _)| why.starts_with(beginning)).map_or(why, |(_, short)| short)
}

/// What somebody must have come to for those that need it.
pub(in crate::model) fn aim(until: Until) -> &'static str {
    match until {
        Until::Running => "up",
        Until::Ready => "ready",
        Until::Done => "done",
    }
}
