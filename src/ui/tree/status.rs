//! What a job's row says beside the name: a word, and an age, a countdown or a note. Not: where it stands.

use crate::model::{InstanceView, Next, NextKind, Now, State};
use crate::ui::age;
use crate::ui::signs::word;
use crate::ui::text::width;

/// What a job's row says beside the name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::ui) struct Status {
    /// The word of the state.
    pub(in crate::ui) word: &'static str,
    /// How long, right-aligned in its column.
    pub(in crate::ui) age: Option<String>,
    /// What else there is to say, from the longest way to the shortest.
    notes: Vec<String>,
}

impl Status {
    /// The note to be told before the column `right`, and where: the longest that fits into one of the places, the first of
    /// these; else the shortest, to be cut, in the last place but what stands for the word.
    pub(in crate::ui) fn place_note(&self, places: &[u16], right: u16) -> Option<(u16, &str)> {
        let fits = |place: u16, note: &str| usize::from(place) + width(note) <= usize::from(right);
        let mut all =
            self.notes.iter().flat_map(|note| places.iter().map(move |place| (*place, note.as_str())));
        let cut = || Some((*places.get(1).or(places.first())?, self.notes.last()?.as_str()));
        all.find(|(place, note)| fits(*place, note)).or_else(cut)
    }
}

/// What a job's row says.
pub(in crate::ui) fn status(job: &InstanceView, now: Now) -> Status {
    let (age, notes) = match job.state {
        State::Running if !job.ready => (None, vec!["not ready".to_owned(), "unready".to_owned()]),
        State::Running => (Some(since(job, now)), lingering(job)),
        State::Starting => (Some(since(job, now)), Vec::new()),
        State::Backoff | State::Held => (None, retry(job, now)),
        State::Stopping => (None, countdown(job.next, now).map_or_else(|| note(job), |left| vec![left])),
        State::Stopped | State::Done | State::Failed if job.lingering > 0 => (None, lingering(job)),
        State::Stopped | State::Done | State::Failed | State::Waiting | State::Scheduled => (None, note(job)),
    };
    Status { word: word(job.state), age, notes }
}

/// `exit 101`; `for db`, at least `db`.
fn note(job: &InstanceView) -> Vec<String> {
    let short = job.note.strip_prefix("for ").map(str::to_owned);
    [job.note.clone()].into_iter().filter(|note| !note.is_empty()).chain(short).collect()
}

/// `2/3 in 4s`, or at least `in 4s`.
fn retry(job: &InstanceView, now: Now) -> Vec<String> {
    let tries = job.note.strip_prefix("retry").unwrap_or(&job.note).trim();
    match countdown(job.next, now) {
        Some(left) if tries.is_empty() => vec![left],
        Some(left) => vec![format!("{tries} {left}"), left],
        None => vec![tries.to_owned()],
    }
}

fn lingering(job: &InstanceView) -> Vec<String> {
    match job.lingering {
        0 => Vec::new(),
        number => vec![format!("{number} writing"), format!("+{number}")],
    }
}

fn since(job: &InstanceView, now: Now) -> String {
    age::age(now.mono.since(job.since.mono))
}

/// `in 4s`, `KILL 7s`.
fn countdown(next: Option<Next>, now: Now) -> Option<String> {
    let next = next?;
    let left = age::seconds_left(next.at, now.mono);
    Some(match next.kind {
        NextKind::Up
        | NextKind::Retry
        | NextKind::Release
        | NextKind::Open
        | NextKind::Close
        | NextKind::Version
        | NextKind::Restart => format!("in {left}s"),
        NextKind::Kill => format!("KILL {left}s"),
    })
}
