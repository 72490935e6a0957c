//! A selection in the output: from where to where, and in which shape. It stays on its text whatever is printed meanwhile. Not:
//! moving its end (`cursor`), and not: the text itself (`extract`).

use std::cmp::Ordering;

use crate::model::InstanceId;
use crate::terminal::Terminal;
use crate::ui::pager::Position;
use crate::ui::pager::cursor::{column_of, end_of, text};
use crate::ui::pager::extract::{Cut, Extract};

/// A character of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(in crate::ui) struct Spot {
    /// The number of the logical line.
    pub(in crate::ui) line: u64,
    /// Where the character begins in the text of the line.
    pub(in crate::ui) byte: usize,
}

/// What lies between the two ends of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Shape {
    /// All characters from the one to the other.
    Chars,
    /// Whole lines.
    Lines,
    /// The same columns of each line.
    Block,
}

/// A selection. Both ends belong to it.
#[derive(Debug)]
pub(in crate::ui) struct Selection {
    /// What lies between its ends.
    pub(in crate::ui) shape: Shape,
    /// The end that stays.
    pub(in crate::ui) anchor: Spot,
    /// The end that moves.
    pub(in crate::ui) cursor: Spot,
    /// The column that moves up and down keep to.
    pub(in crate::ui) column: usize,
    /// What stood in the first row when it began: a screen that was cleared may stand below the last page of lines, and what
    /// one points at shall not jump.
    pub(in crate::ui) floor: Position,
    /// Where the moving end was before a search was typed.
    pub(in crate::ui) sought_from: Option<Spot>,
}

impl Selection {
    /// A selection of one character.
    pub(in crate::ui) fn new(shape: Shape, at: Spot, floor: Position, terminal: &Terminal) -> Self {
        let column = column_of(&text(terminal, at.line), at.byte);
        Self { shape, anchor: at, cursor: at, column, floor, sought_from: None }
    }

    /// The other end is the one that moves from now on.
    pub(in crate::ui) fn turn(&mut self, terminal: &Terminal) {
        std::mem::swap(&mut self.anchor, &mut self.cursor);
        self.column = column_of(&text(terminal, self.cursor.line), self.cursor.byte);
    }

    /// What is selected, as plain data.
    pub(in crate::ui) fn extract(&self, instance: InstanceId, terminal: &Terminal) -> Extract {
        let (first, last) = match self.anchor.cmp(&self.cursor) {
            Ordering::Less | Ordering::Equal => (self.anchor, self.cursor),
            Ordering::Greater => (self.cursor, self.anchor),
        };
        let cut = match self.shape {
            Shape::Lines => Cut::Whole,
            Shape::Chars => {
                Cut::Chars { from: first.byte, to: end_of(&text(terminal, last.line), last.byte) }
            }
            Shape::Block => self.block(terminal),
        };
        Extract { instance, lines: first.line..last.line + 1, cut, only: None }
    }

    fn block(&self, terminal: &Terminal) -> Cut {
        let columns = [self.anchor, self.cursor].map(|spot| {
            let text = text(terminal, spot.line);
            (column_of(&text, spot.byte), column_of(&text, end_of(&text, spot.byte)).max(1))
        });
        let left = columns[0].0.min(columns[1].0);
        let right = columns[0].1.max(columns[1].1);
        // `$` goes to the end of every line.
        Cut::Block { left, right: if self.column == usize::MAX { usize::MAX } else { right } }
    }
}
