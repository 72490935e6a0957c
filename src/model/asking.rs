//! The probes of a run are asked in turn, never one of them twice at a time, and answers find their probe. Not: what an answer
//! means (`ready`, `health`).

use std::sync::Arc;
use std::time::Duration;

use crate::config::{Probe, Sign};
use crate::model::hook::{Errand, Outcome, Purpose, QUESTION_GRACE, no_answer};
use crate::model::instance::Instance;
use crate::model::probing::{BEAT, Course, Novelty, Probing, in_words};
use crate::model::turn::Turn;
use crate::model::{Answer, Effect, ProbeView, Question, RecordKind, RunId, Time};

/// Which probe of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// That of `ready`.
    Ready,
    /// That of the entry of `health-check` with this index.
    Health(usize),
}

impl Instance {
    /// Asks what is due, and waits no longer for what did not answer in time.
    pub(super) fn tick_probes(&mut self, turn: &mut Turn) {
        if !self.is_probed() {
            return;
        }
        for which in self.probes() {
            match self.probing(which).map(|probing| probing.course) {
                Some(Course::Asked { run, until }) if turn.is_due(until) => {
                    dismiss(run, turn);
                    let text = no_answer(self.patience(which));
                    self.answered_by(which, false, text, None, turn);
                }
                // Nothing ends it since it was asked, perhaps of an earlier run, so it cannot be asked again: that is an answer.
                Some(Course::Resting { until, hook }) if turn.is_due(until) && self.never_answers(which) => {
                    let text = no_answer(self.patience(which));
                    self.answered_by(which, false, text, hook, turn);
                }
                Some(Course::Resting { until, hook }) if turn.is_due(until) && !self.is_left(hook) => {
                    self.pose(which, turn);
                }
                Some(
                    Course::Idle | Course::Asked { .. } | Course::Resting { .. } | Course::Hooked { .. },
                )
                | None => {}
            }
        }
    }

    /// When a probe is due.
    pub(super) fn probes_deadline(&self) -> Option<Time> {
        if !self.is_probed() {
            return None;
        }
        let due = |which| match self.probing(which)?.course {
            Course::Asked { until, .. } => Some(until),
            Course::Resting { until, hook } => {
                Some(until).filter(|_| !self.is_left(hook) || self.never_answers(which))
            }
            Course::Idle | Course::Hooked { .. } => None,
        };
        self.probes().filter_map(due).min()
    }

    /// The answer to a question.
    pub(super) fn answered(&mut self, run: RunId, answer: Answer, turn: &mut Turn) {
        let is_asked = |which: &Which| self.probing(*which).is_some_and(|probing| probing.is_asked(run));
        let Some(which) = self.probes().find(is_asked) else { return };
        turn.runs.close(run);
        match answer {
            Answer::Yes => self.answered_by(which, true, "yes".to_owned(), None, turn),
            Answer::No(why) => self.answered_by(which, false, why, None, turn),
        }
    }

    /// A command that was asked has ended, or will not in time.
    pub(super) fn probe_ended(&mut self, which: Which, run: RunId, outcome: &Outcome, turn: &mut Turn) {
        if !self.probing(which).is_some_and(|probing| probing.is_asked(run)) {
            return;
        }
        let text = outcome.refusal().unwrap_or_else(|| "yes".to_owned());
        self.answered_by(which, outcome.is_success(), text, Some(run), turn);
    }

    /// Nobody waits for any answer any longer. What was answered is kept.
    pub(super) fn silence(&mut self, turn: &mut Turn) {
        for which in self.probes() {
            self.silence_one(which, turn);
        }
    }

    /// Nobody waits for the answer of this probe any longer, and it is not asked any more.
    pub(super) fn silence_one(&mut self, which: Which, turn: &mut Turn) {
        let Some(probing) = self.probing_mut(which) else { return };
        match std::mem::take(&mut probing.course) {
            Course::Asked { run, .. } => dismiss(run, turn),
            Course::Hooked { run } => self.abort_question(run, QUESTION_GRACE, turn),
            Course::Idle | Course::Resting { .. } => {}
        }
    }

    /// Its probes with their last answers.
    pub(super) fn probe_views(&self) -> Vec<ProbeView> {
        self.probes().filter_map(|which| self.probe_view(which)).chain(self.listening_view()).collect()
    }

    /// A probe is asked from now on.
    pub(super) fn ask_from(&mut self, which: Which, from: Time) {
        if let Some(probing) = self.probing_mut(which) {
            probing.course = Course::Resting { until: from, hook: None };
        }
    }

    /// The probes that its job has: also of those that are not asked.
    fn probes(&self) -> impl Iterator<Item = Which> + use<> {
        let has_ready = self.asked_of(Which::Ready).is_some();
        has_ready.then_some(Which::Ready).into_iter().chain((0..self.job.health.len()).map(Which::Health))
    }

    /// What is asked.
    pub(super) fn asked_of(&self, which: Which) -> Option<&Probe> {
        match which {
            Which::Ready => match self.job.ready.as_ref()?.sign.as_ref()? {
                Sign::Log(_) => None,
                Sign::Probe(probe) => Some(probe),
            },
            Which::Health(index) => self.job.health.get(index).map(|check| &check.probe),
        }
    }

    /// How far a probe of its present or last run is.
    pub(super) fn probing(&self, which: Which) -> Option<&Probing> {
        let life = &self.last.as_ref()?.life;
        match which {
            Which::Ready => Some(&life.ready.probing),
            Which::Health(index) => life.health.get(index).map(|health| &health.probing),
        }
    }

    fn probing_mut(&mut self, which: Which) -> Option<&mut Probing> {
        let life = &mut self.last.as_mut()?.life;
        match which {
            Which::Ready => Some(&mut life.ready.probing),
            Which::Health(index) => life.health.get_mut(index).map(|health| &mut health.probing),
        }
    }

    /// How long an answer may take.
    fn patience(&self, which: Which) -> Duration {
        match which {
            Which::Ready => self.interval(which).max(Duration::from_secs(1)),
            Which::Health(index) => self.job.health.get(index).map_or(BEAT, |check| check.timeout.max(BEAT)),
        }
    }

    fn interval(&self, which: Which) -> Duration {
        let interval = match which {
            Which::Ready => self.job.ready.as_ref().map(|ready| ready.interval),
            Which::Health(index) => self.job.health.get(index).map(|check| check.interval),
        };
        interval.unwrap_or_default().max(BEAT)
    }

    /// Whether there is a run whose probes are asked.
    fn is_probed(&self) -> bool {
        self.phase.at_work().is_some_and(|live| live.birth.is_some())
    }

    fn is_left(&self, hook: Option<RunId>) -> bool {
        hook.is_some_and(|hook| self.leftovers.iter().any(|leftover| leftover.run == hook))
    }

    /// Whether it is a command that nothing can end.
    fn never_answers(&self, which: Which) -> bool {
        match self.asked_of(which) {
            Some(Probe::Command { command, .. }) => self.is_stuck(command),
            Some(Probe::Tcp { .. } | Probe::Http { .. } | Probe::File(_) | Probe::Folder { .. }) | None => {
                false
            }
        }
    }

    fn pose(&mut self, which: Which, turn: &mut Turn) {
        let Some(probe) = self.asked_of(which).cloned() else { return };
        let until = turn.now.mono + self.patience(which);
        let course = match probe {
            Probe::Command { command, line } => {
                let Some(run) = self.ask_command(which, &command, line, turn) else { return };
                Course::Hooked { run }
            }
            Probe::Tcp { host, port } => self.ask_world(Question::Tcp { host, port }, until, turn),
            Probe::Http { url, status } => self.ask_world(Question::Http { url, status }, until, turn),
            Probe::File(path) => self.ask_world(Question::File(path), until, turn),
            Probe::Folder { folder, inactive } => {
                self.ask_world(Question::Folder { folder, inactive }, until, turn)
            }
        };
        if let Some(probing) = self.probing_mut(which) {
            probing.course = course;
        }
    }

    fn ask_world(&self, question: Question, until: Time, turn: &mut Turn) -> Course {
        let run = turn.runs.open(self.id);
        turn.push(Effect::Ask { run, question });
        Course::Asked { run, until }
    }

    fn ask_command(
        &mut self,
        which: Which,
        command: &[String],
        line: String,
        turn: &mut Turn,
    ) -> Option<RunId> {
        let launch = Arc::clone(&self.last.as_ref()?.launch);
        let timeout = self.patience(which);
        let term_at = turn.now.mono + timeout;
        let errand = Errand { command, line, term_at, kill_at: term_at + QUESTION_GRACE, timeout };
        Some(self.run_hook(Purpose::Probe(which), errand, &launch, turn))
    }

    /// Counts an answer, plans the next question, and hands it on.
    fn answered_by(&mut self, which: Which, good: bool, text: String, hook: Option<RunId>, turn: &mut Turn) {
        let until = turn.now.mono + self.interval(which);
        let Some(probe) = self.asked_of(which) else { return };
        let what = format!("{}: {text}", in_words(probe));
        // The last line of a command may be another one each time.
        let is_wordy = matches!(probe, Probe::Command { .. });
        let run = self.last.as_ref().map(|last| last.id);
        let Some(probing) = self.probing_mut(which) else { return };
        probing.course = Course::Resting { until, hook };
        match probing.answered(good, text, turn.now) {
            Novelty::Turn => self.record(run, RecordKind::Probe { what }, turn),
            Novelty::Words if !is_wordy => self.record(run, RecordKind::Probe { what }, turn),
            Novelty::Words | Novelty::Same => {}
        }
        match which {
            Which::Ready if good => self.sign_seen(turn),
            Which::Ready => {}
            Which::Health(index) if good => self.is_well(index, turn),
            Which::Health(index) => self.is_ill(index, turn),
        }
    }

    fn probe_view(&self, which: Which) -> Option<ProbeView> {
        let key = match which {
            Which::Ready => "ready",
            Which::Health(_) => "health-check",
        };
        let last = self.probing(which).and_then(|probing| probing.last.as_ref());
        Some(ProbeView {
            key: key.to_owned(),
            what: in_words(self.asked_of(which)?),
            last: last.map(|reply| reply.text.clone()),
            good: last.map(|reply| reply.good),
            at: last.map(|reply| reply.at.wall),
            times: last.map_or(0, |reply| reply.times),
        })
    }
}

fn dismiss(run: RunId, turn: &mut Turn) {
    turn.push(Effect::Dismiss { run });
    turn.runs.close(run);
}
