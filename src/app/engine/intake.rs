//! What comes to the engine from the world: news of processes, answers, output, and time. Not: wishes (`engine`), and what it
//! means (`model`).

use std::time::Duration;

use crate::app::message::Output;
use crate::app::streams::Streams;
use crate::config::LogLevel;
use crate::model::{Answer, Event, RunId, Time};
use crate::sys::{News, Pty};

use super::Engine;

impl Engine {
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
            News::Adopted { run, pid } => {
                // The end of its launcher is not the end of the run.
                self.exits.remove(&run);
                self.tell(Event::Adopted { run, pid });
            }
            News::NotAdopted { run, why, hope } => self.tell(Event::NotAdopted { run, why, hope }),
            News::Surveyed(survey) => {
                for family in survey.families {
                    let in_group = family.members.iter().filter(|kin| kin.in_group).count() as u32;
                    let left = family.members.len() as u32;
                    self.tell(Event::Surveyed { run: family.run, left, in_group });
                }
            }
            News::Measured(measured) => {
                let now = self.now().mono;
                self.figures.take(measured, now);
            }
        }
    }

    /// A question has an answer. One that nobody waits for any more may have been on its way.
    pub(crate) fn answered(&mut self, run: RunId, answer: Answer) {
        if self.questions.remove(&run).is_some() {
            self.tell(Event::Answered { run, answer });
        }
    }

    /// A file that a run writes into cannot be written: its output tells so. The job goes on.
    pub(crate) fn unwritten(&mut self, run: RunId, why: &str) {
        let now = self.clock.now();
        self.log.write(LogLevel::Warn, now.wall, || why.to_owned());
        if let Some(instance) = self.outputs.instance(run) {
            self.outputs.note(instance, why, now);
        }
    }

    /// zap stood still for so long: every deadline moves by it, but the wall clock went on, so the model must look again.
    pub(crate) fn skip(&mut self, gap: Duration) {
        self.clock.skip(gap);
        self.tell(Event::Tick);
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
            Output::Heard(run, channel, bytes) => {
                let now = self.clock.now();
                let Self { outputs, streams, facts, .. } = self;
                let listened = outputs.hear(run, channel, &bytes, now, |event| facts.push_back(event));
                if let Some(streams) = streams.get(&run).filter(|_| !listened) {
                    streams.listen(false);
                }
            }
            Output::End(run) => self.ended(run),
        }
        let told = !self.facts.is_empty();
        self.settle();
        told
    }

    /// One of the terminals and pipes of a run is at its end.
    fn ended(&mut self, run: RunId) {
        // Of a run that is closed nobody waits for anything.
        let Some(streams) = self.streams.get_mut(&run) else { return };
        streams.open = streams.open.saturating_sub(1);
        if streams.open == 0 {
            let Self { outputs, facts, .. } = self;
            outputs.said(run, |event| facts.push_back(event));
            outputs.drained(run);
            facts.push_back(Event::Drained { run });
        }
    }

    /// When the engine wants to be woken.
    pub(crate) fn deadline(&self) -> Option<Time> {
        if let Some(waiting) = &self.waiting {
            return Some(waiting.due());
        }
        [self.supervisor.deadline(), self.outputs.quiet_at(), self.outputs.pause_at(), self.outputs.keep_at()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Does what is due. Whether anything was.
    pub(crate) fn tick(&mut self) -> bool {
        let now = self.clock.now();
        let mut did = self.wait_on();
        if self.supervisor.deadline().is_some_and(|at| at <= now.mono) {
            self.tell(Event::Tick);
            did = true;
        }
        if self.outputs.quiet_at().is_some_and(|at| at <= now.mono) {
            let (ptys, streams) = (&self.ptys, &self.streams);
            let is_quiet =
                |run| ptys.get(&run).is_none_or(Pty::quiet) && streams.get(&run).is_none_or(Streams::quiet);
            for run in self.outputs.quiet(now, is_quiet) {
                let Self { outputs, facts, .. } = self;
                outputs.said(run, |event| facts.push_back(event));
                self.tell(Event::Quiet { run });
                did = true;
            }
        }
        if self.outputs.keep_at().is_some_and(|at| at <= now.mono) {
            self.outputs.keep();
        }
        let Self { outputs, facts, .. } = self;
        if outputs.pauses(now, |event| facts.push_back(event)) {
            did |= !self.facts.is_empty();
            self.settle();
        }
        did
    }
}
