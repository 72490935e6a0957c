//! What a job's row says beside the name: a word, and an age, a countdown or a note. Not: where it stands.

use crate::config::Role;
use crate::model::{InstanceView, NextKind, Now, State};
use crate::ui::keymap::Mode;
use crate::ui::options::Zone;
use crate::ui::paint::Paint;
use crate::ui::signs::word;
use crate::ui::text::width;
use crate::ui::{Action, age, ahead};

/// What a job's row says beside the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) struct Status {
    /// The word of the state.
    pub(in crate::ui) word: &'static str,
    /// How long, right-aligned in its column.
    pub(in crate::ui) age: Option<String>,
    /// The look of what else there is to say.
    pub(in crate::ui) look: Role,
    /// What else there is to say, from the longest way to the shortest.
    notes: Vec<String>,
}

impl Status {
    /// The note to be told before the column `right`, and where: the longest that fits beside the word, else the longest that
    /// fits in its place, the first place of these; else what is to be cut, in the last one.
    pub(in crate::ui) fn place_note(&self, places: &Places, right: u16) -> Option<(u16, &str)> {
        let fits = |place: u16, note: &str| usize::from(place) + width(note) <= usize::from(right);
        let find = |places: &[u16]| {
            let mut all =
                self.notes.iter().flat_map(|note| places.iter().map(move |place| (*place, note.as_str())));
            all.find(|(place, note)| fits(*place, note))
        };
        let cut = || match (&places.instead, places.beside.get(1).or(places.beside.first())) {
            (Some(instead), _) => Some((*instead, self.notes.first()?.as_str())),
            (None, Some(beside)) => Some((*beside, self.notes.last()?.as_str())),
            (None, None) => None,
        };
        find(&places.beside).or_else(|| find(places.instead.as_slice())).or_else(cut)
    }
}

/// Where a note may stand.
pub(in crate::ui) struct Places {
    /// Where the word stays beside it, or where it says more than the word; the best first.
    pub(in crate::ui) beside: Vec<u16>,
    /// Where it takes the place of the word, if it is better that this is lost than that.
    pub(in crate::ui) instead: Option<u16>,
}

/// What a job's row says.
pub(in crate::ui) fn status(job: &InstanceView, paint: &Paint<'_>) -> Status {
    let Paint { now, zone, .. } = *paint;
    let (age, notes) = match job.state {
        State::Running if job.unwell => (None, vec!["unwell".to_owned()]),
        State::Running if !job.ready => (None, vec!["not ready".to_owned(), "unready".to_owned()]),
        State::Running => (Some(since(job, now)), lingering(job)),
        State::Starting if runs_hook(job) => (None, note(job)),
        State::Starting => (Some(since(job, now)), Vec::new()),
        State::Backoff => (None, retry(job, now)),
        State::Held => (None, release(job, paint)),
        State::Scheduled => (None, planned(job, now, zone)),
        State::Stopping => (None, kill(job, now).map_or_else(|| note(job), |left| vec![left])),
        State::Stopped | State::Done | State::Failed if job.lingering > 0 => (None, lingering(job)),
        State::Stopped | State::Done | State::Failed | State::Waiting => (None, note(job)),
    };
    let word = match job.state {
        State::Held if job.next.is_none() => "held:",
        state => word(state),
    };
    Status { word, age, look: look(job), notes }
}

/// Whether a hook of it runs, which the note names; its steps have rows of their own.
fn runs_hook(job: &InstanceView) -> bool {
    !job.note.is_empty() && job.steps.is_empty()
}

/// Trouble has a look of its own, beside the state's.
fn look(job: &InstanceView) -> Role {
    match job.state {
        State::Failed => Role::Failed,
        State::Running if job.unwell => Role::Failed,
        State::Running if !job.ready => Role::Waiting,
        State::Scheduled => Role::Scheduled,
        State::Stopped
        | State::Waiting
        | State::Starting
        | State::Running
        | State::Stopping
        | State::Backoff
        | State::Held
        | State::Done => Role::Dim,
    }
}

/// `exit 101`; `for db`, at least `db`.
fn note(job: &InstanceView) -> Vec<String> {
    let short = job.note.strip_prefix("for ").map(str::to_owned);
    [job.note.clone()].into_iter().filter(|note| !note.is_empty()).chain(short).collect()
}

/// `2/3 in 4s`, or at least `in 4s`.
fn retry(job: &InstanceView, now: Now) -> Vec<String> {
    let tries = job.note.strip_prefix("retry").unwrap_or(&job.note).trim();
    match job.next.map(|next| format!("in {}", ahead::left(next.at, now.mono))) {
        Some(left) if tries.is_empty() => vec![left],
        Some(left) => vec![format!("{tries} {left}"), left],
        None => vec![tries.to_owned()],
    }
}

/// `exit 1, 9m left`, or at least `9m left`; without a release, what releases it.
fn release(job: &InstanceView, paint: &Paint<'_>) -> Vec<String> {
    let Some(next) = job.next else {
        let key = paint.keys.told(Mode::Tree, Action::Start);
        return vec![format!("{key} starts it"), format!("press {key}")];
    };
    let left = format!("{} left", ahead::left(next.at, paint.now.mono));
    if job.note.is_empty() { vec![left] } else { vec![format!("{}, {left}", job.note), left] }
}

/// `04:00`, `mon 04:00`; without a date the note.
fn planned(job: &InstanceView, now: Now, zone: &Zone) -> Vec<String> {
    job.next.map_or_else(|| note(job), |next| vec![ahead::at(next, now, zone)])
}

/// `KILL 7s`.
fn kill(job: &InstanceView, now: Now) -> Option<String> {
    let next = job.next.filter(|next| next.kind == NextKind::Kill)?;
    Some(format!("KILL {}", ahead::left(next.at, now.mono)))
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
