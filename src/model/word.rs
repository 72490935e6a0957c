//! The words for states, as `behaviour.md` and the JSON have them. Not: the words of a row, which are shorter (`ui`).

use std::fmt;

use crate::model::State;

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
