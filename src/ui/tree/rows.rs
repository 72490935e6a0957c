//! Which rows the tree has, in which order. Not: what stands in them.

use crate::model::{InstanceId, InstanceView, State, StepState, SystemView, View};
use crate::ui::tree::Tree;

/// A row, by the thing it stands for: stays true when rows come and go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) enum Place {
    /// A system, by its name.
    System(String),
    /// A job.
    Job(InstanceId),
    /// A step of a job, from 0.
    Step(InstanceId, u16),
}

/// A row with what it shows.
#[derive(Debug, Clone, Copy)]
pub(in crate::ui) enum Row<'v> {
    /// A system.
    System(&'v SystemView),
    /// A job of a system.
    Job(&'v SystemView, &'v InstanceView),
    /// A step of a job, from 0.
    Step(&'v InstanceView, u16),
}

impl<'v> Row<'v> {
    /// What the row stands for.
    pub(in crate::ui) fn place(self) -> Place {
        match self {
            Row::System(system) => Place::System(system.name.clone()),
            Row::Job(_, job) => Place::Job(job.id),
            Row::Step(job, step) => Place::Step(job.id, step),
        }
    }

    /// Whether the row stands for a place.
    pub(in crate::ui) fn is(self, place: &Place) -> bool {
        match (self, place) {
            (Row::System(system), Place::System(name)) => system.name == *name,
            (Row::Job(_, job), Place::Job(id)) => job.id == *id,
            (Row::Step(job, step), Place::Step(id, number)) => job.id == *id && step == *number,
            _ => false,
        }
    }

    /// The job of the row, also of a step's.
    pub(in crate::ui) fn job(self) -> Option<&'v InstanceView> {
        match self {
            Row::System(_) => None,
            Row::Job(_, job) | Row::Step(job, _) => Some(job),
        }
    }
}

/// All rows that are not folded away or filtered out.
pub(in crate::ui) fn rows<'v>(view: &'v View, tree: &Tree) -> Vec<Row<'v>> {
    let mut rows = Vec::with_capacity(view.systems.iter().map(|system| system.jobs.len() + 1).sum());
    if tree.filter.is_empty() {
        view.systems.iter().for_each(|system| unfiltered(system, tree, &mut rows));
    } else {
        view.systems.iter().for_each(|system| filtered(system, tree, &mut rows));
    }
    rows
}

/// Whether the steps of a job are shown: while they run and when one failed, unless a person wants it otherwise. That a
/// step did not survive a stop is no failure to look at.
pub(in crate::ui) fn unfolded(job: &InstanceView, tree: &Tree) -> bool {
    let any = |wanted: fn(StepState) -> bool| job.steps.iter().any(|step| wanted(step.state));
    let telling = match job.state {
        State::Starting | State::Running | State::Failed | State::Backoff | State::Held => true,
        State::Stopped | State::Waiting | State::Scheduled | State::Stopping | State::Done => false,
    };
    tree.steps.get(&job.id).copied().unwrap_or_else(|| {
        any(|step| step == StepState::Running) || telling && any(|step| matches!(step, StepState::Failed(_)))
    })
}

fn unfiltered<'v>(system: &'v SystemView, tree: &Tree, rows: &mut Vec<Row<'v>>) {
    rows.push(Row::System(system));
    if tree.folded.contains(&system.name) {
        return;
    }
    for job in &system.jobs {
        rows.push(Row::Job(system, job));
        if !job.steps.is_empty() && unfolded(job, tree) {
            rows.extend((0..job.steps.len() as u16).map(|step| Row::Step(job, step)));
        }
    }
}

fn filtered<'v>(system: &'v SystemView, tree: &Tree, rows: &mut Vec<Row<'v>>) {
    let before = rows.len();
    rows.push(Row::System(system));
    rows.extend(system.jobs.iter().filter(|job| tree.filter.shows(job)).map(|job| Row::Job(system, job)));
    if rows.len() == before + 1 {
        rows.truncate(before);
    }
}
