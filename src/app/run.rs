//! The loop: takes what comes, control before output, until everything has ended. Not: what any of it means.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use crate::model::{Command, Event, Time};
use crate::sys::{Controller, Key, News};
use crate::wire::Asked;

use super::archive::Archived;
use super::engine::{Engine, Trouble};
use super::eye::Eye;
use super::message::{Control, Letters, Output, Signal};
use super::reload::{Purpose, Reread};
use super::serve::Desk;

/// So long output passes before the deadlines are looked at again. Something urgent is seen after each piece.
const BUDGET: Duration = Duration::from_millis(8);
/// A loop that wakes so much later than it meant to was stopped meanwhile (`behaviour.md`, Stop): all deadlines move by the gap.
const GAP: Duration = Duration::from_secs(2);
/// How long a slow terminal, or the disk of the event log, may hold up the end.
const FAREWELL: Duration = Duration::from_millis(300);

/// What the loop holds besides the engine and the eye.
pub(super) struct Loop {
    pub(super) engine: Engine,
    pub(super) eye: Eye,
    /// Where questions from outside are answered.
    desk: Desk,
    controller: Controller,
    pub(super) letters: Letters,
    pub(super) control: VecDeque<Control>,
    output: VecDeque<Output>,
    /// Why zap ends, if a signal or a broken thread made it.
    cause: Option<Cause>,
}

/// Why zap ends, when nobody pressed a key for it.
#[derive(Debug)]
enum Cause {
    /// A signal, or the loss of the terminal, which counts as HUP.
    Signal(i32),
    /// What zap writes cannot be written.
    Unwritable(io::Error),
    /// A thread panicked.
    Broken,
}

impl Cause {
    /// Nobody reads what zap writes any more, in a closed pipe or on a terminal that is gone; or something is wrong there.
    fn of(error: io::Error) -> Self {
        match error.raw_os_error() {
            Some(libc::EPIPE) => Self::Signal(libc::SIGPIPE),
            Some(libc::EIO) => Self::Signal(libc::SIGHUP),
            _ => Self::Unwritable(error),
        }
    }
}

/// The exit code of a program that panicked, as Rust has it.
pub(super) const PANICKED: u8 = 101;

impl Loop {
    /// Nothing has come yet.
    pub(super) fn new(
        engine: Engine,
        eye: Eye,
        desk: Desk,
        controller: Controller,
        letters: Letters,
    ) -> Self {
        let (control, output) = (VecDeque::new(), VecDeque::new());
        Self { engine, eye, desk, controller, letters, control, output, cause: None }
    }

    /// Shows the first picture, carries out the first wish, turns until everything has ended, and returns the exit code.
    /// Fails if what had to be written could not be.
    pub(super) fn run(&mut self, first: Command) -> io::Result<u8> {
        self.engine.recall();
        self.eye.show(&mut self.engine);
        self.engine.command(first);
        self.eye.changed();
        self.eye.show(&mut self.engine);
        while self.engine.finished().is_none() {
            self.wait();
            self.take_control();
            self.take_output();
            if self.engine.tick() {
                self.eye.changed();
            }
            let trouble = self.engine.take_trouble();
            self.show_trouble(trouble);
            self.desk.attend(&mut self.engine, &mut self.eye);
            for instance in self.engine.take_forgotten() {
                self.eye.forget(instance);
            }
            self.eye.show(&mut self.engine);
        }
        self.take_last_output();
        self.eye.show(&mut self.engine);
        self.desk.close(&mut self.engine, &mut self.eye);
        self.engine.journal.finish(FAREWELL);
        self.eye.farewell(FAREWELL);
        self.outcome()
    }

    /// Waits for something to come, or for the next deadline.
    fn wait(&mut self) {
        let deadline =
            [self.engine.deadline(), self.eye.deadline(), self.desk.deadline()].into_iter().flatten().min();
        let before = self.engine.now().mono;
        // Output that can be taken is left from before: then nothing is waited for.
        let at_once = !self.output.is_empty() && self.takes_output();
        let deadline = if at_once { Some(before) } else { deadline };
        self.letters.take(&mut self.control, &mut self.output, deadline.map(|at| at.since(before)));
        if let Some(meant) = deadline.map(|at| at.max(before)) {
            self.skip_gap(meant);
        }
    }

    /// Somebody stopped zap, or the machine slept: what was due in two seconds is due in two seconds from now.
    fn skip_gap(&mut self, meant: Time) {
        let late = self.engine.now().mono.since(meant);
        if late > GAP {
            self.engine.skip(late);
            self.eye.changed();
        }
    }

    /// Handles all that is urgent.
    fn take_control(&mut self) {
        while let Some(message) = self.control.pop_front() {
            match message {
                Control::News(news) if self.eye.hear(&news, &mut self.engine) => {}
                Control::News(news @ News::Measured(_)) => {
                    self.engine.news(news);
                    self.eye.measured();
                }
                Control::News(news) => {
                    self.engine.news(news);
                    self.eye.changed();
                }
                Control::Answered(run, answer) => {
                    self.engine.answered(run, answer);
                    self.eye.changed();
                }
                Control::ClockSet => {
                    self.engine.tell(Event::Tick);
                    self.eye.changed();
                }
                Control::Unwritten { run, why } => self.engine.unwritten(run, &why),
                Control::Unkept(why) => self.unkept(&why),
                Control::Archived(archived) => self.archived(archived),
                Control::Asked(asked) => self.asked(asked),
                Control::CallerGone => self.desk.dismiss(&mut self.engine),
                Control::Reread(reread) => self.reread(*reread),
                Control::FileChanged => self.desk.reload(Purpose::Changed, &self.engine),
                Control::Signal(Signal::Hup) if !self.controller.has_hung_up() => {
                    self.desk.reload(Purpose::Signal, &self.engine);
                }
                Control::Signal(Signal::End(number)) => self.end(Cause::Signal(number)),
                Control::Signal(Signal::Hup) | Control::Key(Key::HungUp) => {
                    self.end(Cause::Signal(libc::SIGHUP));
                }
                Control::Painted(Err(error)) => self.end(Cause::of(error)),
                Control::Broken => self.broken(),
                Control::Key(_)
                | Control::Painted(Ok(()))
                | Control::Signal(_)
                | Control::Counted(_)
                | Control::Saved(_)
                | Control::Found(_) => self.take_to_eye(message),
            }
        }
    }

    /// The event log cannot be written.
    fn unkept(&mut self, why: &str) {
        self.engine.complain(why);
        self.eye.note(why);
    }

    /// Something became of histories.
    fn archived(&mut self, archived: Archived) {
        let before = self.engine.told;
        let trouble = self.engine.archived(archived);
        self.show_trouble(trouble);
        // The last history may have been waited for: whoever asked before what comes next is answered before.
        self.desk.take_early(&mut self.engine);
        if self.engine.told != before {
            self.eye.changed();
        }
    }

    fn show_trouble(&mut self, trouble: Option<Trouble>) {
        match trouble {
            Some(Trouble::Lasts(why)) => self.eye.warn(&why),
            Some(Trouble::Over(told)) => self.eye.calm(told),
            None => {}
        }
    }

    /// Somebody outside asked something.
    fn asked(&mut self, asked: Asked) {
        let before = self.engine.told;
        self.desk.take(asked, &mut self.engine);
        if self.engine.told != before {
            self.eye.changed();
        }
    }

    /// The file was read again.
    fn reread(&mut self, reread: Reread) {
        self.desk.reread(reread, &mut self.engine, &mut self.eye);
        self.eye.changed();
    }

    /// A thread panicked. The person reads what the hook has told; nothing is drawn over it.
    fn broken(&mut self) {
        self.eye.close();
        self.end(Cause::Broken);
    }

    /// What concerns the eye, and what a key there wished about the file.
    fn take_to_eye(&mut self, message: Control) {
        self.eye.control(message, &mut self.engine);
        for wish in self.eye.take_wishes() {
            self.desk.wish(wish, &mut self.engine, &mut self.eye);
            self.eye.changed();
        }
    }

    /// Ends everything. A second wish means at once; but nobody wishes a loss, and it is often told twice.
    fn end(&mut self, cause: Cause) {
        let is_loss = match cause {
            Cause::Signal(number) => matches!(number, libc::SIGHUP | libc::SIGPIPE),
            Cause::Unwritable(_) | Cause::Broken => true,
        };
        self.cause.get_or_insert(cause);
        if !(is_loss && self.engine.view().quitting.is_some()) {
            self.engine.command(Command::Quit);
            self.eye.changed();
        }
    }

    /// Whether output is taken now. A reader that takes nothing holds the jobs back, but not the end.
    fn takes_output(&mut self) -> bool {
        self.eye.accepts() || self.engine.view().quitting.is_some()
    }

    /// Handles output up to the budget, and stops as soon as something urgent comes.
    fn take_output(&mut self) {
        let end = self.engine.now().mono + BUDGET;
        while self.takes_output() {
            let Some(output) = self.output.pop_front() else { return };
            self.pass(output);
            if self.letters.urgent() || self.engine.now().mono >= end {
                return;
            }
        }
    }

    /// What was printed before the end belongs to the history and, in lines, to the eye.
    fn take_last_output(&mut self) {
        self.letters.take(&mut self.control, &mut self.output, Some(Duration::ZERO));
        while let Some(output) = self.output.pop_front() {
            self.pass(output);
        }
    }

    fn pass(&mut self, output: Output) {
        match &output {
            Output::Chunk(run, bytes) => {
                if let Some(instance) = self.engine.outputs.instance(*run) {
                    let now = self.engine.now();
                    self.eye.output(instance, bytes, now);
                }
            }
            Output::Heard(..) => {}
            Output::End(_) => self.eye.changed(),
        }
        if self.engine.output(output) {
            self.eye.changed();
        }
    }

    fn outcome(&mut self) -> io::Result<u8> {
        match self.cause.take() {
            Some(Cause::Signal(number)) => Ok(128 + number as u8),
            Some(Cause::Unwritable(error)) => Err(error),
            Some(Cause::Broken) => Ok(PANICKED),
            None => Ok(self.eye.verdict().or(self.engine.finished()).unwrap_or_default()),
        }
    }
}
