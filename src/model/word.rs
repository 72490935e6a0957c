//! The words for states, alone and with a reason, as `behaviour.md` and the JSON have them. Not: the words of a row, which are shorter (`ui`).

use std::fmt;

use crate::model::State;

/// A state and why it is so, each idea once: many reasons begin with the word for the state, or with another one for it.
pub fn in_full(state: State, why: &str) -> String {
    let word = state.to_string();
    match (state, why) {
        (_, "") | (State::Starting, "being started") => word,
        _ if why.starts_with(&word) => why.to_owned(),
        (State::Running, _) if why.starts_with("up") => word + why.trim_start_matches("up"),
        _ => format!("{word}, {why}"),
    }
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `pad` keeps the width that is asked for.
        out.pad(match self {
            Self::Stopped => "stopped",
            Self::Scheduled => "scheduled",
            Self::Waiting => "waiting",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Backoff => "backoff",
            Self::Held => "held",
            Self::Done => "done",
            Self::Failed => "failed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_idea_is_told_twice() {
        assert_eq!(in_full(State::Running, "up"), "running");
        assert_eq!(in_full(State::Running, "up, but not ready: no line"), "running, but not ready: no line");
        assert_eq!(in_full(State::Starting, "being started"), "starting");
        assert_eq!(in_full(State::Waiting, "waiting for dev/db"), "waiting for dev/db");
        assert_eq!(in_full(State::Backoff, "exit 1 after 2s"), "backoff, exit 1 after 2s");
    }
}
