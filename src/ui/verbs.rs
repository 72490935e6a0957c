//! Keys that are about jobs, as commands: what is selected or marked becomes a target. Not: what the supervisor makes of it.

use crate::config::Quit;
use crate::model::{Command, SystemView, Target, View};
use crate::ui::eye::{Focus, Over};
use crate::ui::sum::Sum;
use crate::ui::tree::Row;
use crate::ui::{Action, Request, Ui};

/// The command of a verb about what is selected or marked.
pub(super) fn verb(ui: &Ui, action: Action, view: &View) -> Vec<Request> {
    let targets = targets(ui, view);
    if targets.is_empty() && action != Action::RestartFailed {
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
    let jobs = || view.systems.iter().flat_map(|system| &system.jobs);
    let idle = |state| Sum::of(std::iter::once(state)).alive() == 0;
    let lingering = jobs().filter(|job| job.lingering > 0 && idle(*job)).count();
    Sum::of(jobs()).alive() + lingering as u32
}

/// What the verbs are about: the marked jobs; else the selected one, or a whole system.
pub(super) fn targets(ui: &Ui, view: &View) -> Vec<Target> {
    if ui.focus == Focus::Tree && !ui.tree.marks.is_empty() {
        let marked = jobs(view).filter(|job| ui.tree.marks.contains(&job.id));
        return marked.map(|job| Target::Instance(job.id)).collect();
    }
    match ui.row(view) {
        Some(Row::System(SystemView { name, .. })) => vec![Target::System(name.clone())],
        Some(Row::Job(_, job) | Row::Step(job, _)) => vec![Target::Instance(job.id)],
        None => Vec::new(),
    }
}

/// What the verbs would meet: the sum of all targets.
pub(super) fn met(ui: &Ui, view: &View) -> Sum {
    let targets = targets(ui, view);
    Sum::of(view.systems.iter().flat_map(|system| {
        let whole =
            targets.iter().any(|target| matches!(target, Target::System(name) if *name == system.name));
        let targets = &targets;
        system.jobs.iter().filter(move |job| whole || targets.contains(&Target::Instance(job.id)))
    }))
}

fn jobs(view: &View) -> impl Iterator<Item = &crate::model::InstanceView> {
    view.systems.iter().flat_map(|system| &system.jobs)
}
