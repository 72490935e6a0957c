//! Lines that are waited for. Not: who waits for them, and what is done about it.

use std::fmt;

use regex::Regex;

/// Regular expressions, each with what a match means; each meaning is told once.
#[derive(Debug, Clone)]
pub struct Patterns<M> {
    open: Vec<(Regex, M)>,
}

/// A regular expression that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPattern(pub String);

impl fmt::Display for BadPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "not a regular expression: {}", self.0)
    }
}

impl std::error::Error for BadPattern {}

impl<M: Copy + PartialEq> Patterns<M> {
    /// Waits for lines that match.
    pub fn new(wanted: impl IntoIterator<Item = (String, M)>) -> Result<Self, BadPattern> {
        let read = |(text, meaning): (String, M)| match Regex::new(&text) {
            Ok(regex) => Ok((regex, meaning)),
            Err(_) => Err(BadPattern(text)),
        };
        Ok(Self { open: wanted.into_iter().map(read).collect::<Result<_, _>>()? })
    }

    /// Whether nothing is waited for any more.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Takes a line, without its end and without escape sequences, and gives what it means.
    pub fn hear(&mut self, line: &str) -> Vec<M> {
        let mut meanings = Vec::new();
        for (regex, meaning) in &self.open {
            if !meanings.contains(meaning) && regex.is_match(line) {
                meanings.push(*meaning);
            }
        }
        self.open.retain(|(_, meaning)| !meanings.contains(meaning));
        meanings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Means {
        Up,
        Broken,
    }

    fn patterns(wanted: &[(&str, Means)]) -> Patterns<Means> {
        Patterns::new(wanted.iter().map(|(text, means)| ((*text).to_owned(), *means))).unwrap()
    }

    #[test]
    fn each_meaning_is_told_once() {
        let mut patterns =
            patterns(&[("ready", Means::Up), ("listening on .*", Means::Up), ("^E", Means::Broken)]);
        assert_eq!(patterns.hear("nothing yet"), []);
        assert_eq!(patterns.hear("Error: not ready"), [Means::Up, Means::Broken]);
        assert_eq!(patterns.hear("listening on :80"), []);
        assert!(patterns.is_empty());
    }

    #[test]
    fn what_is_no_expression_is_told() {
        let bad = Patterns::new([("a(".to_owned(), ())]).unwrap_err();
        assert_eq!(bad.to_string(), "not a regular expression: a(");
    }
}
