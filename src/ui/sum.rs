//! The sum of many states: `6 up · 1 starting · 1 failed`. Not: where it is drawn.

use crate::config::Role;
use crate::model::{InstanceView, State};

/// How many jobs are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sum {
    states: [u32; 10],
}

/// The states as they are told, with the word for several: what is up first, what went wrong late.
const TOLD: [(State, &str); 8] = [
    (State::Running, "up"),
    (State::Done, "done"),
    (State::Starting, "starting"),
    (State::Stopping, "stopping"),
    (State::Waiting, "waiting"),
    (State::Backoff, "retrying"),
    (State::Failed, "failed"),
    (State::Stopped, "stopped"),
];

/// The states from the worst to the best: the first that occurs stands for all.
const WORST: [State; 8] = [
    State::Failed,
    State::Backoff,
    State::Stopping,
    State::Starting,
    State::Waiting,
    State::Stopped,
    State::Running,
    State::Done,
];

/// The states that need not be told, beginning with the one that matters least.
const DISPENSABLE: [State; 8] = [
    State::Stopped,
    State::Done,
    State::Waiting,
    State::Starting,
    State::Stopping,
    State::Running,
    State::Backoff,
    State::Failed,
];

impl Sum {
    /// Counts jobs.
    pub(super) fn of<'v>(jobs: impl IntoIterator<Item = &'v InstanceView>) -> Self {
        let mut sum = Self::default();
        for job in jobs {
            sum.states[job.state as usize] += 1;
        }
        sum
    }

    /// Up, or done as expected.
    pub(super) fn good(self) -> u32 {
        self.count(State::Running) + self.count(State::Done)
    }

    /// All.
    pub(super) fn all(self) -> u32 {
        self.states.iter().sum()
    }

    /// How many have a process or soon will.
    pub(super) fn alive(self) -> u32 {
        self.count(State::Starting) + self.count(State::Running) + self.count(State::Stopping)
    }

    /// The state that should be seen first, if it is one to be seen at all.
    pub(super) fn worst(self) -> Option<State> {
        let worst = WORST.into_iter().find(|state| self.count(*state) > 0)?;
        match worst {
            State::Failed
            | State::Backoff
            | State::Held
            | State::Stopping
            | State::Starting
            | State::Waiting
            | State::Scheduled => Some(worst),
            State::Stopped | State::Running | State::Done => None,
        }
    }

    /// `6 up`, `1 failed`, each with the look of its state; what does not occur is left out.
    pub(super) fn told(self) -> Vec<(String, State)> {
        let told = TOLD.into_iter().filter(|(state, _)| self.count(*state) > 0);
        told.map(|(state, word)| (format!("{} {word}", self.count(state)), state)).collect()
    }

    /// The same in at most `room` cells, with `between` cells between two: what matters least is left out first.
    pub(super) fn told_in(self, room: usize, between: usize) -> Vec<(String, State)> {
        let mut told = self.told();
        let wide = |told: &[(String, State)]| -> usize {
            told.iter().map(|(text, _)| text.len() + between).sum::<usize>().saturating_sub(between)
        };
        let mut dispensable = DISPENSABLE.iter();
        while wide(&told) > room
            && let Some(state) = dispensable.next()
        {
            told.retain(|(_, of)| of != state);
        }
        told
    }

    fn count(self, state: State) -> u32 {
        self.states[state as usize]
    }
}

/// The look of a state.
pub(super) fn role(state: State) -> Role {
    match state {
        State::Stopped => Role::Stopped,
        State::Scheduled => Role::Scheduled,
        State::Waiting => Role::Waiting,
        State::Starting => Role::Starting,
        State::Running => Role::Running,
        State::Stopping => Role::Stopping,
        State::Backoff => Role::Backoff,
        State::Held => Role::Held,
        State::Done => Role::Done,
        State::Failed => Role::Failed,
    }
}
