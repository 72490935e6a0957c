//! The mouse: it selects, folds, focuses and scrolls the pane it points at. Not: what a job hears of it.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::ui::eye::{Focus, Over, World};
use crate::ui::pager::At;
use crate::ui::tree::{Row, rows, select};
use crate::ui::{Action, Ui, banner, details, help, instant, merged, reload, table, why};

/// Rows that one notch of the wheel moves.
const NOTCH: u32 = 3;

/// Does what a deed of the mouse means.
pub(super) fn mouse(ui: &mut Ui, deed: MouseEvent, world: World<'_>) {
    let at = Position::new(deed.column, deed.row);
    match (deed.kind, &ui.over) {
        (MouseEventKind::ScrollUp, _) => wheel(ui, Action::Up, at, world),
        (MouseEventKind::ScrollDown, _) => wheel(ui, Action::Down, at, world),
        (MouseEventKind::Down(MouseButton::Left), Over::Nothing | Over::Interactive(_)) => {
            press(ui, at, world);
        }
        _ => {}
    }
}

fn press(ui: &mut Ui, at: Position, world: World<'_>) {
    let layout = ui.layout();
    if world.view.quitting.is_some() {
        return;
    }
    if let Some(area) = layout.tree.filter(|area| area.contains(at)) {
        ui.over = Over::Nothing;
        ui.focus = Focus::Tree;
        press_row(ui, area, at, world);
    } else if layout.output.is_some_and(|area| area.contains(at)) && ui.focus == Focus::Tree {
        ui.focus_pager(world);
    }
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
    if let Over::Help(page) = &mut ui.over {
        let (rows, height) = help::measure(ui.size);
        (0..NOTCH).for_each(|_| page.scroll(action, rows, height));
    } else if wheel_over(ui, action, world) {
        // It was scrolled.
    } else if let Some(area) = layout.tree.filter(|area| area.contains(at)) {
        wheel_tree(ui, action, area, world);
    } else if layout.output.is_some_and(|area| area.contains(at)) {
        wheel_pager(ui, action, world);
    }
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
    // The wheel has no key for the end: at the bottom it follows again.
    if let Some((pager, terminal)) = ui.pager(world)
        && let At::Paused { top, .. } = pager.at
        && action == Action::Down
        && top >= crate::ui::pager::bottom(&pager.seen(terminal), reach)
    {
        pager.at = At::Follow;
    }
}
