//! What stands on a screen, read cell by cell into kept lines. Changes nothing.

use super::attrs::Attrs;
use super::cells::{BLANK, MARGIN, trim_blanks};

/// A logical line on a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// Its cells, as lines are kept.
    pub(super) bytes: Vec<u8>,
    /// Its first row on the screen.
    pub(super) row: u16,
    /// How many rows it takes there.
    pub(super) rows: u16,
}

/// The logical lines of the rows before `end`.
pub(super) fn lines(screen: &vt100::Screen, end: u16) -> Vec<Shown> {
    let (_, cols) = screen.size();
    let mut lines: Vec<Shown> = Vec::new();
    let mut open = false;
    for row in 0..end {
        if !open {
            lines.push(Shown { bytes: Vec::new(), row, rows: 0 });
        }
        let Some(line) = lines.last_mut() else { break };
        line.rows += 1;
        open = screen.row_wrapped(row);
        let start = line.bytes.len();
        write_row(screen, row, cols.get(), open, &mut line.bytes);
        if !open {
            trim_blanks(&mut line.bytes, start);
        }
    }
    lines
}

fn write_row(screen: &vt100::Screen, row: u16, cols: u16, wrapped: bool, out: &mut Vec<u8>) {
    let mut attrs = Attrs::default();
    let mut col = 0;
    while let Some(cell) = screen.cell(row, col).filter(|_| col < cols) {
        col += if cell.is_wide() { 2 } else { 1 };
        let now = Attrs::of_cell(cell);
        let margin = cell.contents() == MARGIN;
        if margin && wrapped && col == cols {
            break;
        }
        if margin || (!cell.has_contents() && now.is_default()) {
            if !attrs.is_default() {
                out.extend_from_slice(b"\x1b[m");
                attrs = Attrs::default();
            }
            out.push(BLANK);
            continue;
        }
        now.write_after(attrs, out);
        attrs = now;
        if cell.has_contents() {
            out.extend_from_slice(cell.contents().as_bytes());
        } else {
            out.push(b' ');
        }
    }
    if !attrs.is_default() {
        out.extend_from_slice(b"\x1b[m");
    }
}

/// One row by itself, and whether its line goes on in the next.
pub(super) fn row(screen: &vt100::Screen, row: u16) -> (Vec<u8>, bool) {
    let (_, cols) = screen.size();
    let wrapped = screen.row_wrapped(row);
    let mut bytes = Vec::new();
    write_row(screen, row, cols.get(), wrapped, &mut bytes);
    if !wrapped {
        trim_blanks(&mut bytes, 0);
    }
    (bytes, wrapped)
}

/// Whether nothing stands on a row, not even a colour.
pub(super) fn is_blank(screen: &vt100::Screen, row: u16) -> bool {
    is_blank_from(screen, row, 0)
}

/// Whether nothing stands on a row from a column on.
pub(super) fn is_blank_from(screen: &vt100::Screen, row: u16, col: u16) -> bool {
    let (_, cols) = screen.size();
    (col..cols.get()).all(|col| {
        screen.cell(row, col).is_none_or(|cell| {
            let empty = !cell.has_contents() || cell.contents() == MARGIN;
            empty && Attrs::of_cell(cell).is_default()
        })
    })
}

/// The row after the last one on which something stands.
pub(super) fn end(screen: &vt100::Screen) -> u16 {
    let (rows, _) = screen.size();
    (0..rows.get()).rev().find(|row| !is_blank(screen, *row)).map_or(0, |row| row + 1)
}
