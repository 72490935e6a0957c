//! Typing into a line: the filter changes the tree, search and filters the pager, with each character. Not: the line itself.

use crate::terminal::{Direction, Pattern};
use crate::ui::eye::{Over, World};
use crate::ui::key::Key;
use crate::ui::prompt::{Prompt, Purpose};
use crate::ui::{Action, Ui, events, everywhere, marking, merged, walk};

/// Opens the line in which a search is typed.
pub(super) fn begin_search(ui: &mut Ui, direction: Direction, world: World<'_>) {
    if merged::begin_search(ui, direction, world) {
        return;
    }
    let Some(id) = ui.job(world.view).map(|job| job.id) else { return };
    if let Some((pager, _)) = ui.pager(world) {
        let before = pager.search.take().map(Box::new);
        let at = pager.at;
        if let Some(selection) = &mut pager.selection {
            selection.sought_from = Some(selection.cursor);
        }
        ui.over = Over::Prompt(Prompt::new(Purpose::Search { id, direction, at, before }));
    }
}

/// Opens the line in which a filter for lines is typed; a count says how many lines are to be seen around each.
pub(super) fn begin_lines(ui: &mut Ui, count: Option<u32>, world: World<'_>) {
    let Some(id) = ui.job(world.view).map(|job| job.id) else { return };
    if let Some((pager, _)) = ui.pager(world) {
        let (at, before) = (pager.at, pager.filtered().cloned());
        let context = count.map(u64::from);
        ui.over = Over::Prompt(Prompt::new(Purpose::Lines { id, at, context, before }));
    }
}

/// A key that edits the line or ends it.
pub(super) fn prompt(ui: &mut Ui, action: Action, world: World<'_>) {
    let Over::Prompt(prompt) = &mut ui.over else { return };
    match action {
        Action::Accept => return accept(ui, world),
        Action::Close => return give_up(ui, world),
        Action::Back if prompt.line.text.is_empty() => return give_up(ui, world),
        Action::Up | Action::Down => {
            let recall = match &prompt.purpose {
                Purpose::Filter { .. } => return walk::step(ui, action, world.view),
                Purpose::Lines { .. } => &ui.filters,
                Purpose::Pipe(_) => &ui.commands,
                Purpose::Save { .. } => &ui.files,
                Purpose::Search { .. }
                | Purpose::SearchMerged { .. }
                | Purpose::Everywhere { .. }
                | Purpose::Events(_) => &ui.searches,
            };
            let text = match action {
                Action::Up => recall.older(&mut prompt.recalled, &prompt.line.text),
                _ => recall.newer(&mut prompt.recalled),
            };
            match text {
                Some(text) => prompt.line.text = text,
                None => return,
            }
        }
        Action::NextChoice => {}
        _ => prompt.line.erase(action),
    }
    changed(ui, world);
}

/// A key that means nothing else types itself.
pub(super) fn typed(ui: &mut Ui, key: Key, world: World<'_>) {
    if let (Over::Prompt(prompt), Some(c)) = (&mut ui.over, key.typed()) {
        prompt.line.push(c.encode_utf8(&mut [0; 4]));
        changed(ui, world);
    }
}

/// A paste into the line: its first line.
pub(super) fn pasted(ui: &mut Ui, text: &str, world: World<'_>) {
    if let Over::Prompt(prompt) = &mut ui.over {
        prompt.line.push(text);
        changed(ui, world);
    }
}

fn changed(ui: &mut Ui, world: World<'_>) {
    let Over::Prompt(prompt) = &ui.over else { return };
    let text = prompt.line.text.clone();
    match &prompt.purpose {
        Purpose::Filter { .. } => {
            ui.set_filter(&text, world.view);
            let lost = !text.is_empty() && !ui.shows_any(world.view);
            set_problem(ui, lost.then(|| "no job has such a name".to_owned()));
        }
        // Nothing is searched before it is taken: all jobs are too much for each letter.
        Purpose::Everywhere { .. } => set_problem(ui, Pattern::new(&text).err()),
        Purpose::Lines { at, context, before, .. } => {
            let before = before.clone();
            let problem = ui.preview_lines(&text, *context, *at, before, world);
            set_problem(ui, problem);
        }
        Purpose::Search { direction, at, .. } => {
            let problem = ui.preview(&text, *direction, *at, world);
            set_problem(ui, problem);
        }
        Purpose::SearchMerged { direction, at, .. } => {
            let problem = merged::preview(ui, &text, (*direction, &at.clone()), world);
            set_problem(ui, problem);
        }
        Purpose::Events(_) => {
            let problem = events::preview(ui, &text);
            set_problem(ui, problem);
        }
        Purpose::Save { .. } | Purpose::Pipe(_) => set_problem(ui, None),
    }
}

fn set_problem(ui: &mut Ui, problem: Option<String>) {
    if let Over::Prompt(prompt) = &mut ui.over {
        prompt.problem = problem;
    }
}

/// Takes what was typed. What is wrong with it stays in sight until it is mended or given up.
fn accept(ui: &mut Ui, world: World<'_>) {
    if matches!(&ui.over, Over::Prompt(prompt) if prompt.problem.is_some()) {
        return;
    }
    let Over::Prompt(prompt) = std::mem::replace(&mut ui.over, Over::Nothing) else { return };
    match prompt.purpose {
        // Where it goes is told by `outward`.
        Purpose::Filter { .. } | Purpose::Save { .. } | Purpose::Pipe(_) => {}
        Purpose::Everywhere { system, .. } => {
            ui.searches.keep(&prompt.line.text);
            everywhere::start(ui, &prompt.line.text, &system, world);
        }
        Purpose::Events(events) => {
            ui.searches.keep(&prompt.line.text);
            events::taken(ui, events);
        }
        Purpose::Lines { context, before, .. } => {
            if prompt.line.text != "!" {
                ui.filters.keep(&prompt.line.text);
            }
            if prompt.line.text.is_empty() {
                ui.change_filters(before.as_deref(), context, world);
            }
        }
        Purpose::SearchMerged { direction, before, at, .. } => {
            ui.searches.keep(&prompt.line.text);
            merged::search_taken(ui, direction, (prompt.line.text.is_empty(), before.map(|b| *b), at), world);
        }
        Purpose::Search { direction, before, at, .. } => {
            ui.searches.keep(&prompt.line.text);
            if prompt.line.text.is_empty()
                && let Some((pager, _)) = ui.pager(world)
            {
                pager.search = before.map(|search| *search);
            }
            ui.search_taken(direction, world);
            marking::jumped(ui, at, world);
        }
    }
}

fn give_up(ui: &mut Ui, world: World<'_>) {
    let Over::Prompt(prompt) = std::mem::replace(&mut ui.over, Over::Nothing) else { return };
    match prompt.purpose {
        Purpose::Filter { before, selected } => {
            ui.set_filter(&before, world.view);
            ui.tree.selected = selected;
        }
        Purpose::Everywhere { again: true, .. } => everywhere::again(ui),
        Purpose::Events(events) => events::give_up(ui, events),
        Purpose::SearchMerged { at, before, .. } => {
            merged::give_up(ui, at, before.map(|search| *search), world);
        }
        Purpose::Lines { at, before, .. } => {
            if let Some((pager, _)) = ui.pager(world) {
                pager.filter(before);
                pager.at = at;
            }
        }
        Purpose::Search { at, before, .. } => {
            if let Some((pager, _)) = ui.pager(world) {
                pager.search = before.map(|search| *search);
                pager.at = at;
                if let Some(selection) = &mut pager.selection {
                    selection.cursor = selection.sought_from.unwrap_or(selection.cursor);
                }
            }
        }
        Purpose::Everywhere { again: false, .. } | Purpose::Save { .. } | Purpose::Pipe(_) => {}
    }
}
