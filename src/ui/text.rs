//! How wide text is, and how it is cut. Not: where it is drawn.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many cells a character takes; `None` for what must never reach a terminal: controls, and what no one sees but what
/// makes terminals join, turn around or widen the text beside it, so that they and we no longer agree where it ends.
pub(super) fn cells(c: char) -> Option<u16> {
    match c {
        ' '..='~' => Some(1),
        '\u{ad}'
        | '\u{61c}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => None,
        _ => c.width().map(|width| width as u16),
    }
}

/// A text without what must never reach a terminal.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| cells(c).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| cells(*c).is_some()).collect())
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

/// A sentence cut at its end, because it says the most important thing first: `folder does no…`.
pub(super) fn clip<'a>(text: &'a str, room: usize, cut: &str) -> Cow<'a, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    match room.checked_sub(cut.width()) {
        Some(rest) => Cow::Owned([prefix(text, rest).trim_end(), cut].concat()),
        None => Cow::Borrowed(""),
    }
}

/// A sentence in rows of at most `room` cells, broken between words; a word that is longer is broken.
pub(super) fn wrapped(text: &str, room: usize) -> Vec<&str> {
    let mut rows = Vec::new();
    let mut rest = text.trim();
    while width(rest) > room {
        let full = prefix(rest, room.max(2));
        let word = if rest[full.len()..].starts_with(' ') { None } else { full.rfind(' ') };
        let (row, next) = rest.split_at(word.filter(|at| *at > 0).unwrap_or(full.len()));
        if row.is_empty() {
            break;
        }
        rows.push(row.trim_end());
        rest = next.trim_start();
    }
    rows.push(rest);
    rows
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

/// This byte if a character begins there, else the next one down: what stood on a screen may have changed since.
pub(super) fn boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
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
    fn sentences_are_cut_at_their_end_and_broken_between_words() {
        assert_eq!(clip("folder does not exist", 13, "…"), "folder does…");
        assert_eq!(clip("exit 3", 6, "…"), "exit 3");
        assert_eq!(clip("exit 3", 0, "…"), "");
        assert_eq!(wrapped("waiting for db to be ready", 12), ["waiting for", "db to be", "ready"]);
        assert_eq!(wrapped("waiting for db", 11), ["waiting for", "db"]);
        assert_eq!(wrapped("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrapped("", 3), [""]);
    }

    #[test]
    fn what_joins_or_turns_text_is_dropped() {
        assert_eq!(harmless("👩\u{200d}👧\u{fe0f}"), "👩👧");
        assert_eq!(harmless("\u{202e}a\u{e0041}e\u{301}"), "ae\u{301}");
        assert_eq!(width("👩\u{200d}👩\u{200d}👧"), 6);
    }

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
