//! A problem in a text: where it stands, what is wrong, what to do. Not: finding problems.

use std::ops::Range;
use std::sync::Arc;

/// A text that was read, with the name under which a person knows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as it is shown, for example `systems.toml`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Told, and the text is used all the same.
    Warning,
    /// The text is refused.
    Error,
}

/// One problem at one place of a [`Source`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether the text can be used all the same.
    pub severity: Severity,
    /// The text it stands in.
    pub source: Arc<Source>,
    /// The bytes of the text it is about.
    pub span: Range<usize>,
    /// What is wrong, as a lower-case fragment.
    pub message: String,
    /// What stands beside the caret: a suggestion, or nothing.
    pub label: Option<String>,
    /// Other places that belong to it, each with its own remark ("first defined here").
    pub related: Vec<(Range<usize>, String)>,
}
