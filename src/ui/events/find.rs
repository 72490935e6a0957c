//! Searching in the list of events: while one types the nearest one is selected. Not: the line that is typed (`prompt`).

use std::mem::{replace, take};

use crate::terminal::{Direction, Pattern};
use crate::ui::eye::Over;
use crate::ui::prompt::{Prompt, Purpose};
use crate::ui::{Action, Ui};

use super::act::settle;
use super::list::Events;

/// Opens the line in which a search is typed.
pub(super) fn begin(ui: &mut Ui) {
    ui.over = match replace(&mut ui.over, Over::Nothing) {
        Over::Events(mut events) => {
            events.before = (events.chosen, events.sought.take());
            Over::Prompt(Prompt::new(Purpose::Events(Box::new(events))))
        }
        over => over,
    };
}

/// While it is typed: what it would find. What is wrong with it is returned.
pub(in crate::ui) fn preview(ui: &mut Ui, text: &str) -> Option<String> {
    let size = ui.size;
    let Over::Prompt(Prompt { purpose: Purpose::Events(events), .. }) = &mut ui.over else { return None };
    events.chosen = events.before.0;
    events.sought = None;
    if text.is_empty() {
        return None;
    }
    match Pattern::new(text) {
        Ok(pattern) => events.sought = Some(pattern),
        Err(problem) => return Some(problem),
    }
    let found = find(events, Direction::Forward, Start::Here);
    settle(events, size);
    (!found).then(|| NONE.to_owned())
}

/// It was taken; an empty one goes on with the one before.
pub(in crate::ui) fn taken(ui: &mut Ui, mut events: Box<Events>) {
    if events.sought.is_none() {
        events.sought = events.before.1.take();
    }
    ui.over = Over::Events(*events);
}

/// It was given up.
pub(in crate::ui) fn give_up(ui: &mut Ui, mut events: Box<Events>) {
    (events.chosen, events.sought) = take(&mut events.before);
    settle(&mut events, ui.size);
    ui.over = Over::Events(*events);
}

/// To the next event that matches, or the one before.
pub(super) fn next(ui: &mut Ui, action: Action) {
    let size = ui.size;
    let Over::Events(events) = &mut ui.over else { return };
    if events.sought.is_none() {
        return ui.tell("no search yet: {events.search} begins one");
    }
    let direction = if action == Action::NextHit { Direction::Forward } else { Direction::Backward };
    let found = find(events, direction, Start::Beyond);
    settle(events, size);
    if !found {
        ui.note(NONE);
    }
}

/// Why nothing is found.
const NONE: &str = "no event matches";

/// Where a search begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// With the selected event.
    Here,
    /// With the one beyond.
    Beyond,
}

/// Selects the nearest event that matches, going round; whether there is one. From the newest there is only one way.
fn find(events: &mut Events, direction: Direction, start: Start) -> bool {
    let rows = events.rows();
    let Some(pattern) = events.sought.as_ref().filter(|_| !rows.is_empty()) else { return false };
    let at = events.index(&rows);
    let direction = match start {
        Start::Here if events.follows() => Direction::Backward,
        Start::Here | Start::Beyond => direction,
    };
    let steps = usize::from(start == Start::Beyond)..rows.len() + usize::from(start == Start::Beyond);
    let mut ways = steps.map(|step| match direction {
        Direction::Forward => (at + step) % rows.len(),
        Direction::Backward => (at + 2 * rows.len() - step) % rows.len(),
    });
    let is_hit = |index: &usize| {
        let event = rows[*index].1;
        let told = [&event.address, event.kind, event.by.word(), &event.text].join(" ");
        !pattern.matches_in(&told).is_empty()
    };
    let Some(found) = ways.find(is_hit) else { return false };
    let chosen = (found + 1 < rows.len()).then(|| rows[found].0);
    events.chosen = chosen;
    true
}
