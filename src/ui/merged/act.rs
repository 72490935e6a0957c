//! What keys do in the merged output of a system: opening and leaving it, moving, searching, going to a line's own place. Not:
//! how it is drawn.

use std::mem;

use crate::model::{InstanceId, View};
use crate::ui::eye::{Focus, Over, World};
use crate::ui::merged::lanes::{Lanes, Spot};
use crate::ui::merged::place::Place;
use crate::ui::merged::seek::{Progress, Search};
use crate::ui::merged::state::{At, From, Merged};
use crate::ui::pager::{Before, Columns, Direction, Reach, height, plain};
use crate::ui::prompt::{Prompt, Purpose};
use crate::ui::text::width;
use crate::ui::tree::{Filter, Row, rows, select};
use crate::ui::{Action, Ui, marking, walk};

/// What is looked at: the lines, what the pane shows of them, and what is held about them.
struct Sight<'s, 't> {
    lanes: Lanes<'t>,
    reach: Reach,
    merged: &'s mut Merged,
}

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
    let from = job.map(|job| From { job, focus: ui.focus, shown });
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
    if index(ui).is_none() {
        ui.tree.filter = Filter::default();
    }
    if let Some(index) = index(ui) {
        let rows = rows(view, &ui.tree);
        select(&mut ui.tree, &rows, index);
    }
    ui.merged.entry(name.to_owned()).or_default().shown = true;
    ui.focus = Focus::Pager;
    ui.reveal();
    true
}

/// Back to where it was opened; `keep`: the system goes on to show it.
fn close(ui: &mut Ui, view: &View, keep: bool) {
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

/// Does what a key means in the merged output, if that is looked at; whether it means anything there.
pub(in crate::ui) fn act(ui: &mut Ui, action: Action, count: Option<u32>, world: World<'_>) -> bool {
    if ui.merging(world.view).is_none() {
        return false;
    }
    match action {
        Action::Back => close(ui, world.view, true),
        Action::Close => close_innermost(ui, world),
        Action::Enter => open_line(ui, world),
        Action::NextHit | Action::PreviousHit => next_hit(ui, action, world),
        Action::StopSearch => stop_search(ui, world),
        Action::NextRun | Action::PreviousRun => ui.note("runs of many jobs overlap: Enter goes to one job"),
        Action::Left | Action::Right if ui.wrap => ui.note("long lines are wrapped: S chops them"),
        Action::Left | Action::Right => shift(ui, action, count, world),
        action => return travel(ui, action, count, world),
    }
    true
}

/// The wheel over the merged output; whether that is looked at.
pub(in crate::ui) fn wheel(ui: &mut Ui, action: Action, notch: u32, world: World<'_>) -> bool {
    if !act(ui, action, Some(notch), world) {
        return false;
    }
    // The wheel has no key for the end: at the bottom it follows again.
    if let Some(Sight { lanes, reach, merged }) = sight(ui, world)
        && action == Action::Down
        && merged.place(&lanes, reach).key(&lanes) >= merged.bottom(&lanes, reach).key(&lanes)
    {
        merged.at = At::Follow;
    }
    true
}

/// The line that is spoken of: while it follows the newest, else that which was gone to or the hit, if in sight, else the top
/// one.
pub(in crate::ui) fn current(ui: &mut Ui, world: World<'_>) -> Option<(InstanceId, u64)> {
    let Sight { lanes, reach, merged } = sight(ui, world)?;
    let spot = if merged.follows() {
        lanes.tail(&lanes.end())?
    } else {
        let seen = seen(&lanes, reach, &merged.place(&lanes, reach));
        let hit = merged.search.as_ref().and_then(Search::current);
        let mut told =
            [merged.spot, hit].into_iter().flatten().filter_map(|(id, line)| Some((lanes.index(id)?, line)));
        told.find(|spot| seen.contains(spot)).or_else(|| seen.first().copied())?
    };
    Some((lanes.lanes[spot.0].id, spot.1))
}

/// What stands left of the lines, if they are looked at.
pub(in crate::ui) fn margin(ui: &mut Ui, world: World<'_>) -> Option<Columns> {
    sight(ui, world).map(|it| it.reach.margin)
}

/// Goes to a line of one of the jobs; whether they are looked at.
pub(in crate::ui) fn go_to(ui: &mut Ui, id: InstanceId, line: u64, world: World<'_>) -> bool {
    let Some(Sight { lanes, reach, merged }) = sight(ui, world) else { return false };
    let Some(index) = lanes.index(id) else { return false };
    let before = merged.at.clone();
    merged.pause(&lanes, reach, Place::at(lanes.before((index, line))));
    merged.before = Some(before);
    merged.spot = Some((id, line));
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
    (direction, at): (Direction, &At),
    world: World<'_>,
) -> Option<String> {
    let Sight { lanes, reach, merged } = sight(ui, world)?;
    merged.at = at.clone();
    merged.search = None;
    if text.is_empty() {
        return None;
    }
    let mut search = match Search::new(text, direction) {
        Ok(search) => search,
        Err(problem) => return Some(problem),
    };
    // Follow stays on while one types: what passes by is marked, and nothing jumps.
    let top = merged.place(&lanes, reach).cut;
    let progress = (!merged.follows()).then(|| search.go(&lanes, &top, direction));
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
    (is_empty, before, from): (bool, Option<Search>, At),
    world: World<'_>,
) {
    let Some(Sight { lanes, reach, merged }) = sight(ui, world) else { return };
    if is_empty {
        merged.search = before;
    }
    let seen = seen(&lanes, reach, &merged.place(&lanes, reach));
    let Some(search) = &mut merged.search else { return };
    search.direction = direction;
    let text = |(index, line): &Spot| lanes.lanes[*index].terminal.line(*line);
    let in_sight = seen.iter().filter_map(text).any(|line| search.is_match(&plain(&line)));
    if merged.at != from {
        merged.before = Some(from);
    } else if merged.follows() && !in_sight {
        next_hit(ui, Action::PreviousHit, world);
    }
}

/// The search was given up: all is as it was before.
pub(in crate::ui) fn give_up(ui: &mut Ui, at: At, before: Option<Search>, world: World<'_>) {
    if let Some(Sight { merged, .. }) = sight(ui, world) {
        merged.at = at;
        merged.search = before;
    }
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

fn sight<'s, 't>(ui: &'s mut Ui, world: World<'t>) -> Option<Sight<'s, 't>> {
    let system = ui.merging(world.view)?;
    let lanes = Lanes::new(system, world.terminals);
    let (reach, _) = ui.merged_reach(system, &lanes);
    let merged = ui.merged.get_mut(&system.name)?;
    Some(Sight { lanes, reach, merged })
}

/// The lines that a pane shows any row of, from a place on.
fn seen(lanes: &Lanes<'_>, reach: Reach, from: &Place) -> Vec<Spot> {
    let mut cut = from.cut.clone();
    let mut rows = 0;
    let mut seen = Vec::new();
    while rows < usize::from(reach.rows) + from.row
        && let Some(spot) = lanes.down(&mut cut)
    {
        rows += height(lanes.lanes[spot.0].terminal, spot.1, reach);
        seen.push(spot);
    }
    seen
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
    let times = count.unwrap_or(1) as usize;
    let page = usize::from(reach.rows);
    let half = page.div_ceil(2);
    let from = merged.place(&lanes, reach);
    let before = merged.at.clone();
    let nth = |rank| Place::at(lanes.at_rank(rank));
    let to = match action {
        Action::Up => from.up(&lanes, reach, times),
        Action::HalfUp => from.up(&lanes, reach, times.saturating_mul(half)),
        Action::PageUp => from.up(&lanes, reach, times.saturating_mul(page)),
        Action::Down => from.down(&lanes, reach, times),
        Action::HalfDown => from.down(&lanes, reach, times.saturating_mul(half)),
        Action::PageDown => from.down(&lanes, reach, times.saturating_mul(page)),
        Action::First | Action::Last if count.is_some() => nth(times.saturating_sub(1) as u64),
        Action::First => nth(0),
        Action::Percent => nth(lanes.count() * u64::from(count.unwrap_or(0).min(100)) / 100),
        Action::Follow | Action::Last | Action::Clear => {
            merged.at = At::Follow;
            if action == Action::Clear {
                merged.cleared = Some(Place::at(lanes.end()).keep(&lanes));
            }
            remember(merged, before);
            return true;
        }
        _ => return false,
    };
    let downward = matches!(action, Action::Down | Action::HalfDown | Action::PageDown);
    if !(downward && merged.follows()) {
        merged.pause(&lanes, reach, to);
    }
    if matches!(action, Action::First | Action::Last | Action::Percent) {
        remember(merged, before);
    }
    true
}

/// It stood here before it jumped.
fn remember(merged: &mut Merged, before: At) {
    if merged.at != before {
        merged.before = Some(before);
        merged.spot = None;
    }
}

fn shift(ui: &mut Ui, action: Action, count: Option<u32>, world: World<'_>) {
    let Some(Sight { reach, merged, .. }) = sight(ui, world) else { return };
    let by = count.map_or(reach.cols.div_ceil(2), |count| u16::try_from(count).unwrap_or(u16::MAX));
    merged.shift = match action {
        Action::Left => merged.shift.saturating_sub(by),
        _ => merged.shift.saturating_add(by).min(u16::MAX / 2),
    };
}

fn next_hit(ui: &mut Ui, action: Action, world: World<'_>) {
    let Some(Sight { lanes, reach, merged }) = sight(ui, world) else { return };
    let place = merged.place(&lanes, reach);
    let follows = merged.follows();
    let before = merged.at.clone();
    let Some(search) = &mut merged.search else {
        ui.note("no search yet: / begins one");
        return;
    };
    let direction = if action == Action::NextHit { search.direction } else { search.direction.turned() };
    let seen = seen(&lanes, reach, &place);
    let stands = search.current().and_then(|(id, line)| Some((lanes.index(id)?, line)));
    if follows || !stands.is_some_and(|spot| seen.contains(&spot)) {
        search.lift();
    }
    // Below the end there is nothing: from there the nearest hit lies above, whatever the direction.
    merged.spot = None;
    let progress = if follows {
        search.go(&lanes, &lanes.end(), Direction::Back)
    } else {
        search.go(&lanes, &place.cut, direction)
    };
    merged.before = Some(before);
    arrived(ui, progress, world);
}

fn stop_search(ui: &mut Ui, world: World<'_>) {
    let stopped = sight(ui, world).is_some_and(|it| it.merged.search.as_mut().is_some_and(Search::stop));
    ui.note(if stopped { "the search was stopped" } else { "q goes back to the tree, and there quits" });
}

fn arrived(ui: &mut Ui, progress: Progress, world: World<'_>) {
    let Some(Sight { lanes, reach, merged }) = sight(ui, world) else { return };
    match progress {
        Progress::At(spot, round) => {
            bring(merged, &lanes, reach, spot);
            if round {
                ui.note("the search went round");
            }
        }
        Progress::Seeking => {}
        Progress::Nowhere => ui.note("no hit"),
    }
}

/// Brings a line on the screen, a third down from the top unless it is in sight.
fn bring(merged: &mut Merged, lanes: &Lanes<'_>, reach: Reach, spot: Spot) {
    let place = merged.place(lanes, reach);
    let in_sight = seen(lanes, reach, &place).contains(&spot);
    let third = usize::from(reach.rows) / 3;
    let to = if in_sight { place } else { Place::at(lanes.before(spot)).up(lanes, reach, third) };
    merged.pause(lanes, reach, to);
    let Some(line) = lanes.lanes[spot.0].terminal.line(spot.1).filter(|_| !reach.wrap) else { return };
    let text = plain(&line);
    let hits = merged.search.as_ref().map_or_else(Vec::new, |search| search.hits(&text));
    let column = hits.first().map_or(0, |hit| width(&text[..hit.start]));
    let shown = usize::from(merged.shift)..usize::from(merged.shift) + usize::from(reach.cols);
    if !shown.contains(&column) {
        let left = column.saturating_sub(usize::from(reach.cols) / 2);
        merged.shift = left.min(usize::from(u16::MAX / 2)) as u16;
    }
}
