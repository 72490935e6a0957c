//! The one place that performs an effect. Not: deciding on one.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::config::LogLevel;
use crate::model::{
    Audience, Effect, Event, Exit, HookKind, InstanceId, Launch, Now, Pattern, Question, Record, RecordKind,
    RunId, Size, SpawnError, signal_name,
};
use crate::sys::{Outlets, Pty, Seat, Slave, ask, clear_pid_file};
use crate::terminal::RunEnd;

use super::engine::Engine;
use super::message::Control;
use super::output::Part;
use super::streams::Streams;

impl Engine {
    /// Does what the model wants done; what comes of it arrives as an event. It waits for no process and nobody's answer; for the
    /// disk it waits where a run with a pid file or with streams in files is started, which opens these files first.
    pub(super) fn perform(&mut self, effect: Effect, now: Now) {
        match effect {
            Effect::Spawn { run, instance, launch } => self.spawn_job(run, instance, launch, now),
            Effect::SpawnHook { run, instance, kind, launch } => {
                self.spawn_hook(run, instance, kind, launch, now);
            }
            Effect::Signal { run, signal, delivery } => self.nursery.signal(run, signal, delivery),
            Effect::Write { run, bytes } => self.write(run, &bytes),
            Effect::Resize { instance, run, size } => self.resize(instance, run, size, now),
            Effect::Ask { run, question } => self.ask(run, question),
            Effect::Dismiss { run } => self.dismiss(run),
            Effect::Listen { run, patterns } => self.listen(run, patterns, now),
            Effect::Adopt { run, from } => self.nursery.adopt(run, from),
            Effect::Forget { instance } => self.forget(instance),
            Effect::AwaitQuiet { run } => self.outputs.await_quiet(run, now),
            Effect::Survey { run } => self.nursery.survey(run),
            Effect::Close { run } => self.close(run, now),
            Effect::Spare { run } => self.spare(run, now),
            Effect::Record(record) => self.record(&record),
            Effect::Finish { code } => self.finish(code),
        }
    }

    fn spawn_job(&mut self, run: RunId, instance: InstanceId, launch: Box<Launch>, now: Now) {
        self.house(instance);
        let number = self.outputs.begin(run, instance, launch.size, launch.nonce, now);
        self.journal.begin(run, instance, number);
        self.spawn(run, launch, Some("ZAP_PID_FILE"));
    }

    fn spawn_hook(
        &mut self,
        run: RunId,
        instance: InstanceId,
        kind: HookKind,
        launch: Box<Launch>,
        now: Now,
    ) {
        self.house(instance);
        let part = match kind.audience() {
            Audience::Shown => {
                self.outputs.note(instance, &format!("{}: {}", kind.name(), words(&launch)), now);
                Part::Hook
            }
            Audience::Heard => {
                self.outputs.hear_last_line(run);
                Part::Silent
            }
        };
        self.outputs.attach(run, instance, part, now);
        // A hook writes no pid: what stands in the file is the job's.
        self.spawn(run, launch, None);
    }

    /// Opens a terminal and asks for a process in it. `pid_file` is the variable that names the file of its daemon's pid.
    fn spawn(&mut self, run: RunId, launch: Box<Launch>, pid_file: Option<&str>) {
        if launch.heard {
            self.outputs.hear_last_line(run);
        }
        match self.open(run, &launch, pid_file) {
            Ok((seat, outlets)) => self.nursery.spawn_into(run, launch, seat, outlets),
            Err(error) => {
                let failed = self.not_started(run, error);
                self.facts.push_back(failed);
            }
        }
    }

    /// All that must be there before the process is. The files among it wait for their disk.
    fn open(
        &mut self,
        run: RunId,
        launch: &Launch,
        pid_file: Option<&str>,
    ) -> Result<(Seat, Outlets), SpawnError> {
        let pid_file = launch.env.iter().find(|(name, _)| Some(name.as_os_str()) == pid_file.map(OsStr::new));
        if let Some((_, file)) = pid_file {
            clear_pid_file(Path::new(file))?;
        }
        let listened = self.outputs.is_heard(run);
        let (streams, outlets) = Streams::open(run, launch, listened, &mut self.books, &self.lane.0)?;
        let (pty, slave) = self.open_terminal(run, launch).map_err(|error| {
            SpawnError::System(format!("cannot open a terminal: {}", crate::sys::reason(&error)))
        })?;
        self.streams.insert(run, streams);
        self.ptys.insert(run, pty);
        Ok((Seat::Owner(slave), outlets))
    }

    fn open_terminal(&self, run: RunId, launch: &Launch) -> io::Result<(Pty, Slave)> {
        let (pty, slave) = Pty::open(launch.size)?;
        pty.read_into(run, Arc::clone(&self.lane))?;
        Ok((pty, slave))
    }

    fn write(&self, run: RunId, bytes: &[u8]) {
        // Beyond a mebibyte that the job does not read, what is typed is lost, as in any terminal.
        self.ptys.get(&run).map(|pty| pty.write(bytes));
    }

    fn resize(&mut self, instance: InstanceId, run: Option<RunId>, size: Size, now: Now) {
        self.house(instance);
        self.outputs.resize(instance, size);
        let pty = run.and_then(|run| self.ptys.get(&run)).map(|pty| pty.resize(size));
        let streams = run.and_then(|run| self.streams.get(&run)).map(|streams| streams.resize(size));
        for error in [pty, streams].into_iter().flatten().filter_map(Result::err) {
            self.log.write(LogLevel::Warn, now.wall, || format!("cannot resize a terminal: {error}"));
        }
    }

    fn ask(&mut self, run: RunId, question: Question) {
        let post = self.lane.0.clone();
        let turns = self.turns.clone();
        let asked = self.background.spawn(async move {
            let answer = ask(question, &turns).await;
            post.control(Control::Answered(run, answer));
        });
        self.questions.insert(run, asked.abort_handle());
    }

    fn dismiss(&mut self, run: RunId) {
        if let Some(question) = self.questions.remove(&run) {
            question.abort();
        }
    }

    fn listen(&mut self, run: RunId, patterns: Vec<Pattern>, now: Now) {
        let listened = self.outputs.listen(run, patterns).unwrap_or_else(|error| {
            // The file was checked; whoever made this pattern did not.
            self.log.write(LogLevel::Error, now.wall, || error.to_string());
            false
        });
        if let Some(streams) = self.streams.get(&run) {
            streams.listen(listened);
        }
    }

    /// Nothing of the run is left: its terminal is closed and its part of the history ends.
    fn close(&mut self, run: RunId, now: Now) {
        self.ptys.remove(&run);
        self.streams.remove(&run);
        self.figures.forget(run);
        self.books.close(run);
        let exit = self.exits.remove(&run).map_or_else(|| RunEnd::NOT_STARTED.to_owned(), exit_text);
        self.outputs.end(run, &exit, now);
        self.nursery.forget(run);
    }

    fn spare(&mut self, run: RunId, now: Now) {
        self.nursery.spare(run);
        self.close(run, now);
    }

    fn forget(&mut self, instance: InstanceId) {
        self.outputs.forget(instance);
        self.journal.forget(instance);
        self.forgotten.push(instance);
    }

    fn finish(&mut self, code: u8) {
        // Whatever no run claims has no business to outlive zap.
        self.nursery.signal_unclaimed(libc::SIGKILL);
        self.finished = Some(code);
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

    /// Something worth keeping happened.
    pub(super) fn record(&mut self, record: &Record) {
        if let (RecordKind::Exited { exit, .. }, Some(run)) = (&record.kind, record.run) {
            // The model may know it better than the kernel: that of a container is told by its tool.
            self.exits.insert(run, *exit);
        }
        let level = match &record.kind {
            RecordKind::NotStarted { .. } | RecordKind::Failed { .. } | RecordKind::Left { .. } => {
                LogLevel::Warn
            }
            _ => LogLevel::Info,
        };
        let number = record.run.and_then(|run| self.journal.number(run));
        self.log.write(level, record.at.wall, || sentence(record, number));
        if let Some(wrong) = self.journal.keep(record) {
            self.complain(&wrong);
        }
    }
}

/// How a run ended, in a few words.
pub(super) fn exit_text(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!("exit {code}"),
        Exit::Signal(number) => signal_name(number),
        Exit::Unknown => "exit unknown".to_owned(),
    }
}

/// A command as a person wrote it: of a shell's command line only the line.
fn words(launch: &Launch) -> String {
    let words: Vec<_> = launch.argv.iter().map(|word| word.to_string_lossy()).collect();
    match words.as_slice() {
        [_, .., flag, line] if flag.starts_with('-') && flag.ends_with('c') => line.clone().into_owned(),
        all => all.join(" "),
    }
}

/// `dev/web run 3: started, pid 3211`; the run of a hook has no number.
fn sentence(record: &Record, number: Option<u32>) -> String {
    let (address, kind) = (&record.address, &record.kind);
    number.map_or_else(|| format!("{address}: {kind}"), |number| format!("{address} run {number}: {kind}"))
}
