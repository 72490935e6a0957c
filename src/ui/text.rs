//! How wide text is, and how it is cut. Not: where it is drawn.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many cells a character takes; `None` for what must never reach a terminal: controls and what turns text around.
pub(super) fn cells(c: char) -> Option<u16> {
    match c {
        ' '..='~' => Some(1),
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fe0f}' => None,
        _ => c.width().map(|width| width as u16),
    }
}

/// How many cells a text takes.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().filter_map(cells).map(usize::from).sum() }
}

/// A name cut in the middle, because names often differ at both ends: `very-lo…service`.
pub(super) fn shorten<'a>(name: &'a str, room: usize, cut: &str) -> Cow<'a, str> {
    if width(name) <= room {
        return Cow::Borrowed(name);
    }
    let Some(rest) = room.checked_sub(cut.width()) else { return Cow::Borrowed("") };
    let head = prefix(name, rest.div_ceil(2));
    let tail = suffix(&name[head.len()..], rest - width(head));
    Cow::Owned([head, cut, tail].concat())
}

/// The longest beginning that takes at most `room` cells.
pub(super) fn prefix(text: &str, room: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += usize::from(cells(*c).unwrap_or(0));
        used > room
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// The longest end that takes at most `room` cells.
fn suffix(text: &str, room: usize) -> &str {
    let mut used = 0;
    let before = text.char_indices().rev().find(|(_, c)| {
        used += usize::from(cells(*c).unwrap_or(0));
        used > room
    });
    before.map_or(text, |(at, c)| &text[at + c.len_utf8()..])
}

/// `12,402`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 process`, `3 processes`: a number and its word.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_in_the_middle() {
        assert_eq!(shorten("very-long-named-service", 15, "…"), "very-lo…service");
        assert_eq!(shorten("short", 15, "…"), "short");
        assert_eq!(shorten("anything", 1, "…"), "…");
        assert_eq!(shorten("anything", 0, "…"), "");
    }

    #[test]
    fn wide_characters_are_never_split() {
        for room in 0..20 {
            assert!(width(&shorten("漢字e\u{301}かなカナ", room, "…")) <= room);
        }
    }

    #[test]
    fn numbers_have_commas() {
        assert_eq!(
            [0, 999, 1_000, 12_402, 1_234_567].map(thousands),
            ["0", "999", "1,000", "12,402", "1,234,567"]
        );
    }
}
