//! The messages: what may be asked of a zap that runs, and what it answers. Not: how they travel (`frame`).

use serde::{Deserialize, Serialize};

use crate::model::{FileProblem, Forecast, Goal, NotFound, State};

use super::entry::{Entry, Kind};
use super::status::Status;

/// The version of these messages. It changes only when an old message no longer means what it meant.
pub const PROTOCOL: u32 = 1;

/// The first message of the zap that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// [`PROTOCOL`], as that zap knows it.
    pub protocol: u32,
    /// Its process.
    pub pid: u32,
    /// Its version.
    pub version: String,
}

/// A message to the zap that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// [`PROTOCOL`], as the one who asks knows it.
    pub protocol: u32,
    /// What is asked.
    pub ask: Ask,
}

/// What may be asked. Targets are words as a person types them: they mean what they mean in the plan that is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// How it is. Answered by [`Answer::Status`].
    Status {
        /// About whom; nobody: everybody.
        #[serde(default)]
        targets: Vec<String>,
    },
    /// Something is to be done. Answered by [`Answer::Did`] for each instance.
    Do {
        /// What.
        deed: Deed,
        /// To whom.
        targets: Vec<String>,
        /// Whether the end comes only when it has come about.
        #[serde(default)]
        wait: bool,
        /// How long that may take, in milliseconds; nothing: for ever.
        #[serde(default)]
        timeout_ms: Option<u64>,
    },
    /// What failed is to be restarted. Answered like [`Ask::Do`].
    RestartFailed {
        /// Whether the end comes only when it has come about.
        #[serde(default)]
        wait: bool,
        /// How long that may take, in milliseconds; nothing: for ever.
        #[serde(default)]
        timeout_ms: Option<u64>,
    },
    /// A signal is to be sent. Answered like [`Ask::Do`].
    Signal {
        /// Its number.
        signal: i32,
        /// To whom.
        targets: Vec<String>,
    },
    /// The file is to be read again. Answered by [`Answer::Reload`].
    Reload {
        /// Whether it is only told what would happen.
        #[serde(default)]
        dry_run: bool,
    },
    /// Everything is to be stopped, then zap. Answered by [`Answer::Leaving`] as it goes on.
    Shutdown {},
    /// The end comes when they have come to something, or can no longer.
    Wait {
        /// Who: all of them.
        targets: Vec<String>,
        /// What they are to come to.
        until: Goal,
        /// How long it may take, in milliseconds; nothing: for ever.
        #[serde(default)]
        timeout_ms: Option<u64>,
    },
    /// Why they are as they are. Answered by [`Answer::Why`] for each link.
    Why {
        /// Who.
        targets: Vec<String>,
    },
    /// What happened. Answered by [`Answer::Event`] for each event that is remembered.
    Events {
        /// Whether those to come are told too.
        #[serde(default)]
        follow: bool,
        /// About whom; nobody: everybody.
        #[serde(default)]
        targets: Vec<String>,
        /// Of which kinds; none: all.
        #[serde(default)]
        kinds: Vec<Kind>,
    },
}

impl Ask {
    /// Whether it is more than a question.
    pub fn is_wish(&self) -> bool {
        match self {
            Self::Do { .. } | Self::RestartFailed { .. } | Self::Signal { .. } | Self::Shutdown {} => true,
            Self::Reload { dry_run } => !dry_run,
            Self::Status { .. } | Self::Wait { .. } | Self::Why { .. } | Self::Events { .. } => false,
        }
    }
}

/// What can be done to jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// Start.
    Start,
    /// Stop and keep down.
    Stop,
    /// End and start again.
    Restart,
    /// KILL at once and keep down.
    Kill,
}

/// What is answered. A conversation is over with [`Answer::End`], [`Answer::Refused`] or [`Answer::NoTarget`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The question was heard, and what follows may take its time.
    Heard {},
    /// How it is.
    Status(Box<Status>),
    /// What was done to one instance.
    Did(Did),
    /// Why an instance is as it is.
    Why(Link),
    /// Something happened.
    Event(Box<Entry>),
    /// What reading the file again does, or would do.
    Reload(Box<Reloaded>),
    /// Who is still alive while zap ends.
    Leaving(Leaving),
    /// Something worth saying beside the answer.
    Note {
        /// A sentence.
        text: String,
    },
    /// A word of the question means nothing.
    NoTarget(NoTarget),
    /// It was not done.
    Refused {
        /// The exit code for it (`interface.md`).
        code: u8,
        /// Why, as a fragment or as whole lines.
        text: String,
    },
    /// All is said.
    End {
        /// The exit code.
        code: u8,
        /// Why it is not zero.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
}

/// What was done to one instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Did {
    /// `start`, `stop`, `restart`, `kill`, `signal`.
    pub verb: String,
    /// Which instance.
    pub address: String,
    /// Its state then.
    pub state: State,
    /// Whether anything came of it.
    pub changed: bool,
    /// Why it is as it is.
    pub why: String,
}

/// One link of the chain of reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Which instance.
    pub address: String,
    /// Its state.
    pub state: State,
    /// Why it is as it is.
    pub why: String,
    /// How many links stand before it: 0 is the instance that was asked for.
    pub depth: u32,
    /// When something happens by itself.
    #[serde(default)]
    pub next: Option<String>,
    /// How often it was started by itself since a person started it.
    #[serde(default)]
    pub restarts: u32,
    /// Whether it runs something else than the file says.
    #[serde(default)]
    pub pending_change: bool,
}

/// What reading the file again does, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reloaded {
    /// Whether it was done.
    pub applied: bool,
    /// What.
    #[serde(flatten)]
    pub forecast: Forecast,
    /// What should be told about the file all the same, as it is drawn for a person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub warnings: String,
}

/// Somebody who is still alive while zap ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// Who.
    pub address: String,
    /// What is being done about it; nothing: it has ended.
    pub doing: Option<String>,
}

/// A word that means nothing in the plan that is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoTarget {
    /// The word.
    pub word: String,
    /// Why it means nothing.
    pub why: NotFound,
    /// The file.
    pub file: String,
    /// The systems there are.
    pub systems: Vec<String>,
    /// What is wrong with the file since it was read anew: the word may be in it.
    #[serde(default)]
    pub problem: Option<FileProblem>,
}
