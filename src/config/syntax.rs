//! Errors of TOML itself, in the words of zap's problems. Not: what the tables mean.

use std::ops::Range;
use std::sync::Arc;

use toml::de::Error;

use crate::problem::{Problem, Source};

const DUPLICATE: &str = "duplicate key";

/// The problems that the parser found.
pub(super) fn problems(source: &Arc<Source>, faults: &[Error]) -> Vec<Problem> {
    faults.iter().map(|fault| problem(source, fault)).collect()
}

/// Whether the text was understood as a whole: a key that is there twice hides nothing else.
pub(super) fn only_duplicates(faults: &[Error]) -> bool {
    faults.iter().all(|fault| fault.message() == DUPLICATE)
}

/// All problems, without those that an error of syntax in the same line may have caused.
pub(super) fn without_echoes(broken: Vec<Problem>, found: Vec<Problem>) -> Vec<Problem> {
    let lines: Vec<usize> = broken.iter().map(|problem| problem.place().line).collect();
    let mut all = broken;
    let own = |problem: &Problem| lines.is_empty() || !lines.contains(&problem.place().line);
    all.extend(found.into_iter().filter(own));
    all
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
    let mut problem = Problem::error(source, span.clone(), fault.message());
    problem.label = hint(text, &span);
    problem
}

/// Where a key that is there twice stands first. The parser keeps this to itself, so the lines are looked through: for a
/// header the same header, for a key the nearest line above that begins with it.
fn first_definition(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let opening = text.get(start..span.end)?.trim_start();
    let key = text.get(span.clone())?;
    let is_header = opening.starts_with('[');
    let mut offset = 0;
    let mut found = None;
    for line in text[..start].split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let after = line.trim_start().strip_prefix(opening).map(str::trim_start);
        let ends = after.is_some_and(|after| after.starts_with(if is_header { ']' } else { '=' }));
        if ends {
            let end = offset + indent + opening.len();
            found = Some(end - key.len()..end);
        }
        if !is_header && line.trim_start().starts_with('[') {
            found = None;
        }
        offset += line.len();
    }
    found
}

/// What people often mean by a line that is no TOML.
fn hint(text: &str, span: &Range<usize>) -> Option<String> {
    let start = text.get(..span.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next()?.trim();
    let (key, value) = line.split_once('=').map(|(key, value)| (key.trim(), value.trim()))?;
    if key == "umask" && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(format!("write `umask = \"{value}\"`"));
    }
    let word = value.chars().next().is_some_and(char::is_alphabetic) && !value.starts_with(['"', '\'']);
    if word && !value.contains(['"', '\'', '#']) && !matches!(value, "true" | "false") {
        return Some(format!("text stands in quotes: `{key} = \"{value}\"`"));
    }
    None
}
