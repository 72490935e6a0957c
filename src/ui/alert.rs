//! What happened elsewhere: jobs that failed while one looked at another. Found by comparing each view with the one before.

use std::collections::BTreeMap;

use crate::model::{Exit, InstanceId, InstanceView, Now, State, Time, View};
use crate::terminal::{LineKind, Terminal};

/// The alerts of one pair of eyes.
#[derive(Debug, Default)]
pub(super) struct Alerts {
    /// The state that each job was last seen in, and since when: a job may fail, start and fail again between two views.
    states: BTreeMap<InstanceId, (State, Time)>,
    open: Vec<Alert>,
}

/// A job failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alert {
    /// Which one.
    pub(super) id: InstanceId,
    /// When.
    pub(super) at: Time,
}

impl Alerts {
    /// Compares a view with the one before. What one looks at needs no alert. Whether a job has gone is returned.
    pub(super) fn observe(&mut self, view: &View, looked_at: Option<InstanceId>, now: Now) -> bool {
        let jobs = || view.systems.iter().flat_map(|system| &system.jobs);
        for job in jobs() {
            let state = (job.state, job.since.mono);
            let before = self.states.insert(job.id, state);
            if job.state == State::Failed && before != Some(state) {
                self.open.retain(|alert| alert.id != job.id);
                self.open.push(Alert { id: job.id, at: job.since.mono.min(now.mono) });
            }
        }
        let gone = self.states.len() > jobs().count();
        if gone {
            self.states = jobs().map(|job| (job.id, (job.state, job.since.mono))).collect();
        }
        let states = &self.states;
        self.open.retain(|alert| {
            Some(alert.id) != looked_at
                && states.get(&alert.id).is_some_and(|(state, _)| *state == State::Failed)
        });
        gone
    }

    /// Whether there is such a job.
    pub(super) fn knows(&self, id: InstanceId) -> bool {
        self.states.contains_key(&id)
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

/// `exit 101`, `ended by signal 9`.
pub(super) fn ended(job: &InstanceView) -> String {
    match job.exit {
        Some(Exit::Code(code)) => format!("exit {code}"),
        Some(Exit::Signal(number)) => format!("signal {number}"),
        Some(Exit::Unknown) => "exit unknown".to_owned(),
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
