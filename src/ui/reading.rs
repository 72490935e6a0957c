//! Reading the output: moving, searching, going from run to run. Not: keys, and not: drawing.

use std::rc::Rc;

use crate::model::InstanceId;
use crate::terminal::{Direction, Terminal};
use crate::ui::eye::World;
use crate::ui::pager::{
    At, Filtered, Pager, Position, Progress, Reach, Search, Stage, Way, bottom, down, next_run, place_in,
    previous_run, round_told, stage, top, up,
};
use crate::ui::{Action, Ui, selecting};

impl Ui {
    /// Does what an action means for the output of the selected job; whether it means anything there.
    pub(super) fn read(&mut self, action: Action, count: Option<u32>, world: World<'_>) -> bool {
        let reach = self.reach();
        let Some((pager, terminal)) = self.pager(world) else { return false };
        match action {
            Action::NextRun | Action::PreviousRun => self.turn_run(action, reach, world),
            Action::NextHit | Action::PreviousHit => self.next_hit(action, count.unwrap_or(1), world),
            Action::NextError | Action::PreviousError | Action::NextWarning | Action::PreviousWarning => {
                self.next_grave(action, count.unwrap_or(1), world);
            }
            Action::StopSearch => self.stop_search(world),
            Action::Left | Action::Right if reach.wrap => {
                self.tell("long lines are wrapped: {wrap} chops them");
            }
            Action::Left | Action::Right if stage(pager, terminal, reach) != Stage::Lines => {
                self.note("the job paints this screen: nothing stands beside it");
            }
            Action::Left | Action::Right => pager.shift = reach.shift_by(pager.shift, action, count),
            action => return travel(pager, terminal, reach, action, count),
        }
        true
    }

    /// A slice of the search in the output of a job.
    pub(super) fn work_on(&mut self, id: InstanceId, terminal: &Terminal) {
        let reach = self.reach();
        let search = self.pagers.get_mut(&id).and_then(|pager| pager.search.as_mut());
        if let Some(progress) = search.and_then(|search| search.work(terminal)) {
            self.arrived(id, terminal, reach, progress);
        }
    }

    /// While the search is typed: what it would find. What is wrong with it is returned.
    pub(super) fn preview(
        &mut self,
        text: &str,
        direction: Direction,
        at: At,
        world: World<'_>,
    ) -> Option<String> {
        let reach = self.reach();
        let id = self.job(world.view)?.id;
        let (pager, terminal) = self.pager(world)?;
        pager.at = at;
        pager.search = None;
        if let Some(selection) = &mut pager.selection {
            selection.cursor = selection.sought_from.unwrap_or(selection.cursor);
        }
        if text.is_empty() {
            return None;
        }
        let mut search = match Search::new(text, direction, pager.filters()) {
            Ok(search) => search,
            Err(problem) => return Some(problem),
        };
        // Follow stays on while one types: what passes by is marked, and nothing jumps.
        let progress = match at {
            At::Follow => None,
            At::Paused { top, .. } => {
                let from = pager.selection.as_ref().map(|selection| selection.cursor.line);
                let from = from.map_or(top, |line| Position { line, row: 0 });
                Some(search.go(terminal, from, direction, 1))
            }
        };
        pager.search = Some(search);
        if let Some(progress) = progress {
            self.arrived(id, terminal, reach, progress);
        }
        self.note = None;
        None
    }

    /// While a filter is typed: what it would leave, on top of those before. What is wrong with it is returned.
    pub(super) fn preview_lines(
        &mut self,
        text: &str,
        context: Option<u64>,
        at: At,
        before: Option<Rc<Filtered>>,
        world: World<'_>,
    ) -> Option<String> {
        let (pager, _) = self.pager(world)?;
        pager.at = at;
        // A lone sign leaves nothing out.
        if text.is_empty() || text == "!" {
            pager.filter(before);
            return None;
        }
        let filtered = Filtered::new(before.as_deref(), text, context);
        let (filtered, problem) = match filtered {
            Ok(filtered) => (Some(Rc::new(filtered)), None),
            Err(problem) => (before, Some(problem)),
        };
        pager.filter(filtered);
        problem
    }

    /// No filter was typed: all are taken off, or, with a count, so many lines are seen around each line that passes.
    pub(super) fn change_filters(
        &mut self,
        before: Option<&Filtered>,
        context: Option<u64>,
        world: World<'_>,
    ) {
        if let Some((pager, _)) = self.pager(world) {
            let around = context.and_then(|context| before.map(|before| before.with_context(context)));
            pager.filter(around.map(Rc::new));
        }
    }

    /// The search was taken. A pager that follows goes on to follow if a hit is in sight, else it goes to the nearest.
    pub(super) fn search_taken(&mut self, direction: Direction, world: World<'_>) {
        let reach = self.reach();
        let Some((pager, terminal)) = self.pager(world) else { return };
        let follows = pager.follows();
        let seen = bottom(&pager.seen(terminal), reach).line..terminal.lines().end;
        let Some(search) = &mut pager.search else { return };
        search.direction = direction;
        if follows && !search.any_in(terminal, &seen) {
            self.next_hit(Action::PreviousHit, 1, world);
        }
    }

    fn next_hit(&mut self, action: Action, times: u32, world: World<'_>) {
        let reach = self.reach();
        let Some(id) = self.job(world.view).map(|job| job.id) else { return };
        let Some((pager, terminal)) = self.pager(world) else { return };
        let cursor = pager.selection.as_ref().map(|selection| selection.cursor.line);
        let position = pager.position(terminal, reach);
        let follows = pager.follows();
        let sight = position.line..=pager.last_seen(terminal, reach);
        let Some(search) = &mut pager.search else {
            self.tell("no search yet: {search} begins one");
            return;
        };
        let direction = if action == Action::NextHit { search.direction } else { search.direction.turned() };
        // The line of a cursor was looked at already.
        let position = cursor.map_or(position, |line| Position {
            line: line + u64::from(direction == Direction::Forward),
            row: 0,
        });
        if follows || !search.stands_in(sight) {
            search.lift();
        }
        // Below the end there is nothing: from there the nearest hit lies above, whatever the direction.
        let progress = if follows {
            let end = Position { line: terminal.lines().end, row: 0 };
            search.go(terminal, end, Direction::Backward, times)
        } else {
            search.go(terminal, position, direction, times)
        };
        self.arrived(id, terminal, reach, progress);
    }

    fn arrived(&mut self, id: InstanceId, terminal: &Terminal, reach: Reach, progress: Progress) {
        let Some(pager) = self.pagers.get_mut(&id) else { return };
        match progress {
            Progress::At { line, round } => {
                // One stands on the hit now, no longer on an error.
                pager.graves.lift();
                match pager.selection {
                    Some(_) => selecting::land(pager, terminal, reach, line),
                    None => show(pager, terminal, reach, line),
                }
                if let Some(round) = round {
                    self.note(round_told("hit", round));
                }
            }
            Progress::Seeking => {}
            Progress::Nowhere => self.note("no hit"),
        }
    }

    /// Comes from elsewhere to a line that matches, with the search set.
    pub(super) fn land(&mut self, text: &str, line: u64, world: World<'_>) {
        let reach = self.reach();
        let Some(id) = self.job(world.view).map(|job| job.id) else { return };
        let Some((pager, terminal)) = self.pager(world) else { return };
        // A filter that hides the line was meant for something else.
        if pager.seen(terminal).next(line) != Some(line) {
            pager.filter(None);
        }
        let Ok(mut search) = Search::new(text, Direction::Forward, pager.filters()) else { return };
        pager.graves.lift();
        let progress = search.go(terminal, Position { line, row: 0 }, Direction::Forward, 1);
        pager.search = Some(search);
        self.arrived(id, terminal, reach, progress);
    }

    fn stop_search(&mut self, world: World<'_>) {
        let stopped = self.pager(world).is_some_and(|(pager, terminal)| {
            let sought = pager.graves.is_seeking() && pager.graves.lift();
            pager.search.as_mut().is_some_and(|search| search.stop(terminal)) || sought
        });
        self.tell(if stopped {
            "the search was stopped"
        } else {
            "{back} goes back to the tree, and there {tree.quit} quits"
        });
    }

    fn turn_run(&mut self, action: Action, reach: Reach, world: World<'_>) {
        let Some((pager, terminal)) = self.pager(world) else { return };
        let from = pager.position(terminal, reach);
        let (found, none) = match action {
            Action::NextRun => (next_run(terminal, from), "this is the last run"),
            _ => (previous_run(terminal, from), "this is the first run"),
        };
        match found {
            Some(position) => pager.pause(terminal, reach, position),
            None => self.note(none),
        }
    }
}

/// Moves a pager; whether the action is a move.
fn travel(pager: &mut Pager, terminal: &Terminal, reach: Reach, action: Action, count: Option<u32>) -> bool {
    let Some(way) = Way::of(action, count, reach.rows) else { return false };
    let from = pager.position(terminal, reach);
    let seen = &pager.seen(terminal);
    let line = |line| Position { line, row: 0 };
    let to = match way {
        Way::Up(rows) => up(seen, reach, from, rows),
        // Below the end there is nothing.
        Way::Down(_) if pager.follows() => return true,
        Way::Down(rows) => down(seen, reach, from, rows),
        Way::Line(index) => line(index).max(top(seen)),
        Way::Portion(percent) => line(seen.portion(percent)),
        Way::End => {
            pager.at = At::Follow;
            return true;
        }
    };
    pager.pause(terminal, reach, to);
    true
}

/// Brings a hit on the screen, a third down from the top unless it is in sight.
fn show(pager: &mut Pager, terminal: &Terminal, reach: Reach, line: u64) {
    let Some(search) = &pager.search else { return };
    let (row, column) = place_in(&pager.seen(terminal), reach, line, search);
    let to = pager.showing(terminal, reach, Position { line, row });
    pager.pause(terminal, reach, to);
    pager.shift = reach.shift_to(pager.shift, column, reach.cols / 2);
}
