//! The model with its hands: events go in, their effects are performed at once. `intake`: what the world tells. Not: where events
//! come from.

mod intake;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use tokio::task::AbortHandle;

use crate::config::{LogLevel, Plan};
use crate::model::{By, Command, Event, Exit, InstanceId, Now, Record, RecordKind, RunId, Supervisor, View};
use crate::sys::{Books, Clock, Nursery, Pty, Turns};

use super::archive::Archived;
use super::background::Background;
use super::figures::Figures;
use super::journal::Journal;
use super::log::Log;
use super::message::OutputLane;
use super::output::Outputs;
use super::recall::Waiting;
use super::streams::Streams;
use super::wish;

/// What a person must be told of zap itself.
pub(crate) enum Trouble {
    /// This is wrong, until it is over.
    Lasts(String),
    /// It is over, as this tells.
    Over(&'static str),
}

/// Everything that runs jobs.
pub(crate) struct Engine {
    pub(super) clock: Clock,
    pub(super) supervisor: Supervisor,
    pub(super) nursery: Nursery,
    pub(super) lane: Arc<OutputLane>,
    pub(super) outputs: Outputs,
    /// The PTYs of the runs that have one.
    pub(super) ptys: HashMap<RunId, Pty>,
    /// What else they print into.
    pub(super) streams: HashMap<RunId, Streams>,
    /// The files that streams are written into.
    pub(super) books: Books,
    pub(super) background: Background,
    /// Of slow questions, those about one thing take turns.
    pub(super) turns: Turns,
    /// The questions that are not answered yet.
    pub(super) questions: HashMap<RunId, AbortHandle>,
    /// How the leaders of runs that are not closed yet ended.
    pub(super) exits: HashMap<RunId, Exit>,
    /// What runs use of the machine, as far as somebody asked.
    pub(super) figures: Figures,
    pub(super) log: Log,
    /// What happened, for those who ask.
    pub(super) journal: Journal,
    /// How many events the model was told.
    pub(super) told: u64,
    /// Facts that performing an effect brought about; they are told after the effects of the present event.
    pub(super) facts: VecDeque<Event>,
    /// The instances that are gone, until the eye was told.
    pub(super) forgotten: Vec<InstanceId>,
    /// The code with which zap may end.
    pub(super) finished: Option<u8>,
    /// Histories are waited for, and the model is told nothing.
    pub(super) waiting: Option<Waiting>,
    /// What a person must be told, until the eye was.
    pub(super) trouble: Option<Trouble>,
    view: View,
    view_is_old: bool,
}

impl Engine {
    /// Nothing runs yet.
    pub(crate) fn new(
        clock: Clock,
        supervisor: Supervisor,
        nursery: Nursery,
        lane: OutputLane,
        background: Background,
        log: Log,
        journal: Journal,
    ) -> Self {
        let view = supervisor.view();
        Self {
            clock,
            supervisor,
            nursery,
            lane: Arc::new(lane),
            outputs: Outputs::default(),
            ptys: HashMap::new(),
            streams: HashMap::new(),
            books: Books::default(),
            background,
            turns: Turns::default(),
            questions: HashMap::new(),
            exits: HashMap::new(),
            figures: Figures::default(),
            log,
            journal,
            told: 0,
            facts: VecDeque::new(),
            forgotten: Vec::new(),
            finished: None,
            waiting: None,
            trouble: None,
            view,
            view_is_old: false,
        }
    }

    /// The present.
    pub(crate) fn now(&self) -> Now {
        self.clock.now()
    }

    /// Tells the model something and performs what it wants done.
    pub(crate) fn tell(&mut self, event: Event) {
        self.facts.push_back(event);
        self.settle();
    }

    /// Tells the model all facts that are there, in order.
    pub(super) fn settle(&mut self) {
        if self.is_recalling() {
            return;
        }
        while let Some(event) = self.facts.pop_front() {
            let now = self.clock.now();
            self.log.write(LogLevel::Debug, now.wall, || told(&event));
            self.view_is_old = true;
            self.told += 1;
            for effect in self.supervisor.step(now, event) {
                self.perform(effect, now);
            }
        }
    }

    /// From now on this plan is asked for. Its histories are open, or their disk hangs.
    pub(super) fn take_over(&mut self, plan: Plan, by: By) {
        self.outputs.bound_all(&plan);
        self.tell(Event::Reloaded { plan: Box::new(plan), by });
        // While histories are waited for, the model knows nothing of this plan.
        if !self.is_recalling() {
            self.house_all();
        }
    }

    /// Something became of histories. What a person must be told of it.
    pub(crate) fn archived(&mut self, archived: Archived) -> Option<Trouble> {
        match archived {
            Archived::Held(held) => self.held(held),
            Archived::Opened(found) => self.recalled(found),
            Archived::Written(name, written) => self.outputs.written(&name, &written),
            Archived::Crowded(name, file) => self.outputs.crowded(&name, file),
            Archived::Failed(why) => {
                self.complain(&why);
                return Some(Trouble::Lasts(why));
            }
            Archived::Recovered => {
                let told = "all histories are on the disk again";
                self.announce(LogLevel::Info, told);
                return Some(Trouble::Over(told));
            }
        }
        None
    }

    /// Something of zap's own went wrong: the log has it.
    pub(super) fn complain(&mut self, what: &str) {
        self.announce(LogLevel::Warn, what);
    }

    /// The log and all who listen are told something about zap itself.
    fn announce(&mut self, level: LogLevel, what: &str) {
        let now = self.now();
        self.log.write(level, now.wall, || what.to_owned());
        let kind = RecordKind::Zap { what: what.to_owned() };
        let told =
            Record { at: now, instance: None, address: "zap".to_owned(), run: None, by: By::Zap, kind };
        // The socket tells it too. That this cannot be written either is no news.
        let _ = self.journal.keep(&told);
    }

    /// Somebody wishes something.
    pub(crate) fn command(&mut self, command: Command) {
        if matches!(command, Command::Quit) && self.is_recalling() {
            // Nothing has begun: nothing need begin, and nobody waits for a disk that hangs.
            self.facts.clear();
            self.outputs.forsake();
            self.waiting = None;
        }
        // What is typed is told often, and is nobody's business.
        if !matches!(command, Command::Type { .. } | Command::Resize { .. }) {
            let now = self.now();
            if let Some(record) = wish::record(&command, self.view(), now) {
                self.record(&record);
            }
        }
        self.tell(Event::Command(command));
    }

    /// The picture before anything has happened.
    pub(crate) fn first_view(&self) -> &View {
        &self.view
    }

    /// The picture of everything, made anew only when something happened.
    pub(crate) fn view(&mut self) -> &View {
        self.renew_view();
        &self.view
    }

    /// The picture and the terminals, for an eye.
    pub(crate) fn scene(&mut self) -> (&View, &mut Outputs) {
        self.renew_view();
        (&self.view, &mut self.outputs)
    }

    fn renew_view(&mut self) {
        if std::mem::take(&mut self.view_is_old) {
            self.view = self.supervisor.view();
        }
    }

    /// What a person must be told, and was not yet.
    pub(crate) fn take_trouble(&mut self) -> Option<Trouble> {
        self.trouble.take()
    }

    /// The instances that are gone since this was last asked.
    pub(crate) fn take_forgotten(&mut self) -> Vec<InstanceId> {
        std::mem::take(&mut self.forgotten)
    }

    /// The code with which zap may end, once everything has.
    pub(crate) fn finished(&self) -> Option<u8> {
        self.finished
    }

    /// The runs that may have live processes.
    pub(crate) fn live_runs(&self) -> Vec<(RunId, Option<InstanceId>)> {
        self.ptys.keys().map(|run| (*run, self.outputs.instance(*run))).collect()
    }
}

/// An event for the log. What a person types may be a password: only its length is told. A plan holds whole environments: only
/// its size is.
fn told(event: &Event) -> String {
    match event {
        Event::Command(Command::Type { instance, bytes }) => {
            format!("{} bytes typed into {instance:?}", bytes.len())
        }
        Event::Reloaded { plan, by } => {
            let jobs: usize = plan.systems.iter().map(|system| system.jobs.len()).sum();
            format!("Reloaded {{ systems: {}, jobs: {jobs}, by: {by:?} }}", plan.systems.len())
        }
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Request, load};
    use crate::model::By;

    #[test]
    fn the_log_is_told_how_large_a_plan_is_and_nothing_that_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("systems.toml");
        let text = "[env]\nTOKEN = 'hunter2'\n[systems.dev.jobs]\none = 'true'\ntwo = 'true'\n";
        std::fs::write(&file, text).unwrap();
        let plan = Box::new(
            load(&Request::of_this_process(Some(file), crate::ui::vocabulary()).unwrap()).unwrap().plan,
        );
        assert!(format!("{plan:?}").contains("hunter2"));
        let told = told(&Event::Reloaded { plan, by: By::User });
        assert_eq!(told, "Reloaded { systems: 1, jobs: 2, by: User }");
    }
}
