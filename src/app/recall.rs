//! The engine goes on where earlier lives of zap have stopped: it waits for the histories, and makes terminals of them. Not: opening
//! them (`archive`).

use std::time::Duration;

use crate::model::{Event, InstanceId, Station, Time};
use crate::terminal::Terminal;

use super::engine::{Engine, Trouble};

/// Histories that are not open by then are on a disk that hangs. Far beyond what a slow one takes.
const PATIENCE: Duration = Duration::from_secs(15);
/// A person who sees nothing start for so long is told why.
const UNTOLD: Duration = Duration::from_millis(500);

/// Histories are waited for.
pub(super) struct Waiting {
    /// They are forsaken then.
    pub(super) until: Time,
    /// When a person is told; nothing once he was.
    untold: Option<Time>,
    /// Another zap has them.
    is_held: bool,
}

impl Waiting {
    /// When there is something to do about it.
    pub(super) fn due(&self) -> Time {
        self.untold.map_or(self.until, |at| at.min(self.until))
    }
}

impl Engine {
    /// Asks for the histories of all who are there. Until they are open the model is told nothing, so that no run begins before
    /// it is known which number it has, and after which lines.
    pub(crate) fn recall(&mut self) {
        if self.outputs.open(self.supervisor.plan()) {
            let now = self.clock.now().mono;
            let (until, untold) = (now + PATIENCE, Some(now + UNTOLD));
            self.waiting = Some(Waiting { until, untold, is_held: false });
        }
    }

    /// Whether histories are waited for.
    pub(crate) fn is_recalling(&self) -> bool {
        self.waiting.is_some()
    }

    /// Whether another zap has the histories: for a moment, if it only makes room among them.
    pub(super) fn held(&mut self, held: bool) {
        self.waiting.iter_mut().for_each(|waiting| waiting.is_held = held);
    }

    /// These histories were found: it goes on counting their runs.
    pub(super) fn recalled(&mut self, found: Vec<(Station, Box<Terminal>)>) {
        let runs = self.outputs.opened(found);
        if !runs.is_empty() {
            self.facts.push_front(Event::Recalled { runs });
        }
        if self.waiting.take().is_some_and(|waiting| waiting.untold.is_none()) {
            self.trouble = Some(Trouble::Over("all histories are open"));
        }
        self.go_on();
    }

    /// Nobody waits for histories any more.
    fn go_on(&mut self) {
        self.settle();
        self.house_all();
    }

    /// Does what is due about histories that are waited for. Whether anything was.
    pub(super) fn wait_on(&mut self) -> bool {
        let now = self.clock.now().mono;
        let Some(waiting) = self.waiting.as_mut().filter(|waiting| waiting.due() <= now) else {
            return false;
        };
        waiting.untold = None;
        let (is_over, is_held) = (waiting.until <= now, waiting.is_held);
        if is_over {
            self.forsake(is_held);
        } else {
            let what =
                if is_held { "another zap has the histories" } else { "the histories are being opened" };
            self.trouble = Some(Trouble::Lasts(format!("{what}: nothing starts before they are there")));
        }
        true
    }

    /// Whoever has them does not give them: all stays in memory.
    fn forsake(&mut self, is_held: bool) {
        let why = if is_held {
            "another zap has them; does one run this file with another XDG_RUNTIME_DIR?"
        } else {
            "their disk hangs"
        };
        self.keep_in_memory(format!("output is kept in memory only: the histories cannot be read: {why}"));
        self.outputs.forsake();
        self.waiting = None;
        self.go_on();
    }

    /// The log, those who listen and the person at the screen are told that output will be lost when zap ends.
    fn keep_in_memory(&mut self, why: String) {
        self.complain(&why);
        self.trouble = Some(Trouble::Lasts(why));
    }

    /// Whatever was printed in earlier lives of zap can be looked at, as far as the plan keeps it.
    pub(super) fn house_all(&mut self) {
        for (instance, station, limit) in self.supervisor.stations() {
            self.outputs.house(instance, &station, limit, |terminal| !terminal.lines().is_empty());
            self.outputs.limit(instance, limit);
        }
    }

    /// A terminal of this instance is about to be needed.
    pub(super) fn house(&mut self, instance: InstanceId) {
        let Some((station, limit)) = self.supervisor.station(instance) else { return };
        self.outputs.house(instance, &station, limit, |_| true);
        if self.outputs.begins_without(instance, &station) {
            let Station { system, job, number } = station;
            self.keep_in_memory(format!(
                "output of {system}/{job}#{number} is kept in memory only: its history was not open in time"
            ));
        }
    }
}
