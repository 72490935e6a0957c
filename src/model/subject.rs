//! Which process a run is supervised by: its own, or one whose pid its command has to tell (`pid-file`, `container-id`). Not: the
//! tools of containers (`container`).
//!
//! Until that process is known the run is starting, and its *launcher* is what was spawned. A launcher that ends well before the
//! pid is known leaves the run without a leader for a while.

use std::sync::Arc;
use std::time::Duration;

use crate::config::{OnTimeout, Subject};
use crate::model::fault::Fault;
use crate::model::instance::Instance;
use crate::model::phase::{Birth, Course, Live, Phase, Reason};
use crate::model::turn::Turn;
use crate::model::{Delivery, Effect, Exit, HookKind, Hope, PidSource, RecordKind, RunId, Time, span, why};

/// Between two questions for a pid.
const PAUSE: Duration = Duration::from_millis(100);

/// Between two questions for a pid that takes longer than it may.
const LONG_PAUSE: Duration = Duration::from_secs(1);

/// How long the first process of a container may take to be found once its launcher has ended.
const CONTAINER_PATIENCE: Duration = Duration::from_secs(10);

/// How long the launcher of a container may take before it is asked whether it ends at all. Images may have to be fetched, so
/// nothing else follows.
const LAUNCHER_PATIENCE: Duration = Duration::from_secs(10);

/// How far the search for the process of a run is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Search {
    /// How far it is.
    pub(super) stage: Stage,
    /// How what was the leader has ended, while there is no other one.
    pub(super) leaderless: Option<Exit>,
    /// Where the pid comes from, and since when it is asked for.
    pub(super) asked: Option<(PidSource, Time)>,
    /// Why there is none yet.
    pub(super) why: Option<String>,
    /// Whether it takes longer than it may.
    pub(super) overdue: bool,
    /// Whether the launcher of a container takes longer than one that ends.
    pub(super) slow: bool,
    /// What the launcher of a container printed last.
    pub(super) said: Option<String>,
    /// The id of the container, once it is known.
    pub(super) container: Option<String>,
}

/// How far a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stage {
    /// There is none: it is the process that was spawned.
    #[default]
    Own,
    /// It waits for the launcher, or for a container tool.
    Awaiting,
    /// It was asked for.
    Asked,
    /// It is asked for again.
    Resting {
        /// When.
        until: Time,
    },
    /// It is over, without a process.
    Over,
    /// It was found.
    Found,
}

impl Search {
    /// The search of a run with this subject.
    pub(super) fn of(subject: &Subject) -> Self {
        let stage = match subject {
            Subject::Own => Stage::Own,
            Subject::PidFile(_) | Subject::Container(_) => Stage::Awaiting,
        };
        Self { stage, ..Self::default() }
    }

    /// Whether the launcher has to end first.
    fn awaits_launcher(&self) -> bool {
        self.stage == Stage::Awaiting && self.leaderless.is_none()
    }

    /// Whether the process is not known yet.
    pub(super) fn is_open(&self) -> bool {
        match self.stage {
            Stage::Own | Stage::Over | Stage::Found => false,
            Stage::Awaiting | Stage::Asked | Stage::Resting { .. } => true,
        }
    }
}

impl Instance {
    /// The launcher is born: where its pid will stand is known.
    pub(super) fn search(&mut self, run: RunId, turn: &mut Turn) {
        let Some(launch) = self.last.as_ref().map(|last| Arc::clone(&last.launch)) else { return };
        match &launch.subject {
            Subject::Own | Subject::Container(_) => {}
            Subject::PidFile(file) => {
                let path = turn.ground.pid_file(self.owner(&launch), file);
                self.ask_for_pid(run, PidSource::File(path), turn);
            }
        }
    }

    /// From now on the pid is asked for.
    pub(super) fn ask_for_pid(&mut self, run: RunId, from: PidSource, turn: &mut Turn) {
        if let Some(search) = self.search_of(run) {
            search.stage = Stage::Asked;
            search.asked = Some((from.clone(), turn.now.mono));
            turn.push(Effect::Adopt { run, from });
        }
    }

    /// There is no process to adopt.
    pub(super) fn not_adopted(&mut self, run: RunId, why: String, hope: Hope, turn: &mut Turn) {
        let is_starting = self.is_searching();
        let Some(search) = self.search_of(run).filter(|search| search.stage == Stage::Asked) else { return };
        if !is_starting {
            search.stage = Stage::Over;
            return;
        }
        let pause = if search.overdue { LONG_PAUSE } else { PAUSE };
        match hope {
            Hope::Later => {
                search.why = Some(why);
                search.stage = Stage::Resting { until: turn.now.mono + pause };
            }
            Hope::Never => {
                let why = match &search.container {
                    Some(id) => format!("container {id}: {why}"),
                    None => format!("its pid file cannot be followed: {why}"),
                };
                self.not_found(Fault::NoPid, why, turn);
            }
        }
    }

    /// This process is the leader of the run from now on.
    pub(super) fn adopted(&mut self, run: RunId, pid: i32, turn: &mut Turn) {
        if let Some(search) = self.search_of(run) {
            search.stage = Stage::Found;
            search.leaderless = None;
        }
        if let Some(leftover) = self.leftover_mut(run) {
            leftover.adopted(turn);
            return;
        }
        let Some(live) = self.phase.live().filter(|live| live.run == run) else { return };
        let Some(birth) = live.birth else { return };
        let live = Live { run, birth: Some(Birth { pid, ..birth }) };
        let mut is_begun = true;
        if let Some(last) = self.run_mut(run) {
            last.pid = Some(pid);
            is_begun = last.steps.is_empty() || last.steps.last_has_begun();
        }
        self.record(Some(run), RecordKind::Probe { what: format!("pid {pid} is supervised") }, turn);
        let up_at = is_begun.then(|| turn.now.mono + self.job.start_secs);
        match self.phase {
            Phase::Starting { .. } => self.phase = Phase::Starting { live, up_at },
            Phase::Stopping { reason, course } => self.found_while_stopping(reason, course, live, turn),
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Running { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => {}
        }
    }

    /// What was spawned has ended before its pid is known. Tells whether the run goes on without it.
    pub(super) fn launcher_ended(&mut self, live: Live, exit: Exit, turn: &mut Turn) -> bool {
        if !self.is_searching() {
            return false;
        }
        let Some(search) = self.search_of(live.run).filter(|search| search.is_open()) else { return false };
        search.leaderless = Some(exit);
        if let Some(last) = self.run_mut(live.run) {
            last.pid = None;
        }
        if exit == Exit::Code(0) {
            self.container_launched(live.run, turn);
        } else {
            let why = format!("its command ended, {}, before its pid was known", why::exit(exit));
            self.not_found(Fault::NoPid, why, turn);
        }
        true
    }

    /// There is no process to supervise, and there will be none.
    pub(super) fn not_found(&mut self, fault: Fault, why: String, turn: &mut Turn) {
        if let Some(last) = &mut self.last {
            last.life.search.stage = Stage::Over;
        }
        self.fail(fault, why, turn);
    }

    /// How what was the leader of its run has ended, while there is no other one.
    pub(super) fn leaderless(&self) -> Option<Exit> {
        self.last.as_ref().and_then(|last| last.life.search.leaderless)
    }

    /// A run without a leader cannot be told to end: it ends here, and what is left of it is ended.
    pub(super) fn end_leaderless(&mut self, reason: Reason, live: Live, exit: Exit, turn: &mut Turn) {
        let why = why::told(reason, self);
        self.record(Some(live.run), RecordKind::Stopping { why }, turn);
        self.told(live.run);
        if let Some(search) = self.search_of(live.run) {
            search.leaderless = None;
        }
        self.note_end(live.run, exit, turn);
        let course = Course::Signalled { live, look_at: None, kill_at: turn.grace(self.job.stop.timeout) };
        self.enter(Phase::Stopping { reason, course }, turn.now);
        self.ended_stopping(reason, course, exit, turn);
    }

    /// Whether a run that is over may still get a process, since the question for its pid is on its way.
    pub(super) fn may_adopt_late(&self) -> bool {
        self.last.as_ref().is_some_and(|last| {
            last.life.search.stage == Stage::Asked
                && self.leftovers.iter().any(|leftover| leftover.run == last.id)
        })
    }

    /// Why its process is not known yet.
    pub(super) fn why_searching(&self) -> Option<String> {
        let last = self.last.as_ref().filter(|last| last.life.search.is_open())?;
        let search = &last.life.search;
        let awaited = match self.search_limit().filter(|_| search.overdue) {
            Some((timeout, _)) => format!("its pid is awaited for longer than {}", span::in_words(timeout)),
            None => "its pid is awaited".to_owned(),
        };
        let reason = match (&search.why, self.pending(HookKind::Inspect)) {
            (Some(why), _) => why.clone(),
            (None, Some(question)) => format!("`{}` runs", question.line),
            (None, None) if search.awaits_launcher() && search.slow => {
                "its command has not ended yet: does it lack `-d`?".to_owned()
            }
            (None, None) if search.awaits_launcher() => "its command has not ended yet".to_owned(),
            (None, None) => return Some(awaited),
        };
        Some(format!("{awaited}: {reason}"))
    }

    /// When something about the search is due.
    pub(super) fn search_deadline(&self) -> Option<Time> {
        if !self.is_searching() {
            return None;
        }
        let search = &self.last.as_ref()?.life.search;
        let again = match search.stage {
            Stage::Resting { until } => Some(until),
            Stage::Own | Stage::Awaiting | Stage::Asked | Stage::Over | Stage::Found => None,
        };
        let limit = self.search_limit().filter(|_| !search.overdue && search.is_open());
        let limit = limit.map(|(timeout, since)| since + timeout);
        again.into_iter().chain(limit).chain(self.slow_at()).min()
    }

    /// When its launcher takes long.
    fn slow_at(&self) -> Option<Time> {
        let search = &self.last.as_ref()?.life.search;
        let birth = self.phase.at_work()?.birth?;
        (search.awaits_launcher() && !search.slow).then(|| birth.at + LAUNCHER_PATIENCE)
    }

    /// Asks again, or loses patience.
    pub(super) fn tick_search(&mut self, turn: &mut Turn) {
        if !self.search_deadline().is_some_and(|at| turn.is_due(at)) {
            return;
        }
        let limit = self.search_limit();
        let is_slow = self.slow_at().is_some_and(|at| turn.is_due(at));
        let Some(last) = &mut self.last else { return };
        last.life.search.slow |= is_slow;
        let (run, search) = (last.id, &mut last.life.search);
        if let Some((timeout, since)) = limit
            && !search.overdue
            && turn.is_due(since + timeout)
        {
            search.overdue = true;
            self.lose_patience(timeout, turn);
            return;
        }
        if let (Stage::Resting { until }, Some((from, _))) = (search.stage, search.asked.clone())
            && turn.is_due(until)
        {
            search.stage = Stage::Asked;
            turn.push(Effect::Adopt { run, from });
        }
    }

    fn lose_patience(&mut self, timeout: Duration, turn: &mut Turn) {
        let Some(last) = &self.last else { return };
        let unknown = format!("its pid is not known after {}", span::in_words(timeout));
        let why = match &last.life.search.why {
            Some(why) => format!("{unknown}: {why}"),
            None => unknown,
        };
        let on_timeout = match &last.launch.subject {
            Subject::PidFile(file) => file.on_timeout,
            Subject::Own | Subject::Container(_) => OnTimeout::Fail,
        };
        match on_timeout {
            OnTimeout::Wait => {}
            OnTimeout::Hold => self.not_found(Fault::NoPidHold, why, turn),
            OnTimeout::Fail => self.not_found(Fault::NoPid, why, turn),
        }
    }

    /// How long the search may take, and since when it does.
    fn search_limit(&self) -> Option<(Duration, Time)> {
        let last = self.last.as_ref()?;
        let since = last.life.search.asked.as_ref().map(|(_, since)| *since)?;
        match &last.launch.subject {
            Subject::Own => None,
            Subject::PidFile(file) => Some((file.timeout, since)),
            Subject::Container(_) => Some((CONTAINER_PATIENCE, since)),
        }
    }

    /// The search of its present or last run, if it is this one.
    pub(super) fn search_of(&mut self, run: RunId) -> Option<&mut Search> {
        self.run_mut(run).map(|last| &mut last.life.search)
    }

    /// Whether it is starting: only then a process is looked for.
    fn is_searching(&self) -> bool {
        self.phase.starting().is_some_and(|live| live.birth.is_some())
    }

    /// Its launcher was told to end, and now it is another process that has to.
    fn found_while_stopping(&mut self, reason: Reason, course: Course, live: Live, turn: &mut Turn) {
        let course = match course {
            Course::Held(_) => Course::Held(live),
            Course::Asked { signal_at, kill_at, .. } => Course::Asked { live, signal_at, kill_at },
            Course::Signalled { look_at, kill_at, .. } => {
                self.signal_subject(live.run, self.job.stop.signal, turn);
                Course::Signalled { live, look_at, kill_at }
            }
            Course::Killed { give_up_at, .. } => {
                self.kill_subject(live.run, turn);
                Course::Killed { live, give_up_at }
            }
            Course::Unborn { .. } | Course::Clearing => course,
        };
        self.phase = Phase::Stopping { reason, course };
    }

    /// A person sends a signal to its process group.
    pub(super) fn send(&mut self, signal: i32, turn: &mut Turn) {
        let Some(live) = self.phase.live().filter(|live| live.birth.is_some()) else { return };
        if self.leaderless().is_some() {
            return;
        }
        let what = format!("signal {}", crate::model::signal::name(signal));
        self.record(Some(live.run), RecordKind::Command { what }, turn);
        if !self.signal_container(signal, turn) {
            turn.signal(live.run, signal, Delivery::Group);
        }
    }
}
