//! What keys do in the list of a search in all jobs. Not: what stands in it.

use crate::ui::everywhere::List;
use crate::ui::eye::{Focus, Over, World};
use crate::ui::prompt::{Prompt, Purpose};
use crate::ui::tree::Row;
use crate::ui::{Action, Ui, walk};

use super::draw::page;

/// Opens the line in which a search in all jobs of the selected row's system is typed.
pub(in crate::ui) fn begin(ui: &mut Ui, world: World<'_>) {
    let system = match ui.row(world.view) {
        Some(Row::System(system) | Row::Job(system, _)) => Some(system),
        Some(Row::Step(job, _)) => {
            world.view.systems.iter().find(|system| system.jobs.iter().any(|one| one.id == job.id))
        }
        None => None,
    };
    if let Some(system) = system {
        ui.over =
            Over::Prompt(Prompt::new(Purpose::Everywhere { system: system.name.clone(), again: false }));
    }
}

/// Begins a search. An empty one shows again what was found last.
pub(in crate::ui) fn start(ui: &mut Ui, text: &str, system: &str, world: World<'_>) {
    let there = world.view.systems.iter().find(|one| one.name == system);
    let list = match (text, there) {
        ("", _) => ui.found.take_if(|list| list.system == system).map(|list| *list),
        (text, Some(system)) => List::new(text, system).ok(),
        (_, None) => None,
    };
    match list {
        Some(list) => {
            ui.found = None;
            ui.over = Over::Everywhere(Box::new(list));
        }
        None => ui.note("nothing was searched for"),
    }
}

/// Shows again what was found before: something else was to be searched for from there, and was not.
pub(in crate::ui) fn again(ui: &mut Ui) {
    if let Some(list) = ui.found.take() {
        ui.over = Over::Everywhere(list);
    }
}

/// Does what a key means in the list.
pub(in crate::ui) fn act(ui: &mut Ui, action: Action, world: World<'_>) {
    let height = page(ui.size).height;
    let Over::Everywhere(list) = &mut ui.over else { return };
    match action {
        Action::Open => return open(ui, world),
        Action::Close => return put_by(ui),
        Action::Everywhere => {
            let system = list.system.clone();
            put_by(ui);
            ui.over = Over::Prompt(Prompt::new(Purpose::Everywhere { system, again: true }));
            return;
        }
        Action::StopSearch => {
            let stopped = list.stop(world.terminals);
            let told = if stopped { "the search was stopped" } else { "{everywhere.close} closes the list" };
            return ui.tell(told);
        }
        _ => {}
    }
    go(list, action, height, world);
}

/// To the selected line in the pager of its job, with the search set there.
fn open(ui: &mut Ui, world: World<'_>) {
    let Over::Everywhere(list) = &ui.over else { return };
    let Some(hit) = list.selected(world.terminals) else { return };
    let (id, text) = (list.parts[hit.part].id, list.text.clone());
    put_by(ui);
    walk::bring(ui, id, world.view);
    ui.focus = Focus::Pager;
    ui.zoom = true;
    ui.land(&text, hit.line, world);
}

/// Closes the list and keeps what was found.
fn put_by(ui: &mut Ui) {
    if let Over::Everywhere(list) = std::mem::replace(&mut ui.over, Over::Nothing) {
        ui.found = Some(list);
    }
}

fn go(list: &mut List, action: Action, height: u16, world: World<'_>) {
    let sum = list.sum(world.terminals);
    let Some(last) = sum.all().checked_sub(1) else { return };
    let from = list.index(&sum, world.terminals);
    let page = u64::from(height.max(1));
    let half = page.div_ceil(2);
    let to = match action {
        Action::Up => from.saturating_sub(1),
        Action::Down => from + 1,
        Action::HalfUp => from.saturating_sub(half),
        Action::HalfDown => from + half,
        Action::PageUp => from.saturating_sub(page),
        Action::PageDown => from + page,
        Action::First => 0,
        Action::Last => last,
        Action::NextJob => next_job(&sum.found, from).unwrap_or(0),
        Action::PreviousJob => job_before(&sum.found, from).unwrap_or(0),
        _ => from,
    };
    let to = to.min(last);
    let top = sum.top(sum.row_of(from), list.offset, height);
    let row = sum.row_of(to);
    list.select(to, &sum, world.terminals);
    list.offset = row.saturating_sub(top).min(u64::from(height.saturating_sub(1))) as u16;
}

/// The first hit of the job after the one that has the hit `from`; none after the last one.
fn next_job(found: &[u64], from: u64) -> Option<u64> {
    firsts(found).into_iter().find(|first| *first > from)
}

/// The first hit of the same job, or, from there, of the one before.
fn job_before(found: &[u64], from: u64) -> Option<u64> {
    firsts(found).into_iter().rev().find(|first| *first < from)
}

/// The number of the first hit of each job that has any.
fn firsts(found: &[u64]) -> Vec<u64> {
    let mut before = 0;
    let mut firsts = Vec::new();
    for found in found.iter().filter(|found| **found > 0) {
        firsts.push(before);
        before += found;
    }
    firsts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_job_to_job() {
        let found = [2, 0, 3, 1];
        assert_eq!(next_job(&found, 0), Some(2));
        assert_eq!(next_job(&found, 4), Some(5));
        assert_eq!(next_job(&found, 5), None);
        assert_eq!(job_before(&found, 4), Some(2));
        assert_eq!(job_before(&found, 2), Some(0));
        assert_eq!(job_before(&found, 0), None);
    }
}
