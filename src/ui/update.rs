//! From an action to a deed: one thin dispatch for each mode.

use crate::model::{Command, View};
use crate::ui::eye::{Focus, Over, World};
use crate::ui::key::Key;
use crate::ui::keymap::Mode;
use crate::ui::page::Page;
use crate::ui::pager::Direction;
use crate::ui::prompt::{Prompt, Purpose};
use crate::ui::tree::{Filter, Place, Row, in_trouble, jobs, rows, select};
use crate::ui::{Action, Request, Ui, help, interactive, leave, table, verbs};

/// Does what an action means in the present mode.
pub(super) fn update(ui: &mut Ui, action: Action, key: Key, world: World<'_>) -> Vec<Request> {
    match ui.mode(world.view) {
        Mode::Tree => tree(ui, action, key, world),
        Mode::Pager => pager(ui, action, key, world),
        Mode::Interactive => {
            ui.left = ui.job(world.view).map(|job| job.id);
            ui.over = Over::Nothing;
            Vec::new()
        }
        Mode::Prompt => {
            prompt(ui, action, world);
            Vec::new()
        }
        Mode::Ask => ask(ui, action),
        Mode::Leaving => leave::act(ui, action, world.view),
        Mode::Help => {
            scroll_help(ui, action);
            Vec::new()
        }
    }
}

fn tree(ui: &mut Ui, action: Action, key: Key, world: World<'_>) -> Vec<Request> {
    let view = world.view;
    match action {
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => {
            step(ui, action, view);
        }
        Action::Left => fold(ui, view),
        Action::Right => unfold(ui, view),
        Action::Open => open(ui, world),
        Action::Mark => mark(ui, view),
        Action::Filter => {
            let before = ui.tree.filter.text().to_owned();
            ui.over = Over::Prompt(Prompt::new(Purpose::Filter { before }));
        }
        Action::Close => close_tree(ui, view),
        action => return anywhere(ui, action, key, world),
    }
    Vec::new()
}

fn pager(ui: &mut Ui, action: Action, key: Key, world: World<'_>) -> Vec<Request> {
    let count = ui.count.take();
    match action {
        Action::Digit => ui.count = digit(count, key),
        Action::Back => ui.focus_tree(),
        Action::Close => ui.close_pager(world),
        Action::Interact => ui.interact(world),
        Action::Enter if ui.job(world.view).is_some_and(|job| job.interactive) => ui.interact(world),
        Action::Search => begin_search(ui, Direction::Forward, world),
        Action::SearchBack => begin_search(ui, Direction::Back, world),
        Action::Wrap => ui.wrap = !ui.wrap,
        Action::Restart | Action::Stop | Action::Kill => return verbs::verb(ui, action, world.view),
        _ if ui.job(world.view).is_some() && ui.read(action, count, world) => {}
        _ if scroll_table(ui, action, world) => {}
        action => return anywhere(ui, action, key, world),
    }
    Vec::new()
}

/// What is the same in the tree and in the pager.
fn anywhere(ui: &mut Ui, action: Action, key: Key, world: World<'_>) -> Vec<Request> {
    match action {
        Action::Nth => nth(ui, key, world.view),
        Action::NextTrouble => trouble(ui, world.view),
        Action::SwitchFocus => ui.switch_focus(world),
        Action::Zoom => ui.zoom = !ui.zoom,
        Action::Help => ui.over = Over::Help(Page::default()),
        Action::Quit => return verbs::quit(ui, world.view),
        Action::Suspend => return vec![Request::Suspend],
        Action::Redraw => return vec![Request::Redraw],
        action => return verbs::verb(ui, action, world.view),
    }
    ui.reveal();
    Vec::new()
}

fn step(ui: &mut Ui, action: Action, view: &View) {
    let rows = rows(view, &ui.tree);
    let Some(last) = rows.len().checked_sub(1) else { return };
    let page = ui.layout().tree.map_or(1, |area| usize::from(area.height).max(1));
    let at = ui.tree.index_in(&rows);
    let to = match action {
        Action::Up => at.checked_sub(1).unwrap_or(last),
        Action::Down if at == last => 0,
        Action::Down => at + 1,
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => (at + page).min(last),
        Action::First => 0,
        _ => last,
    };
    select(&mut ui.tree, &rows, to);
    ui.table = Page::default();
    ui.reveal();
}

fn nth(ui: &mut Ui, key: Key, view: &View) {
    let rows = rows(view, &ui.tree);
    let wanted = key.digit().and_then(|digit| (digit as usize).checked_sub(1));
    let found = wanted.and_then(|wanted| jobs(&rows).nth(wanted));
    match found {
        Some(index) => select(&mut ui.tree, &rows, index),
        None => ui.note("there are not so many jobs here"),
    }
}

fn trouble(ui: &mut Ui, view: &View) {
    let rows = rows(view, &ui.tree);
    let at = ui.tree.index_in(&rows);
    let alerted =
        ui.alerts.first().and_then(|alert| rows.iter().position(|row| row.is(&Place::Job(alert.id))));
    let bad = |index: &usize| matches!(rows[*index], Row::Job(_, job) if in_trouble(job));
    let next = || (at + 1..rows.len()).chain(0..rows.len().min(at + 1)).find(bad);
    match alerted.or_else(next) {
        Some(index) => select(&mut ui.tree, &rows, index),
        None => ui.note("nothing is in trouble"),
    }
    ui.reveal();
}

fn fold(ui: &mut Ui, view: &View) {
    let rows = rows(view, &ui.tree);
    let Some(row) = rows.get(ui.tree.index_in(&rows)) else { return };
    let owner = match row {
        Row::System(system) => {
            ui.tree.folded.insert(system.name.clone());
            return;
        }
        Row::Job(_, job) if rows.iter().any(|row| row.is(&Place::Step(job.id, 0))) => {
            ui.tree.steps.insert(job.id, false);
            return;
        }
        Row::Job(system, _) => Place::System(system.name.clone()),
        Row::Step(job, _) => Place::Job(job.id),
    };
    if let Some(index) = rows.iter().position(|row| row.is(&owner)) {
        select(&mut ui.tree, &rows, index);
        ui.reveal();
    }
}

fn unfold(ui: &mut Ui, view: &View) {
    match ui.row(view) {
        Some(Row::System(system)) => {
            ui.tree.folded.remove(&system.name);
        }
        Some(Row::Job(_, job)) if !job.steps.is_empty() => {
            ui.tree.steps.insert(job.id, true);
        }
        Some(Row::Job(..) | Row::Step(..)) | None => {}
    }
}

fn open(ui: &mut Ui, world: World<'_>) {
    let step = match ui.row(world.view) {
        Some(Row::Step(_, step)) => Some(step),
        Some(Row::System(_) | Row::Job(..)) | None => None,
    };
    ui.zoom = true;
    ui.focus_pager(world);
    let reach = ui.reach();
    if let Some((pager, terminal)) = ui.pager(world)
        && let Some(line) = step.and_then(|step| terminal.step_line(step))
    {
        pager.pause(terminal, reach, crate::ui::pager::Position { line, row: 0 });
    }
}

fn mark(ui: &mut Ui, view: &View) {
    let ids: Vec<_> = match ui.row(view) {
        Some(Row::System(system)) => system.jobs.iter().map(|job| job.id).collect(),
        Some(Row::Job(_, job) | Row::Step(job, _)) => vec![job.id],
        None => return,
    };
    let all = ids.iter().all(|id| ui.tree.marks.contains(id));
    for id in ids {
        if all {
            ui.tree.marks.remove(&id)
        } else {
            ui.tree.marks.insert(id)
        };
    }
}

fn close_tree(ui: &mut Ui, view: &View) {
    if !ui.tree.filter.is_empty() {
        ui.set_filter("", view);
    } else if !ui.tree.marks.is_empty() {
        ui.tree.marks.clear();
    } else {
        ui.zoom = false;
    }
}

fn ask(ui: &mut Ui, action: Action) -> Vec<Request> {
    ui.over = Over::Nothing;
    if action == Action::Yes { vec![Request::Command(Command::Quit)] } else { Vec::new() }
}

fn scroll_help(ui: &mut Ui, action: Action) {
    let (rows, height) = help::measure(ui.size);
    match &mut ui.over {
        Over::Help(_) if action == Action::Close => ui.over = Over::Nothing,
        Over::Help(page) => page.scroll(action, rows, height),
        Over::Nothing | Over::Ask | Over::Prompt(_) | Over::Interactive(_) => {}
    }
}

fn scroll_table(ui: &mut Ui, action: Action, world: World<'_>) -> bool {
    let before = ui.table;
    let Some(Row::System(system)) = ui.row(world.view) else { return false };
    let height = ui.layout().output.map_or(1, |area| area.height);
    ui.table.scroll(action, table::rows(system), height);
    ui.table != before
}

fn digit(count: Option<u32>, key: Key) -> Option<u32> {
    let digit = key.digit()?;
    let count = count.unwrap_or(0).saturating_mul(10).saturating_add(digit).min(999_999_999);
    (count > 0).then_some(count)
}

fn begin_search(ui: &mut Ui, direction: Direction, world: World<'_>) {
    if let Some((pager, _)) = ui.pager(world) {
        let before = pager.search.take().map(Box::new);
        let at = pager.at;
        ui.over = Over::Prompt(Prompt::new(Purpose::Search { direction, at, before }));
    }
}

fn prompt(ui: &mut Ui, action: Action, world: World<'_>) {
    let Over::Prompt(prompt) = &mut ui.over else { return };
    match action {
        Action::Accept => return accept(ui, world),
        Action::Close => return give_up(ui, world),
        Action::Back if prompt.text.is_empty() => return give_up(ui, world),
        Action::Back => drop(prompt.text.pop()),
        Action::First => prompt.text.clear(),
        Action::Up | Action::Down => match &prompt.purpose {
            Purpose::Filter { .. } => return step(ui, action, world.view),
            Purpose::Search { before: Some(search), .. } => prompt.text.clone_from(&search.text),
            Purpose::Search { before: None, .. } => {}
        },
        _ => prompt.erase_word(),
    }
    changed(ui, world);
}

/// A key that means nothing else types itself.
pub(super) fn typed(ui: &mut Ui, key: Key, world: World<'_>) {
    if let (Over::Prompt(prompt), Some(c)) = (&mut ui.over, key.typed()) {
        prompt.text.push(c);
        changed(ui, world);
    }
}

/// A paste into the line: its first line.
pub(super) fn pasted(ui: &mut Ui, text: &str, world: World<'_>) {
    if let Over::Prompt(prompt) = &mut ui.over {
        let line = text.lines().next().unwrap_or_default();
        prompt.text.extend(line.chars().filter(|c| !c.is_control()));
        changed(ui, world);
    }
}

fn changed(ui: &mut Ui, world: World<'_>) {
    let Over::Prompt(prompt) = &ui.over else { return };
    let text = prompt.text.clone();
    match prompt.purpose {
        Purpose::Filter { .. } => ui.set_filter(&text, world.view),
        Purpose::Search { direction, at, .. } => {
            let problem = ui.preview(&text, direction, at, world);
            if let Over::Prompt(prompt) = &mut ui.over {
                prompt.problem = problem;
            }
        }
    }
}

fn accept(ui: &mut Ui, world: World<'_>) {
    let Over::Prompt(prompt) = std::mem::replace(&mut ui.over, Over::Nothing) else { return };
    match prompt.purpose {
        Purpose::Filter { .. } => {}
        Purpose::Search { direction, before, .. } => {
            if prompt.text.is_empty()
                && let Some((pager, _)) = ui.pager(world)
            {
                pager.search = before.map(|search| *search);
            }
            ui.search_taken(direction, world);
        }
    }
}

fn give_up(ui: &mut Ui, world: World<'_>) {
    let Over::Prompt(prompt) = std::mem::replace(&mut ui.over, Over::Nothing) else { return };
    match prompt.purpose {
        Purpose::Filter { before } => ui.set_filter(&before, world.view),
        Purpose::Search { at, before, .. } => {
            if let Some((pager, _)) = ui.pager(world) {
                pager.search = before.map(|search| *search);
                pager.at = at;
            }
        }
    }
}

impl Ui {
    /// Shows the names that match, and selects one of them.
    fn set_filter(&mut self, text: &str, view: &View) {
        self.tree.filter = Filter::new(text);
        let rows = rows(view, &self.tree);
        let kept = self.tree.selected.as_ref().is_some_and(|place| rows.iter().any(|row| row.is(place)));
        let system = matches!(self.tree.selected, Some(Place::System(_)));
        if !kept || (system && !text.is_empty()) {
            let first = jobs(&rows).next().unwrap_or(0);
            select(&mut self.tree, &rows, first);
        }
        self.reveal();
    }

    pub(super) fn focus_tree(&mut self) {
        self.focus = Focus::Tree;
        self.zoom = false;
        self.reveal();
    }

    /// Gives the pager the keys; an interactive job gets them itself.
    pub(super) fn focus_pager(&mut self, world: World<'_>) {
        self.focus = Focus::Pager;
        if self.job(world.view).is_some_and(|job| job.interactive && interactive::takes_keys(job)) {
            self.interact(world);
        }
    }

    fn switch_focus(&mut self, world: World<'_>) {
        match self.focus {
            Focus::Tree => self.focus_pager(world),
            Focus::Pager => self.focus = Focus::Tree,
        }
    }

    fn interact(&mut self, world: World<'_>) {
        match self.job(world.view) {
            Some(job) if interactive::takes_keys(job) => {
                let id = job.id;
                self.over = Over::Interactive(id);
                self.pagers.entry(id).or_default().at = crate::ui::pager::At::Follow;
            }
            Some(job) => self.note = Some(format!("{} does not run: r starts it", job.address)),
            None => {}
        }
    }

    /// Closes the innermost thing: the search, then the pager.
    fn close_pager(&mut self, world: World<'_>) {
        let search = self.pager(world).and_then(|(pager, _)| pager.search.take());
        if search.is_none() {
            self.focus_tree();
        }
    }
}
