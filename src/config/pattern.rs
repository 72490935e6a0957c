//! A regular expression of the file, checked. Not: matching it against anything.

use super::gather::Gather;
use super::value::Entry;

/// The pattern, if it is one.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<String> {
    let text = entry.text(gather)?;
    let Err(error) = regex::Regex::new(text.get_ref()) else { return Some(text.into_inner()) };
    let (message, hint) = match &error {
        regex::Error::CompiledTooBig(_) => ("it is too large".to_owned(), None),
        error => reason(&error.to_string(), entry.name),
    };
    gather.maybe_hinted(
        entry.span(),
        format!("`{}` is not a regular expression: {message}", entry.name),
        hint,
    );
    None
}

/// The last line of what the regex crate says: the reason, without its drawing.
fn reason(told: &str, key: &str) -> (String, Option<String>) {
    let last = told.lines().last().unwrap_or_default();
    let message = last.strip_prefix("error: ").unwrap_or(last).to_owned();
    let hint = (key == "log" && message.starts_with("look-around"))
        .then(|| "`fail-log` says what must not come".to_owned());
    let hint = hint.or_else(|| {
        let escapable =
            message.contains("unclosed") || message.contains("unopened") || message.contains("repetition");
        escapable.then(|| "a character that is meant itself has a `\\` before it: `'\\('`".to_owned())
    });
    (message, hint)
}
