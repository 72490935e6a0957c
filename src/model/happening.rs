//! Something that happened, as a person reads it: plain data. Not: the fact itself (`effect`), and not: its words (`retold`).

use crate::model::{By, InstanceId, RecordKind, Wall};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: Wall,
    /// About which instance; nothing if about zap itself, or about several.
    pub instance: Option<InstanceId>,
    /// Its address, or `zap`.
    pub address: String,
    /// About which of its runs, by its number.
    pub run: Option<u32>,
    /// Who brought it about.
    pub by: By,
    /// What kind of thing, in the word that `zap events --kind` takes.
    pub kind: &'static str,
    /// Whether something is not as it should be.
    pub bad: bool,
    /// What, in a few words.
    pub text: String,
}

impl By {
    /// The word for it, as `zap events --json` has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Policy => "policy",
            Self::Need => "need",
            Self::Reload => "reload",
            Self::Schedule => "schedule",
            Self::Zap => "zap",
        }
    }
}

impl RecordKind {
    /// Whether it says that something is not as it should be.
    pub fn is_bad(&self) -> bool {
        match self {
            Self::Exited { expected, .. } => !expected,
            Self::NotStarted { .. }
            | Self::Failed { .. }
            | Self::Held { .. }
            | Self::Unready { .. }
            | Self::Left { .. } => true,
            Self::Started { .. }
            | Self::Up
            | Self::Stopping { .. }
            | Self::Closed
            | Self::Retry { .. }
            | Self::Done
            | Self::Step { .. }
            | Self::Ready
            | Self::Stopped
            | Self::Hook { .. }
            | Self::Probe { .. }
            | Self::Command { .. }
            | Self::Reload { .. }
            | Self::Zap { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_socket() {
        for by in [By::User, By::Policy, By::Need, By::Reload, By::Schedule, By::Zap] {
            assert_eq!(serde_json::to_string(&by).expect("plain data"), format!("\"{}\"", by.word()));
        }
    }
}
