//! The engine goes on where earlier lives of zap have stopped: it waits for the histories, and makes terminals of them. Not: opening
//! them (`archive`).

use std::time::Duration;

use crate::model::{Event, InstanceId, Station};
use crate::terminal::Terminal;

use super::engine::Engine;

/// Histories that are not open by then are on a disk that hangs. Far beyond what a slow one takes.
const PATIENCE: Duration = Duration::from_secs(15);

impl Engine {
    /// Asks for the histories of all who are there. Until they are open the model is told nothing, so that no run begins before
    /// it is known which number it has, and after which lines.
    pub(crate) fn recall(&mut self) {
        if self.outputs.open(self.supervisor.plan()) {
            self.recalled_by = Some(self.clock.now().mono + PATIENCE);
        }
    }

    /// Whether histories are waited for.
    pub(crate) fn is_recalling(&self) -> bool {
        self.recalled_by.is_some()
    }

    /// These histories were found: it goes on counting their runs.
    pub(super) fn recalled(&mut self, found: Vec<(Station, Box<Terminal>)>) {
        let runs = self.outputs.opened(found);
        if !runs.is_empty() {
            self.facts.push_front(Event::Recalled { runs });
        }
        self.go_on();
    }

    /// Nobody waits for histories any more.
    pub(super) fn go_on(&mut self) {
        if self.recalled_by.take().is_some() {
            self.house_all();
        }
        self.settle();
    }

    /// The disk hangs: all stays in memory.
    pub(super) fn forsake(&mut self) {
        self.complain("the histories cannot be read: their disk hangs; output is kept in memory only");
        self.outputs.forsake();
        self.go_on();
    }

    /// Whatever was printed in earlier lives of zap can be looked at.
    pub(super) fn house_all(&mut self) {
        for (instance, station, limit) in self.supervisor.stations() {
            self.outputs.house(instance, &station, limit, |terminal| !terminal.lines().is_empty());
        }
    }

    /// A terminal of this instance is about to be needed.
    pub(super) fn house(&mut self, instance: InstanceId) {
        if let Some((station, limit)) = self.supervisor.station(instance) {
            self.outputs.house(instance, &station, limit, |_| true);
        }
    }
}
