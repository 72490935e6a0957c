//! The commands that must succeed before an instance starts: `depends-on = [{ command = "pg_isready" }]`. Asked one after the
//! other, again and again, while nothing else is in the way. Not: needs on jobs (`needs`), nor whether all is met (`reconcile`).

use std::time::Duration;

use crate::config::Need;
use crate::model::instance::Instance;
use crate::model::leftover::{Leftover, Origin};
use crate::model::turn::Turn;
use crate::model::{Effect, Exit, HookKind, RunId, Time, why};

/// Between an answer and the next question.
const PAUSE: Duration = Duration::from_secs(1);

/// A command that takes longer is told to end: it says no.
const PATIENCE: Duration = Duration::from_secs(10);

/// After which it gets KILL.
const GRACE: Duration = Duration::from_secs(2);

/// How far the commands of one start are. Forgotten when it starts, or when something else comes in the way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Inquiry {
    /// How many of the commands have succeeded.
    passed: usize,
    question: Option<Question>,
    /// When the command is asked again.
    again_at: Option<Time>,
    /// What the command that is asked now has answered so far.
    no: Option<Refusal>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    run: RunId,
    said: Option<String>,
}

/// A command that does not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The run of the last question.
    run: RunId,
    /// What it last said, or how it ended.
    pub(super) why: String,
    /// When it first did.
    pub(super) since: Time,
    /// How often.
    pub(super) times: u32,
}

impl Inquiry {
    /// Asks for nothing; what is being asked is nobody's question any more.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    /// When the next question is due.
    pub(super) fn deadline(&self) -> Option<Time> {
        self.again_at
    }

    /// What the command that is asked now has answered.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.no.as_ref()
    }
}

impl Instance {
    /// Asks the next command if it is time. Whether all have succeeded.
    pub(super) fn inquire(&mut self, turn: &mut Turn) -> bool {
        let Some((command, _)) = self.command_asked() else { return true };
        let command = command.to_vec();
        if self.inquiry.again_at.is_none_or(|at| turn.is_due(at)) {
            self.inquiry.again_at = None;
            // What is left of the last question ends first.
            if self.inquiry.question.is_none() && self.leftovers.is_empty() {
                self.ask_command(&command, turn);
            }
        }
        false
    }

    /// The command that has to succeed next, and its line in the file.
    pub(super) fn command_asked(&self) -> Option<(&[String], &str)> {
        let commands = self.job.needs.iter().filter_map(|need| match need {
            Need::Command { command, line } => Some((command.as_slice(), line.as_str())),
            Need::Job { .. } => None,
        });
        commands.skip(self.inquiry.passed).map(|(command, line)| (command, line)).next()
    }

    /// Whether this of its needs is a command that has not succeeded, while it waits.
    pub(super) fn has_passed(&self, entry: usize) -> bool {
        let before = self.job.needs.iter().take(entry).filter(|need| matches!(need, Need::Command { .. }));
        before.count() < self.inquiry.passed
    }

    /// A command that was asked has ended.
    pub(super) fn need_answered(&mut self, run: RunId, exit: Exit, turn: &mut Turn) {
        let Some(question) = self.inquiry.question.take_if(|question| question.run == run) else { return };
        if exit == Exit::Code(0) {
            self.inquiry = Inquiry { passed: self.inquiry.passed + 1, ..Inquiry::default() };
        } else {
            let why = question.said.unwrap_or_else(|| why::exit(exit));
            self.refuse(run, why, turn);
        }
    }

    /// A command could not be asked.
    pub(super) fn need_refused(&mut self, run: RunId, why: String, turn: &mut Turn) {
        if self.inquiry.question.take_if(|question| question.run == run).is_some() {
            self.refuse(run, why, turn);
        }
    }

    /// The last line of a command: better than its exit code.
    pub(super) fn need_said(&mut self, run: RunId, line: String) {
        if let Some(question) = self.inquiry.question.as_mut().filter(|question| question.run == run) {
            question.said = Some(line);
        } else if let Some(no) = self.inquiry.no.as_mut().filter(|no| no.run == run) {
            no.why = line;
        }
    }

    /// Something else is in the way, or it is not wanted any more.
    pub(super) fn ask_no_more(&mut self, turn: &mut Turn) {
        self.inquiry.reset();
        for leftover in self.leftovers.iter_mut().filter(|leftover| leftover.origin == Origin::Need) {
            leftover.hurry(GRACE, turn);
        }
    }

    fn refuse(&mut self, run: RunId, why: String, turn: &Turn) {
        let (since, times) = self.inquiry.no.as_ref().map_or((turn.now.mono, 0), |no| (no.since, no.times));
        self.inquiry.no = Some(Refusal { run, why, since, times: times + 1 });
        self.inquiry.again_at = Some(turn.now.mono + PAUSE);
    }

    fn ask_command(&mut self, command: &[String], turn: &mut Turn) {
        let Some(offer) = self.calendar.offer() else { return };
        let run = turn.runs.open(self.id);
        let mut launch = Box::new(turn.ground.hook(self.owner(&offer.launch), run, command));
        launch.heard = true;
        turn.push(Effect::SpawnHook { run, instance: self.id, kind: HookKind::Probe, launch });
        let nudge_at = turn.now.mono + PATIENCE;
        self.leftovers.push(Leftover::of_need(run, turn.now.mono, nudge_at, nudge_at + GRACE));
        self.inquiry.question = Some(Question { run, said: None });
    }
}
