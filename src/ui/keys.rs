//! The table of keys as it is in force: what zap brings and what the file says. Not: the table itself (`keymap`).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::config::{Bindings, Chord};
use crate::ui::Action;
use crate::ui::key::Key;
use crate::ui::keymap::{Binding, Hint, KEYMAP, MODES, Mode};
use crate::ui::names::{action_name, mode_name, name_of_key, names};

/// The keys in force.
#[derive(Debug)]
pub(super) struct Keys {
    meanings: HashMap<(Mode, Key), Meaning>,
    /// The keys of each row of the table, in its order.
    rows: Vec<Vec<Chord>>,
}

/// What a key means in a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) action: Action,
    /// The key that it stands for: its number counts, wherever the file has put it.
    pub(super) key: Key,
}

impl Keys {
    /// The keys that zap brings, and what the file says instead.
    pub(super) fn new(said: &Bindings) -> Self {
        let mut keys = Self { meanings: HashMap::new(), rows: Vec::new() };
        let mut told = HashSet::new();
        for binding in KEYMAP {
            let mode = mode_name(binding.mode);
            let mut row = Vec::new();
            for name in names(binding) {
                let own = binding.keys.iter().filter(|key| name_of_key(binding, key) == name);
                let own: Vec<Chord> = own.filter_map(|key| Chord::parse(key).ok()).collect();
                let stands_for = own.first().copied();
                // What the file says stands in the first of several rows about one action.
                let first = told.insert((binding.mode, name.clone()));
                let chords = match said.said(&mode, &name) {
                    Some(_) if !first => Vec::new(),
                    _ => said.keys(&mode, &name, &own),
                };
                for chord in &chords {
                    let key = stands_for.filter(|_| binding.action == Action::Nth).unwrap_or(*chord);
                    let meaning = Meaning { action: binding.action, key: Key(key) };
                    keys.meanings.insert((binding.mode, Key(*chord)), meaning);
                }
                row.extend(chords);
            }
            keys.rows.push(row);
        }
        keys
    }

    /// What a key means in a mode. Shift beside a key that knows none of its own does not matter.
    pub(super) fn meaning(&self, mode: Mode, key: Key) -> Option<Meaning> {
        let found = self.meanings.get(&(mode, key));
        found.or_else(|| self.meanings.get(&(mode, key.unshifted()?))).copied()
    }

    /// The rows of a mode with their keys.
    pub(super) fn rows(&self, mode: Mode) -> impl Iterator<Item = (&'static Binding, &[Chord])> {
        let rows = KEYMAP.iter().zip(&self.rows).map(|(binding, keys)| (binding, keys.as_slice()));
        rows.filter(move |(binding, _)| binding.mode == mode)
    }

    /// All keys of an action in a mode.
    pub(super) fn of(&self, mode: Mode, action: Action) -> Vec<String> {
        let rows = self.rows(mode).filter(|(binding, _)| binding.action == action);
        rows.flat_map(|(_, keys)| keys).map(Chord::to_string).collect()
    }

    /// The key by which a person is told to do something; its name in the palette where it has none.
    pub(super) fn told(&self, mode: Mode, action: Action) -> String {
        let key = self.of(mode, action).into_iter().next();
        key.unwrap_or_else(|| format!(":{}", action_name(mode, action)))
    }

    /// A key with what it does, as dialogs have them at their bottom; nothing where the action has no key.
    pub(super) fn labelled<'w>(&self, mode: Mode, acts: &[(Action, &'w str)]) -> Vec<(String, &'w str)> {
        let key = |action| self.of(mode, action).into_iter().next();
        acts.iter().filter_map(|(action, words)| Some((key(*action)?, *words))).collect()
    }

    /// The keys that a hint shows: those of the table where they still do the same, else others that do.
    pub(super) fn hinted(&self, mode: Mode, hint: &Hint) -> Vec<String> {
        let mut shown: Vec<String> = Vec::new();
        for brought in hint.keys {
            let row = self.rows(mode).find(|(binding, _)| binding.keys.contains(brought));
            let Some((binding, _)) = row else { continue };
            let keys = self.of(mode, binding.action);
            let same = keys.iter().find(|key| key == brought);
            shown.extend(same.or(keys.first()).filter(|key| !shown.contains(key)).cloned());
        }
        shown
    }

    /// A sentence in which `{restart}` stands for the key of that action in this mode, `{tree.quit}` for one in another.
    pub(super) fn say<'t>(&self, mode: Mode, text: &'t str) -> Cow<'t, str> {
        if !text.contains('{') {
            return Cow::Borrowed(text);
        }
        let mut said = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            said += before;
            let named =
                after.split_once('}').and_then(|(name, after)| Some((self.named(mode, name)?, after)));
            if let Some((key, after)) = named {
                said += &key;
                rest = after;
            } else {
                said.push('{');
                rest = after;
            }
        }
        Cow::Owned(said + rest)
    }

    fn named(&self, mode: Mode, name: &str) -> Option<String> {
        let (mode, name) = match name.split_once('.') {
            Some((other, name)) => (MODES.iter().find(|(mode, _)| mode_name(*mode) == other)?.0, name),
            None => (mode, name),
        };
        let known = |binding: &&Binding| binding.mode == mode && action_name(mode, binding.action) == name;
        Some(self.told(mode, KEYMAP.iter().find(known)?.action))
    }
}

/// The keys of a row for the help: `1-9` rather than nine keys.
pub(super) fn spoken(keys: &[Chord]) -> String {
    let words = runs(keys).into_iter().map(|run| match run {
        [first, .., last] => {
            let last = last.to_string();
            format!("{first}-{}", &last[last.len() - 1..])
        }
        run => run.iter().map(Chord::to_string).collect(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Keys that follow each other, digit by digit, are one run; every other key is one by itself.
pub(super) fn runs(keys: &[Chord]) -> Vec<&[Chord]> {
    /// Fewer are shown one by one.
    const LEAST: usize = 3;
    let next = |one: &Chord, other: &Chord| match (Key(*one).digit(), Key(*other).digit()) {
        (Some(digit), Some(after)) => digit + 1 == after && one.held() == other.held(),
        _ => false,
    };
    let runs = keys.chunk_by(next);
    runs.flat_map(|run| if run.len() < LEAST { run.chunks(1) } else { run.chunks(run.len()) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_digits_are_told_shortly() {
        let keys = |text: &str| text.split(' ').map(|key| Chord::parse(key).unwrap()).collect::<Vec<_>>();
        assert_eq!(spoken(&keys("1 2 3 4 5")), "1-5");
        assert_eq!(spoken(&keys("Alt-1 Alt-2 Alt-3 F4 Alt-5")), "Alt-1-3 F4 Alt-5");
        assert_eq!(spoken(&keys("Up k 1 2")), "Up k 1 2");
        assert_eq!(spoken(&[]), "");
    }

    #[test]
    fn sentences_name_the_keys_in_force() {
        let keys = Keys::new(&Bindings::default());
        assert_eq!(
            keys.say(Mode::Pager, "{wrap} chops, {tree.quit} quits, {nothing} {"),
            "S chops, q quits, {nothing} {"
        );
    }
}
