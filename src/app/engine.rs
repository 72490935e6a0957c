//! The model with its hands: events go in, their effects are performed at once. Not: where events come from.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::config::LogLevel;
use crate::model::{Command, Event, Exit, InstanceId, Now, RunId, Supervisor, Time, View};
use crate::sys::{Clock, News, Nursery, Pty};

use super::journal::Journal;
use super::log::Log;
use super::message::{Output, OutputLane};
use super::output::Outputs;

/// Everything that runs jobs.
pub(crate) struct Engine {
    pub(super) clock: Clock,
    pub(super) supervisor: Supervisor,
    pub(super) nursery: Nursery,
    pub(super) lane: Arc<OutputLane>,
    pub(super) outputs: Outputs,
    /// The PTYs of the runs that have one.
    pub(super) ptys: HashMap<RunId, Pty>,
    /// How the leaders of runs that are not closed yet ended.
    pub(super) exits: HashMap<RunId, Exit>,
    pub(super) log: Log,
    /// What happened, for those who ask.
    pub(super) journal: Journal,
    /// How many events the model was told.
    pub(super) told: u64,
    /// Facts that performing an effect brought about; they are told after the effects of the present event.
    pub(super) facts: VecDeque<Event>,
    /// The code with which zap may end.
    pub(super) finished: Option<u8>,
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
            exits: HashMap::new(),
            log,
            journal,
            told: 0,
            facts: VecDeque::new(),
            finished: None,
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
    fn settle(&mut self) {
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

    /// Somebody wishes something.
    pub(crate) fn command(&mut self, command: Command) {
        self.tell(Event::Command(command));
    }

    /// Something became of a process.
    pub(crate) fn news(&mut self, news: News) {
        match news {
            News::Spawned { run, pid } => self.tell(Event::Spawned { run, pid }),
            News::NotSpawned { run, error } => {
                let failed = self.not_started(run, error);
                self.tell(failed);
            }
            News::Exited { run, exit } => {
                self.exits.insert(run, exit);
                self.tell(Event::Exited { run, exit });
            }
            News::StrangerEnded { .. } => self.tell(Event::OrphanEnded),
            News::Surveyed(survey) => {
                for family in survey.families {
                    self.tell(Event::Surveyed { run: family.run, left: family.members.len() as u32 });
                }
            }
        }
    }

    /// Takes a piece of output. Whether it told the model something.
    pub(crate) fn output(&mut self, output: Output) -> bool {
        match output {
            Output::Chunk(run, bytes) => {
                let now = self.clock.now();
                let Self { outputs, ptys, facts, .. } = self;
                let pty = ptys.get(&run);
                outputs.feed(
                    run,
                    &bytes,
                    now,
                    // A job that does not read its answers loses them.
                    |replies| _ = pty.map(|pty| pty.write(replies)),
                    |event| facts.push_back(event),
                );
                drop(bytes);
            }
            Output::End(run) => {
                self.outputs.drained(run);
                self.facts.push_back(Event::Drained { run });
            }
        }
        let told = !self.facts.is_empty();
        self.settle();
        told
    }

    /// When the engine wants to be woken.
    pub(crate) fn deadline(&self) -> Option<Time> {
        [self.supervisor.deadline(), self.outputs.quiet_at()].into_iter().flatten().min()
    }

    /// Does what is due. Whether anything was.
    pub(crate) fn tick(&mut self) -> bool {
        let now = self.clock.now();
        let mut did = false;
        if self.supervisor.deadline().is_some_and(|at| at <= now.mono) {
            self.tell(Event::Tick);
            did = true;
        }
        if self.outputs.quiet_at().is_some_and(|at| at <= now.mono) {
            let ptys = &self.ptys;
            for run in self.outputs.quiet(now, |run| ptys.get(&run).is_none_or(Pty::quiet)) {
                self.tell(Event::Quiet { run });
                did = true;
            }
        }
        did
    }

    /// The picture before anything has happened.
    pub(crate) fn first_view(&self) -> &View {
        &self.view
    }

    /// The picture of everything, made anew only when something happened.
    pub(crate) fn view(&mut self) -> &View {
        if std::mem::take(&mut self.view_is_old) {
            self.view = self.supervisor.view();
        }
        &self.view
    }

    /// The picture and the terminals, for an eye.
    pub(crate) fn scene(&mut self) -> (&View, &mut Outputs) {
        if std::mem::take(&mut self.view_is_old) {
            self.view = self.supervisor.view();
        }
        (&self.view, &mut self.outputs)
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

/// An event for the log. What a person types may be a password: only its length is told.
fn told(event: &Event) -> String {
    match event {
        Event::Command(Command::Type { instance, bytes }) => {
            format!("{} bytes typed into {instance:?}", bytes.len())
        }
        other => format!("{other:?}"),
    }
}
