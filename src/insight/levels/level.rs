//! The level of one line. Not: what the lines before it make of it (`blocks`).

use super::{head, inline, pair};

/// How grave a line is, by its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It says that it needs no attention: info, debug, trace, notice.
    Info,
    /// A warning.
    Warning,
    /// An error, or worse.
    Error,
}

/// The level that a line says it has; `None` if it says nothing. The text comes without colours and without its end.
pub fn level(text: &str) -> Option<Level> {
    let line = text.as_bytes().trim_ascii();
    match line.first()? {
        b'{' => pair::in_json(line),
        _ => head::level(line).or_else(|| pair::in_line(line)).or_else(|| inline::level(line)),
    }
}
