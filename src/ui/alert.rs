//! What happened elsewhere: jobs that came into trouble while one looked at another. Found by comparing each view with the one before.

use std::collections::BTreeMap;

use crate::model::{Exit, InstanceId, InstanceView, Now, State, Time, View};
use crate::terminal::{LineKind, Terminal};
use crate::ui::because;

/// The alerts of one pair of eyes.
#[derive(Debug, Default)]
pub(super) struct Alerts {
    /// How each job was last seen: it may fail, start and fail again between two views.
    seen: BTreeMap<InstanceId, Seen>,
    open: Vec<Alert>,
}

/// What tells one trouble from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    state: State,
    since: Time,
    unwell: bool,
}

/// A job is in trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alert {
    /// Which one.
    pub(super) id: InstanceId,
    /// In which trouble.
    pub(super) trouble: Trouble,
    /// When that began.
    pub(super) at: Time,
}

/// What is worth an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It failed.
    Failed,
    /// It is held.
    Held,
    /// A health check finds it unwell.
    Unwell,
}

impl Alerts {
    /// Compares a view with the one before. What one looks at needs no alert. Whether a job has gone is returned.
    pub(super) fn observe(&mut self, view: &View, looked_at: &[Option<InstanceId>], now: Now) -> bool {
        let jobs = || view.systems.iter().flat_map(|system| &system.jobs);
        for job in jobs() {
            let is = Seen::of(job);
            let was = self.seen.insert(job.id, is);
            if let Some(trouble) = is.trouble()
                && was != Some(is)
            {
                self.open.retain(|alert| alert.id != job.id);
                self.open.push(Alert { id: job.id, trouble, at: began(trouble, job, now) });
            }
        }
        let gone = self.seen.len() > jobs().count();
        if gone {
            self.seen = jobs().map(|job| (job.id, Seen::of(job))).collect();
        }
        let seen = &self.seen;
        let lasts =
            |alert: &Alert| seen.get(&alert.id).and_then(|seen| seen.trouble()) == Some(alert.trouble);
        self.open.retain(|alert| !looked_at.contains(&Some(alert.id)) && lasts(alert));
        gone
    }

    /// Whether there is such a job.
    pub(super) fn knows(&self, id: InstanceId) -> bool {
        self.seen.contains_key(&id)
    }

    /// The one to be shown: the newest.
    pub(super) fn first(&self) -> Option<Alert> {
        self.open.last().copied()
    }

    /// How many others there are.
    pub(super) fn others(&self) -> usize {
        self.open.len().saturating_sub(1)
    }
}

impl Seen {
    fn of(job: &InstanceView) -> Self {
        Self { state: job.state, since: job.since.mono, unwell: job.unwell }
    }

    fn trouble(self) -> Option<Trouble> {
        match self.state {
            State::Failed => Some(Trouble::Failed),
            State::Held => Some(Trouble::Held),
            State::Stopped
            | State::Scheduled
            | State::Waiting
            | State::Starting
            | State::Running
            | State::Stopping
            | State::Backoff
            | State::Done => self.unwell.then_some(Trouble::Unwell),
        }
    }
}

/// Nobody tells since when a job is unwell: since now, as far as this eye knows.
fn began(trouble: Trouble, job: &InstanceView, now: Now) -> Time {
    match trouble {
        Trouble::Failed | Trouble::Held => job.since.mono.min(now.mono),
        Trouble::Unwell => now.mono,
    }
}

/// `exit 101`, `signal KILL`; the reason itself where its process only ended as zap told it to: `ran longer than 5s`.
pub(super) fn ended(job: &InstanceView) -> String {
    let note = job.note.split(',').next().unwrap_or_default();
    let tells_code = note.starts_with("exit") || note.is_empty();
    let is_signal = !note.is_empty() && !note.contains(|c: char| c.is_ascii_lowercase() || c == ' ');
    match job.exit {
        Some(Exit::Code(code)) if tells_code => format!("exit {code}"),
        Some(Exit::Signal(_)) if is_signal => format!("signal {note}"),
        Some(Exit::Signal(number)) if note.is_empty() => format!("signal {number}"),
        Some(Exit::Unknown) if tells_code => "exit unknown".to_owned(),
        Some(Exit::Code(_) | Exit::Signal(_) | Exit::Unknown) => because::beside(job).to_owned(),
        None => job.note.clone(),
    }
}

/// How far back the last words are looked for.
const LAST_WORDS: u64 = 20;

/// The last line that a job printed.
pub(super) fn last_words(terminal: &Terminal) -> Option<String> {
    let lines = terminal.lines();
    let newest = lines.start.max(lines.end.saturating_sub(LAST_WORDS))..lines.end;
    newest.rev().find_map(|number| {
        let line = terminal.line(number)?;
        let text = super::pager::plain(&line);
        (line.kind == LineKind::Output && !text.trim().is_empty()).then(|| text.trim().to_owned())
    })
}
