//! Names of systems and jobs: what they may consist of. Not: finding the thing that has a name.

use super::gather::Gather;
use super::value::Entry;

/// The longest name; it becomes part of file names.
const LONGEST: usize = 100;

/// Whether the key can be the name of a `what` (`system`, `job`); told if it cannot.
pub(super) fn check(what: &str, entry: &Entry<'_>, gather: &mut Gather) {
    let name = entry.name;
    let span = entry.key.clone();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() {
        gather.error(span, format!("the name of a {what} cannot be empty"));
    } else if let Some(odd) = name.chars().find(|c| !allowed(*c)) {
        gather.hinted(
            span,
            format!("the name of a {what} cannot hold {}", shown(odd)),
            "names are made of letters a-z, digits, `-`, `_` and `.`",
        );
    } else if name.starts_with('-') {
        gather.error(span, format!("the name of a {what} cannot begin with `-`"));
    } else if name.bytes().all(|b| b == b'.') {
        gather.error(span, format!("the name of a {what} needs a letter or a digit"));
    } else if name.len() > LONGEST {
        gather.error(span, format!("the name of a {what} cannot be longer than {LONGEST} characters"));
    }
}

fn shown(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        c if c.is_control() => "a control character".to_owned(),
        c => format!("`{c}`"),
    }
}
