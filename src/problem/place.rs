//! From a byte of a text to the line and column a person counts. Not: how many cells a character takes.

use std::ops::Range;

/// A line and a column, both counted from 1; a column is a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Place {
    /// Where the byte at `offset` stands; a byte behind the end, or inside a character, counts as the
    /// nearest one before it.
    pub fn of(text: &str, offset: usize) -> Self {
        let before = &text[..floor(text, offset)];
        let line = before.matches('\n').count() + 1;
        let column = before[line_start(before)..].chars().count() + 1;
        Self { line, column }
    }
}

/// The nearest span of whole characters inside the text, kept off the end of a line: a caret can point
/// just behind a line, never at the line break itself.
pub(super) fn within(text: &str, span: &Range<usize>) -> Range<usize> {
    let mut start = floor(text, span.start);
    let mut end = floor(text, span.end.max(span.start));
    if end > start {
        let shown = text[start..end].trim_end_matches(['\n', '\r']).len();
        end = start + shown;
    }
    if start == end {
        // Between `\r` and `\n`, or behind the last line break of the text: step back to the line it ends.
        while start > 0
            && start < text.len()
            && text.as_bytes()[start] == b'\n'
            && text.as_bytes()[start - 1] == b'\r'
        {
            start -= 1;
        }
        end = start;
    }
    start..end
}

/// Where the line that holds the end of `before` begins.
pub(super) fn line_start(before: &str) -> usize {
    before.rfind('\n').map_or(0, |newline| newline + 1)
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters() {
        let text = "a = 1\nö\t= \"ß\"\n";
        assert_eq!(Place::of(text, 0), Place { line: 1, column: 1 });
        assert_eq!(Place::of(text, text.find('=').unwrap()), Place { line: 1, column: 3 });
        assert_eq!(Place::of(text, text.rfind('=').unwrap()), Place { line: 2, column: 3 });
    }

    #[test]
    fn a_place_behind_the_end_is_the_end() {
        assert_eq!(Place::of("", 7), Place { line: 1, column: 1 });
        assert_eq!(Place::of("ab", 99), Place { line: 1, column: 3 });
        assert_eq!(Place::of("ö", 1), Place { line: 1, column: 1 });
    }
}
