//! Puts text into cells, clipped at every edge: nothing drawn through it can panic or leave its place.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::ui::text::{cells, width};

/// Draws into a buffer.
pub(super) struct Brush<'b> {
    buffer: &'b mut Buffer,
}

impl<'b> Brush<'b> {
    /// A brush for the whole buffer.
    pub(super) fn new(buffer: &'b mut Buffer) -> Self {
        Self { buffer }
    }

    /// Puts text at a place, up to but not including the column `right`; returns the column after it. A wide character
    /// that does not fit whole is left out.
    pub(super) fn put(&mut self, x: u16, y: u16, right: u16, text: &str, style: Style) -> u16 {
        let mut at = x;
        let row = self.row(y);
        let right = right.min(row.right);
        let mut last = None;
        for c in text.chars() {
            match cells(c) {
                None => {}
                Some(0) => append(last.and_then(|x| row.cells.get_mut(x)), c),
                Some(wide) if at < right && wide <= right - at && at >= row.left => {
                    let first = usize::from(at - row.left);
                    row.cells[first].set_char(c).set_style(style);
                    if wide == 2 {
                        row.cells[first + 1].reset();
                        row.cells[first + 1].set_style(style);
                    }
                    last = Some(first);
                    at += wide;
                }
                Some(_) => break,
            }
        }
        at
    }

    /// Puts text so that it ends before the column `right`, or starts at `left` if it is too long; returns where it starts.
    pub(super) fn put_right(&mut self, left: u16, right: u16, y: u16, text: &str, style: Style) -> u16 {
        let wide = u16::try_from(width(text)).unwrap_or(u16::MAX);
        let x = right.saturating_sub(wide).max(left);
        self.put(x, y, right, text, style);
        x
    }

    /// Lays a style over an area.
    pub(super) fn shade(&mut self, area: Rect, style: Style) {
        self.buffer.set_style(area, style);
    }

    /// Lays the look of a selection over an area. Reverse video would turn each colour and each dim word into a patch of
    /// its own: these give way to one even bar.
    pub(super) fn highlight(&mut self, area: Rect, style: Style) {
        if style.add_modifier.contains(Modifier::REVERSED) {
            self.shade(area, Style::new().fg(Color::Reset).remove_modifier(Modifier::DIM));
        }
        self.shade(area, style);
    }

    /// Makes an area blank.
    pub(super) fn clear(&mut self, area: Rect) {
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                }
            }
        }
    }

    /// The cells of a row, from the column `x` up to but not including `right`.
    pub(super) fn cells(&mut self, x: u16, y: u16, right: u16) -> &mut [Cell] {
        let row = self.row(y);
        let right = right.clamp(row.left, row.right);
        let x = x.clamp(row.left, right);
        &mut row.cells[usize::from(x - row.left)..usize::from(right - row.left)]
    }

    fn row(&mut self, y: u16) -> Row<'_> {
        let area = self.buffer.area;
        let wide = usize::from(area.width);
        if y < area.top() || y >= area.bottom() {
            return Row { left: 0, right: 0, cells: &mut [] };
        }
        let start = usize::from(y - area.top()) * wide;
        Row { left: area.left(), right: area.right(), cells: &mut self.buffer.content[start..start + wide] }
    }
}

struct Row<'r> {
    left: u16,
    right: u16,
    cells: &'r mut [Cell],
}

/// A cell holds at most so many bytes. No script stacks that many marks on a letter; a flood of them would be drawn anew with each
/// frame, and terminals differ in how many they take.
const CELL: usize = 32;

/// Joins a zero-width character to the one before it.
pub(super) fn append(cell: Option<&mut Cell>, c: char) {
    if let Some(cell) = cell.filter(|cell| cell.symbol().len() + c.len_utf8() <= CELL) {
        let symbol = format!("{}{c}", cell.symbol());
        cell.set_symbol(&symbol);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: u16, x: u16, y: u16, text: &str) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        Brush::new(&mut buffer).put(x, y, u16::MAX, text, Style::new());
        buffer.content().iter().map(Cell::symbol).collect()
    }

    #[test]
    fn nothing_leaves_the_buffer() {
        assert_eq!(drawn(4, 2, 0, "abcdef"), "  ab");
        assert_eq!(drawn(4, 9, 0, "abcdef"), "    ");
        assert_eq!(drawn(4, 0, 7, "abcdef"), "    ");
        assert_eq!(drawn(4, 1, 0, "漢字"), " 漢  ");
    }

    #[test]
    fn marks_join_their_letter_and_controls_vanish() {
        assert_eq!(drawn(3, 0, 0, "e\u{301}\u{7}\u{202e}x"), "e\u{301}x ");
        assert_eq!(drawn(3, 0, 0, "\u{301}x"), "x  ");
        let flooded = drawn(3, 0, 0, &format!("e{}x", "\u{301}".repeat(100_000)));
        assert!(flooded.len() <= CELL + 2 && flooded.ends_with("x "), "{flooded:?}");
    }
}
