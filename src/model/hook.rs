//! The commands that belong to an instance and are not its run: who waits for their end, and what it means. `own`: those that the
//! file names; `outcome`: what became of one. Not: bringing their processes to an end (`leftover`), nor `stop` (`stop`).

mod outcome;
mod own;

use std::sync::Arc;
use std::time::Duration;

use crate::config::Launch;
use crate::model::asking::Which;
use crate::model::instance::Instance;
use crate::model::leftover::{Leftover, NUDGE_AFTER, Terminal};
use crate::model::turn::Turn;
use crate::model::{Audience, Effect, Exit, HookKind, RecordKind, RunId, SpawnError, Time, why};

pub(super) use outcome::{Outcome, no_answer};

/// What a hook that only asks something gets between TERM and KILL, at most.
pub(super) const QUESTION_GRACE: Duration = Duration::from_secs(1);

/// A hook whose end somebody waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pending {
    /// Its run.
    pub(super) run: RunId,
    /// What it is for.
    pub(super) purpose: Purpose,
    /// What a person calls it: the line of the file.
    pub(super) line: String,
    /// Until when it is waited for.
    patience: Patience,
    exit: Option<Exit>,
    said: Option<String>,
}

/// What a hook is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// `before`: this is run when it succeeds.
    Before(Arc<Launch>),
    /// `init`.
    Init,
    /// `after`.
    After,
    /// `stop.command`.
    Stop,
    /// A probe that is a command.
    Probe(Which),
    /// A command that must succeed before the start.
    Need,
    /// The pid of the container of a run.
    Pid(RunId),
    /// The exit code of the container of a run.
    ExitCode(RunId),
    /// A signal for the container of a run.
    Signal {
        /// The run.
        run: RunId,
        /// The number of the signal.
        signal: i32,
    },
}

/// How long somebody waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Patience {
    until: Time,
    in_all: Duration,
}

/// A command to be run as a hook.
#[derive(Debug)]
pub(super) struct Errand<'a> {
    /// The command, as an argument vector.
    pub(super) command: &'a [String],
    /// What a person calls it.
    pub(super) line: String,
    /// When it gets TERM.
    pub(super) term_at: Time,
    /// When it gets KILL.
    pub(super) kill_at: Time,
    /// How long it may take.
    pub(super) timeout: Duration,
}

impl Purpose {
    /// Which hook it is.
    pub(super) fn kind(&self) -> HookKind {
        match self {
            Self::Before(_) => HookKind::Before,
            Self::Init => HookKind::Init,
            Self::After => HookKind::After,
            Self::Stop => HookKind::Stop,
            Self::Probe(_) | Self::Need => HookKind::Probe,
            Self::Pid(_) | Self::ExitCode(_) => HookKind::Inspect,
            Self::Signal { .. } => HookKind::Signal,
        }
    }
}

impl Pending {
    /// A probe that succeeds has nothing more to say.
    fn is_known(&self, terminal: Terminal) -> bool {
        let (kind, exit) = (self.purpose.kind(), self.exit);
        let heard = match kind.audience() {
            Audience::Shown => true,
            Audience::Heard => terminal != Terminal::Open,
        };
        exit.is_some() && (heard || kind == HookKind::Probe && exit == Some(Exit::Code(0)))
    }
}

impl Instance {
    /// Runs a command in the surroundings of a launch.
    pub(super) fn run_hook(
        &mut self,
        purpose: Purpose,
        errand: Errand<'_>,
        launch: &Launch,
        turn: &mut Turn,
    ) -> RunId {
        let kind = purpose.kind();
        let run = turn.runs.open(self.id);
        let owner = match purpose {
            Purpose::Before(_) | Purpose::Need => self.owner_ahead(launch),
            Purpose::Init
            | Purpose::After
            | Purpose::Stop
            | Purpose::Probe(_)
            | Purpose::Pid(_)
            | Purpose::ExitCode(_)
            | Purpose::Signal { .. } => self.owner(launch),
        };
        let hook = Box::new(turn.ground.hook(owner, run, kind, errand.command));
        turn.push(Effect::SpawnHook { run, instance: self.id, kind, launch: hook });
        let leftover = Leftover::of_hook(run, kind, turn.now.mono, errand.term_at, errand.kill_at);
        self.leftovers.push(match purpose {
            Purpose::Probe(_) | Purpose::Need => leftover.asks(errand.command),
            Purpose::Before(_)
            | Purpose::Init
            | Purpose::After
            | Purpose::Stop
            | Purpose::Pid(_)
            | Purpose::ExitCode(_)
            | Purpose::Signal { .. } => leftover,
        });
        let patience = Patience { until: errand.term_at, in_all: errand.timeout };
        self.hooks.push(Pending { run, purpose, line: errand.line, patience, exit: None, said: None });
        run
    }

    /// The hook that somebody waits for, if it is of this kind.
    pub(super) fn pending(&self, kind: HookKind) -> Option<&Pending> {
        self.hooks.iter().find(|pending| pending.purpose.kind() == kind)
    }

    /// When somebody loses patience with a hook.
    pub(super) fn hooks_deadline(&self) -> Option<Time> {
        self.hooks.iter().map(|hook| hook.patience.until).min()
    }

    /// Hooks that took too long are no longer waited for. They are ended by then.
    pub(super) fn tick_hooks(&mut self, turn: &mut Turn) {
        while let Some(index) = self.hooks.iter().position(|hook| turn.is_due(hook.patience.until)) {
            let pending = self.hooks.remove(index);
            let timeout = pending.patience.in_all;
            self.hook_over(pending, &Outcome::Overtime(timeout), turn);
        }
    }

    /// The first process of a hook was reaped.
    pub(super) fn hook_exited(&mut self, run: RunId, exit: Exit, turn: &mut Turn) {
        if let Some(pending) = self.hooks.iter_mut().find(|pending| pending.run == run) {
            pending.exit = Some(exit);
        }
        self.hook_heard(run, turn);
    }

    /// Its process could not be made.
    pub(super) fn hook_not_spawned(&mut self, run: RunId, error: SpawnError, turn: &mut Turn) {
        self.leftovers.retain(|leftover| leftover.run != run);
        turn.runs.close(run);
        if let Some(index) = self.hooks.iter().position(|pending| pending.run == run) {
            let pending = self.hooks.remove(index);
            self.hook_over(pending, &Outcome::NotStarted(why::not_started(error)), turn);
        }
    }

    /// The last line of what a hook, or a launcher, printed.
    pub(super) fn said(&mut self, run: RunId, line: String, turn: &mut Turn) {
        match self.hooks.iter_mut().find(|pending| pending.run == run) {
            Some(pending) => pending.said = Some(line),
            None => self.launcher_said(run, line, turn),
        }
    }

    /// All that is wanted of a hook may be known now.
    pub(super) fn hook_heard(&mut self, run: RunId, turn: &mut Turn) {
        let Some(terminal) = self.leftover_mut(run).map(|leftover| leftover.terminal) else { return };
        let Some(index) = self.hooks.iter().position(|pending| pending.run == run) else { return };
        if !self.hooks[index].is_known(terminal) {
            return;
        }
        let pending = self.hooks.remove(index);
        if let Some(exit) = pending.exit {
            let outcome = Outcome::Ended { exit, said: pending.said.clone() };
            self.hook_over(pending, &outcome, turn);
        }
    }

    /// Nobody waits any longer for the hooks that its run, or the start of one, had: they end.
    pub(super) fn abort_hooks(&mut self, turn: &mut Turn) {
        let (over, kept) = std::mem::take(&mut self.hooks).into_iter().partition(Pending::belongs_to_run);
        self.hooks = kept;
        for pending in over as Vec<Pending> {
            let grace = match pending.purpose.kind() {
                HookKind::Before | HookKind::Init | HookKind::After | HookKind::Stop => self.job.stop.timeout,
                HookKind::Probe | HookKind::Inspect | HookKind::Signal => {
                    self.job.stop.timeout.min(QUESTION_GRACE)
                }
            };
            self.abort(pending.run, grace, turn);
        }
    }

    /// Nobody waits any longer for the answer to this question: what is asked ends, within so long.
    pub(super) fn abort_question(&mut self, question: RunId, grace: Duration, turn: &mut Turn) {
        self.hooks.retain(|pending| pending.run != question);
        self.abort(question, self.job.stop.timeout.min(grace), turn);
    }

    fn abort(&mut self, hook: RunId, grace: Duration, turn: &mut Turn) {
        if let Some(leftover) = self.leftover_mut(hook) {
            leftover.abort(Duration::ZERO, grace, turn);
        }
    }

    /// What follows from the end of a hook.
    fn hook_over(&mut self, hook: Pending, outcome: &Outcome, turn: &mut Turn) {
        let (run, kind) = (hook.run, hook.purpose.kind());
        match kind {
            HookKind::Before | HookKind::Init | HookKind::After | HookKind::Stop => {
                let what = outcome.in_words();
                self.record(Some(run), RecordKind::Hook { kind, what }, turn);
            }
            HookKind::Probe | HookKind::Inspect | HookKind::Signal => {}
        }
        self.care_for_rest(&hook, outcome, turn);
        match hook.purpose {
            Purpose::Before(launch) => self.prepared(run, &hook.line, &launch, outcome, turn),
            Purpose::Init => self.initialised(run, &hook.line, outcome, turn),
            Purpose::After => {}
            Purpose::Stop => self.stop_command_ended(outcome.is_success(), turn),
            Purpose::Probe(which) => self.probe_ended(which, run, outcome, turn),
            Purpose::Need => self.need_answered(run, outcome, turn),
            Purpose::Pid(of) => self.pid_told(of, outcome, turn),
            Purpose::ExitCode(of) => self.exit_code_told(of, outcome, turn),
            Purpose::Signal { run, signal } => self.signal_told(run, signal, outcome, turn),
        }
    }

    /// What `before` and `init` leave behind belongs to the work that begins; what others leave behind is ended soon.
    fn care_for_rest(&mut self, hook: &Pending, outcome: &Outcome, turn: &Turn) {
        let grace = self.job.stop.timeout;
        let Some(leftover) = self.leftover_mut(hook.run) else { return };
        match &hook.purpose {
            Purpose::Before(_) | Purpose::Init if outcome.is_success() => leftover.watch(),
            Purpose::Before(_) | Purpose::Init | Purpose::After => leftover.abort(NUDGE_AFTER, grace, turn),
            Purpose::Probe(_)
            | Purpose::Need
            | Purpose::Pid(_)
            | Purpose::ExitCode(_)
            | Purpose::Signal { .. } => match outcome {
                Outcome::Ended { .. } => leftover.abort(NUDGE_AFTER, NUDGE_AFTER, turn),
                // It is being ended by its own clock.
                Outcome::Overtime(_) | Outcome::NotStarted(_) => {}
            },
            // What it left may be what ends the job.
            Purpose::Stop => {}
        }
    }
}

impl Pending {
    fn belongs_to_run(&self) -> bool {
        match self.purpose {
            Purpose::Before(_)
            | Purpose::Init
            | Purpose::Pid(_)
            | Purpose::ExitCode(_)
            | Purpose::Signal { .. } => true,
            // Who asks ends its questions.
            Purpose::After | Purpose::Stop | Purpose::Probe(_) | Purpose::Need => false,
        }
    }
}
