//! Letters that stand for lines of an output. Not: the keys that set them.

use std::collections::BTreeMap;

/// The marks of one output, by their letters.
#[derive(Debug, Clone, Default)]
pub(in crate::ui) struct Marks {
    lines: BTreeMap<char, u64>,
}

impl Marks {
    /// Whether there are none.
    pub(in crate::ui) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Marks a line, whatever the letter stood for before.
    pub(in crate::ui) fn set(&mut self, letter: char, line: u64) {
        self.lines.insert(letter, line);
    }

    /// Sets those of others whose letters stand for nothing here.
    pub(in crate::ui) fn add(&mut self, others: &Self) {
        for (letter, line) in &others.lines {
            self.lines.entry(*letter).or_insert(*line);
        }
    }

    /// Takes a mark away.
    pub(in crate::ui) fn clear(&mut self, letter: char) {
        self.lines.remove(&letter);
    }

    /// The line that a letter stands for.
    pub(in crate::ui) fn line(&self, letter: char) -> Option<u64> {
        self.lines.get(&letter).copied()
    }

    /// The letter that stands for a line; of several the last in the alphabet, small ones behind great ones.
    pub(in crate::ui) fn letter(&self, line: u64) -> Option<char> {
        self.lines.iter().rev().find(|(_, marked)| **marked == line).map(|(letter, _)| *letter)
    }

    /// The marked lines, in no order.
    pub(in crate::ui) fn lines(&self) -> impl Iterator<Item = u64> + '_ {
        self.lines.values().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_stands_for_one_line() {
        let mut marks = Marks::default();
        marks.set('a', 3);
        marks.set('a', 7);
        marks.set('Z', 7);
        assert_eq!((marks.line('a'), marks.letter(3), marks.letter(7)), (Some(7), None, Some('a')));
        let mut others = Marks::default();
        others.set('a', 9);
        others.add(&marks);
        assert_eq!((others.line('a'), others.line('Z')), (Some(9), Some(7)));
        marks.clear('a');
        assert_eq!((marks.letter(7), marks.lines().collect::<Vec<_>>()), (Some('Z'), vec![7]));
    }
}
