//! What a job's row says beside the name: a word, and a note or an age or a countdown. Not: where it stands.

use crate::model::{InstanceView, Next, NextKind, Now, State};
use crate::ui::age;
use crate::ui::signs::word;

/// What a job's row says beside the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) struct Status {
    /// The word of the state.
    pub(in crate::ui) word: &'static str,
    /// How long, right-aligned in its column.
    pub(in crate::ui) age: Option<String>,
    /// What stands there instead of an age, or after it.
    pub(in crate::ui) note: String,
}

/// What a job's row says.
pub(in crate::ui) fn status(job: &InstanceView, now: Now) -> Status {
    let (age, note) = match job.state {
        State::Running if !job.ready => (None, "not ready".to_owned()),
        State::Running => (Some(since(job, now)), lingering(job)),
        State::Starting => (Some(since(job, now)), String::new()),
        State::Backoff => return retry(job, now),
        State::Stopping => (None, countdown(job.next, now).unwrap_or_else(|| job.note.clone())),
        State::Stopped | State::Done | State::Failed | State::Waiting => (None, ended(job)),
    };
    Status { word: word(job.state), age, note }
}

/// `retry 2/3 in 4s`.
fn retry(job: &InstanceView, now: Now) -> Status {
    let tries = job.note.strip_prefix("retry").unwrap_or(&job.note).trim();
    let when = countdown(job.next, now);
    let note = [Some(tries.to_owned()), when].into_iter().flatten().filter(|part| !part.is_empty());
    Status { word: word(job.state), age: None, note: note.collect::<Vec<_>>().join(" ") }
}

fn ended(job: &InstanceView) -> String {
    let parts = [job.note.clone(), lingering(job)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn lingering(job: &InstanceView) -> String {
    if job.lingering == 0 { String::new() } else { format!("{} writing", job.lingering) }
}

fn since(job: &InstanceView, now: Now) -> String {
    age::age(now.mono.since(job.since.mono))
}

/// `in 4s`, `KILL 7s`.
fn countdown(next: Option<Next>, now: Now) -> Option<String> {
    let next = next?;
    let left = age::seconds_left(next.at, now.mono);
    Some(match next.kind {
        NextKind::Up | NextKind::Retry => format!("in {left}s"),
        NextKind::Kill => format!("KILL {left}s"),
    })
}
