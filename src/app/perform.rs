//! The one place that performs an effect. Not: deciding on one.

use crate::config::LogLevel;
use crate::model::{Effect, Event, Exit, Launch, Now, Record, RecordKind, RunId, SpawnError};
use crate::sys::{Pty, Seat, signal};
use crate::terminal::RunEnd;

use super::engine::Engine;
use super::output::Part;

impl Engine {
    /// Does what the model wants done. Never blocks; what comes of it arrives as an event.
    pub(super) fn perform(&mut self, effect: Effect, now: Now) {
        match effect {
            Effect::Spawn { run, instance, launch } => {
                self.outputs.begin(run, instance, launch.size, launch.nonce, now);
                self.journal.begin(run, instance);
                self.spawn(run, launch, Seat::Owner);
            }
            Effect::SpawnHook { run, instance, kind, launch } => {
                self.outputs.note(instance, &format!("{}: {}", kind.name(), words(&launch)), now);
                self.outputs.attach(run, instance, Part::Hook, now);
                self.spawn(run, launch, Seat::Owner);
            }
            Effect::Signal { run, signal, delivery } => self.nursery.signal(run, signal, delivery),
            Effect::Write { run, bytes } => {
                // Beyond a mebibyte that the job does not read, what is typed is lost, as in any terminal.
                self.ptys.get(&run).map(|pty| pty.write(&bytes));
            }
            Effect::Resize { instance, run, size } => {
                self.outputs.resize(instance, size);
                if let Some(Err(error)) = run.and_then(|run| self.ptys.get(&run)).map(|pty| pty.resize(size))
                {
                    self.log.write(LogLevel::Warn, now.wall, || format!("cannot resize a terminal: {error}"));
                }
            }
            Effect::Ask { .. } | Effect::Dismiss { .. } | Effect::Listen { .. } | Effect::Adopt { .. } => {}
            Effect::Forget { instance } => self.journal.forget(instance),
            Effect::AwaitQuiet { run } => self.outputs.await_quiet(run, now),
            Effect::Survey { run } => self.nursery.survey(run),
            Effect::Close { run } => self.close(run, now),
            Effect::Record(record) => self.record(&record),
            Effect::Finish { code } => {
                // Whatever no run claims has no business to outlive zap.
                self.nursery.signal_unclaimed(libc::SIGKILL);
                self.finished = Some(code);
            }
        }
    }

    /// Opens a terminal and asks for a process in it.
    fn spawn(&mut self, run: RunId, launch: Box<Launch>, seat: fn(crate::sys::Slave) -> Seat) {
        let opened = Pty::open(launch.size).and_then(|(pty, slave)| {
            pty.read_into(run, std::sync::Arc::clone(&self.lane))?;
            Ok((pty, slave))
        });
        match opened {
            Ok((pty, slave)) => {
                self.ptys.insert(run, pty);
                self.nursery.spawn(run, launch, seat(slave));
            }
            Err(error) => {
                let error = SpawnError::System(format!("cannot open a terminal: {error}"));
                let failed = self.not_started(run, error);
                self.facts.push_back(failed);
            }
        }
    }

    /// Nothing of the run is left: its terminal is closed and its part of the history ends.
    fn close(&mut self, run: RunId, now: Now) {
        self.ptys.remove(&run);
        let exit = self.exits.remove(&run).map_or_else(|| RunEnd::NOT_STARTED.to_owned(), exit_text);
        self.outputs.end(run, &exit, now);
        self.nursery.forget(run);
    }

    /// There is no process: the output of the instance tells why, and the terminal is closed. What to tell the model.
    pub(super) fn not_started(&mut self, run: RunId, error: SpawnError) -> Event {
        let (SpawnError::Command(why) | SpawnError::System(why)) = &error;
        let now = self.now();
        if let Some(instance) = self.outputs.instance(run) {
            self.outputs.note(instance, &format!("cannot be started: {why}"), now);
        }
        self.close(run, now);
        Event::SpawnFailed { run, error }
    }

    fn record(&mut self, record: &Record) {
        let level = match &record.kind {
            RecordKind::NotStarted { .. } | RecordKind::Failed { .. } | RecordKind::Left { .. } => {
                LogLevel::Warn
            }
            _ => LogLevel::Info,
        };
        self.log.write(level, record.at.wall, || record.to_string());
        if let Some(wrong) = self.journal.keep(record) {
            self.log.write(LogLevel::Warn, record.at.wall, || wrong);
        }
    }
}

/// How a run ended, in a few words.
pub(super) fn exit_text(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!("exit {code}"),
        Exit::Signal(number) => signal::name(number),
        Exit::Unknown => "exit unknown".to_owned(),
    }
}

fn words(launch: &Launch) -> String {
    launch.argv.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
