//! Which keys do what, as far as the file says: plain data, checked. And what the file can speak of. Not: how it is read
//! (see `key_table`), and not: what an action does.

use std::collections::BTreeMap;

use super::chord::Chord;

/// What `[keys]` can speak of. Whoever has the actions makes it; the reader only knows what stands here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vocabulary {
    /// The modes, in the order in which they are told.
    pub modes: Vec<ModeKeys>,
}

/// What can be bound in one mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModeKeys {
    /// Its name in the file.
    pub name: String,
    /// Its actions.
    pub actions: Vec<ActionKeys>,
    /// The keys that stay what they are.
    pub reserved: Reserved,
}

/// An action of a mode, with the keys that zap brings for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionKeys {
    /// Its name in the file.
    pub name: String,
    /// Its keys if the file says nothing.
    pub keys: Vec<Chord>,
    /// What nobody can do any more if all actions of the mode with these words are without keys: `quit`.
    pub way: Option<&'static str>,
}

/// Keys that cannot be bound, since they are needed for what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// None.
    Nothing,
    /// Digits: they are counts.
    Digits,
    /// Whatever types a character: it is typed.
    Typed,
}

/// What the file says about keys: those that actions have instead of the ones that zap brings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bindings {
    /// Mode, action, keys; none: the action has no key.
    pub(super) modes: BTreeMap<String, BTreeMap<String, Vec<Chord>>>,
}

impl Bindings {
    /// The keys that the file gives to an action, if it speaks of it.
    pub fn said(&self, mode: &str, action: &str) -> Option<&[Chord]> {
        self.modes.get(mode)?.get(action).map(Vec::as_slice)
    }

    /// The keys of an action: those of the file, else those that zap brings, without any that the file gives to another
    /// action of the mode.
    pub fn keys(&self, mode: &str, action: &str, brought: &[Chord]) -> Vec<Chord> {
        let Some(said) = self.modes.get(mode) else { return brought.to_vec() };
        if let Some(keys) = self.said(mode, action) {
            return keys.to_vec();
        }
        let taken = |key: &&Chord| said.values().any(|keys| keys.contains(key));
        brought.iter().filter(|key| !taken(key)).copied().collect()
    }
}

impl Reserved {
    /// Whether a key stays what it is, and why.
    pub(super) fn refuses(self, key: Chord) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Digits => key
                .typed()
                .filter(char::is_ascii_digit)
                .map(|_| "digits are counts there: `12` and then a key"),
            Self::Typed => key.typed().map(|_| "there it types itself"),
        }
    }
}
