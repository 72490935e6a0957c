//! Keys that are about jobs, as commands: what is selected or marked becomes a target. Not: what the supervisor makes of it.

use crate::config::Quit;
use crate::model::{Command, InstanceView, State, Target, View};
use crate::ui::eye::{Focus, Over};
use crate::ui::sum::Sum;
use crate::ui::tree::Row;
use crate::ui::{Action, Request, Ui};

/// The command of a verb about what is selected or marked.
pub(super) fn verb(ui: &mut Ui, action: Action, view: &View) -> Vec<Request> {
    let targets = targets(ui, view);
    if action == Action::RestartFailed && !jobs(view).any(|job| job.state == State::Failed) {
        ui.tell(if jobs(view).any(|job| job.state == State::Held) {
            "nothing has failed; what is held is started by {tree.start}"
        } else {
            "nothing has failed"
        });
        return Vec::new();
    }
    if action != Action::RestartFailed && targets.is_empty() {
        return Vec::new();
    }
    if let Some(idle) = idle(action, &about(ui, view)) {
        ui.note(idle);
        return Vec::new();
    }
    let command = match action {
        Action::Restart => Command::Restart(targets),
        Action::Start => Command::Start(targets),
        Action::Stop => Command::Stop(targets),
        Action::Kill => Command::Kill(targets),
        Action::RestartFailed => Command::RestartFailed,
        _ => return Vec::new(),
    };
    vec![Request::Command(command)]
}

/// What is said when a verb about what is selected or marked would change nothing.
pub(super) fn idle_now(ui: &Ui, action: Action, view: &View) -> Option<String> {
    match action {
        Action::RestartFailed => {
            let failed = jobs(view).any(|job| job.state == State::Failed);
            (!failed).then(|| "nothing has failed".to_owned())
        }
        Action::Restart | Action::Start | Action::Stop | Action::Kill => {
            let about = about(ui, view);
            if about.is_empty() { Some("nothing is selected".to_owned()) } else { idle(action, &about) }
        }
        _ => None,
    }
}

/// What is said when a verb would change nothing.
fn idle(action: Action, jobs: &[&InstanceView]) -> Option<String> {
    let (so, already): (fn(&InstanceView) -> bool, _) = match action {
        Action::Start => (started, "running already"),
        Action::Stop | Action::Kill => (stopped, "stopped already"),
        _ => return None,
    };
    match jobs {
        [] => None,
        [job] if so(job) => Some(format!("{} is {already}", job.address)),
        jobs if jobs.iter().all(|job| so(job)) => Some(format!("all of them are {already}")),
        _ => None,
    }
}

/// It runs, and not only for the sake of another.
fn started(job: &InstanceView) -> bool {
    job.wanted
        && match job.state {
            State::Starting | State::Running => true,
            State::Stopped
            | State::Waiting
            | State::Scheduled
            | State::Stopping
            | State::Backoff
            | State::Held
            | State::Done
            | State::Failed => false,
        }
}

/// It rests, is not wanted, and has left nothing behind.
fn stopped(job: &InstanceView) -> bool {
    job.state == State::Stopped && !job.wanted && job.lingering == 0
}

/// Quits, or asks whether to.
pub(super) fn quit(ui: &mut Ui, view: &View) -> Vec<Request> {
    let runs = alive(view) > 0;
    if runs && ui.options.quit == Quit::Ask {
        ui.over = Over::Ask;
        return Vec::new();
    }
    vec![Request::Command(Command::Quit)]
}

/// How many jobs have a process, or left some behind.
pub(super) fn alive(view: &View) -> u32 {
    let lingering = jobs(view).filter(|job| job.lingering > 0 && Sum::of([*job]).alive() == 0).count();
    Sum::of(jobs(view)).alive() + lingering as u32
}

/// What the verbs are about: the marked jobs; else the selected one, or a whole system.
fn targets(ui: &Ui, view: &View) -> Vec<Target> {
    if by_marks(ui) {
        return jobs(view).filter(|job| ui.tree.marks.contains(&job.id)).map(target).collect();
    }
    match ui.row(view) {
        Some(Row::System(system)) => vec![Target::System(system.name.clone())],
        Some(Row::Job(_, job) | Row::Step(job, _)) => vec![target(job)],
        None => Vec::new(),
    }
}

/// What the verbs would meet: the sum of all targets.
pub(super) fn met(ui: &Ui, view: &View) -> Sum {
    Sum::of(about(ui, view))
}

/// The jobs that the verbs are about.
fn about<'v>(ui: &Ui, view: &'v View) -> Vec<&'v InstanceView> {
    if by_marks(ui) {
        return jobs(view).filter(|job| ui.tree.marks.contains(&job.id)).collect();
    }
    match ui.row(view) {
        Some(Row::System(system)) => system.jobs.iter().collect(),
        Some(Row::Job(_, job) | Row::Step(job, _)) => vec![job],
        None => Vec::new(),
    }
}

fn by_marks(ui: &Ui) -> bool {
    ui.focus == Focus::Tree && !ui.tree.marks.is_empty()
}

fn target(job: &InstanceView) -> Target {
    Target::Instance(job.id)
}

fn jobs(view: &View) -> impl Iterator<Item = &InstanceView> {
    view.systems.iter().flat_map(|system| &system.jobs)
}
