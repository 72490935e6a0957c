//! The sum of many states: `6 up · 1 starting · 1 failed`. Not: where it is drawn.

use crate::config::Role;
use crate::model::{InstanceView, State};
use crate::ui::signs::Signs;

/// How many jobs are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sum {
    states: [u32; 10],
    unwell: u32,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Jobs in a state.
    In(State),
    /// Jobs that a health check finds unwell, beside their state.
    Unwell,
}

/// The parts as they are told, with the word for several: what is up first, what went wrong late.
const TOLD: [(Part, &str); 11] = [
    (Part::In(State::Running), "up"),
    (Part::In(State::Done), "done"),
    (Part::In(State::Starting), "starting"),
    (Part::In(State::Stopping), "stopping"),
    (Part::In(State::Waiting), "waiting"),
    (Part::In(State::Backoff), "retrying"),
    (Part::Unwell, "unwell"),
    (Part::In(State::Held), "held"),
    (Part::In(State::Failed), "failed"),
    (Part::In(State::Scheduled), "scheduled"),
    (Part::In(State::Stopped), "stopped"),
];

/// The parts that a system's row shows, from the worst to the least: the first that occurs stands for all. What is up, done
/// or at rest (also what is scheduled) needs no sign there.
const WORST: [Part; 7] = [
    Part::In(State::Failed),
    Part::In(State::Held),
    Part::In(State::Backoff),
    Part::Unwell,
    Part::In(State::Stopping),
    Part::In(State::Starting),
    Part::In(State::Waiting),
];

/// The parts that need not be told, beginning with the one that matters least.
const DISPENSABLE: [Part; 11] = [
    Part::In(State::Stopped),
    Part::In(State::Scheduled),
    Part::In(State::Done),
    Part::In(State::Waiting),
    Part::In(State::Starting),
    Part::In(State::Stopping),
    Part::In(State::Running),
    Part::In(State::Backoff),
    Part::Unwell,
    Part::In(State::Held),
    Part::In(State::Failed),
];

impl Sum {
    /// Counts jobs.
    pub(super) fn of<'v>(jobs: impl IntoIterator<Item = &'v InstanceView>) -> Self {
        let mut sum = Self::default();
        for job in jobs {
            sum.states[job.state as usize] += 1;
            sum.unwell += u32::from(job.unwell);
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

    /// What should be seen first, if there is something to be seen at all.
    pub(super) fn worst(self) -> Option<Part> {
        WORST.into_iter().find(|part| self.part(*part) > 0)
    }

    /// `6 up`, `1 failed`; what does not occur is left out.
    pub(super) fn told(self) -> Vec<(String, Part)> {
        let told = TOLD.into_iter().filter(|(part, _)| self.part(*part) > 0);
        told.map(|(part, word)| (format!("{} {word}", self.part(part)), part)).collect()
    }

    /// The same in at most `room` cells, with `between` cells between two: what matters least is left out first.
    pub(super) fn told_in(self, room: usize, between: usize) -> Vec<(String, Part)> {
        let mut told = self.told();
        let wide = |told: &[(String, Part)]| -> usize {
            told.iter().map(|(text, _)| text.len() + between).sum::<usize>().saturating_sub(between)
        };
        let mut dispensable = DISPENSABLE.iter();
        while wide(&told) > room
            && let Some(part) = dispensable.next()
        {
            told.retain(|(_, of)| of != part);
        }
        told
    }

    fn part(self, part: Part) -> u32 {
        match part {
            Part::In(state) => self.count(state),
            Part::Unwell => self.unwell,
        }
    }

    fn count(self, state: State) -> u32 {
        self.states[state as usize]
    }
}

impl Part {
    /// Its look.
    pub(super) fn role(self) -> Role {
        match self {
            Self::In(state) => role(state),
            Self::Unwell => Role::Failed,
        }
    }

    /// Its sign.
    pub(super) fn sign(self, signs: &Signs) -> &'static str {
        match self {
            Self::In(state) => signs.state(state),
            Self::Unwell => signs.unwell,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_place_in_the_tables() {
        for state in [
            State::Stopped,
            State::Scheduled,
            State::Waiting,
            State::Starting,
            State::Running,
            State::Stopping,
            State::Backoff,
            State::Held,
            State::Done,
            State::Failed,
        ] {
            let mut sum = Sum::default();
            sum.states[state as usize] = 1;
            assert_eq!(sum.told().len(), 1, "{state:?} is told");
            assert_eq!(sum.told_in(0, 3), [], "{state:?} gives way");
        }
    }

    #[test]
    fn trouble_outlives_what_is_well_where_it_is_narrow() {
        let mut sum = Sum::default();
        for state in [State::Running, State::Done, State::Scheduled, State::Held, State::Failed] {
            sum.states[state as usize] = 1;
        }
        let told: Vec<_> = sum.told_in(18, 3).into_iter().map(|(text, _)| text).collect();
        assert_eq!(told, ["1 held", "1 failed"]);
    }

    #[test]
    fn what_is_scheduled_is_at_rest_and_what_is_held_is_in_trouble() {
        let of = |state: State| {
            let mut sum = Sum::default();
            sum.states[state as usize] = 1;
            sum.worst()
        };
        assert_eq!(of(State::Scheduled), None);
        assert_eq!(of(State::Held), Some(Part::In(State::Held)));
        assert_eq!(Sum { unwell: 1, ..Sum::default() }.worst(), Some(Part::Unwell));
    }
}
