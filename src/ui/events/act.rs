//! Opening the list of events, moving in it, and going to the run that an event belongs to. Not: what stands in it.

use std::ops::Range;

use crate::model::{InstanceView, View, Wall};
use crate::terminal::Terminal;
use crate::ui::eye::{Over, World, instance};
use crate::ui::merged::Lane;
use crate::ui::pager::{At, Before, Position, run_numbered, run_of};
use crate::ui::tree::Row;
use crate::ui::{Action, Ui, marking};

use super::draw::page;
use super::find;
use super::list::{Events, Scope};

/// Opens the list of the selected row; in the topmost row, of everything.
pub(in crate::ui) fn open(ui: &mut Ui, view: &View) {
    let (job, system) = match ui.row(view) {
        Some(Row::System(system)) => (None, system),
        Some(Row::Job(system, job)) => (Some(job), system),
        Some(Row::Step(job, _)) => {
            let of = view.systems.iter().find(|system| system.jobs.iter().any(|one| one.id == job.id));
            let Some(system) = of else { return };
            (Some(job), system)
        }
        None => return,
    };
    let about = |job: &InstanceView| Scope::Job {
        id: job.id,
        address: job.address.clone(),
        system: system.name.clone(),
    };
    let mut scopes: Vec<Scope> = job.map(about).into_iter().collect();
    scopes.extend([Scope::System(system.name.clone()), Scope::All]);
    let topmost = job.is_none() && view.systems.first().is_some_and(|first| first.name == system.name);
    ui.over = Over::Events(Events::new(scopes, usize::from(topmost)));
}

/// Does what a key means in the list.
pub(in crate::ui) fn act(ui: &mut Ui, action: Action, world: World<'_>) {
    let size = ui.size;
    match (&mut ui.over, action) {
        (Over::Events(_), Action::Close) => ui.over = Over::Nothing,
        (Over::Events(_), Action::Open) => visit(ui, world),
        (Over::Events(_), Action::Search) => find::begin(ui),
        (Over::Events(_), Action::NextHit | Action::PreviousHit) => find::next(ui, action),
        (Over::Events(events), Action::NextChoice) => {
            events.widen();
            settle(events, size);
        }
        (Over::Events(events), action) => go(events, action, size),
        _ => {}
    }
}

fn go(events: &mut Events, action: Action, size: (u16, u16)) {
    let rows = events.rows();
    let Some(last) = rows.len().checked_sub(1) else { return };
    let from = events.index(&rows);
    let page = usize::from(page(size, events.scope()).height).max(1);
    let to = match action {
        Action::Up => from.saturating_sub(1),
        Action::Down => from + 1,
        Action::HalfUp => from.saturating_sub(page.div_ceil(2)),
        Action::HalfDown => from + page.div_ceil(2),
        Action::PageUp => from.saturating_sub(page),
        Action::PageDown => from + page,
        Action::First => 0,
        Action::Last => last,
        _ => return,
    };
    // Who is at the end stays there, whatever happens.
    let chosen = rows.get(to).filter(|_| to < last).map(|(number, _)| *number);
    events.chosen = chosen;
    settle(events, size);
}

/// Scrolls so that the selected one is seen.
pub(super) fn settle(events: &mut Events, size: (u16, u16)) {
    let height = page(size, events.scope()).height;
    let rows = events.rows();
    let (selected, count) = (events.index(&rows), rows.len());
    events.page.reveal(selected, count, height);
}

/// To the run of the selected event: in the pager, in full, where it stood when that happened.
fn visit(ui: &mut Ui, world: World<'_>) {
    let Over::Events(events) = &ui.over else { return };
    let rows = events.rows();
    let Some((_, event)) = rows.get(events.index(&rows)) else { return };
    let (Some(number), Some(id)) = (event.run, event.instance) else {
        return ui.note("this belongs to no run");
    };
    let Some(job) = instance(world.view, id) else {
        return ui.note(format!("{} is gone: the file no longer has it", event.address));
    };
    let found = world.terminals.get(&id).and_then(|terminal| line(job, terminal, number, event.at));
    let Some(line) = found else {
        return ui
            .note(format!("run {number} of {} has printed nothing, or it is no longer kept", job.address));
    };
    let before = ui.pagers.get(&id).map_or(At::Follow, |pager| pager.at);
    ui.over = Over::Nothing;
    ui.zoom = true;
    marking::visit(ui, id, line, Before::Here(before), world);
    let reach = ui.reach();
    if let Some((pager, terminal)) = ui.pager(world) {
        pager.at = At::Follow;
        let to = pager.showing(terminal, reach, Position { line, row: 0 });
        pager.pause(terminal, reach, to);
    }
}

/// The line of a run that was printed at a time or next after it, or else its last.
fn line(job: &InstanceView, terminal: &Terminal, number: u32, at: Wall) -> Option<u64> {
    let present = job.run.is_some_and(|run| run.number == number);
    let lines = run_numbered(terminal, number).or_else(|| present.then(|| present_run(terminal)))?;
    let last = lines.end.checked_sub(1).filter(|last| lines.contains(last))?;
    Some(Lane::new(job.id, terminal).since(lines, at.0).min(last))
}

/// The lines of the run that has not ended.
fn present_run(terminal: &Terminal) -> Range<u64> {
    run_of(terminal, terminal.lines().end)
}
