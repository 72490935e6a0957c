//! From an action to a deed: one thin dispatch for each mode.

use crate::model::Command;
use crate::terminal::Direction;
use crate::ui::eye::{Over, World};
use crate::ui::key::Key;
use crate::ui::keymap::Mode;
use crate::ui::outward::{Overwrite, Save};
use crate::ui::pager::Shape;
use crate::ui::prompt::{Prompt, Purpose};
use crate::ui::tree::Row;
use crate::ui::{
    Action, Request, Ui, banner, beside, details, events, everywhere, focus, help, instant, leave, marking,
    merged, outward, palette, reload, selecting, table, typing, verbs, walk, why,
};

/// Does what an action means in the present mode.
pub(super) fn update(ui: &mut Ui, action: Action, key: Key, world: World<'_>) -> Vec<Request> {
    match ui.mode(world.view) {
        Mode::Tree => tree(ui, action, key, world),
        Mode::Pager => pager(ui, action, key, world),
        Mode::Select => match outward::end(ui).filter(|_| action == Action::Close) {
            Some(request) => vec![request],
            None => selecting::act(ui, action, key, world),
        },
        Mode::Interactive => {
            ui.left = ui.job(world.view).map(|job| job.id);
            ui.over = Over::Nothing;
            Vec::new()
        }
        Mode::Prompt => outward::prompt(ui, action).unwrap_or_else(|| {
            typing::prompt(ui, action, world);
            Vec::new()
        }),
        Mode::Ask => ask(ui, action),
        Mode::Leaving => leave::act(ui, action, world.view),
        Mode::Why => {
            why::act(ui, action, world);
            Vec::new()
        }
        Mode::Details => {
            details::act(ui, action, world);
            Vec::new()
        }
        Mode::Reload => reload::act(ui, action),
        Mode::Events => {
            events::act(ui, action, world);
            Vec::new()
        }
        Mode::Instant => {
            instant::act(ui, action, world);
            Vec::new()
        }
        Mode::Problem => banner::act(ui, action, world.view.problem.as_ref()),
        Mode::Palette => palette::act(ui, action, world),
        Mode::Everywhere => {
            everywhere::act(ui, action, world);
            Vec::new()
        }
        Mode::Help => {
            help::scroll(ui, action);
            Vec::new()
        }
    }
}

fn tree(ui: &mut Ui, action: Action, key: Key, world: World<'_>) -> Vec<Request> {
    let view = world.view;
    match action {
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => {
            walk::step(ui, action, view);
        }
        Action::Left => walk::fold(ui, view),
        Action::Right => walk::unfold(ui, view),
        Action::Open => focus::open(ui, world),
        Action::Mark => {
            walk::mark(ui, view);
            walk::onward(ui, view);
        }
        Action::Filter => {
            let before = ui.tree.filter.text().to_owned();
            let selected = ui.tree.selected.clone();
            ui.over = Over::Prompt(Prompt::new(Purpose::Filter { before, selected }));
        }
        Action::Close if outward::end(ui).is_some() => return outward::end(ui).into_iter().collect(),
        Action::Everywhere => everywhere::begin(ui, world),
        Action::Split => beside::toggle(ui, view),
        Action::Events => events::open(ui, view),
        Action::Close => walk::close_tree(ui, view),
        action => return anywhere(ui, action, key, world),
    }
    Vec::new()
}

fn pager(ui: &mut Ui, action: Action, key: Key, world: World<'_>) -> Vec<Request> {
    let count = ui.count.take();
    match action {
        Action::Digit => ui.count = digit(count, key),
        Action::Numbers => ui.margin.numbers = !ui.margin.numbers,
        Action::Times => marking::next_times(ui, world),
        Action::SetMark | Action::ToMark => marking::await_letter(ui, action, world),
        Action::Instant => instant::open(ui, world),
        // The count is what it leaves first.
        Action::Close if count.is_some() => {}
        Action::Close if outward::end(ui).is_some() => return outward::end(ui).into_iter().collect(),
        action if merged::act(ui, action, count, world) => {}
        Action::Clear => marking::clear(ui, world),
        Action::Back => ui.focus_tree(),
        Action::Close => ui.close_pager(world),
        Action::Interact => ui.interact(world),
        Action::Enter if ui.job(world.view).is_some_and(|job| job.interactive) => ui.interact(world),
        Action::Search => typing::begin_search(ui, Direction::Forward, world),
        Action::SearchBack => typing::begin_search(ui, Direction::Backward, world),
        Action::FilterLines => typing::begin_lines(ui, count, world),
        Action::Wrap => ui.wrap = !ui.wrap,
        Action::Select => ui.begin_selection(Shape::Chars, world),
        Action::SelectLines => ui.begin_selection(Shape::Lines, world),
        Action::SelectBlock => ui.begin_selection(Shape::Block, world),
        Action::Copy | Action::Save | Action::Pipe | Action::Page | Action::Edit => {
            return outward::act(ui, action, world);
        }
        Action::Restart | Action::Stop | Action::Kill => return verbs::verb(ui, action, world.view),
        _ if ui.job(world.view).is_some() && marking::read(ui, action, count, world) => {}
        _ if scroll_table(ui, action, world) => {}
        action => return anywhere(ui, action, key, world),
    }
    Vec::new()
}

/// What is the same in the tree and in the pager.
pub(super) fn anywhere(ui: &mut Ui, action: Action, key: Key, world: World<'_>) -> Vec<Request> {
    match action {
        Action::Nth => walk::nth(ui, key, world.view),
        Action::Merged => merged::toggle(ui, world.view),
        Action::NextTrouble => walk::trouble(ui, world.view),
        Action::SwitchFocus => ui.switch_focus(world),
        Action::Zoom => ui.zoom = !ui.zoom,
        Action::Why => why::open(ui, world.view),
        Action::Details => details::open(ui, world.view),
        Action::Problem => banner::open(ui, world.view.problem.as_ref()),
        Action::Reload => return vec![Request::Reload],
        Action::Palette => palette::open(ui),
        Action::Help => help::open(ui, world.view),
        Action::Quit => return verbs::quit(ui, world.view),
        Action::Suspend => return vec![Request::Suspend],
        Action::Redraw => return vec![Request::Redraw],
        action => return verbs::verb(ui, action, world.view),
    }
    ui.reveal();
    Vec::new()
}

fn ask(ui: &mut Ui, action: Action) -> Vec<Request> {
    let asked = std::mem::replace(&mut ui.over, Over::Nothing);
    match asked {
        _ if action != Action::Yes => Vec::new(),
        Over::Overwrite(save) => vec![Request::Save(Save { over: Overwrite::Yes, ..save })],
        _ => vec![Request::Command(Command::Quit)],
    }
}

fn scroll_table(ui: &mut Ui, action: Action, world: World<'_>) -> bool {
    let before = ui.table;
    let Some(Row::System(system)) = ui.row(world.view) else { return false };
    let height = ui.layout().output.map_or(1, |area| area.height);
    ui.table.scroll(action, table::rows(system), height);
    ui.table != before
}

/// The count with one more digit; none begins with 0.
pub(super) fn digit(count: Option<u32>, key: Key) -> Option<u32> {
    let digit = key.digit()?;
    let count = count.unwrap_or(0).saturating_mul(10).saturating_add(digit).min(999_999_999);
    (count > 0).then_some(count)
}
