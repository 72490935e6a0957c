//! The commands that must succeed before an instance starts: `depends-on = [{ command = "pg_isready" }]`. Asked one after the
//! other, again and again, while nothing else is in the way. Not: needs on jobs (`needs`), nor whether all is met (`reconcile`).

use std::time::Duration;

use crate::config::Need;
use crate::model::hook::{Errand, Outcome, Purpose};
use crate::model::instance::Instance;
use crate::model::turn::Turn;
use crate::model::{RunId, Time};

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
    question: Option<RunId>,
    /// When the command is asked again.
    again_at: Option<Time>,
    /// What the command that is asked now has answered so far.
    no: Option<Refusal>,
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
    /// When it last did.
    pub(super) last: Time,
    /// How often.
    pub(super) times: u32,
}

impl Inquiry {
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
        let Some((command, line)) = self.command_asked() else { return true };
        let (command, line) = (command.to_vec(), line.to_owned());
        if self.inquiry.again_at.is_none_or(|at| turn.is_due(at)) {
            self.inquiry.again_at = None;
            // What is left of the last question ends first; what is spared may live beside all that comes.
            if self.inquiry.question.is_none() && self.has_room() && !self.is_stuck(&command) {
                self.ask_need(&command, line, turn);
            }
        }
        false
    }

    /// The command that has to succeed next, and its line in the file.
    pub(super) fn command_asked(&self) -> Option<(&[String], &str)> {
        let mut commands = self.job.needs.iter().filter_map(|need| match need {
            Need::Command { command, line } => Some((command.as_slice(), line.as_str())),
            Need::Job { .. } => None,
        });
        commands.nth(self.inquiry.passed)
    }

    /// Whether this of its needs, a command, has succeeded since it waits.
    pub(super) fn has_passed_by_now(&self, entry: usize) -> bool {
        let before = self.job.needs.iter().take(entry).filter(|need| matches!(need, Need::Command { .. }));
        before.count() < self.inquiry.passed
    }

    /// Whether this run is the last question, or what is left of it.
    pub(super) fn is_question(&self, run: RunId) -> bool {
        self.inquiry.question == Some(run) || self.inquiry.no.as_ref().is_some_and(|no| no.run == run)
    }

    /// A command that was asked has ended, or will not in time.
    pub(super) fn need_answered(&mut self, run: RunId, outcome: &Outcome, turn: &mut Turn) {
        if self.inquiry.question.take_if(|question| *question == run).is_none() {
            return;
        }
        let Some(why) = outcome.refusal() else {
            self.inquiry = Inquiry { passed: self.inquiry.passed + 1, ..Inquiry::default() };
            return;
        };
        self.refuse(run, why, turn);
    }

    /// Something else is in the way, or it is not wanted any more.
    pub(super) fn ask_no_more(&mut self, turn: &mut Turn) {
        let Inquiry { question, .. } = std::mem::take(&mut self.inquiry);
        if let Some(question) = question {
            self.abort_question(question, GRACE, turn);
        }
    }

    fn refuse(&mut self, run: RunId, why: String, turn: &Turn) {
        let (since, times) = self.inquiry.no.as_ref().map_or((turn.now.mono, 0), |no| (no.since, no.times));
        self.inquiry.no = Some(Refusal { run, why, since, last: turn.now.mono, times: times + 1 });
        self.inquiry.again_at = Some(turn.now.mono + PAUSE);
    }

    fn ask_need(&mut self, command: &[String], line: String, turn: &mut Turn) {
        let Some(offer) = self.calendar.offer() else { return };
        let term_at = turn.now.mono + PATIENCE;
        let errand = Errand { command, line, term_at, kill_at: term_at + GRACE, timeout: PATIENCE };
        let run = self.run_hook(Purpose::Need, errand, &offer.launch, turn);
        self.inquiry.question = Some(run);
    }
}
