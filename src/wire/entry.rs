//! Something that happened, as the socket tells it (`interface.md`, events). Fields are only ever added. Not: keeping it.

use serde::{Deserialize, Serialize};

use crate::model::{By, State};

use super::status::Ended;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When: RFC 3339, UTC, with milliseconds.
    pub time: String,
    /// What kind of thing.
    pub kind: Kind,
    /// About which instance, or `zap`.
    pub address: String,
    /// About which of its runs, by its number.
    pub run: Option<u32>,
    /// Who brought it about.
    pub by: By,
    /// What, in a few words.
    pub text: String,
    /// Its process: of `started`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<i32>,
    /// How it ended: of `exited`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<Ended>,
    /// Whether that was expected: of `exited`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<bool>,
    /// In which state it came to rest: of `stopped`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// How many attempts there were: of `retry`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// When it is tried again or released: of `retry` and `held`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The kinds of things that happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A process exists.
    Started,
    /// It is up.
    Up,
    /// It is ready.
    Ready,
    /// It is no longer ready.
    Unready,
    /// Its run ended, or could not be started.
    Exited,
    /// It was told to end.
    Stopping,
    /// It came to rest: stopped, done or failed.
    Stopped,
    /// It will be tried again.
    Retry,
    /// It is held.
    Held,
    /// The file was read anew, or something in it came into force.
    Reload,
    /// A probe answered otherwise than before.
    Probe,
    /// Somebody wished something.
    Command,
    /// A fixup did something.
    Fixup,
    /// Its output is unlike what was known of it.
    Novel,
    /// A step began or ended.
    Step,
    /// A hook ended.
    Hook,
    /// Something about zap itself, or its bookkeeping.
    Zap,
}

impl Kind {
    /// Every kind with its word.
    pub const ALL: [(Self, &'static str); 17] = [
        (Self::Started, "started"),
        (Self::Up, "up"),
        (Self::Ready, "ready"),
        (Self::Unready, "unready"),
        (Self::Exited, "exited"),
        (Self::Stopping, "stopping"),
        (Self::Stopped, "stopped"),
        (Self::Retry, "retry"),
        (Self::Held, "held"),
        (Self::Reload, "reload"),
        (Self::Probe, "probe"),
        (Self::Command, "command"),
        (Self::Fixup, "fixup"),
        (Self::Novel, "novel"),
        (Self::Step, "step"),
        (Self::Hook, "hook"),
        (Self::Zap, "zap"),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn the_words_are_those_of_the_json() {
        for (kind, word) in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("a kind is a word"), word);
        }
    }
}
