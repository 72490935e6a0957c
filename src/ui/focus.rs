//! Which pane has the keys, and whether the job has them itself. Not: what keys do.

use std::rc::Rc;

use crate::model::{InstanceView, State};
use crate::ui::eye::{Focus, Over, World};
use crate::ui::keymap::Mode;
use crate::ui::layout::Side;
use crate::ui::pager::{At, Position};
use crate::ui::tree::Row;
use crate::ui::{Action, Ui, interactive};

impl Ui {
    /// Gives the tree the keys, beside the pager.
    pub(super) fn focus_tree(&mut self) {
        self.focus = Focus::Tree;
        self.turn_to(Side::Second);
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

    /// Gives the next pane the keys: the tree, the pager, the second one.
    pub(super) fn switch_focus(&mut self, world: World<'_>) {
        match (self.focus, self.side()) {
            (Focus::Tree, None) => self.focus_pager(world),
            (Focus::Tree, Some(_)) => self.focus_side(Side::First, world),
            (Focus::Pager, Some(Side::First)) => self.focus_side(Side::Second, world),
            (Focus::Pager, Some(Side::Second) | None) => self.focus = Focus::Tree,
        }
    }

    /// Gives one of two pagers the keys.
    pub(super) fn focus_side(&mut self, side: Side, world: World<'_>) {
        self.turn_to(side);
        self.focus_pager(world);
    }

    /// Gives the job the keys, if it runs.
    pub(super) fn interact(&mut self, world: World<'_>) {
        match self.job(world.view) {
            Some(job) if interactive::takes_keys(job) => {
                let id = job.id;
                self.over = Over::Interactive(id);
                let pager = self.pagers.entry(id).or_default();
                pager.at = At::Follow;
                pager.cleared = None;
            }
            Some(job) => self.note = Some(no_keys(job, &self.keys.told(Mode::Pager, Action::Restart))),
            None => {}
        }
    }

    /// Closes the innermost thing: the search, then the filters, the last one first, then the pager.
    pub(super) fn close_pager(&mut self, world: World<'_>) {
        let Some((pager, _)) = self.pager(world) else { return self.focus_tree() };
        // That one went to an error is nothing that is open, but that one is still sought is.
        let sought = pager.graves.is_seeking();
        pager.graves.lift();
        if sought || pager.search.take().is_some() {
            return;
        }
        match pager.filtered().cloned() {
            Some(filtered) => pager.filter(filtered.without_last().map(Rc::new)),
            None => self.focus_tree(),
        }
    }
}

/// Why a job takes no keys, and what helps.
fn no_keys(job: &InstanceView, restart: &str) -> String {
    match job.state {
        State::Waiting | State::Scheduled | State::Backoff | State::Held => {
            format!("{} does not run: {}", job.address, job.why)
        }
        State::Stopped | State::Done | State::Failed => {
            format!("{} does not run: {restart} starts it", job.address)
        }
        State::Starting | State::Running | State::Stopping => format!("{} takes no keys", job.address),
    }
}

/// Into the output of the selected row, in full; of a step from where it began.
pub(super) fn open(ui: &mut Ui, world: World<'_>) {
    let step = match ui.row(world.view) {
        Some(Row::Step(_, step)) => Some(step),
        Some(Row::System(_) | Row::Job(..)) => None,
        None => return,
    };
    ui.zoom = true;
    ui.focus_pager(world);
    let reach = ui.reach();
    if let Some((pager, terminal)) = ui.pager(world)
        && let Some(line) = step.and_then(|step| terminal.step_line(step))
    {
        pager.pause(terminal, reach, Position { line, row: 0 });
    }
}
