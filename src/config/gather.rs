//! The basket into which every reader puts what it finds wrong, so that one reading tells all. Not: drawing it.

use std::ops::Range;
use std::sync::Arc;

use crate::problem::{Problem, Source};

/// The problems found so far in one source.
#[derive(Debug)]
pub(super) struct Gather {
    source: Arc<Source>,
    /// Whether the text was understood as a whole; if not, what seems to be missing may stand in the broken part.
    whole: Whole,
    found: Vec<Problem>,
}

/// Whether the text had no errors of syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Yes,
    No,
}

impl Gather {
    pub(super) fn new(source: &Arc<Source>, whole: Whole) -> Self {
        Self { source: Arc::clone(source), whole, found: Vec::new() }
    }

    pub(super) fn into_found(self) -> Vec<Problem> {
        self.found
    }

    /// How many problems were told so far.
    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    pub(super) fn text(&self) -> &str {
        &self.source.text
    }

    /// An error without a hint.
    pub(super) fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.found.push(Problem::error(&self.source, span, message));
    }

    /// An error with a hint beside the caret.
    pub(super) fn hinted(&mut self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.maybe_hinted(span, message, Some(hint.into()));
    }

    /// An error with a hint if there is one.
    pub(super) fn maybe_hinted(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        let mut problem = Problem::error(&self.source, span, message);
        problem.label = hint;
        self.found.push(problem);
    }

    /// An error that speaks of several places.
    pub(super) fn related(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        hint: Option<String>,
        related: Vec<(Range<usize>, String)>,
    ) {
        let mut problem = Problem::error(&self.source, span, message);
        problem.label = hint;
        problem.related = related;
        self.found.push(problem);
    }

    /// An error about something that is not there; untold when it may stand in a part that could not be read.
    pub(super) fn missing(&mut self, span: Range<usize>, message: impl Into<String>, hint: Option<String>) {
        match self.whole {
            Whole::Yes => self.maybe_hinted(span, message, hint),
            Whole::No => {}
        }
    }

    /// Problems of another text than this one.
    pub(super) fn elsewhere(&mut self, problems: Vec<Problem>) {
        self.found.extend(problems);
    }

    pub(super) fn warning(&mut self, span: Range<usize>, message: impl Into<String>, hint: Option<String>) {
        let mut problem = Problem::warning(&self.source, span, message);
        problem.label = hint;
        self.found.push(problem);
    }

    /// A warning about something that is not there; see [`Gather::missing`].
    pub(super) fn missing_warning(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        match self.whole {
            Whole::Yes => self.warning(span, message, hint),
            Whole::No => {}
        }
    }
}
