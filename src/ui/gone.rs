//! What becomes of an eye when what it looked at has gone: a job that the file no longer has, a problem that was mended.
//! Nothing may stay open about it, and no key may reach its neighbour by mistake. Not: which row is selected then
//! (`tree/select.rs`).

use crate::model::{InstanceId, View};
use crate::ui::eye::{Focus, Over, instance};
use crate::ui::pager::Extract;
use crate::ui::prompt::Purpose;
use crate::ui::tree::Place;
use crate::ui::{Ui, interactive};

impl Ui {
    /// Closes what is open about things that have gone.
    pub(super) fn close_gone(&mut self, view: &View) {
        let lives = |extract: &Extract| instance(view, extract.instance).is_some();
        let there = match &self.over {
            Over::Nothing | Over::Help(_) | Over::Ask | Over::Palette(_) => true,
            Over::Prompt(prompt) => match prompt.purpose {
                Purpose::Filter { .. } => true,
                Purpose::Everywhere { ref system, .. } => view.systems.iter().any(|one| one.name == *system),
                Purpose::Lines { id, .. } | Purpose::Search { id, .. } => {
                    self.job(view).is_some_and(|job| job.id == id)
                }
                Purpose::Save { ref choices, .. } => choices.iter().all(|choice| lives(&choice.extract)),
                Purpose::Events(ref events) => events.is_there(view),
                Purpose::Pipe(ref choice) => lives(&choice.extract),
                Purpose::SearchMerged { ref system, .. } => {
                    self.merging(view).is_some_and(|merging| merging.name == *system)
                }
            },
            Over::Overwrite(save) => lives(&save.extract),
            Over::Interactive(id) => instance(view, *id).is_some_and(interactive::takes_keys),
            Over::Why(why) => is_there(&why.of, view),
            Over::Details(sheet) => instance(view, sheet.of).is_some(),
            Over::Reload(_) => self.forecast.is_some(),
            Over::Everywhere(list) => view.systems.iter().any(|system| system.name == list.system),
            Over::Problem(_) => view.problem.is_some(),
            Over::Instant(instant) => instant.is_there(view),
            Over::Events(events) => events.is_there(view),
        };
        if !there || view.quitting.is_some() {
            self.over = Over::Nothing;
        }
        if view.quitting.is_some() {
            self.forecast = None;
        }
    }

    /// Whoever read the output of a job that has gone is back in the tree, and is told so.
    pub(super) fn leave_gone(&mut self, before: Option<(InstanceId, String)>, view: &View) {
        let Some((_, gone)) = before.filter(|(id, _)| instance(view, *id).is_none()) else { return };
        if self.focus == Focus::Pager {
            self.focus_tree();
            self.note(format!("{gone} is gone: the file no longer has it"));
        }
    }
}

fn is_there(place: &Place, view: &View) -> bool {
    match place {
        Place::System(name) => view.systems.iter().any(|system| system.name == *name),
        Place::Job(id) | Place::Step(id, _) => instance(view, *id).is_some(),
    }
}
