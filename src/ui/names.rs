//! What modes and actions are called in `[keys]`, in the palette and in the README. These names are promises: a file that binds
//! one must be good with every later zap, so a test holds all of them. Not: what they do.

use crate::config::{ActionKeys, Chord, ModeKeys, Reserved, Vocabulary};
use crate::ui::Action;
use crate::ui::keymap::{Binding, KEYMAP, MODES, Mode};

/// What `[keys]` can speak of: all that stands in the table of keys.
pub fn vocabulary() -> Vocabulary {
    Vocabulary { modes: MODES.iter().map(|(mode, _)| mode_keys(*mode)).collect() }
}

/// The name of a mode: its own, in small letters; these are told by what one sees.
pub(super) fn mode_name(mode: Mode) -> String {
    match mode {
        Mode::Ask => "quit".to_owned(),
        Mode::Leaving => "stopping".to_owned(),
        Mode::Problem => "problems".to_owned(),
        mode => kebab(&format!("{mode:?}")),
    }
}

/// The name of an action in a mode: its own, in small letters, unless it is another thing there.
pub(super) fn action_name(mode: Mode, action: Action) -> String {
    let name = match (mode, action) {
        (_, Action::Nth) => "job",
        (_, Action::Problem) => "problems",
        (Mode::Tree, Action::Left) => "fold",
        (Mode::Tree, Action::Right) => "unfold",
        (Mode::Prompt | Mode::Palette, Action::First) => "erase-line",
        (Mode::Prompt | Mode::Palette, Action::Left) => "erase-word",
        (Mode::Prompt | Mode::Palette, Action::Back) => "erase-character",
        (Mode::Details, Action::Unfold) => "environment",
        (Mode::Leaving, Action::Quit) => "kill-all",
        (_, action) => return kebab(&format!("{action:?}")),
    };
    name.to_owned()
}

/// The name of what one key of a binding does: each key that carries a number is an action of its own, `job-3`.
pub(super) fn name_of_key(binding: &Binding, key: &str) -> String {
    let name = action_name(binding.mode, binding.action);
    match key.chars().last().filter(|_| binding.action == Action::Nth) {
        Some(digit) => format!("{name}-{digit}"),
        None => name,
    }
}

/// The names of a binding: one, unless its keys carry numbers.
pub(super) fn names(binding: &Binding) -> Vec<String> {
    let mut names: Vec<String> = binding.keys.iter().map(|key| name_of_key(binding, key)).collect();
    names.dedup();
    if names.is_empty() { vec![action_name(binding.mode, binding.action)] } else { names }
}

fn mode_keys(mode: Mode) -> ModeKeys {
    let mut actions: Vec<ActionKeys> = Vec::new();
    let mut counts = false;
    for binding in KEYMAP.iter().filter(|binding| binding.mode == mode) {
        if binding.action == Action::Digit {
            counts = true;
            continue;
        }
        for name in names(binding) {
            let keys = binding.keys.iter().filter(|key| name_of_key(binding, key) == name);
            let keys: Vec<Chord> = keys.filter_map(|key| Chord::parse(key).ok()).collect();
            if let Some(action) = actions.iter_mut().find(|action| action.name == name) {
                action.keys.extend(keys);
            } else {
                actions.push(ActionKeys { name, keys, way: way(mode, binding.action) });
            }
        }
    }
    let reserved = match mode {
        Mode::Interactive | Mode::Prompt | Mode::Palette => Reserved::Typed,
        _ if counts => Reserved::Digits,
        _ => Reserved::Nothing,
    };
    ModeKeys { name: mode_name(mode), actions, reserved }
}

/// What only this action of the mode can do, or this one and others with the same words, and nobody can do without.
fn way(mode: Mode, action: Action) -> Option<&'static str> {
    match (mode, action) {
        (Mode::Tree, Action::Quit) => Some("quit"),
        (Mode::Pager, Action::Back | Action::Close | Action::SwitchFocus) => Some("go back to the tree"),
        (Mode::Tree | Mode::Pager, _) => None,
        (_, Action::Leave) => Some("leave interactive mode"),
        (_, Action::Close) => Some("close it"),
        (_, Action::Accept) => Some("take what was typed"),
        (_, Action::Yes) => Some("say yes"),
        (_, Action::No) => Some("say no"),
        _ => None,
    }
}

/// `NextHit` as `next-hit`.
fn kebab(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len() + 2);
    for c in name.chars() {
        if c.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(c.to_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn a_name_means_one_action_in_a_mode_and_an_action_has_one_name() {
        let mut names: BTreeMap<(Mode, String), Action> = BTreeMap::new();
        let mut modes = BTreeSet::new();
        for binding in KEYMAP {
            let name = action_name(binding.mode, binding.action);
            let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            assert!(plain, "{name} is no name");
            let before = names.insert((binding.mode, name.clone()), binding.action);
            assert!(
                before.is_none_or(|action| action == binding.action),
                "{name} means two actions in {:?}",
                binding.mode
            );
        }
        for (mode, _) in MODES {
            assert!(modes.insert(mode_name(mode)), "{} is two modes", mode_name(mode));
            assert!(KEYMAP.iter().any(|binding| binding.mode == mode), "{mode:?} has no key");
        }
    }
}
