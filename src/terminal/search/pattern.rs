//! A regex with smart case, on lines and on whole sheets. Not: where its hits are counted.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::matcher::Matcher;
use super::sheet::Sheet;
use super::within::within_lines;

/// A compiled pattern takes no more bytes than this, so that none makes a person wait.
const SIZE_LIMIT: usize = 1 << 20;

/// A regular expression. Smart case: without a capital letter, capitals and small letters are the same.
#[derive(Debug, Clone)]
pub struct Pattern {
    line: Regex,
    /// For many lines at once; not there if it would grow too large.
    lines: Option<Regex>,
}

impl Pattern {
    /// Reads a pattern. The error is a text for people.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let ignores_case = !has_capital(pattern);
        let build = |pattern: &str, ignores_case| {
            RegexBuilder::new(pattern).case_insensitive(ignores_case).size_limit(SIZE_LIMIT).build()
        };
        let line = build(pattern, ignores_case).map_err(|error| reason(&error))?;
        let lines = within_lines(pattern, ignores_case).and_then(|lines| build(&lines, false).ok());
        Ok(Self { line, lines })
    }

    /// Where the pattern is in the text of a line. Empty matches are left out.
    pub fn matches_in(&self, text: &str) -> Vec<Range<usize>> {
        self.line.find_iter(text).map(|found| found.range()).filter(|range| !range.is_empty()).collect()
    }
}

impl Matcher for Pattern {
    fn is_match(&self, text: &str) -> bool {
        self.line.is_match(text)
    }

    fn search(&self, sheet: &Sheet, found: &mut dyn FnMut(u32)) {
        let Some(lines) = &self.lines else {
            return sheet.lines().filter(|(_, text)| self.is_match(text)).for_each(|(place, _)| found(place));
        };
        let mut next = 0;
        while next < sheet.len() {
            let Some(end) = lines.shortest_match_at(sheet.text(), sheet.start(next)) else { return };
            let place = sheet.place_of(end, next);
            if !sheet.is_separator(place) {
                found(place);
            }
            next = place + 1;
        }
    }
}

/// Whether the pattern asks for a capital letter. `\W` and its like ask for none.
fn has_capital(pattern: &str) -> bool {
    let mut escaped = false;
    pattern.chars().any(|character| {
        let counts = character.is_uppercase() && !escaped;
        escaped = character == '\\' && !escaped;
        counts
    })
}

/// The last line of what the regex crate says: the reason, without the drawing.
fn reason(error: &regex::Error) -> String {
    if matches!(error, regex::Error::CompiledTooBig(_)) {
        return "the pattern is too large".to_owned();
    }
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(text).unwrap()
    }

    fn found(pattern: &Pattern, lines: &[&str]) -> Vec<u32> {
        let mut found = Vec::new();
        pattern.search(&Sheet::of(lines), &mut |place| found.push(place));
        found
    }

    #[test]
    fn case_is_smart() {
        assert!(pattern("error").is_match("ERROR"));
        assert!(!pattern("Error").is_match("ERROR"));
        assert!(pattern(r"\Serror").is_match("xERROR"));
    }

    #[test]
    fn an_error_is_a_text() {
        assert_eq!(Pattern::new("a(").unwrap_err(), "unclosed group");
        assert_eq!(Pattern::new(r"\w{500}{500}").unwrap_err(), "the pattern is too large");
    }

    #[test]
    fn hits_are_ranges() {
        assert_eq!(pattern("Error|$").matches_in("an Error here"), vec![3..8]);
    }

    #[test]
    fn nothing_crosses_the_end_of_a_line() {
        let lines = ["ab", "", "b", "a b", "ba"];
        for (text, expected) in [
            ("a[^x]b", vec![3]),
            (r"a\sb", vec![3]),
            (r"b\W*a", vec![4]),
            ("(?s)a.+b", vec![3]),
            ("^b", vec![2, 4]),
            ("a$", vec![4]),
            (r"\Ab\z", vec![2]),
            ("^$", vec![1]),
            ("x*", vec![0, 1, 2, 3, 4]),
            (r"a\nb|\n", vec![]),
            (r"\bb\b", vec![2, 3]),
            (r"\B", vec![0, 1, 4]),
        ] {
            assert_eq!(found(&pattern(text), &lines), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_sheet_is_searched_as_its_lines_are(
            lines in prop::collection::vec("[abB é漢\\-]{0,6}", 0..30),
            parts in prop::collection::vec(prop::sample::select(vec![
                "a", "b", "B", "^", "$", "|", "[^a]", r"\s", r"\S", r"\W", ".", "(?s:.)", r"\b", r"\B", "x*", "a?",
                "[^a]*", r"\s+", "(a|b)", "é", r"\n", r"\A", r"\z", "(?m:^)", "(?-u:[^a-z]|b)", "b{2,3}?", "(?i:A)",
                r"\p{Greek}|b", "(?R:$)", "[[:^alpha:]]",
            ]), 0..7),
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            if let Ok(pattern) = Pattern::new(&parts.concat()) {
                let one_by_one: Vec<u32> =
                    (0..).zip(&lines).filter(|(_, line)| pattern.is_match(line)).map(|(place, _)| place).collect();
                prop_assert!(pattern.lines.is_some());
                prop_assert_eq!(found(&pattern, &lines), one_by_one, "{}", parts.concat());
            }
        }
    }
}
