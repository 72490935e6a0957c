//! Errors of TOML itself, in the words of zap's problems. Not: what the tables mean.

use std::ops::Range;
use std::sync::Arc;

use toml::de::{DeTable, Error};

use crate::problem::{Problem, Source};

const DUPLICATE: &str = "duplicate key";

/// The problems that the parser found; of several in one line the first, since the others follow from it.
pub(super) fn problems(source: &Arc<Source>, faults: &[Error]) -> Vec<Problem> {
    let behind = behind_headers(&source.text, faults);
    let mut problems: Vec<Problem> =
        faults.iter().chain(&behind).map(|fault| problem(source, fault)).collect();
    problems.sort_by_key(|problem| problem.span.start);
    let mut last_line = 0;
    problems
        .retain(|problem| std::mem::replace(&mut last_line, problem.place().line) != problem.place().line);
    problems
}

/// Whether the text was understood as a whole: a key that is there twice hides nothing else.
pub(super) fn only_duplicates(faults: &[Error]) -> bool {
    faults.iter().all(|fault| fault.message() == DUPLICATE)
}

/// All problems, without those that an error of syntax may have caused: one in the same line, or in the header above it, of
/// whose table nothing is known.
pub(super) fn without_echoes(
    source: &Arc<Source>,
    broken: Vec<Problem>,
    found: Vec<Problem>,
) -> Vec<Problem> {
    let lines: Vec<usize> = broken.iter().map(|problem| problem.place().line).collect();
    let is_echo = |problem: &Problem| {
        let line = problem.place().line;
        let inside = Arc::ptr_eq(&problem.source, source);
        let header = || header_above(&source.text, line);
        inside && (lines.contains(&line) || header().is_some_and(|header| lines.contains(&header)))
    };
    let mut all = broken;
    all.extend(found.into_iter().filter(|problem| !is_echo(problem)));
    all
}

/// The line, from 1, of the header that this line stands under.
fn header_above(text: &str, line: usize) -> Option<usize> {
    let above = text.lines().take(line).enumerate();
    above.filter(|(_, line)| line.trim_start().starts_with('[')).last().map(|(index, _)| index + 1)
}

/// The parser looks at nothing behind a header without its `]`. It is asked again with such headers closed, in the place of
/// their last letters, so that all else stands where it stood.
fn behind_headers(text: &str, faults: &[Error]) -> Vec<Error> {
    let mut closed = text.to_owned();
    for fault in faults {
        let (letters, brackets) = match fault.message().split_once(',').map(|(what, _)| what) {
            Some("unclosed table") => (1, "]"),
            Some("unclosed array table") => (2, "]]"),
            Some(_) | None => continue,
        };
        let end = fault.span().map_or(text.len(), |span| span.start);
        let name = end.checked_sub(letters).map(|start| start..end);
        if let Some(name) = name.filter(|name| closed.get(name.clone()).is_some_and(is_bare)) {
            closed.replace_range(name, brackets);
        }
    }
    if closed == text {
        return Vec::new();
    }
    let line = |fault: &Error| text[..fault.span().map_or(0, |span| span.start)].matches('\n').count();
    let known: Vec<usize> = faults.iter().map(line).collect();
    let mut behind = DeTable::parse_recoverable(&closed).1;
    behind.retain(|fault| !known.contains(&line(fault)));
    behind
}

fn is_bare(letters: &str) -> bool {
    letters.bytes().all(|letter| letter.is_ascii_alphanumeric())
}

fn problem(source: &Arc<Source>, fault: &Error) -> Problem {
    let text = source.text.as_str();
    let span = fault.span().unwrap_or(text.len()..text.len());
    if fault.message() == DUPLICATE {
        let key = text.get(span.clone()).unwrap_or_default();
        let mut problem = Problem::error(source, span.clone(), format!("`{key}` is defined twice"));
        if let Some(first) = first_definition(text, &span) {
            problem.label = Some("a second time here".to_owned());
            problem.related.push((first, "first defined here".to_owned()));
        }
        return problem;
    }
    let span = beginning(text, span, fault.message());
    let spot = Spot::of(text, &span);
    let (message, hint) = spot.said(fault.message());
    let mut problem = Problem::error(source, span, message);
    problem.label = hint;
    problem
}

/// The parser misses the end of a string of several lines at the end of the file; a person looks for its beginning.
fn beginning(text: &str, span: Range<usize>, message: &str) -> Range<usize> {
    let quotes = match message.split_once(',').map(|(what, _)| what) {
        Some("invalid multi-line basic string") => "\"\"\"",
        Some("invalid multi-line literal string") => "'''",
        Some(_) | None => return span,
    };
    match text.get(..span.start).and_then(|before| before.rfind(quotes)) {
        Some(at) if span.start == text.len() => at..at + quotes.len(),
        Some(_) | None => span,
    }
}

/// Where a key that is there twice stands first. The parser keeps this to itself, so the text is looked through: for a
/// header the same header, for a key the nearest one before it in its line, or the nearest line above that begins with it.
fn first_definition(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let opening = text.get(start..span.end)?.trim_start();
    let key = text.get(span.clone())?;
    let is_header = opening.starts_with('[');
    if opening != key && !is_header {
        let at = text[start..span.start].rfind(&format!("{key} ="))?;
        return Some(start + at..start + at + key.len());
    }
    let mut offset = 0;
    let mut found = None;
    for line in text[..start].split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let after = line.trim_start().strip_prefix(opening).map(str::trim_start);
        if after.is_some_and(|after| after.starts_with(if is_header { ']' } else { '=' })) {
            let end = offset + indent + opening.len();
            found = Some(end - key.len()..end);
        } else if !is_header && line.trim_start().starts_with('[') {
            found = None;
        }
        offset += line.len();
    }
    found
}

/// The place of an error and what is around it.
struct Spot<'t> {
    /// The text the error is about; empty where something is missing.
    piece: &'t str,
    /// Its line up to the error.
    before: &'t str,
    /// Its line from the error on.
    after: &'t str,
}

type Said = (String, Option<String>);

fn said(message: impl Into<String>, hint: impl Into<String>) -> Said {
    (message.into(), Some(hint.into()))
}

impl<'t> Spot<'t> {
    fn of(text: &'t str, span: &Range<usize>) -> Self {
        let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            piece: text.get(span.clone()).unwrap_or_default(),
            before: &text[start..span.start],
            after: text[span.start..].lines().next().unwrap_or_default(),
        }
    }

    /// What the parser means, as one would say it to somebody who does not know its words.
    fn said(&self, parsers: &str) -> Said {
        let (what, _) = parsers.split_once(", expected").unwrap_or((parsers, ""));
        match what {
            "string values must be quoted" => self.unquoted(),
            "invalid basic string" | "invalid literal string" if parsers.contains("non-") => {
                said("a control character in a string", "write it as an escape, for example `\\t`")
            }
            "invalid literal string" if !self.after.trim().is_empty() => {
                ("a key without a value".to_owned(), None)
            }
            "invalid multi-line basic string" => said("a string without its end", "it ends with `\"\"\"`"),
            "invalid multi-line literal string" => said("a string without its end", "it ends with `'''`"),
            "invalid basic string" => said("a string without its end", "`\"` is missing"),
            "invalid literal string" => said("a string without its end", "`'` is missing"),
            "key with no value" | "invalid unquoted key" | "missing assignment between key-value pairs" => {
                self.key()
            }
            "unclosed table" | "unclosed array table" if self.after.trim().is_empty() => {
                ("a header without its `]`".to_owned(), None)
            }
            "unclosed table" | "unclosed array table" => {
                said("a header ends with `]`", "names have no spaces")
            }
            "unclosed array" => ("an array without its `]`".to_owned(), None),
            "unclosed inline table" => ("a table without its `}`".to_owned(), None),
            "unquoted keys cannot be empty" => ("a name is missing here".to_owned(), None),
            "unexpected key or value" => {
                said("something stands after the value", "each key begins its own line")
            }
            "unexpected leading zero" => {
                let key = self.before.trim().trim_end_matches('=').trim_end();
                let digits: String = self.after.chars().take_while(char::is_ascii_digit).collect();
                let hint = (key == "umask").then(|| format!("write `umask = \"{digits}\"`"));
                ("a number cannot begin with 0".to_owned(), hint)
            }
            "missing comma between array elements" | "missing comma between key-value pairs" => {
                ("a comma is missing before this".to_owned(), None)
            }
            "extra comma in array" | "extra comma in inline table" => ("a comma too many".to_owned(), None),
            "missing escaped value" | "too few unicode value digits" => {
                let has_quote = self.before.contains('\'') || self.after.contains('\'');
                let quotes = if has_quote { "'''…'''" } else { "'…'" };
                let hint = format!("write `\\\\` for the backslash itself, or use {quotes}");
                said("a backslash that means nothing here", hint)
            }
            "invalid boolean" => {
                said(format!("`{}` is not a value", self.piece), "did you mean `true` or `false`?")
            }
            "recursion limit" | "cannot recurse further; max recursion depth met" => {
                ("tables or arrays are nested too deeply".to_owned(), None)
            }
            "carriage return must be followed by newline" => {
                ("a carriage return inside a line".to_owned(), None)
            }
            _ => (parsers.trim_end_matches(", expected nothing").to_owned(), None),
        }
    }

    fn unquoted(&self) -> Said {
        let piece = self.piece.trim();
        if piece.is_empty() {
            return ("a value is missing".to_owned(), None);
        }
        if piece.starts_with(['“', '”', '‘', '’', '„', '«', '`']) {
            return said("these are not the quotes of TOML", "use `\"` or `'`");
        }
        if self.before.trim_end().ends_with(['[', ',']) && piece.contains(' ') {
            return said("text stands in quotes", "and a comma between the entries of an array");
        }
        if piece.contains(['"', '\'', '\\', ']', '}']) {
            return ("text stands in quotes".to_owned(), None);
        }
        said("text stands in quotes", format!("write `\"{piece}\"`"))
    }

    fn key(&self) -> Said {
        let line = format!("{}{}", self.before, self.after);
        let line = line.trim();
        if line.starts_with("//") || line.starts_with("--") || line.starts_with(';') {
            return said("a comment begins with `#`", "put a `#` before this line");
        }
        if self.before.trim_end().ends_with(':') || self.after.trim_start().starts_with(':') {
            return said("`=` stands between a key and its value", "write `=` instead of `:`");
        }
        match self.piece.chars().next() {
            Some(odd) => said(
                format!("a key with `{odd}` must be quoted"),
                "keys have letters a-z, digits, `-` and `_`",
            ),
            None => said("a key without a value", "`=` is missing"),
        }
    }
}
