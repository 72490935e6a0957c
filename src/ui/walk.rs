//! Walking through the tree: from row to row, folding, marking, filtering. Not: which row there is.

use crate::model::{InstanceId, View};
use crate::ui::key::Key;
use crate::ui::page::Page;
use crate::ui::tree::{Filter, Place, Row, in_trouble, jobs, rows, select};
use crate::ui::{Action, Ui};

/// To another row; from the first one up is the last.
pub(super) fn step(ui: &mut Ui, action: Action, view: &View) {
    let rows = rows(view, &ui.tree);
    let Some(last) = rows.len().checked_sub(1) else { return };
    let page = ui.layout().tree.map_or(1, |area| usize::from(area.height).max(1));
    let at = ui.tree.index_in(&rows);
    let to = match action {
        Action::Up => at.checked_sub(1).unwrap_or(last),
        Action::Down if at == last => 0,
        Action::Down => at + 1,
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => (at + page).min(last),
        Action::First => 0,
        _ => last,
    };
    select(&mut ui.tree, &rows, to);
    ui.table = Page::default();
    ui.reveal();
}

/// To the next row, but not round: who marks one after the other sees where the end is.
pub(super) fn onward(ui: &mut Ui, view: &View) {
    let rows = rows(view, &ui.tree);
    let next = ui.tree.index_in(&rows) + 1;
    select(&mut ui.tree, &rows, next);
    ui.table = Page::default();
    ui.reveal();
}

/// To the job whose number a key carries.
pub(super) fn nth(ui: &mut Ui, key: Key, view: &View) {
    to_job(ui, key.digit().unwrap_or(0), view);
}

/// To the job with this number, from 1.
pub(super) fn to_job(ui: &mut Ui, number: u32, view: &View) {
    let rows = rows(view, &ui.tree);
    let wanted = (number as usize).checked_sub(1);
    let found = wanted.and_then(|wanted| jobs(&rows).nth(wanted));
    match found {
        Some(index) if ui.pin(rows[index].place()) => {}
        Some(index) => select(&mut ui.tree, &rows, index),
        None => ui.note("there are not so many jobs here"),
    }
}

/// To the job that the alert is about, else to the next one in trouble, folded away or not.
pub(super) fn trouble(ui: &mut Ui, view: &View) {
    let alerted = ui.alerts.first().map(|alert| alert.id);
    match alerted.or_else(|| next_in_trouble(view, ui.row(view))) {
        Some(id) => bring(ui, id, view),
        None => ui.note("nothing is in trouble"),
    }
}

/// Whether there is anything to go to.
pub(super) fn any_trouble(ui: &Ui, view: &View) -> bool {
    ui.alerts.first().is_some() || next_in_trouble(view, None).is_some()
}

fn next_in_trouble(view: &View, from: Option<Row<'_>>) -> Option<InstanceId> {
    let jobs: Vec<_> =
        view.systems.iter().flat_map(|system| system.jobs.iter().map(move |job| (system, job))).collect();
    let after = match from {
        None => None,
        Some(Row::System(from)) => jobs.iter().position(|(system, _)| system.name == from.name),
        Some(Row::Job(_, from) | Row::Step(from, _)) => {
            jobs.iter().position(|(_, job)| job.id == from.id).map(|at| at + 1)
        }
    };
    let (before, behind) = jobs.split_at(after.unwrap_or(0));
    behind.iter().chain(before).find(|(_, job)| in_trouble(job)).map(|(_, job)| job.id)
}

/// Selects a job, and takes away what hides it; or the first of two pagers shows it, if that is where one is.
pub(super) fn bring(ui: &mut Ui, id: InstanceId, view: &View) {
    let Some(system) = view.systems.iter().find(|system| system.jobs.iter().any(|job| job.id == id)) else {
        return;
    };
    if ui.pin(Place::Job(id)) {
        return;
    }
    ui.tree.folded.remove(&system.name);
    let hidden = system.jobs.iter().any(|job| job.id == id && !ui.tree.filter.shows(job));
    if hidden {
        ui.tree.filter = Filter::default();
    }
    let rows = rows(view, &ui.tree);
    if let Some(index) = rows.iter().position(|row| row.is(&Place::Job(id))) {
        select(&mut ui.tree, &rows, index);
    }
    ui.reveal();
}

/// Hides what belongs to the row, or goes to the row that it belongs to.
pub(super) fn fold(ui: &mut Ui, view: &View) {
    let rows = rows(view, &ui.tree);
    let Some(row) = rows.get(ui.tree.index_in(&rows)) else { return };
    let owner = match row {
        Row::System(system) => {
            ui.tree.folded.insert(system.name.clone());
            return;
        }
        Row::Job(_, job) if rows.iter().any(|row| row.is(&Place::Step(job.id, 0))) => {
            ui.tree.steps.insert(job.id, false);
            return;
        }
        Row::Job(system, _) => Place::System(system.name.clone()),
        Row::Step(job, _) => Place::Job(job.id),
    };
    if let Some(index) = rows.iter().position(|row| row.is(&owner)) {
        select(&mut ui.tree, &rows, index);
        ui.reveal();
    }
}

/// Shows what belongs to the row.
pub(super) fn unfold(ui: &mut Ui, view: &View) {
    match ui.row(view) {
        Some(Row::System(system)) => {
            ui.tree.folded.remove(&system.name);
        }
        Some(Row::Job(_, job)) if !job.steps.is_empty() => {
            ui.tree.steps.insert(job.id, true);
        }
        Some(Row::Job(..) | Row::Step(..)) | None => {}
    }
}

/// Marks the selected job, or all jobs of the system; or takes the marks away.
pub(super) fn mark(ui: &mut Ui, view: &View) {
    let ids: Vec<_> = match ui.row(view) {
        Some(Row::System(system)) => system.jobs.iter().map(|job| job.id).collect(),
        Some(Row::Job(_, job) | Row::Step(job, _)) => vec![job.id],
        None => return,
    };
    let all = ids.iter().all(|id| ui.tree.marks.contains(id));
    for id in ids {
        if all {
            ui.tree.marks.remove(&id)
        } else {
            ui.tree.marks.insert(id)
        };
    }
}

/// Takes away the filter, then the marks, then the zoom.
pub(super) fn close_tree(ui: &mut Ui, view: &View) {
    if !ui.tree.filter.is_empty() {
        ui.set_filter("", view);
    } else if !ui.tree.marks.is_empty() {
        ui.tree.marks.clear();
    } else {
        ui.zoom = false;
    }
}

impl Ui {
    /// Shows the names that match, and selects the one that matches best; without a filter the selection stays.
    pub(super) fn set_filter(&mut self, text: &str, view: &View) {
        self.tree.filter = Filter::new(text);
        let rows = rows(view, &self.tree);
        if let Some(best) = self.tree.best(&rows) {
            select(&mut self.tree, &rows, best);
        }
        self.reveal();
    }

    /// Whether any job is shown.
    pub(super) fn shows_any(&self, view: &View) -> bool {
        jobs(&rows(view, &self.tree)).next().is_some()
    }
}
