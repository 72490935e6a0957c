//! Selecting text with the mouse: a drag selects and copies, two clicks take a word, three a line; beyond the edge the pager
//! scrolls. Not: which pane the mouse points at (`mouse`).

use std::time::Duration;

use ratatui::layout::{Position, Rect};

use crate::model::{InstanceId, Time};
use crate::ui::eye::World;
use crate::ui::pager::{At, Selection, Shape, Spot, down, first_row, spot_at, text, up, word_at};
use crate::ui::{Request, Ui, clip, selecting};

/// Two presses in so short a time at one place are a double click.
const DOUBLE: Duration = Duration::from_millis(400);
/// Beyond the edge a row goes by in so much time.
const DRIFT: Duration = Duration::from_millis(50);

/// What the left button does while it is held, and when it was pressed last.
#[derive(Debug, Default)]
pub(super) struct Held {
    press: Option<Press>,
    drawing: Option<Drawing>,
    /// The rule between the panes is held.
    rule: bool,
    /// What was drawn was copied, and is selected no longer.
    copied: bool,
}

#[derive(Debug, Clone, Copy)]
struct Press {
    at: Position,
    time: Time,
    clicks: u8,
}

/// A selection that is being made.
#[derive(Debug, Clone, Copy)]
struct Drawing {
    of: InstanceId,
    /// Where the button was pressed.
    from: Spot,
    /// Whether the pager followed, and shall do so again.
    followed: bool,
    /// Where the mouse is beyond the edge, and when the next row goes by.
    beyond: Option<(Position, Time)>,
}

impl Held {
    /// When the next row goes by.
    pub(super) fn drifts_at(&self) -> Option<Time> {
        self.drawing?.beyond.map(|(_, at)| at)
    }

    /// A key was pressed: the terminal may have lost the release of the button. Whether a drag was the last that was done, and
    /// copied: who presses Escape then means the selection, which is over.
    pub(super) fn rest(&mut self) -> bool {
        std::mem::take(self).copied
    }
}

/// The button was pressed on the output.
pub(super) fn press(ui: &mut Ui, area: Rect, at: Position, world: World<'_>) {
    let (now, reach) = (ui.now.mono, ui.reach());
    let clicks = match ui.held.press {
        Some(last) if last.at == at && now.since(last.time) < DOUBLE && last.clicks < 3 => last.clicks + 1,
        Some(_) | None => 1,
    };
    ui.held = Held { press: Some(Press { at, time: now, clicks }), ..Held::default() };
    let Some(of) = ui.job(world.view).map(|job| job.id) else { return };
    let Some((pager, terminal)) = ui.pager(world) else { return };
    pager.selection = None;
    let cell = (at.x - area.x, at.y - area.y);
    let (Some(from), Some(first)) =
        (spot_at(pager, terminal, reach, cell), first_row(pager, terminal, reach))
    else {
        return;
    };
    let followed = pager.follows();
    if clicks > 1 {
        let (start, end) = word_at(&text(terminal, from.line), from.byte);
        let shape = if clicks == 2 { Shape::Chars } else { Shape::Lines };
        let mut selection = Selection::new(shape, Spot { byte: start, ..from }, first, terminal);
        selection.cursor.byte = end;
        pager.selection = Some(selection);
        pager.pause(terminal, reach, first);
    }
    ui.held.drawing = Some(Drawing { of, from, followed, beyond: None });
}

/// The button was pressed on the rule between the panes.
pub(super) fn press_rule(ui: &mut Ui) {
    ui.held = Held { rule: true, ..Held::default() };
}

/// It was moved while the button is held.
pub(super) fn drag(ui: &mut Ui, at: Position, world: World<'_>) {
    if ui.held.rule {
        ui.tree_columns = Some(at.x);
        return ui.reveal();
    }
    let Some(area) = ui.text().map(|(area, _)| area) else { return };
    let Some(drawing) = ui.held.drawing else {
        let reach = ui.reach();
        let bare =
            |ui: &mut Ui| ui.pager(world).is_some_and(|(pager, t)| first_row(pager, t, reach).is_none());
        if ui.held.press.is_some() && bare(ui) {
            ui.note(selecting::ALTERNATE);
        }
        return;
    };
    if ui.job(world.view).is_none_or(|job| job.id != drawing.of) {
        ui.held = Held::default();
        return;
    }
    ui.held.press = None;
    extend(ui, area, at, world);
    let now = ui.now.mono;
    if let Some(drawing) = &mut ui.held.drawing {
        let is_beyond = at.y < area.top() || at.y >= area.bottom();
        drawing.beyond = is_beyond.then_some((at, now + DRIFT));
    }
}

impl Ui {
    /// Beyond the edge row after row goes by, though the mouse stands still.
    pub(super) fn drift(&mut self, world: World<'_>) {
        let now = self.now.mono;
        let Some((at, next)) = self.held.drawing.and_then(|drawing| drawing.beyond) else { return };
        if let (true, Some(area)) = (next <= now, self.text().map(|(area, _)| area)) {
            extend(self, area, at, world);
            if let Some(drawing) = &mut self.held.drawing {
                drawing.beyond = Some((at, now + DRIFT));
            }
        }
    }
}

/// The selection goes to the cell under the mouse, or to the next row beyond the edge.
fn extend(ui: &mut Ui, area: Rect, at: Position, world: World<'_>) {
    let reach = ui.reach();
    let Some(drawing) = ui.held.drawing else { return };
    let Some((pager, terminal)) = ui.pager(world) else { return };
    if pager.selection.is_none() {
        let Some(first) = first_row(pager, terminal, reach) else { return };
        pager.selection = Some(Selection::new(Shape::Chars, drawing.from, first, terminal));
        pager.pause(terminal, reach, first);
    }
    let from = pager.position(terminal, reach);
    let seen = pager.seen(terminal);
    if at.y < area.top() {
        pager.pause(terminal, reach, up(&seen, reach, from, 1));
    } else if at.y >= area.bottom() {
        let below = down(&seen, reach, from, 1);
        pager.pause(terminal, reach, below.max(from));
    }
    let x = at.x.clamp(area.left(), area.right().saturating_sub(1)) - area.left();
    let y = at.y.clamp(area.top(), area.bottom().saturating_sub(1)) - area.top();
    let to = spot_at(pager, terminal, reach, (x, y));
    if let (Some(selection), Some(to)) = (&mut pager.selection, to) {
        selection.cursor = to;
    }
}

/// The button was released: what is selected is copied.
pub(super) fn release(ui: &mut Ui, world: World<'_>) -> Vec<Request> {
    ui.held.rule = false;
    let Some(drawing) = ui.held.drawing.take() else { return Vec::new() };
    if ui.job(world.view).is_none_or(|job| job.id != drawing.of) {
        return Vec::new();
    }
    let Some((pager, terminal)) = ui.pager(world) else { return Vec::new() };
    let Some(extract) = pager.extract(drawing.of, terminal) else { return Vec::new() };
    pager.selection = None;
    if drawing.followed {
        pager.at = At::Follow;
    }
    ui.held.copied = true;
    clip::copy(ui, &extract, world)
}
