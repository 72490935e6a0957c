//! The words for why an instance is as it is. `ends`: of ends and their reasons; `waiting`: for whom it
//! waits; `rests`: what is left of it. Not: any time of day or countdown, which the eye takes from `Next`.

mod ends;
mod rests;
mod waiting;

use crate::config::Until;
use crate::model::instance::{Instance, Wish};
use crate::model::phase::{Course, End, Phase, Reason, Rest};
use crate::model::sight::Sight;
use crate::model::{Exit, HookKind, Supervisor, Time, signal, span};

use ends::note_of_end;
pub(super) use ends::{aim, ended, exit, failed, not_started, told, too_often};
use rests::{ending, given_up, processes, with_leftovers};

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

fn running_step(instance: &Instance) -> Option<&str> {
    instance.last.as_ref().and_then(|last| last.steps.running(&last.launch.work))
}
