//! Opening the merged output of a system and leaving it again. Not: what keys do in it.

use crate::model::View;
use crate::ui::Ui;
use crate::ui::eye::Focus;
use crate::ui::merged::state::OpenedFrom;
use crate::ui::tree::{Filter, Place, Row, rows, select};
use crate::ui::walk;

/// Shows the merged output of the selected system, or of that of the selected job; or leaves it.
pub(in crate::ui) fn toggle(ui: &mut Ui, view: &View) {
    if ui.merging(view).is_some() {
        return close(ui, view, false);
    }
    let job = ui.job(view).map(|job| job.id);
    let of = |id| view.systems.iter().find(|system| system.jobs.iter().any(|job| job.id == id));
    let system = match ui.row(view) {
        Some(Row::System(system) | Row::Job(system, _)) => Some(system),
        Some(Row::Step(job, _)) => of(job.id),
        None => None,
    };
    let Some(name) = system.map(|system| system.name.clone()) else { return };
    let shown = ui.merged.get(&name).is_some_and(|merged| merged.shown);
    let from = job.map(|job| OpenedFrom { job, focus: ui.focus, shown });
    let focus = if from.is_some() || ui.layout().output.is_none() { Focus::Pager } else { ui.focus };
    show(ui, &name, view);
    ui.focus = focus;
    ui.merged.entry(name).or_default().from = from;
}

/// Selects a system and shows its merged output; whether it is there.
pub(in crate::ui) fn show(ui: &mut Ui, name: &str, view: &View) -> bool {
    if !view.systems.iter().any(|system| system.name == name) {
        return false;
    }
    let index = |ui: &Ui| {
        rows(view, &ui.tree).iter().position(|row| matches!(row, Row::System(system) if system.name == name))
    };
    if !ui.pin(Place::System(name.to_owned())) {
        if index(ui).is_none() {
            ui.tree.filter = Filter::default();
        }
        if let Some(index) = index(ui) {
            let rows = rows(view, &ui.tree);
            select(&mut ui.tree, &rows, index);
        }
    }
    ui.merged.entry(name.to_owned()).or_default().shown = true;
    ui.focus = Focus::Pager;
    ui.reveal();
    true
}

/// Back to where it was opened; `keep`: the system goes on to show it.
pub(super) fn close(ui: &mut Ui, view: &View, keep: bool) {
    let Some(name) = ui.merging(view).map(|system| system.name.clone()) else { return };
    let Some(merged) = ui.merged.get_mut(&name) else { return };
    let from = merged.from.take();
    merged.shown = keep && from.is_none_or(|from| from.shown);
    match from {
        Some(from) => {
            walk::bring(ui, from.job, view);
            ui.focus = from.focus;
        }
        None if keep || ui.focus == Focus::Tree => ui.focus_tree(),
        None => {}
    }
}
