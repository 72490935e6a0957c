//! The last line: the few keys that make sense here and now, from the table of keys.

use ratatui::layout::Rect;

use crate::config::Role;
use crate::ui::brush::Brush;
use crate::ui::eye::{Focus, Over, World, instance};
use crate::ui::interactive::takes_keys;
use crate::ui::key::{Key, shown};
use crate::ui::keymap::{Hint, Mode, When};
use crate::ui::pager::{Pager, Stage, stage};
use crate::ui::paint::Paint;
use crate::ui::text::width;
use crate::ui::tree::Row;
use crate::ui::{Ui, details, reload, verbs, why};

/// Draws the line. What finds no room is left out, but never the last one: how to get away.
pub(super) fn draw(brush: &mut Brush<'_>, area: Rect, ui: &Ui, world: World<'_>, paint: &Paint<'_>) {
    if let Over::Interactive(_) = ui.over {
        brush.shade(area, paint.of(Role::Interactive));
        brush.put(area.left() + 1, area.y, area.right(), &whose(ui, world), paint.of(Role::Interactive));
    }
    for piece in pieces(area, ui, world, paint) {
        let role = if piece.is_key { Role::Key } else { Role::KeyHint };
        brush.put(piece.x, area.y, area.right(), &piece.text, paint.of(role));
    }
}

/// The key that stands at a column, or beside the words there.
pub(super) fn key_at(column: u16, area: Rect, ui: &Ui, world: World<'_>) -> Option<Key> {
    let pieces = pieces(area, ui, world, &ui.paint(ui.now));
    let at = |piece: &&Piece| (piece.x..piece.x + width(&piece.text) as u16).contains(&column);
    Key::parse(&pieces.iter().find(at)?.key)
}

/// A key or the words of a hint, where they stand.
struct Piece {
    x: u16,
    text: String,
    is_key: bool,
    /// The key, or the first of those that the words are about.
    key: String,
}

fn pieces(area: Rect, ui: &Ui, world: World<'_>, paint: &Paint<'_>) -> Vec<Piece> {
    let mode = ui.mode(world.view);
    let mut x = area.left() + 1;
    if let Over::Interactive(_) = ui.over {
        x += width(&whose(ui, world)) as u16 + 2;
    }
    let mut pieces = Vec::new();
    for hint in fitting(hints(ui, mode, world, paint), area.right().saturating_sub(x + 1)) {
        for (name, text) in hint.names.iter().zip(&hint.keys) {
            pieces.push(Piece { x, text: text.clone(), is_key: true, key: name.clone() });
            x += width(text) as u16 + u16::from(!hint.are_arrows);
        }
        x += u16::from(hint.are_arrows);
        let key = hint.names.first().cloned().unwrap_or_default();
        pieces.push(Piece { x, text: hint.hint.words.to_owned(), is_key: false, key });
        x += width(hint.hint.words) as u16 + 2;
    }
    pieces
}

/// `keys go to dev/db`.
fn whose(ui: &Ui, world: World<'_>) -> String {
    let job = ui.typing_into().and_then(|id| instance(world.view, id));
    format!("keys go to {}", job.map_or("the job", |job| &job.address))
}

/// A hint with its keys.
struct Shown {
    hint: &'static Hint,
    /// As a person writes them.
    names: Vec<String>,
    /// As they are shown.
    keys: Vec<String>,
    /// Arrows stand close together.
    are_arrows: bool,
}

impl Shown {
    fn width(&self) -> usize {
        let keys: usize = self.keys.iter().map(|key| width(key) + usize::from(!self.are_arrows)).sum();
        keys + usize::from(self.are_arrows) + width(self.hint.words) + 2
    }
}

/// The hints that make sense, in their order; not those of actions that have no key.
fn hints(ui: &Ui, mode: Mode, world: World<'_>, paint: &Paint<'_>) -> Vec<Shown> {
    let all = ui.keys.rows(mode).filter_map(|(binding, _)| binding.hint.as_ref());
    let mut hints: Vec<_> = all.filter(|hint| holds(ui, hint.when, world)).collect();
    hints.sort_by_key(|hint| hint.place);
    let shown = hints.into_iter().map(|hint| {
        let names = ui.keys.hinted(mode, hint);
        let keys = names.iter().map(|key| shown(key, paint.signs).to_owned()).collect();
        let are_arrows = names.iter().all(|key| matches!(key.as_str(), "Up" | "Down" | "Left" | "Right"));
        Shown { hint, names, keys, are_arrows }
    });
    shown.filter(|shown| !shown.names.is_empty()).collect()
}

fn fitting(mut hints: Vec<Shown>, room: u16) -> Vec<Shown> {
    let wide = |hints: &[Shown]| -> usize { hints.iter().map(Shown::width).sum() };
    while hints.len() > 1 && wide(&hints) > usize::from(room) + 2 {
        // Moving explains itself; then the last but one that is neither help nor the way out.
        let first = hints.first().is_some_and(|shown| matches!(shown.hint.words, "move" | "sideways"));
        let index = if first { 0 } else { hints.len().saturating_sub(3) };
        hints.remove(index);
    }
    hints
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
