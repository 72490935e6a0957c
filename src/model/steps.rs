//! How far the steps of a run are, by their marks. Not: the script that prints the marks (`script`).

use std::time::Duration;

use crate::config::{Step, Work};
use crate::model::{Exit, StepMark, StepState, StepView, Time};

/// The steps of one run; a session is the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Steps {
    list: Vec<Progress>,
    session: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Progress {
    state: StepState,
    began: Option<Time>,
    ended: Option<Time>,
}

/// What a mark changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    /// Which step, counted from 0 with the session.
    pub(super) step: usize,
    /// How it ended, if it did.
    pub(super) code: Option<u8>,
    /// Whether the last step has begun.
    pub(super) last_began: bool,
}

/// What a run does while its marks are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// It goes its own way.
    Free,
    /// It was told to end: no step begins any more, and one that fails was cut short.
    Told,
}

impl Steps {
    /// None of them begun; empty for work without steps.
    pub(super) fn of(work: &Work) -> Self {
        let (session, steps) = shape(work);
        let pending = Progress { state: StepState::Pending, began: None, ended: None };
        Self { list: vec![pending; steps.len() + usize::from(session.is_some())], session: session.is_some() }
    }

    /// The run was born: its session is being opened. Tells whether that is the last step.
    pub(super) fn born(&mut self, now: Time) -> bool {
        if self.session {
            self.begin(0, now);
        }
        self.session && self.list.len() == 1
    }

    /// Whether there are any.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether the last one has begun.
    pub(super) fn last_has_begun(&self) -> bool {
        self.list.last().is_some_and(|last| last.began.is_some())
    }

    /// Takes a mark; one that is stale, doubled or out of order changes nothing.
    pub(super) fn mark(&mut self, work: &Work, mark: StepMark, pace: Pace, now: Time) -> Option<Change> {
        match (mark, pace) {
            (StepMark::Session { .. }, _) => self.session_is_there(now),
            (StepMark::Begin { step }, Pace::Free) => self.begun(self.index(step)?, now),
            (StepMark::Begin { .. }, Pace::Told) => None,
            (StepMark::End { step, code }, _) => {
                let step = self.index(step)?;
                self.ended(step, code, judged(verdict(work, step, code), pace), now)
            }
        }
    }

    /// The run is over. A step that still ran ended with the run's code, or was cut off.
    pub(super) fn close(&mut self, work: &Work, natural: Option<Exit>, now: Time) -> Option<Change> {
        let step = self.list.iter().position(|step| step.state == StepState::Running)?;
        let (state, code) = match natural {
            Some(Exit::Code(code)) => (verdict(work, step, code), Some(code)),
            Some(Exit::Signal(_) | Exit::Unknown) | None => (StepState::Cut, None),
        };
        self.finish(step, state, now);
        code.map(|_| Change { step, code, last_began: false })
    }

    /// The name of the step that runs.
    pub(super) fn running<'a>(&self, work: &'a Work) -> Option<&'a str> {
        self.list.iter().position(|step| step.state == StepState::Running).and_then(|step| name(work, step))
    }

    /// The name of the step that failed.
    pub(super) fn failed<'a>(&self, work: &'a Work) -> Option<&'a str> {
        self.list.iter().enumerate().find_map(|(step, progress)| match progress.state {
            StepState::Failed(_) => name(work, step),
            StepState::Pending | StepState::Running | StepState::Done(_) | StepState::Cut => None,
        })
    }

    /// The step that runs and has a timeout, and when that is over.
    pub(super) fn overtime(&self, work: &Work) -> Option<(usize, Time)> {
        let step = self.list.iter().position(|step| step.state == StepState::Running)?;
        Some((step, self.list[step].began? + timeout(work, step)?))
    }

    /// For the eye.
    pub(super) fn view(&self, work: &Work) -> Vec<StepView> {
        let one = |(step, progress): (usize, &Progress)| StepView {
            name: name(work, step).unwrap_or_default().to_owned(),
            state: progress.state,
            began: progress.began,
            ended: progress.ended,
        };
        self.list.iter().enumerate().map(one).collect()
    }

    fn index(&self, step: u16) -> Option<usize> {
        let index = usize::from(step) + usize::from(self.session);
        (index < self.list.len()).then_some(index)
    }

    /// A session without steps is itself what is watched: it ends with the run.
    fn session_is_there(&mut self, now: Time) -> Option<Change> {
        let opened = self.session && self.list.len() > 1 && self.list[0].state == StepState::Running;
        opened.then(|| {
            self.finish(0, StepState::Done(0), now);
            Change { step: 0, code: Some(0), last_began: false }
        })
    }

    fn begun(&mut self, step: usize, now: Time) -> Option<Change> {
        if self.session && step == 1 {
            // Who speaks from within the session has got there.
            self.session_is_there(now);
        }
        let is_next = self.list[step].state == StepState::Pending
            && self.list[..step].iter().all(|before| matches!(before.state, StepState::Done(_)));
        is_next.then(|| {
            self.begin(step, now);
            Change { step, code: None, last_began: step + 1 == self.list.len() }
        })
    }

    fn ended(&mut self, step: usize, code: u8, state: StepState, now: Time) -> Option<Change> {
        (self.list[step].state == StepState::Running).then(|| {
            self.finish(step, state, now);
            Change { step, code: Some(code), last_began: false }
        })
    }

    fn begin(&mut self, step: usize, now: Time) {
        self.list[step] = Progress { state: StepState::Running, began: Some(now), ended: None };
    }

    fn finish(&mut self, step: usize, state: StepState, now: Time) {
        self.list[step].state = state;
        self.list[step].ended = Some(now);
    }
}

/// The name of a step, counted from 0 with the session.
pub(super) fn name(work: &Work, step: usize) -> Option<&str> {
    let (session, steps) = shape(work);
    match (session, step) {
        (Some(line), 0) => Some(line),
        (Some(_), step) => steps.get(step - 1).map(|step| step.name.as_str()),
        (None, step) => steps.get(step).map(|step| step.name.as_str()),
    }
}

/// How long a step may take, counted from 0 with the session, which may take for ever.
pub(super) fn timeout(work: &Work, step: usize) -> Option<Duration> {
    let (session, steps) = shape(work);
    steps.get(step.checked_sub(usize::from(session.is_some()))?)?.timeout
}

fn shape(work: &Work) -> (Option<&str>, &[Step]) {
    match work {
        Work::Exec(_) | Work::Shell { .. } => (None, &[]),
        Work::Steps { session, steps, .. } => (session.as_ref().map(|session| session.line.as_str()), steps),
    }
}

/// How a step that ended with this code ended. A session knows no codes but 0.
fn verdict(work: &Work, step: usize, code: u8) -> StepState {
    let (session, steps) = shape(work);
    let own = step.checked_sub(usize::from(session.is_some())).and_then(|step| steps.get(step));
    let fine = own.map_or(code == 0, |step| step.ok_codes.contains(&code));
    if fine { StepState::Done(code) } else { StepState::Failed(code) }
}

/// A step that a stop made fail did not fail.
fn judged(state: StepState, pace: Pace) -> StepState {
    match (state, pace) {
        (StepState::Failed(_), Pace::Told) => StepState::Cut,
        (StepState::Failed(_), Pace::Free)
        | (StepState::Pending | StepState::Running | StepState::Done(_) | StepState::Cut, _) => state,
    }
}
