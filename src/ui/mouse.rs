//! The mouse: it selects, folds, focuses and scrolls the pane it points at. Not: what a job hears of it, and not: selecting text
//! (`drag`).

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::ui::drag::{self, Held};
use crate::ui::draw::above;
use crate::ui::eye::{Focus, Over, World};
use crate::ui::layout::Side;
use crate::ui::pager::{self, At, overview};
use crate::ui::tree::{Row, rows, select};
use crate::ui::{
    Action, Request, Ui, banner, details, events, everywhere, help, hint, instant, merged, palette, reload,
    status, table, walk, why,
};

/// Rows that one notch of the wheel moves.
const NOTCH: u32 = 3;

/// Does what a deed of the mouse means.
pub(super) fn mouse(ui: &mut Ui, deed: MouseEvent, world: World<'_>) -> Vec<Request> {
    let at = Position::new(deed.column, deed.row);
    match (deed.kind, &ui.over) {
        (MouseEventKind::Down(MouseButton::Left), _) if points_at(ui.layout().hint, at) => {
            let key = ui.layout().hint.and_then(|area| hint::key_at(at.x, area, ui, world));
            return key.map_or_else(Vec::new, |key| ui.key(&key.event(), world));
        }
        // Nobody can select while zap leaves, and what was begun is at an end.
        _ if world.view.quitting.is_some() => ui.held = Held::default(),
        (MouseEventKind::ScrollUp, _) => wheel(ui, Action::Up, at, world),
        (MouseEventKind::ScrollDown, _) => wheel(ui, Action::Down, at, world),
        (MouseEventKind::Down(MouseButton::Left), Over::Nothing | Over::Interactive(_)) => {
            press(ui, at, world);
        }
        (MouseEventKind::Down(MouseButton::Left), Over::Why(_)) => {
            let screen = above(Rect::new(0, 0, ui.size.0, ui.size.1));
            why::press(ui, at, screen, world);
        }
        (MouseEventKind::Down(MouseButton::Left), Over::Details(_)) => details::press(ui, at, world.view),
        (MouseEventKind::Drag(MouseButton::Left), _) => drag::drag(ui, at, world),
        (MouseEventKind::Up(MouseButton::Left), _) => return drag::release(ui, world),
        _ => {}
    }
    Vec::new()
}

fn points_at(area: Option<Rect>, at: Position) -> bool {
    area.is_some_and(|area| area.contains(at))
}

fn press(ui: &mut Ui, at: Position, world: World<'_>) {
    if points_beside(ui, at) {
        ui.end_selection(world);
        ui.over = Over::Nothing;
        ui.focus_side(ui.side().map_or(Side::Second, Side::other), world);
    }
    let layout = ui.layout();
    if points_at(layout.rule, at) {
        return drag::press_rule(ui);
    }
    if layout.status.is_some_and(|area| area.contains(at) && status::is_way(at.x, area, ui)) {
        ui.end_selection(world);
        ui.over = Over::Nothing;
        walk::trouble(ui, world.view);
        return ui.reveal();
    }
    if let Some(area) = layout.tree.filter(|area| area.contains(at)) {
        ui.end_selection(world);
        ui.over = Over::Nothing;
        ui.focus = Focus::Tree;
        press_row(ui, area, at, world);
    } else if let Some(area) = ui.text().and_then(|(_, aside)| aside).filter(|area| area.contains(at)) {
        press_overview(ui, area, at, world);
    } else if let Some((area, _)) = ui.text().filter(|(area, _)| area.contains(at)) {
        if ui.focus == Focus::Tree {
            ui.focus_pager(world);
        }
        // The focus may have moved what stands there.
        if ui.text().is_some_and(|(text, _)| text == area) {
            drag::press(ui, area, at, world);
        }
    }
}

/// Goes to where one points in the overview.
fn press_overview(ui: &mut Ui, area: Rect, at: Position, world: World<'_>) {
    ui.over = Over::Nothing;
    if ui.focus == Focus::Tree {
        ui.focus_pager(world);
    }
    let reach = ui.reach();
    let Some((pager, terminal)) = ui.pager(world) else { return };
    let line = overview::line_at(&terminal.lines(), at.y - area.y, area.height);
    let to = pager.showing(terminal, reach, pager::Position { line, row: 0 });
    pager.pause(terminal, reach, to);
}

fn press_row(ui: &mut Ui, area: Rect, at: Position, world: World<'_>) {
    let rows = rows(world.view, &ui.tree);
    let index = ui.tree.top + usize::from(at.y - area.y);
    let on_sign = at.x < area.x + 3;
    if let (Some(Row::System(system)), true) = (rows.get(index), on_sign)
        && !ui.tree.folded.remove(&system.name)
    {
        ui.tree.folded.insert(system.name.clone());
    }
    select(&mut ui.tree, &rows, index);
}

fn wheel(ui: &mut Ui, action: Action, at: Position, world: World<'_>) {
    let layout = ui.layout();
    if let Over::Help(_) = ui.over {
        (0..NOTCH).for_each(|_| help::scroll(ui, action));
    } else if wheel_over(ui, action, world) {
        // It was scrolled.
    } else if let Some(area) = layout.tree.filter(|area| area.contains(at)) {
        wheel_tree(ui, action, area, world);
    } else if layout.output.is_some_and(|area| area.contains(at)) {
        wheel_pager(ui, action, world);
    } else if points_beside(ui, at) {
        ui.beside(|ui| wheel_pager(ui, action, world));
    }
}

/// Whether one points at the pager that is not looked at.
fn points_beside(ui: &mut Ui, at: Position) -> bool {
    ui.beside(|ui| ui.layout().output.is_some_and(|area| area.contains(at))) == Some(true)
}

/// What lies over the panes takes the wheel.
fn wheel_over(ui: &mut Ui, action: Action, world: World<'_>) -> bool {
    let reload = reload::measure(ui);
    let problem = world.view.problem.as_ref().map(|problem| banner::measure(problem, ui.size));
    match (&mut ui.over, reload, problem) {
        (Over::Reload(page), Some((rows, height)), _) => {
            (0..NOTCH).for_each(|_| page.scroll(action, rows, height));
        }
        (Over::Problem(reading), _, Some((rows, height))) => {
            (0..NOTCH).for_each(|_| reading.page.scroll(action, rows, height));
        }
        (Over::Details(_), ..) => (0..NOTCH).for_each(|_| details::scroll(ui, action, world.view)),
        (Over::Why(_), ..) => why::act(ui, action, world),
        (Over::Palette(_), ..) => drop(palette::act(ui, action, world)),
        (Over::Everywhere(_), ..) => (0..NOTCH).for_each(|_| everywhere::act(ui, action, world)),
        (Over::Events(_), ..) => (0..NOTCH).for_each(|_| events::act(ui, action, world)),
        (Over::Instant(_), ..) => instant::act(ui, action, world),
        _ => return false,
    }
    true
}

fn wheel_tree(ui: &mut Ui, action: Action, area: Rect, world: World<'_>) {
    let most = rows(world.view, &ui.tree).len().saturating_sub(usize::from(area.height));
    let top = ui.tree.top;
    ui.tree.top = match action {
        Action::Up => top.saturating_sub(NOTCH as usize),
        _ => (top + NOTCH as usize).min(most),
    };
}

fn wheel_pager(ui: &mut Ui, action: Action, world: World<'_>) {
    if merged::wheel(ui, action, NOTCH, world) {
        return;
    }
    if let Some(Row::System(system)) = ui.row(world.view) {
        let height = ui.layout().output.map_or(1, |area| area.height);
        let rows = table::rows(system);
        (0..NOTCH).for_each(|_| ui.table.scroll(action, rows, height));
        return;
    }
    ui.read(action, Some(NOTCH), world);
    let reach = ui.reach();
    // The wheel has no key for the end: at the bottom it follows again, and where all fits it is always there.
    if let Some((pager, terminal)) = ui.pager(world)
        && let At::Paused { top, .. } = pager.at
        && pager.selection.is_none()
        && top >= crate::ui::pager::bottom(&pager.seen(terminal), reach)
    {
        pager.at = At::Follow;
    }
}
