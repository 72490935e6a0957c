//! Why an action would do nothing now, as far as that is known before it is done. Not: doing it.

use crate::ui::eye::World;
use crate::ui::hint::holds;
use crate::ui::keymap::{KEYMAP, Mode, When};
use crate::ui::{Action, Ui, verbs, walk};

/// A few words why, or nothing: then it does something, or says itself why not.
pub(super) fn idle(ui: &Ui, mode: Mode, action: Action, world: World<'_>) -> Option<String> {
    let view = world.view;
    let why = match action {
        Action::NextTrouble if !walk::any_trouble(ui, view) => "nothing is in trouble",
        Action::Problem if view.problem.is_none() => "nothing is wrong with the file",
        Action::PreviousHit => return idle(ui, mode, Action::NextHit, world),
        Action::Right if mode == Mode::Pager => return idle(ui, mode, Action::Left, world),
        action => return verbs::idle_now(ui, action, view).or_else(|| unmet(ui, mode, action, world)),
    };
    Some(why.to_owned())
}

/// What the last line waits for before it shows the key of this action.
fn unmet(ui: &Ui, mode: Mode, action: Action, world: World<'_>) -> Option<String> {
    let same = KEYMAP.iter().filter(|binding| binding.mode == mode && binding.action == action);
    let when = same.filter_map(|binding| binding.hint.as_ref()).map(|hint| hint.when).next()?;
    let why = match when {
        When::Paused => "it follows already",
        When::Searched => "no search yet",
        When::Chopped => "long lines are wrapped",
        When::Job => "no job is selected",
        When::Alive => "the job does not run",
        // The rest tells when a key is worth a word, not when it does anything.
        _ => return None,
    };
    (!holds(ui, when, world)).then(|| why.to_owned())
}
