//! What became of a hook, and how that is said. Not: what follows from it.

use std::time::Duration;

use crate::model::{Exit, span, why};

/// What became of a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::model) enum Outcome {
    /// It ended.
    Ended {
        /// How.
        exit: Exit,
        /// Its last line, if that is heard.
        said: Option<String>,
    },
    /// It took longer than this, and is being ended.
    Overtime(Duration),
    /// It could not be run: why not.
    NotStarted(String),
}

impl Outcome {
    /// Whether it succeeded.
    pub(in crate::model) fn is_success(&self) -> bool {
        match self {
            Self::Ended { exit, .. } => *exit == Exit::Code(0),
            Self::Overtime(_) | Self::NotStarted(_) => false,
        }
    }

    /// Of a question, why the answer is no: what it last said, or how it ended. Nothing: the answer is yes.
    pub(in crate::model) fn refusal(&self) -> Option<String> {
        match self {
            Self::Ended { exit: Exit::Code(0), .. } => None,
            Self::Ended { said: Some(line), .. } => Some(line.clone()),
            Self::Ended { exit, said: None } => Some(why::exit(*exit)),
            Self::Overtime(timeout) => Some(no_answer(*timeout)),
            Self::NotStarted(why) => Some(why.clone()),
        }
    }

    /// As a fragment: `ended, exit 1`.
    pub(in crate::model) fn in_words(&self) -> String {
        match self {
            Self::Ended { exit, .. } => format!("ended, {}", why::exit(*exit)),
            Self::Overtime(timeout) => format!("took longer than {}", span::in_words(*timeout)),
            Self::NotStarted(why) => format!("could not be run: {why}"),
        }
    }
}

/// What is said where no answer came.
pub(in crate::model) fn no_answer(within: Duration) -> String {
    format!("no answer within {}", span::in_words(within))
}
