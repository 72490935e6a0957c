//! Moving a cursor over the text of the output, as vim does: characters, words, lines. Pure functions of lines. Not: what is
//! between the cursor and where it came from (`select`).

use crate::terminal::{LineKind, Terminal};
use crate::ui::pager::Seen;
use crate::ui::pager::line::plain;
use crate::ui::pager::select::Spot;
use crate::ui::text::{boundary, cells, width};

/// So many lines without a word are passed at once, and no more.
const BARREN: usize = 10_000;
/// So many moves are made at once, and no more.
const MOST: u32 = 10_000;

/// A move along the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Step {
    /// To the character before, within the line.
    Left,
    /// To the character after, within the line.
    Right,
    /// To the beginning of the next word.
    NextWord,
    /// To the beginning of the word, or of the one before.
    PreviousWord,
    /// To the end of the word, or of the next one.
    WordEnd,
    /// To the beginning of the line.
    LineStart,
    /// To the first character of the line that is no blank.
    FirstWord,
    /// To the end of the line.
    LineEnd,
}

/// What a character is to a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Word,
    Sign,
}

/// The text of a line as it is selected: what zap says between the lines is taken as a whole, and has none.
pub(in crate::ui) fn text(terminal: &Terminal, number: u64) -> String {
    match terminal.line(number) {
        Some(line) if matches!(line.kind, LineKind::Output | LineKind::Piece) => plain(&line).into_owned(),
        Some(_) | None => String::new(),
    }
}

/// The column at which a byte of a text stands.
pub(in crate::ui) fn column_of(text: &str, byte: usize) -> usize {
    width(&text[..boundary(text, byte)])
}

/// Where the character at a byte ends, with all that stands on it.
pub(in crate::ui) fn end_of(text: &str, byte: usize) -> usize {
    let at = boundary(text, byte);
    stops(text).into_iter().find(|stop| *stop > at).unwrap_or(text.len())
}

/// The character that stands at a column, or the last one before it.
pub(in crate::ui) fn at_column(text: &str, column: usize) -> usize {
    let mut used = 0;
    let mut at = 0;
    for (byte, c) in text.char_indices() {
        let wide = usize::from(cells(c).unwrap_or(0));
        if wide > 0 {
            if used > column {
                break;
            }
            at = byte;
        }
        used += wide;
    }
    at
}

/// A byte at which a character begins that can be seen: this one, or the nearest before it.
pub(in crate::ui) fn settled(text: &str, byte: usize) -> usize {
    stops(text).into_iter().take_while(|stop| *stop <= byte).last().unwrap_or(0)
}

/// Moves so many times, up to a bound beyond which nobody counts.
pub(in crate::ui) fn step(seen: &Seen<'_>, from: Spot, step: Step, times: u32) -> Spot {
    let mut at = from;
    let mut line = Read::new(seen, at.line);
    for _ in 0..times.clamp(1, MOST) {
        if line.number != at.line {
            line = Read::new(seen, at.line);
        }
        let next = once(seen, at, step, &line);
        if next == at {
            break;
        }
        at = next;
    }
    at
}

/// A line, read once for all moves in it.
struct Read {
    number: u64,
    text: String,
    stops: Vec<usize>,
}

impl Read {
    fn new(seen: &Seen<'_>, number: u64) -> Self {
        let text = text(seen.terminal, number);
        Self { number, stops: stops(&text), text }
    }
}

fn once(seen: &Seen<'_>, from: Spot, step: Step, Read { text, stops, .. }: &Read) -> Spot {
    let index = stops.partition_point(|stop| *stop <= from.byte).saturating_sub(1);
    let at = |index: usize| Spot { byte: stops.get(index).copied().unwrap_or(0), ..from };
    match step {
        Step::Left => at(index.saturating_sub(1)),
        Step::Right => at((index + 1).min(stops.len().saturating_sub(1))),
        Step::LineStart => at(0),
        Step::LineEnd => at(stops.len().saturating_sub(1)),
        Step::FirstWord => at(stops.iter().position(|at| class(text, *at) != Class::Blank).unwrap_or(0)),
        Step::NextWord => next_word(seen, from.line, text, stops, index),
        Step::WordEnd => word_end(seen, from.line, text, stops, index + 1),
        Step::PreviousWord => previous_word(seen, from.line, text, stops, index),
    }
}

fn next_word(seen: &Seen<'_>, line: u64, text: &str, stops: &[usize], index: usize) -> Spot {
    let mut index = index;
    if let Some(own) = stops.get(index).map(|at| class(text, *at)) {
        while stops.get(index).is_some_and(|at| class(text, *at) == own && own != Class::Blank) {
            index += 1;
        }
    }
    if let Some(at) = stops.iter().skip(index).find(|at| class(text, **at) != Class::Blank) {
        return Spot { line, byte: *at };
    }
    for next in after(seen, line) {
        let text = self::text(seen.terminal, next);
        let word = self::stops(&text).into_iter().find(|at| class(&text, *at) != Class::Blank);
        if let Some(byte) = word {
            return Spot { line: next, byte };
        }
        if text.is_empty() {
            return Spot { line: next, byte: 0 };
        }
    }
    Spot { line, byte: stops.last().copied().unwrap_or(0) }
}

fn word_end(seen: &Seen<'_>, line: u64, text: &str, stops: &[usize], from: usize) -> Spot {
    if let Some(byte) = end_from(text, stops, from) {
        return Spot { line, byte };
    }
    let found = after(seen, line).find_map(|next| {
        let text = self::text(seen.terminal, next);
        Some(Spot { line: next, byte: end_from(&text, &self::stops(&text), 0)? })
    });
    found.unwrap_or_else(|| Spot { line, byte: stops.last().copied().unwrap_or(0) })
}

/// The lines after a line, as far as they are seen.
fn after(seen: &Seen<'_>, line: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(seen.next(line + 1), |line| seen.next(line + 1)).take(BARREN)
}

/// The last character of the first word from a stop on.
fn end_from(text: &str, stops: &[usize], from: usize) -> Option<usize> {
    let begin = (from..stops.len()).find(|index| class(text, stops[*index]) != Class::Blank)?;
    let own = class(text, stops[begin]);
    let word = stops[begin..].iter().take_while(|at| class(text, **at) == own);
    word.last().copied()
}

fn previous_word(seen: &Seen<'_>, line: u64, text: &str, stops: &[usize], index: usize) -> Spot {
    if let Some(byte) = start_before(text, stops, index.min(stops.len())) {
        return Spot { line, byte };
    }
    let lines = std::iter::successors(seen.previous(line), |line| seen.previous(*line));
    for before in lines.take(BARREN) {
        let text = self::text(seen.terminal, before);
        let stops = self::stops(&text);
        if let Some(byte) = start_before(&text, &stops, stops.len()) {
            return Spot { line: before, byte };
        }
        if text.is_empty() {
            return Spot { line: before, byte: 0 };
        }
    }
    Spot { line, byte: 0 }
}

/// The first character of the last word that begins before a stop.
fn start_before(text: &str, stops: &[usize], index: usize) -> Option<usize> {
    let last = (0..index).rev().find(|index| class(text, stops[*index]) != Class::Blank)?;
    let own = class(text, stops[last]);
    stops[..=last].iter().rev().take_while(|at| class(text, **at) == own).last().copied()
}

/// The word, the row of signs or of blanks, at a byte.
pub(in crate::ui) fn word_at(text: &str, byte: usize) -> (usize, usize) {
    let stops = stops(text);
    let index = stops.partition_point(|stop| *stop <= byte).saturating_sub(1);
    let Some(at) = stops.get(index) else { return (0, 0) };
    let own = kind_of_word(text, *at);
    let same = |at: &&usize| kind_of_word(text, **at) == own;
    let first = stops[..=index].iter().rev().take_while(same).last().copied();
    let last = stops[index..].iter().take_while(same).last().copied();
    (first.unwrap_or(0), last.unwrap_or(0))
}

/// To a double click a path, an address and an option are one word, as in terminals.
fn kind_of_word(text: &str, at: usize) -> Class {
    match class(text, at) {
        Class::Sign if text[at..].starts_with(['/', '.', '-', '_', '~', '@', '+', '%', ':', '=']) => {
            Class::Word
        }
        class => class,
    }
}

/// Where each character begins that can be seen; what stands on it belongs to it.
fn stops(text: &str) -> Vec<usize> {
    if text.is_ascii() {
        return (0..text.len()).collect();
    }
    text.char_indices().filter(|(_, c)| cells(*c).unwrap_or(0) > 0).map(|(at, _)| at).collect()
}

fn class(text: &str, at: usize) -> Class {
    match text[at..].chars().next() {
        None => Class::Blank,
        Some(c) if c.is_whitespace() => Class::Blank,
        Some(c) if c.is_alphanumeric() || c == '_' => Class::Word,
        Some(_) => Class::Sign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Fed, Moment};

    fn terminal(text: &str) -> Terminal {
        let mut terminal = Terminal::new(24, 80);
        terminal.begin_run(1, None, Moment(0));
        terminal.feed(text.as_bytes(), Moment(0), &mut Fed::default());
        terminal
    }

    /// All places that a step goes to from the first character on.
    fn way(text: &str, from: (u64, usize), how: Step) -> Vec<(u64, usize)> {
        let terminal = terminal(text);
        let mut at = Spot { line: from.0, byte: from.1 };
        let mut way = Vec::new();
        loop {
            let next = step(&Seen::new(&terminal, None), at, how, 1);
            if next == at {
                return way;
            }
            at = next;
            way.push((at.line, at.byte));
        }
    }

    #[test]
    fn words_are_those_of_vim() {
        let text = "let x_1 = 漢字.b;\r\n\r\n  end\r\n";
        assert_eq!(
            way(text, (0, 0), Step::NextWord),
            [(0, 4), (0, 8), (0, 10), (0, 16), (0, 17), (0, 18), (1, 0), (2, 2), (2, 4)]
        );
        assert_eq!(
            way(text, (0, 0), Step::WordEnd),
            [(0, 2), (0, 6), (0, 8), (0, 13), (0, 16), (0, 17), (0, 18), (2, 4)]
        );
        assert_eq!(
            way(text, (2, 4), Step::PreviousWord),
            [(2, 2), (1, 0), (0, 18), (0, 17), (0, 16), (0, 10), (0, 8), (0, 4), (0, 0)]
        );
    }

    #[test]
    fn nobody_moves_a_thousand_million_times() {
        let terminal = terminal(&"a b ".repeat(10_000));
        let seen = Seen::new(&terminal, None);
        let to = step(&seen, Spot { line: 0, byte: 0 }, Step::NextWord, 999_999_999);
        assert_eq!((to.line, to.byte), (0, 20_000));
    }

    #[test]
    fn a_character_is_moved_over_with_all_that_stands_on_it() {
        assert_eq!(way("ae\u{301}漢b", (0, 0), Step::Right), [(0, 1), (0, 4), (0, 7)]);
        assert_eq!(way("ae\u{301}漢b", (0, 7), Step::Left), [(0, 4), (0, 1), (0, 0)]);
        assert_eq!(end_of("ae\u{301}漢b", 1), 4);
        assert_eq!(at_column("a漢b", 2), 1);
        assert_eq!(at_column("a漢b", 3), 4);
        assert_eq!(at_column("a漢b", 30), 4);
    }

    #[test]
    fn a_path_is_one_word_to_a_double_click() {
        let text = "at src/a-b.rs:41, then";
        let (first, last) = word_at(text, 6);
        assert_eq!(&text[first..=last], "src/a-b.rs:41");
        assert_eq!(word_at("", 3), (0, 0));
    }
}
