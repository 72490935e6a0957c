//! What keys do in the palette. Not: what the actions do that are chosen in it.

use crate::ui::eye::{Over, World};
use crate::ui::key::Key;
use crate::ui::palette::Chooser;
use crate::ui::palette::draw::list_height;
use crate::ui::palette::entries::{Deed, entries};
use crate::ui::{Action, Request, Ui, update, walk};

/// How many of the actions that were done here are remembered.
const REMEMBERED: usize = 20;

/// Opens it over the pane that has the focus.
pub(in crate::ui) fn open(ui: &mut Ui) {
    ui.over = Over::Palette(Chooser::new(ui.pane()));
}

/// A key that moves the selection, edits the line, closes it or does what is selected.
pub(in crate::ui) fn act(ui: &mut Ui, action: Action, world: World<'_>) -> Vec<Request> {
    let Over::Palette(chooser) = &ui.over else { return Vec::new() };
    let rows = entries(ui, chooser, world).len();
    let height = list_height(ui, chooser);
    let Over::Palette(chooser) = &mut ui.over else { return Vec::new() };
    let (page, at, last) = (usize::from(height), chooser.index, rows.saturating_sub(1));
    match action {
        Action::Accept => return take(ui, world),
        Action::Close => ui.over = Over::Nothing,
        Action::Back if chooser.line.text.is_empty() => ui.over = Over::Nothing,
        Action::Up => chooser.select(at.checked_sub(1).unwrap_or(last), rows, height),
        Action::Down => chooser.select(if at >= last { 0 } else { at + 1 }, rows, height),
        Action::PageUp => chooser.select(at.saturating_sub(page), rows, height),
        Action::PageDown => chooser.select(at + page, rows, height),
        Action::Back | Action::First | Action::Left => {
            chooser.line.erase(action);
            chooser.begin_anew();
        }
        _ => {}
    }
    Vec::new()
}

/// A key that means nothing else types itself.
pub(in crate::ui) fn typed(ui: &mut Ui, key: Key) {
    if let Some(c) = key.typed() {
        pasted(ui, c.encode_utf8(&mut [0; 4]));
    }
}

/// A paste into the line: its first line.
pub(in crate::ui) fn pasted(ui: &mut Ui, text: &str) {
    if let Over::Palette(chooser) = &mut ui.over {
        chooser.line.push(text);
        chooser.begin_anew();
    }
}

/// Does what is selected, as its key would. Where nothing fits there is nothing to do.
fn take(ui: &mut Ui, world: World<'_>) -> Vec<Request> {
    let Over::Palette(chooser) = &ui.over else { return Vec::new() };
    let (mode, index) = (chooser.mode, chooser.index);
    let mut rows = entries(ui, chooser, world);
    if rows.is_empty() {
        return Vec::new();
    }
    let deed = rows.swap_remove(index.min(rows.len() - 1)).deed;
    ui.over = Over::Nothing;
    let action = match deed {
        Deed::Act(action) => {
            ui.recent.retain(|done| *done != (mode, action));
            ui.recent.insert(0, (mode, action));
            ui.recent.truncate(REMEMBERED);
            action
        }
        Deed::Counted(action, count) => {
            ui.count = Some(count);
            action
        }
        Deed::ToJob(number) => {
            walk::to_job(ui, number, world.view);
            ui.reveal();
            return Vec::new();
        }
    };
    // None of the listed actions asks which key it was.
    let Some(key) = Key::parse("Enter") else { return Vec::new() };
    update::update(ui, action, key, world)
}
