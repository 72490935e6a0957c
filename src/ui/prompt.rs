//! A line that is typed: the filter of the tree, search and filters of the pager, a file, a command. Not: what is done with it.

use std::borrow::Cow;
use std::rc::Rc;

use crate::model::InstanceId;
use crate::terminal::Direction;
use crate::ui::Action;
use crate::ui::events::Events;
use crate::ui::keymap::Mode;
use crate::ui::keys::Keys;
use crate::ui::merged;
use crate::ui::pager::{At, Extract, Filtered, Search, sign};
use crate::ui::recall::Recalled;
use crate::ui::tree::Place;
use crate::ui::typed::Typed;

/// A line that is typed.
#[derive(Debug)]
pub(super) struct Prompt {
    /// What it is for.
    pub(super) purpose: Purpose,
    /// What was typed.
    pub(super) line: Typed,
    /// What is wrong with it.
    pub(super) problem: Option<String>,
    /// How far back somebody went in what was typed before.
    pub(super) recalled: Recalled,
}

/// What a line is typed for, and what stood there before it.
#[derive(Debug)]
pub(super) enum Purpose {
    /// To filter the tree.
    Filter {
        /// The filter before.
        before: String,
        /// The row that was selected before.
        selected: Option<Place>,
    },
    /// To search all jobs of a system.
    Everywhere {
        /// The system.
        system: String,
        /// Whether a list is open already, and is shown again if nothing comes of this.
        again: bool,
    },
    /// To leave lines of the pager out.
    Lines {
        /// Of whose output.
        id: InstanceId,
        /// Where the pager stood.
        at: At,
        /// How many lines are to be seen around each, if that was said.
        context: Option<u64>,
        /// The filters before.
        before: Option<Rc<Filtered>>,
    },
    /// To search the pager.
    Search {
        /// In whose output.
        id: InstanceId,
        /// Which way.
        direction: Direction,
        /// Where the pager stood.
        at: At,
        /// The search before.
        before: Option<Box<Search>>,
    },
    /// To name the file that something is saved to.
    Save {
        /// What can be saved; never empty.
        choices: Vec<Choice>,
        /// Which of them is.
        chosen: usize,
    },
    /// To search the merged output of a system.
    SearchMerged {
        /// Of which one.
        system: String,
        /// Which way.
        direction: Direction,
        /// Where the view stood.
        at: At<merged::Kept>,
        /// The search before.
        before: Option<Box<merged::Search>>,
    },
    /// To search a list of events, which is shown meanwhile.
    Events(Box<Events>),
    /// To name the command that gets a text.
    Pipe(Choice),
}

/// Something that can leave zap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// What it is.
    pub(super) extract: Extract,
    /// In a word or two: `run 3`, `the selection`.
    pub(super) words: String,
    /// The name of a file for it.
    pub(super) file: String,
}

impl Prompt {
    /// An empty line.
    pub(super) fn new(purpose: Purpose) -> Self {
        Self { purpose, line: Typed::default(), problem: None, recalled: Recalled::default() }
    }

    /// A line in which something stands already.
    pub(super) fn filled(purpose: Purpose, text: String) -> Self {
        Self { line: Typed { text }, ..Self::new(purpose) }
    }

    /// What stands before the text.
    pub(super) fn sign(&self, keys: &Keys) -> Cow<'static, str> {
        match &self.purpose {
            Purpose::Filter { .. } => "filter: ".into(),
            Purpose::Lines { .. } => "&".into(),
            Purpose::Search { direction, .. } | Purpose::SearchMerged { direction, .. } => {
                sign(*direction).into()
            }
            Purpose::Events(_) => sign(Direction::Forward).into(),
            Purpose::Save { choices, chosen } => {
                let words = choices.get(*chosen).map_or("", |choice| &choice.words);
                let next = choices.get((*chosen + 1) % choices.len().max(1)).filter(|_| choices.len() > 1);
                let key = keys.told(Mode::Prompt, Action::NextChoice);
                let next = next.map_or_else(String::new, |next| format!("{key}: {}; ", next.words));
                format!("save {words} ({next}.ansi keeps colours) to: ").into()
            }
            Purpose::Pipe(choice) => format!("pipe {} to: ", choice.words).into(),
            Purpose::Everywhere { system, .. } => format!("search all jobs of {system}: ").into(),
        }
    }
}
