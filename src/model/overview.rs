//! The sum of many states: what a system's row and the head line count. Not: its type (`view`).

use crate::model::{InstanceView, Overview, State, SystemView, View};

impl Overview {
    /// Counts these.
    pub fn of<'a>(instances: impl IntoIterator<Item = &'a InstanceView>) -> Self {
        instances.into_iter().fold(Self::default(), Self::with)
    }

    fn with(mut self, instance: &InstanceView) -> Self {
        self.all += 1;
        match instance.state {
            State::Running | State::Done => self.good += 1,
            State::Failed | State::Held => self.failed += 1,
            State::Starting | State::Stopping => self.moving += 1,
            State::Waiting | State::Backoff => self.pending += 1,
            State::Stopped | State::Scheduled => self.stopped += 1,
        }
        self
    }
}

impl SystemView {
    /// The sum of its jobs.
    pub fn overview(&self) -> Overview {
        Overview::of(&self.jobs)
    }
}

impl View {
    /// The sum of everything.
    pub fn overview(&self) -> Overview {
        Overview::of(self.systems.iter().flat_map(|system| &system.jobs))
    }
}
