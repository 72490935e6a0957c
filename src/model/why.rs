//! The words for why an instance is as it is. Not: any time of day or countdown, which the eye takes from `Next`.

use std::time::Duration;

use crate::config::{MaxRuns, Need, Until};
use crate::model::instance::{Instance, Wish};
use crate::model::leftover::{Leftover, Origin, Terminal};
use crate::model::phase::{Course, End, Phase, Reason, Rest};
use crate::model::queue::Queued;
use crate::model::sight::Sight;
use crate::model::{Exit, HookKind, SpawnError, Supervisor, Time, signal, span, steps};

/// Why a run is told to end.
pub(super) fn told(reason: Reason, instance: &Instance) -> String {
    match reason {
        Reason::Stop => "stopped by a person".to_owned(),
        Reason::Kill => "killed by a person".to_owned(),
        Reason::Restart => "restarted by a person".to_owned(),
        Reason::Quit => "zap ends".to_owned(),
        Reason::Closed if instance.calendar.offer().is_none() => {
            "nothing that it could run is in force".to_owned()
        }
        Reason::Closed => "its window has closed".to_owned(),
        Reason::Version => "another version has come into force".to_owned(),
        Reason::Changed => "the file has changed".to_owned(),
        Reason::Removed => "the file no longer has it".to_owned(),
        Reason::Daily => "restarted daily at this time (restart-at)".to_owned(),
        Reason::Again(entry) => match instance.job.needs.get(entry) {
            Some(Need::Job { system, job, .. }) => format!("{system}/{job} is back"),
            Some(Need::Command { .. }) | None => "what it needs is back".to_owned(),
        },
        Reason::Every => restarted_every(instance),
        Reason::Fault(_) => {
            instance.last.as_ref().and_then(|last| last.life.fault.clone()).unwrap_or_default()
        }
        Reason::Overtime(step) => {
            let Some(work) = instance.last.as_ref().map(|last| &last.launch.work) else {
                return String::new();
            };
            let name = steps::name(work, step).unwrap_or_default();
            took_too_long(name, steps::timeout(work, step).unwrap_or_default())
        }
        Reason::Need(entry) => match instance.job.needs.get(entry) {
            Some(Need::Job { system, job, until, .. }) => {
                format!("{system}/{job} is no longer {}", aim(*until))
            }
            Some(Need::Command { line, .. }) => format!("`{line}` no longer succeeds"),
            None => String::new(),
        },
    }
}

/// Why there is no process.
pub(super) fn not_started(error: SpawnError) -> String {
    match error {
        SpawnError::Command(why) => why,
        SpawnError::System(why) => format!("zap could not start it: {why}"),
    }
}

/// Why it is not tried again.
pub(super) fn failed(end: &End, attempts: u32) -> String {
    match attempts {
        0 | 1 => ended(end),
        _ => format!("{}, the last of {attempts} failed starts", ended(end)),
    }
}

/// `max-runs` was reached.
pub(super) fn too_often(limit: MaxRuns) -> String {
    let within = span::in_words(limit.within);
    match limit.count {
        1 => format!("started once by itself within {within}"),
        count => format!("started {count} times by itself within {within}"),
    }
}

/// `exit 101`, `signal KILL`.
pub(super) fn exit(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!("exit {code}"),
        Exit::Signal(number) => format!("signal {}", signal::name(number)),
        Exit::Unknown => "ended, nobody knows how,".to_owned(),
    }
}

/// What happened to the last run, or kept the next one from beginning.
pub(super) fn ended(end: &End) -> String {
    match end {
        End::NotStarted(why) | End::Faulty { why, .. } => why.clone(),
        End::Overtime { step, timeout } => took_too_long(step, *timeout),
        End::Exited { exit: code, lived } => format!("{} after {}", exit(*code), span::in_words(*lived)),
    }
}

fn took_too_long(step: &str, timeout: Duration) -> String {
    format!("step {step} took longer than {}", span::in_words(timeout))
}

impl Supervisor {
    /// One sentence: why it is as it is.
    pub(super) fn why(&self, index: usize, sight: &Sight) -> String {
        let instance = &self.instances[index];
        match &instance.phase {
            Phase::Stopped(rest) => with_leftovers(stopped(*rest, instance), instance),
            Phase::Waiting => self.why_waiting(index, sight),
            Phase::Scheduled => self.why_later(instance),
            Phase::Preparing { .. } => runs_hook(HookKind::Before, instance),
            Phase::Held { until, end } => with_leftovers(held(*until, end, instance), instance),
            Phase::Starting { live, .. } if live.birth.is_none() => "being started".to_owned(),
            Phase::Starting { .. } => why_starting(instance),
            Phase::Running { .. } => why_running(instance),
            Phase::Stopping { reason, .. } => self.why_stopping(index, *reason),
            Phase::Backoff { end, retry, .. } => with_leftovers(why_backoff(instance, end, *retry), instance),
            Phase::Done { end } => with_leftovers(format!("done: {}", ended(end)), instance),
            Phase::Failed { end, attempts } => with_leftovers(
                format!("failed: {}", with_failed_step(failed(end, *attempts), instance)),
                instance,
            ),
        }
    }

    /// A few words beside the word of the state.
    pub(super) fn note(&self, index: usize, sight: &Sight) -> String {
        let instance = &self.instances[index];
        match &instance.phase {
            Phase::Stopped(_) => given_up(instance).map_or_else(String::new, |count| format!("{count} left")),
            Phase::Waiting => self.note_waiting(index, sight),
            Phase::Scheduled => String::new(),
            Phase::Preparing { .. } => "before".to_owned(),
            Phase::Held { end, .. } => note_of_end(end),
            Phase::Starting { .. } if instance.pending(HookKind::Init).is_some() => "init".to_owned(),
            Phase::Running { .. } if !instance.is_ready() => "not ready".to_owned(),
            Phase::Running { .. } if instance.is_unwell() => "unwell".to_owned(),
            Phase::Starting { .. } if instance.why_searching().is_some() => "no pid yet".to_owned(),
            Phase::Starting { .. } | Phase::Running { .. } => {
                running_step(instance).map_or_else(String::new, |step| format!("step {step}"))
            }
            Phase::Stopping { .. } => self.doing(index),
            Phase::Backoff { retry: Some(retry), .. } => format!("{retry}/{}", instance.job.start_retries),
            Phase::Backoff { end, retry: None, .. } | Phase::Failed { end, .. } => {
                let step = failed_step(instance).map(|step| format!(", step {step}"));
                note_of_end(end) + &step.unwrap_or_default()
            }
            Phase::Done { end } => match end {
                End::Exited { exit: Exit::Code(0), .. } => String::new(),
                End::Exited { .. } | End::NotStarted(_) | End::Overtime { .. } | End::Faulty { .. } => {
                    note_of_end(end)
                }
            },
        }
    }

    /// What is being done to end it.
    pub(super) fn doing(&self, index: usize) -> String {
        let instance = &self.instances[index];
        match &instance.phase {
            Phase::Stopping { course, .. } => match course {
                Course::Held(_) => self.held_by(index),
                Course::Unborn { .. } => "waits for its start, to end it".to_owned(),
                Course::Asked { .. } if instance.pending(HookKind::Stop).is_some() => {
                    "its stop command runs".to_owned()
                }
                Course::Asked { .. } if instance.job.stop.command.is_some() => {
                    let next = signal::name(instance.job.stop.signal);
                    format!("its stop command has ended, {next} is next")
                }
                Course::Asked { .. } => "its stop keys were typed".to_owned(),
                Course::Signalled { .. } => format!("{} sent", signal::name(instance.job.stop.signal)),
                Course::Killed { .. } => "KILL sent".to_owned(),
                Course::Clearing => ending(instance),
            },
            Phase::Starting { .. } | Phase::Running { .. } => "is about to be stopped".to_owned(),
            Phase::Stopped(_)
            | Phase::Waiting
            | Phase::Scheduled
            | Phase::Preparing { .. }
            | Phase::Held { .. }
            | Phase::Backoff { .. }
            | Phase::Done { .. }
            | Phase::Failed { .. } => ending(instance),
        }
    }

    fn held_by(&self, index: usize) -> String {
        let dependants = self.graph.dependants(self.graph.node(index)).iter();
        let holding: Vec<&str> = dependants
            .flat_map(|&dependant| self.graph.members(dependant))
            .filter(|&dependant| self.holds(dependant))
            .map(|dependant| self.instances[dependant].address.as_str())
            .collect();
        match holding.as_slice() {
            [] => "is about to be told".to_owned(),
            [one] => format!("waits for {one} to end"),
            [one, others @ ..] => format!("waits for {one} and {} more to end", others.len()),
        }
    }

    fn why_stopping(&self, index: usize, reason: Reason) -> String {
        let instance = &self.instances[index];
        let again = match (instance.wish, reason) {
            (Wish::Down, _)
            | (
                Wish::Up,
                Reason::Restart
                | Reason::Overtime(_)
                | Reason::Every
                | Reason::Fault(_)
                | Reason::Again(_)
                | Reason::Closed
                | Reason::Version
                | Reason::Changed
                | Reason::Daily,
            ) => "",
            (Wish::Up, Reason::Need(_)) => "; comes back with it",
            (Wish::Up, Reason::Stop | Reason::Kill | Reason::Quit | Reason::Removed) => {
                "; will be started again"
            }
        };
        format!("{}: {}{again}", told(reason, instance), self.doing(index))
    }

    fn why_waiting(&self, index: usize, sight: &Sight) -> String {
        let Some(block) = sight.block(index) else {
            return format!("waiting {}", self.obstacle(&self.instances[index]));
        };
        let need = &self.instances[block.on];
        let root = sight.root(index);
        if root == block.on {
            format!("waiting for {}", self.trouble(need, block.until))
        } else {
            let until = sight.root_until(index).unwrap_or(block.until);
            format!(
                "waiting for {}, which waits for {}",
                need.address,
                self.trouble(&self.instances[root], until)
            )
        }
    }

    fn note_waiting(&self, index: usize, sight: &Sight) -> String {
        let instance = &self.instances[index];
        let Some(block) = sight.block(index) else {
            let leaver = self.leaver(instance).map(|leaver| format!("for {}", leaver.address));
            return leaver.unwrap_or_else(|| obstacle_note(instance));
        };
        let need = &self.instances[block.on];
        if need.system == instance.system {
            format!("for {}", need.label)
        } else {
            format!("for {}", need.address)
        }
    }

    /// What else than a job is in the way of one that waits.
    fn obstacle(&self, instance: &Instance) -> String {
        if obstacles(instance).next().is_some() {
            return format!("for {} to end", rests(instance));
        }
        if let Some(leaver) = self.leaver(instance) {
            let address = &leaver.address;
            return format!("for {address} to end, which the file no longer has");
        }
        if let Some((_, line)) = instance.command_asked() {
            let refusal = instance.inquiry.refusal().map_or_else(String::new, |no| match no.times {
                1 => format!(": {}", no.why),
                times => {
                    format!(": {}, {times} times in {}", no.why, span::in_words(no.last.since(no.since)))
                }
            });
            return format!("for `{line}` to succeed{refusal}");
        }
        let settings = &self.plan.settings;
        match instance.queued {
            Some(Queued::Places) => {
                let max = settings.max_starting;
                format!("for others to be up: {max} may be starting at a time (max-starting)")
            }
            Some(Queued::Stagger) => {
                let stagger = span::in_words(settings.start_stagger);
                format!("for its turn: {stagger} between two starts (start-stagger)")
            }
            Some(Queued::Leaver(_)) | None => format!("for {} to end", rests(instance)),
        }
    }

    /// Who has to end before this one may start.
    pub(super) fn leaver(&self, instance: &Instance) -> Option<&Instance> {
        match instance.queued {
            Some(Queued::Leaver(id)) => self.index_of(id).map(|index| &self.instances[index]),
            Some(Queued::Places | Queued::Stagger) | None => None,
        }
    }

    /// What keeps somebody waiting for this one.
    fn trouble(&self, need: &Instance, until: Until) -> String {
        let address = &need.address;
        match &need.phase {
            Phase::Stopped(Rest::Fresh) => format!("{address}, which was never started"),
            Phase::Stopped(Rest::Asked) => format!("{address}, which is stopped"),
            Phase::Waiting => format!("{address}, which waits {}", self.obstacle(need)),
            Phase::Scheduled => format!("{address}: {}", self.why_later(need)),
            Phase::Preparing { .. } => format!("{address} to be {}", aim(until)),
            Phase::Held { .. } => format!("{address}, which is held"),
            Phase::Starting { .. } | Phase::Running { .. } => {
                let why = need.why_unready().filter(|_| until == Until::Ready);
                let why = why.map_or_else(String::new, |why| format!(": {why}"));
                format!("{address} to be {}{why}", aim(until))
            }
            Phase::Stopping { .. } => format!("{address}, which is stopping"),
            Phase::Backoff { .. } => format!("{address}, which is to be tried again"),
            Phase::Done { .. } => format!("{address}, which has ended"),
            Phase::Failed { end, .. } => {
                format!("{address}, which failed: {}", with_failed_step(ended(end), need))
            }
        }
    }
}

fn obstacle_note(instance: &Instance) -> String {
    if obstacles(instance).next().is_some() {
        return format!("for {}", rests(instance));
    }
    if let Some((_, line)) = instance.command_asked() {
        return format!("for {line}");
    }
    match instance.queued {
        Some(Queued::Places) => "for others to be up".to_owned(),
        Some(Queued::Stagger) => "for its turn".to_owned(),
        Some(Queued::Leaver(_)) | None => format!("for {}", rests(instance)),
    }
}

fn stopped(rest: Rest, instance: &Instance) -> String {
    match (rest, given_up(instance)) {
        (Rest::Fresh, _) if instance.put_down => "stopped as asked, before it was ever started".to_owned(),
        (Rest::Fresh, _) => "never started".to_owned(),
        (Rest::Asked, None) => "stopped as asked".to_owned(),
        (Rest::Asked, Some(count)) => format!("stopped, but {} could not be ended", processes(count)),
    }
}

fn held(until: Option<Time>, end: &End, instance: &Instance) -> String {
    match (until, instance.job.max_runs) {
        (Some(_), Some(limit)) => format!("held, since it {}: {}", too_often(limit), ended(end)),
        (Some(_), None) => format!("held: {}", ended(end)),
        (None, _) => format!("held until a person starts it: {}", ended(end)),
    }
}

fn runs_hook(kind: HookKind, instance: &Instance) -> String {
    match instance.pending(kind) {
        Some(pending) => format!("its {} `{}` runs", kind.name(), pending.line),
        None => format!("its {} runs", kind.name()),
    }
}

fn restarted_every(instance: &Instance) -> String {
    let every = instance.job.restart_every.unwrap_or_default();
    format!("restarted every {}", span::in_words(every))
}

fn why_starting(instance: &Instance) -> String {
    if instance.pending(HookKind::Init).is_some() {
        return runs_hook(HookKind::Init, instance);
    }
    if let Some(why) = instance.why_searching() {
        return why;
    }
    match (running_step(instance), instance.last.as_ref().is_some_and(|last| !last.steps.is_empty())) {
        (Some(step), _) => format!("step {step} runs"),
        (None, true) => "its steps are about to begin".to_owned(),
        (None, false) => format!("alive; up after {}", span::in_words(instance.job.start_secs)),
    }
}

fn why_running(instance: &Instance) -> String {
    if let (Some(_), Some(question)) = (instance.leaderless(), instance.pending(HookKind::Inspect)) {
        return format!("its process has ended; `{}` is asked how", question.line);
    }
    match (instance.why_unready(), instance.why_unwell()) {
        (Some(why), _) => format!("up, but not ready: {why}"),
        (None, Some(why)) => format!("up, but unwell: {why}"),
        (None, None) => match instance.why_doubtful() {
            Some(why) => format!("up; {why}"),
            None => with_step("up", instance),
        },
    }
}

fn why_backoff(instance: &Instance, end: &End, retry: Option<u32>) -> String {
    let ended = with_failed_step(ended(end), instance);
    match retry {
        Some(retry) if instance.job.one_shot => {
            format!("{ended}; retry {retry} of {}", instance.job.start_retries)
        }
        Some(retry) => format!("{ended}, before it was up; retry {retry} of {}", instance.job.start_retries),
        // That it starts again is told with the time: `Next`.
        None => ended,
    }
}

fn with_step(state: &str, instance: &Instance) -> String {
    running_step(instance).map_or_else(|| state.to_owned(), |step| format!("{state}: step {step} runs"))
}

fn with_failed_step(sentence: String, instance: &Instance) -> String {
    match failed_step(instance) {
        Some(step) => format!("{sentence}, in step {step}"),
        None => sentence,
    }
}

fn failed_step(instance: &Instance) -> Option<&str> {
    instance.last.as_ref().and_then(|last| last.steps.failed(&last.launch.work))
}

/// behaviour.md, End: "exited 0 · 1 process still writing".
fn with_leftovers(sentence: String, instance: &Instance) -> String {
    let lingering = instance.leftovers.iter().filter(|leftover| !leftover.is_given_up());
    let count: u32 = lingering.clone().map(Leftover::lingering).sum();
    let holds = lingering.clone().any(|leftover| leftover.terminal == Terminal::Quiet);
    match (count, holds) {
        (0, _) => sentence,
        (_, true) => format!("{sentence} · {} still writing", processes(count)),
        (_, false) => format!("{sentence} · {} still alive", processes(count)),
    }
}

fn note_of_end(end: &End) -> String {
    match end {
        End::NotStarted(why) => note_of_refusal(why).to_owned(),
        End::Overtime { .. } => "step too slow".to_owned(),
        End::Faulty { fault, .. } => fault.note().to_owned(),
        End::Exited { exit: Exit::Code(code), .. } => format!("exit {code}"),
        End::Exited { exit: Exit::Signal(number), .. } => signal::name(*number),
        End::Exited { exit: Exit::Unknown, .. } => "exit unknown".to_owned(),
    }
}

/// The row has no room for the name of the file; the sentence has it.
fn note_of_refusal(why: &str) -> &str {
    const SHORT: [(&str, &str); 5] = [
        ("no such file", "no file"),
        ("folder ", "no folder"),
        ("command not found", "not found"),
        ("not executable", "not executable"),
        ("interpreter ", "no interpreter"),
    ];
    SHORT.iter().find(|(beginning, _)| why.starts_with(beginning)).map_or(why, |(_, short)| short)
}

fn running_step(instance: &Instance) -> Option<&str> {
    instance.last.as_ref().and_then(|last| last.steps.running(&last.launch.work))
}

fn given_up(instance: &Instance) -> Option<u32> {
    let given_up = instance.leftovers.iter().filter(|leftover| leftover.is_given_up());
    let count: u32 = given_up.map(Leftover::lingering).sum();
    (count > 0).then_some(count)
}

/// What is left of an instance and has to end before it goes on; a question is told of as such.
fn obstacles(instance: &Instance) -> impl Iterator<Item = &Leftover> {
    instance.leftovers.iter().filter(|leftover| {
        let is_harmless = leftover.is_spared() || leftover.is_stuck_question(None);
        !is_harmless && !instance.is_question(leftover.run)
    })
}

/// What is left of an instance and has to end: `2 processes of run 3`, `the last output of run 3`.
fn rests(instance: &Instance) -> String {
    let awaited = instance.leftovers.iter().find(|leftover| !leftover.is_spared());
    let Some(leftover) = obstacles(instance).next().or(awaited) else { return "what is left".to_owned() };
    let of = match leftover.origin {
        Origin::Run(number) => format!("run {number}"),
        Origin::Hook(kind) => format!("its {}", kind.name()),
    };
    match (leftover.left, leftover.is_given_up()) {
        (Some(0), _) => format!("the output of {of}"),
        (None, false) => of,
        (left, true) => format!("{} of {of}, which nothing could end,", processes(left.unwrap_or(1).max(1))),
        (Some(left), false) => format!("{} of {of}", processes(left)),
    }
}

/// How what outlived its run is ended, but for what is spared. An `after` in its time is not being ended.
fn ending(instance: &Instance) -> String {
    let awaited = instance.leftovers.iter().filter(|leftover| !leftover.is_spared());
    match awaited.map(Leftover::lingering).sum() {
        0 if instance.pending(HookKind::After).is_some() => runs_hook(HookKind::After, instance),
        0 => format!("ending {}", rests(instance)),
        count => format!("ending {} that outlived it", processes(count)),
    }
}

fn processes(count: u32) -> String {
    if count == 1 { "1 process".to_owned() } else { format!("{count} processes") }
}

/// What somebody must have come to for those that need it.
pub(super) fn aim(until: Until) -> &'static str {
    match until {
        Until::Running => "up",
        Until::Ready => "ready",
        Until::Done => "done",
    }
}
