//! A line that is typed: the filter of the tree, search and filters of the pager. Not: what is done with it.

use std::rc::Rc;

use crate::model::InstanceId;
use crate::ui::merged;
use crate::ui::pager::{At, Direction, Filtered, Search};
use crate::ui::recall::Recalled;
use crate::ui::tree::Place;

/// A line that is typed.
#[derive(Debug)]
pub(super) struct Prompt {
    /// What it is for.
    pub(super) purpose: Purpose,
    /// What was typed.
    pub(super) text: String,
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
    /// To search the merged output of a system.
    SearchMerged {
        /// Of which one.
        system: String,
        /// Which way.
        direction: Direction,
        /// Where the view stood.
        at: merged::At,
        /// The search before.
        before: Option<Box<merged::Search>>,
    },
}

impl Prompt {
    /// An empty line.
    pub(super) fn new(purpose: Purpose) -> Self {
        Self { purpose, text: String::new(), problem: None, recalled: Recalled::default() }
    }

    /// What stands before the text.
    pub(super) fn sign(&self) -> &'static str {
        match &self.purpose {
            Purpose::Filter { .. } => "filter: ",
            Purpose::Lines { .. } => "&",
            Purpose::Search { direction, .. } | Purpose::SearchMerged { direction, .. } => direction.sign(),
        }
    }

    /// Takes the last word away, and the blanks after it.
    pub(super) fn erase_word(&mut self) {
        let kept = self.text.trim_end().trim_end_matches(|c: char| !c.is_whitespace()).len();
        self.text.truncate(kept);
    }
}
