//! A problem in a text: where it stands, what is wrong, what to do. Not: finding problems.

mod draw;
mod place;

use std::ops::Range;
use std::sync::Arc;

pub use draw::{Paint, draw, draw_all, summary};
pub use place::Place;

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
    /// How much of the lines may be seen.
    pub shows: Shows,
}

/// How much of the lines of a text may be seen: problems are kept in logs and told through the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// All of them.
    Lines,
    /// Names up to their `=`: the values may be passwords.
    Names,
}

impl Problem {
    /// A problem for which the text is refused.
    pub fn error(source: &Arc<Source>, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, source, span, message.into())
    }

    /// A problem that is only told.
    pub fn warning(source: &Arc<Source>, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, source, span, message.into())
    }

    fn new(severity: Severity, source: &Arc<Source>, span: Range<usize>, message: String) -> Self {
        Self {
            severity,
            source: Arc::clone(source),
            span,
            message,
            label: None,
            related: Vec::new(),
            shows: Shows::Lines,
        }
    }

    /// The line and column where it begins.
    pub fn place(&self) -> Place {
        Place::of(&self.source.text, self.span.start)
    }

    /// Everything in one line, for a banner:
    /// ``systems.toml:14:15: no job named `dba` (did you mean `db`?)``.
    pub fn one_line(&self) -> String {
        let Place { line, column } = self.place();
        without_controls(&format!("{}:{line}:{column}: {}", self.source.name, self.without_place()))
    }

    /// The same without the place: ``no job named `dba` (did you mean `db`?)``.
    pub fn without_place(&self) -> String {
        let mut text = self.message.clone();
        if let Some(label) = &self.label {
            text.push_str(" (");
            text.push_str(label);
            text.push(')');
        }
        without_controls(&text)
    }
}

/// Puts problems into the order of their texts, one source after the other, and drops what is said twice.
///
/// Sources keep the order in which they first appear.
pub fn sort(problems: &mut Vec<Problem>) {
    let mut sources: Vec<Arc<Source>> = Vec::new();
    for problem in &*problems {
        if !sources.iter().any(|known| Arc::ptr_eq(known, &problem.source)) {
            sources.push(Arc::clone(&problem.source));
        }
    }
    let rank = |problem: &Problem| sources.iter().position(|known| Arc::ptr_eq(known, &problem.source));
    problems.sort_by_key(|problem| (rank(problem), problem.span.start, problem.span.end));
    let mut kept: Vec<Problem> = Vec::with_capacity(problems.len());
    for problem in problems.drain(..) {
        let same = |other: &Problem| other.span == problem.span && other.message == problem.message;
        let told = kept.iter().rev().take_while(|other| other.span.start == problem.span.start).any(same);
        if !told {
            kept.push(problem);
        }
    }
    *problems = kept;
}

/// Control characters as a person can read them, so that a quoted piece of the text cannot steer the terminal.
fn without_controls(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            clean.extend(c.escape_default());
        } else {
            clean.push(c);
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Arc<Source> {
        Arc::new(Source { name: "systems.toml".to_owned(), text: text.to_owned() })
    }

    #[test]
    fn one_line_holds_everything_a_banner_needs() {
        let source = source("\n\ndepends-on = [\"dba\"]\n");
        let mut problem = Problem::error(&source, 16..21, "no job named `dba`");
        problem.label = Some("did you mean `db`?".to_owned());
        assert_eq!(problem.one_line(), "systems.toml:3:15: no job named `dba` (did you mean `db`?)");
    }

    #[test]
    fn a_quoted_escape_stays_text() {
        let source = source("x");
        let problem = Problem::error(&source, 0..1, "no job named `\u{1b}[31m`");
        assert!(!problem.one_line().contains('\u{1b}'));
    }

    #[test]
    fn sorting_keeps_the_order_of_the_text_and_says_nothing_twice() {
        let source = source("abcdef");
        let other = self::source("zzz");
        let mut problems = vec![
            Problem::error(&source, 4..5, "late"),
            Problem::error(&other, 0..1, "elsewhere"),
            Problem::error(&source, 0..1, "early"),
            Problem::error(&source, 4..5, "late"),
        ];
        sort(&mut problems);
        let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(messages, ["early", "late", "elsewhere"]);
    }
}
