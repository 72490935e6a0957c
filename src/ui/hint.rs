//! The last line: the few keys that make sense here and now, from the table of keys.

use ratatui::layout::Rect;

use crate::config::Role;
use crate::ui::brush::Brush;
use crate::ui::eye::{Focus, Over, World, instance};
use crate::ui::interactive::takes_keys;
use crate::ui::key::shown;
use crate::ui::keymap::{Hint, Mode, When};
use crate::ui::pager::{Pager, Stage, stage};
use crate::ui::paint::Paint;
use crate::ui::text::width;
use crate::ui::tree::Row;
use crate::ui::{Ui, details, reload, verbs, why};

/// Draws the line. What finds no room is left out, but never the last one: how to get away.
pub(super) fn draw(brush: &mut Brush<'_>, area: Rect, ui: &Ui, world: World<'_>, paint: &Paint<'_>) {
    let mode = ui.mode(world.view);
    let mut x = area.left() + 1;
    if let Over::Interactive(id) = ui.over {
        brush.shade(area, paint.of(Role::Interactive));
        let name = instance(world.view, id).map_or("the job", |job| &job.address);
        x = brush.put(x, area.y, area.right(), &format!("keys go to {name}"), paint.of(Role::Interactive))
            + 2;
    }
    let hints = fitting(hints(ui, mode, world, paint), area.right().saturating_sub(x + 1));
    for hint in hints {
        x = brush.put(x, area.y, area.right(), &hint.keys, paint.of(Role::Key)) + 1;
        x = brush.put(x, area.y, area.right(), hint.hint.words, paint.of(Role::KeyHint)) + 2;
    }
}

/// A hint with its keys as they are shown.
struct Shown {
    hint: &'static Hint,
    keys: String,
}

/// The hints that make sense, in their order; not those of actions that have no key.
fn hints(ui: &Ui, mode: Mode, world: World<'_>, paint: &Paint<'_>) -> Vec<Shown> {
    let all = ui.keys.rows(mode).filter_map(|(binding, _)| binding.hint.as_ref());
    let mut hints: Vec<_> = all.filter(|hint| holds(ui, hint.when, world)).collect();
    hints.sort_by_key(|hint| hint.place);
    let shown = hints.into_iter().map(|hint| Shown { hint, keys: keys(&ui.keys.hinted(mode, hint), paint) });
    shown.filter(|shown| !shown.keys.is_empty()).collect()
}

fn fitting(mut hints: Vec<Shown>, room: u16) -> Vec<Shown> {
    let wide = |hints: &[Shown]| -> usize {
        hints.iter().map(|shown| width(&shown.keys) + width(shown.hint.words) + 3).sum::<usize>()
    };
    while hints.len() > 1 && wide(&hints) > usize::from(room) + 2 {
        // Moving explains itself; then the last but one that is neither help nor the way out.
        let first = hints.first().is_some_and(|shown| matches!(shown.hint.words, "move" | "sideways"));
        let index = if first { 0 } else { hints.len().saturating_sub(3) };
        hints.remove(index);
    }
    hints
}

fn keys(keys: &[String], paint: &Paint<'_>) -> String {
    let shown: Vec<&str> = keys.iter().map(|key| shown(key, paint.signs)).collect();
    let arrows = keys.iter().all(|key| matches!(key.as_str(), "Up" | "Down" | "Left" | "Right"));
    shown.join(if arrows { "" } else { " " })
}

/// Whether something is so now.
pub(super) fn holds(ui: &Ui, when: When, world: World<'_>) -> bool {
    let view = world.view;
    let pager = || ui.job(view).and_then(|job| ui.pagers.get(&job.id));
    match when {
        When::Always => true,
        When::Longer => reload::measure(ui).is_some_and(|(rows, height)| rows > usize::from(height)),
        When::Down => verbs::met(ui, view).alive() < verbs::met(ui, view).all(),
        When::Up => verbs::met(ui, view).alive() > 0,
        When::Paused if ui.merging(view).is_some() => ui.merged(view).is_some_and(|it| !it.follows()),
        When::Searched if ui.merging(view).is_some() => ui.merged(view).is_some_and(|it| it.search.is_some()),
        When::Merged => ui.merging(view).is_some(),
        When::System => matches!(ui.row(view), Some(Row::System(_))),
        When::Paused => pager().is_some_and(|pager| !pager.follows()),
        When::Searched => pager().is_some_and(|pager| pager.search.is_some()),
        When::Chopped => !ui.wrap && ui.focus == Focus::Pager && shows_lines(ui, world),
        When::Split => ui.side().is_some(),
        When::Job => ui.job(view).is_some(),
        When::Alive => ui.job(view).is_some_and(takes_keys),
        When::Explained => ui.row(view).is_some_and(why::has_reason),
        When::Linked => match &ui.over {
            Over::Why(why) => !why.links(view).is_empty(),
            _ => details::linked(ui, view).is_some(),
        },
        When::Found => matches!(&ui.over, Over::Everywhere(list) if !list.is_empty(world.terminals)),
        When::Searching => matches!(&ui.over, Over::Everywhere(list) if list.is_searching(world.terminals)),
        When::Filtered => !ui.tree.filter.is_empty(),
        When::Marked => ui.tree.filter.is_empty() && !ui.tree.marks.is_empty(),
    }
}

/// Whether the output is shown as lines, and not as the screen that the job paints.
fn shows_lines(ui: &Ui, world: World<'_>) -> bool {
    let Some(id) = ui.job(world.view).map(|job| job.id) else { return false };
    let Some(terminal) = world.terminals.get(&id) else { return false };
    let fresh = Pager::default();
    let pager = ui.pagers.get(&id).unwrap_or(&fresh);
    stage(pager, terminal, ui.reach()) == Stage::Lines
}
