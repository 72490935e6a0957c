//! Searching in the merged output, with keys and while a search is typed. Not: how a line is sought (`seek`).

use crate::terminal::Direction;
use crate::ui::eye::{Over, World};
use crate::ui::merged::lanes::{LaneLine, Lanes};
use crate::ui::merged::place::{Kept, Place};
use crate::ui::merged::seek::Search;
use crate::ui::merged::sight::{Sight, seen, sight};
use crate::ui::merged::state::Merged;
use crate::ui::pager::{At, Progress, Reach, plain, round_told};
use crate::ui::prompt::{Prompt, Purpose};
use crate::ui::text::width;
use crate::ui::{Action, Ui};

/// Opens the line in which a search is typed, if the merged output is looked at.
pub(in crate::ui) fn begin_search(ui: &mut Ui, direction: Direction, world: World<'_>) -> bool {
    let Some(system) = ui.merging(world.view).map(|system| system.name.clone()) else { return false };
    let Some(Sight { merged, .. }) = sight(ui, world) else { return false };
    let (at, before) = (merged.at.clone(), merged.search.take().map(Box::new));
    ui.over = Over::Prompt(Prompt::new(Purpose::SearchMerged { system, direction, at, before }));
    true
}

/// While the search is typed: what it would find. What is wrong with it is returned.
pub(in crate::ui) fn preview(
    ui: &mut Ui,
    text: &str,
    (direction, at): (Direction, &At<Kept>),
    world: World<'_>,
) -> Option<String> {
    let Sight { lanes, reach, merged } = sight(ui, world)?;
    merged.at = at.clone();
    merged.search = None;
    if text.is_empty() {
        return None;
    }
    let mut search = match Search::new(text, direction, &lanes) {
        Ok(search) => search,
        Err(problem) => return Some(problem),
    };
    // Follow stays on while one types: what passes by is marked, and nothing jumps.
    let top = merged.place(&lanes, reach).gap;
    let progress = (!merged.follows()).then(|| search.go(&lanes, &top, direction, 1));
    merged.search = Some(search);
    if let Some(progress) = progress {
        arrived(ui, progress, world);
    }
    ui.note = None;
    None
}

/// The search was taken, or nothing was typed. What follows goes on to follow if a hit is in sight, else it goes to the nearest.
pub(in crate::ui) fn search_taken(
    ui: &mut Ui,
    direction: Direction,
    (is_empty, before, from): (bool, Option<Search>, At<Kept>),
    world: World<'_>,
) {
    let Some(Sight { lanes, reach, merged }) = sight(ui, world) else { return };
    if is_empty {
        merged.search = before;
    }
    let seen = seen(&lanes, reach, &merged.place(&lanes, reach));
    let Some(search) = &mut merged.search else { return };
    search.direction = direction;
    let text = |(index, line): &LaneLine| lanes.lanes[*index].terminal.line(*line);
    let in_sight = seen.iter().filter_map(text).any(|line| search.is_match(&plain(&line)));
    if merged.at != from {
        merged.before = Some(from);
    } else if merged.follows() && !in_sight {
        next_hit(ui, Action::PreviousHit, 1, world);
    }
}

/// The search was given up: all is as it was before.
pub(in crate::ui) fn give_up(ui: &mut Ui, at: At<Kept>, before: Option<Search>, world: World<'_>) {
    if let Some(Sight { merged, .. }) = sight(ui, world) {
        merged.at = at;
        merged.search = before;
    }
}

pub(super) fn next_hit(ui: &mut Ui, action: Action, times: u32, world: World<'_>) {
    let Some(Sight { lanes, reach, merged }) = sight(ui, world) else { return };
    let place = merged.place(&lanes, reach);
    let follows = merged.follows();
    let before = merged.at.clone();
    let Some(search) = &mut merged.search else {
        ui.tell("no search yet: {search} begins one");
        return;
    };
    let direction = if action == Action::NextHit { search.direction } else { search.direction.turned() };
    let seen = seen(&lanes, reach, &place);
    let stands = search.current().and_then(|(id, line)| Some((lanes.index(id)?, line)));
    if follows || !stands.is_some_and(|spot| seen.contains(&spot)) {
        search.lift();
    }
    // Below the end there is nothing: from there the nearest hit lies above, whatever the direction.
    merged.gone_to = None;
    let progress = if follows {
        search.go(&lanes, &lanes.end(), Direction::Backward, times)
    } else {
        search.go(&lanes, &place.gap, direction, times)
    };
    merged.before = Some(before);
    arrived(ui, progress, world);
}

pub(super) fn stop_search(ui: &mut Ui, world: World<'_>) {
    let stopped = sight(ui, world)
        .is_some_and(|it| it.merged.search.as_mut().is_some_and(|search| search.stop(&it.lanes)));
    ui.tell(if stopped {
        "the search was stopped"
    } else {
        "{back} goes back to the tree, and there {tree.quit} quits"
    });
}

impl Ui {
    /// A slice of the search in the merged output.
    pub(in crate::ui) fn work_on_merged(&mut self, world: World<'_>) {
        let Some(Sight { lanes, merged, .. }) = sight(self, world) else { return };
        let progress = merged.search.as_mut().filter(|search| search.is_busy()).map(|it| it.work(&lanes));
        if let Some(progress) = progress {
            arrived(self, progress, world);
        }
    }
}

fn arrived(ui: &mut Ui, progress: Progress<LaneLine>, world: World<'_>) {
    let Some(Sight { lanes, reach, merged }) = sight(ui, world) else { return };
    match progress {
        Progress::At { line, round } => {
            bring(merged, &lanes, reach, line);
            if let Some(round) = round {
                ui.note(round_told("hit", round));
            }
        }
        Progress::Seeking => {}
        Progress::Nowhere => ui.note("no hit"),
    }
}

/// Brings a line on the screen, a third down from the top unless it is in sight.
fn bring(merged: &mut Merged, lanes: &Lanes<'_>, reach: Reach, spot: LaneLine) {
    let place = merged.place(lanes, reach);
    let in_sight = seen(lanes, reach, &place).contains(&spot);
    let to = if in_sight { place } else { Place::at(lanes.before(spot)).up(lanes, reach, reach.third()) };
    merged.pause(lanes, reach, to);
    let Some(line) = lanes.lanes[spot.0].terminal.line(spot.1) else { return };
    let text = plain(&line);
    let hits = merged.search.as_ref().map_or_else(Vec::new, |search| search.hits(&text));
    let column = hits.first().map_or(0, |hit| width(&text[..hit.start]));
    merged.shift = reach.shift_to(merged.shift, column, reach.cols / 2);
}
