//! What keys do in the merged output of a system: moving, going to a line and to its own place. Not: searching (`find`).

use std::mem;

use crate::model::InstanceId;
use crate::terminal::Direction;
use crate::ui::eye::{Over, World};
use crate::ui::keymap::Binding;
use crate::ui::merged::find::{begin_search, next_hit, stop_search};
use crate::ui::merged::open::close;
use crate::ui::merged::place::{Kept, Place};
use crate::ui::merged::sight::{Sight, current, sight};
use crate::ui::merged::state::Merged;
use crate::ui::pager::{At, Before, Way};
use crate::ui::{Action, Ui, marking};

/// Does what a key means in the merged output, if that is looked at; whether it means anything there.
pub(in crate::ui) fn act(ui: &mut Ui, action: Action, count: Option<u32>, world: World<'_>) -> bool {
    if ui.merging(world.view).is_none() {
        return false;
    }
    match action {
        Action::Back => close(ui, world.view, true),
        Action::Close => close_innermost(ui, world),
        Action::Enter => open_line(ui, world),
        Action::NextHit | Action::PreviousHit => next_hit(ui, action, count.unwrap_or(1), world),
        Action::StopSearch => stop_search(ui, world),
        Action::NextRun | Action::PreviousRun => {
            ui.tell("runs of many jobs overlap: {enter} goes to one job");
        }
        Action::Copy => return false,
        Action::Select | Action::SelectLines | Action::SelectBlock => {
            ui.tell("lines of one job are selected: {enter} goes there");
        }
        Action::Save | Action::Pipe | Action::Page | Action::Edit => {
            ui.tell("the output of one job leaves zap: {enter} goes there");
        }
        Action::NextError | Action::PreviousError | Action::NextWarning | Action::PreviousWarning => {
            ui.tell("errors are counted in the output of one job: {enter} goes there");
        }
        Action::Interact => ui.tell("keys go to one job: {enter} goes there"),
        Action::FilterLines => search_instead(ui, world),
        Action::Left | Action::Right if ui.wrap => ui.tell("long lines are wrapped: {wrap} chops them"),
        Action::Left | Action::Right => {
            if let Some(Sight { reach, merged, .. }) = sight(ui, world) {
                merged.shift = reach.shift_by(merged.shift, action, count);
            }
        }
        Action::Clear => clear(ui, world),
        action => return travel(ui, action, count, world),
    }
    true
}

/// Filters stand in the output of one job. Who types on all the same shall type a search, and no keys that do something.
fn search_instead(ui: &mut Ui, world: World<'_>) {
    begin_search(ui, Direction::Forward, world);
    if let Over::Prompt(prompt) = &mut ui.over {
        prompt.problem = Some("this searches: filters are for one job".to_owned());
    }
}

/// What a key of the pager does here, in the words of the help; nothing if it only tells that it means nothing here.
pub(in crate::ui) fn words(binding: &Binding) -> Option<&'static str> {
    match binding.action {
        Action::NextRun
        | Action::PreviousRun
        | Action::Select
        | Action::SelectLines
        | Action::SelectBlock
        | Action::Save
        | Action::Pipe
        | Action::Page
        | Action::Edit
        | Action::NextError
        | Action::PreviousError
        | Action::NextWarning
        | Action::PreviousWarning
        | Action::Interact
        | Action::FilterLines => None,
        Action::Enter => Some("to the line in the output of its own job"),
        Action::Close => Some("end the search, then leave it"),
        Action::Back | Action::Merged => Some("back to where it was opened"),
        _ => Some(binding.words),
    }
}

/// The wheel over the merged output; whether that is looked at.
pub(in crate::ui) fn wheel(ui: &mut Ui, action: Action, notch: u32, world: World<'_>) -> bool {
    if !act(ui, action, Some(notch), world) {
        return false;
    }
    // The wheel has no key for the end: at the bottom it follows again, and where all fits it is always there.
    if let Some(Sight { lanes, reach, merged }) = sight(ui, world)
        && merged.place(&lanes, reach).key(&lanes) >= merged.bottom(&lanes, reach).key(&lanes)
    {
        merged.at = At::Follow;
    }
    true
}

/// Goes to a line of one of the jobs; whether they are looked at.
pub(in crate::ui) fn go_to(ui: &mut Ui, id: InstanceId, line: u64, world: World<'_>) -> bool {
    let Some(Sight { lanes, reach, merged }) = sight(ui, world) else { return false };
    let Some(index) = lanes.index(id) else { return false };
    let before = merged.at.clone();
    merged.pause(&lanes, reach, Place::at(lanes.before((index, line))));
    merged.before = Some(before);
    merged.gone_to = Some((id, line));
    true
}

/// To where one was before the last jump; the same again leads here.
pub(in crate::ui) fn back(ui: &mut Ui, world: World<'_>) {
    let Some(Sight { merged, .. }) = sight(ui, world) else { return };
    match merged.before.take() {
        Some(at) => merged.before = Some(mem::replace(&mut merged.at, at)),
        None => ui.note("there was no jump yet"),
    }
}

/// Closes the innermost thing: the search, then the view.
fn close_innermost(ui: &mut Ui, world: World<'_>) {
    let search = sight(ui, world).and_then(|it| it.merged.search.take());
    if search.is_none() {
        close(ui, world.view, true);
    }
}

/// Goes to the line in the output of its own job.
fn open_line(ui: &mut Ui, world: World<'_>) {
    let Some(name) = ui.merging(world.view).map(|system| system.name.clone()) else { return };
    match current(ui, world) {
        Some((id, line)) => marking::visit(ui, id, line, Before::System(name), world),
        None => ui.note("no line yet"),
    }
}

fn travel(ui: &mut Ui, action: Action, count: Option<u32>, world: World<'_>) -> bool {
    let Some(Sight { lanes, reach, merged }) = sight(ui, world) else { return false };
    let Some(way) = Way::of(action, count, reach.rows) else { return false };
    let from = merged.place(&lanes, reach);
    let before = merged.at.clone();
    let nth = |rank| Place::at(lanes.at_rank(rank));
    let to = match way {
        Way::Up(rows) => Some(from.up(&lanes, reach, rows)),
        // Below the end there is nothing.
        Way::Down(_) if merged.follows() => None,
        Way::Down(rows) => Some(from.down(&lanes, reach, rows)),
        Way::Line(index) => Some(nth(index)),
        Way::Portion(percent) => Some(nth(lanes.count() * u64::from(percent.min(100)) / 100)),
        Way::End => {
            merged.at = At::Follow;
            None
        }
    };
    if let Some(to) = to {
        merged.pause(&lanes, reach, to);
    }
    if way.is_jump() {
        remember(merged, before);
    }
    true
}

/// Hides what was printed so far; scrolling up shows it.
fn clear(ui: &mut Ui, world: World<'_>) {
    let Some(Sight { lanes, merged, .. }) = sight(ui, world) else { return };
    let before = mem::replace(&mut merged.at, At::Follow);
    merged.cleared = Some(Place::at(lanes.end()).keep(&lanes));
    remember(merged, before);
    ui.tell(marking::CLEARED);
}

/// It stood here before it jumped.
fn remember(merged: &mut Merged, before: At<Kept>) {
    if merged.at != before {
        merged.before = Some(before);
        merged.gone_to = None;
    }
}
