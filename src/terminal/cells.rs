//! A logical line as it is kept: printable UTF-8, SGR sequences, and a TAB for each cell that nothing was written to
//! (by a tab or a cursor movement). From such a line the cells can be painted again exactly. Starts and ends with
//! default attributes.

use super::attrs::{Attrs, push_decimal};
use super::wrap::{Pen, width};

/// A cell that nothing was written to.
pub(super) const BLANK: u8 = b'\t';
/// What the parser is told to put into the last column when a wide character does not fit there. vt100 calls a row wrapped only
/// if something stands in its last column: without this, the line would be two lines for good. It looks like a blank, and no
/// kept line has it. No program writes it, a space with a COMBINING GRAPHEME JOINER on it; if one did, that space would be lost.
pub(super) const MARGIN: &str = " \u{34f}";
pub(super) const ESC: u8 = 0x1b;

/// A piece of a kept line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Text(&'a str),
    Blanks(usize),
    /// The parameters between `ESC [` and `m`.
    Sgr(&'a [u8]),
}

/// The pieces of a kept line, each with the offset at which it begins.
pub(super) struct Parts<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Takes a kept line apart.
pub(super) fn parts(bytes: &[u8]) -> Parts<'_> {
    Parts { bytes, at: 0 }
}

impl<'a> Iterator for Parts<'a> {
    type Item = (usize, Part<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = &self.bytes[start..];
        let part = match *rest.first()? {
            ESC => {
                let end = memchr::memchr(b'm', rest).unwrap_or(rest.len() - 1);
                self.at += end + 1;
                Part::Sgr(rest.get(2..end).unwrap_or_default())
            }
            BLANK => {
                let count = rest.iter().take_while(|byte| **byte == BLANK).count();
                self.at += count;
                Part::Blanks(count)
            }
            _ => {
                let end = memchr::memchr2(ESC, BLANK, rest).unwrap_or(rest.len());
                self.at += end;
                Part::Text(valid(&rest[..end]))
            }
        };
        Some((start, part))
    }
}

/// Only valid text is kept; should it ever not be, what comes before the fault is shown.
fn valid(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_else(|error| {
        bytes.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default()
    })
}

/// Appends the text of a line without its colours; untouched cells are spaces.
pub(super) fn plain_text(bytes: &[u8], text: &mut String) {
    for (_, part) in parts(bytes) {
        match part {
            Part::Text(piece) => text.push_str(piece),
            Part::Blanks(count) => text.extend(std::iter::repeat_n(' ', count)),
            Part::Sgr(_) => {}
        }
    }
}

/// The line as others read it: untouched cells become spaces without attributes, those at the end are left out.
pub(super) fn for_readers(bytes: &[u8]) -> Vec<u8> {
    let end = bytes.iter().rposition(|byte| *byte != BLANK).map_or(0, |last| last + 1);
    let bytes = &bytes[..end];
    if memchr::memchr(BLANK, bytes).is_none() {
        return bytes.to_vec();
    }
    let mut out = Vec::with_capacity(bytes.len() + 16);
    let mut attrs = Attrs::default();
    for (start, part) in parts(bytes) {
        match part {
            Part::Text(piece) => out.extend_from_slice(piece.as_bytes()),
            Part::Sgr(params) => {
                attrs.apply(params);
                out.extend_from_slice(&bytes[start..start + params.len() + 3]);
            }
            Part::Blanks(count) => {
                let aside = attrs.shows_on_blank();
                if aside {
                    out.extend_from_slice(b"\x1b[m");
                }
                out.extend(std::iter::repeat_n(b' ', count));
                if aside {
                    attrs.write(&mut out);
                }
            }
        }
    }
    out
}

/// Writes a line, from the offset `from` on, as a screen of `cols` columns must hear it so that its cells come out as they
/// were. The screen's cursor stands where the line's bytes up to `from` left it.
pub(super) fn for_screen(bytes: &[u8], from: usize, cols: u16, out: &mut Vec<u8>) {
    let mut pen = Pen::new(cols);
    let mut attrs = Attrs::default();
    let mut resumed = from == 0;
    for (start, part) in parts(bytes) {
        let length = match part {
            Part::Text(piece) => piece.len(),
            Part::Blanks(count) => count,
            Part::Sgr(params) => params.len() + 3,
        };
        // What was heard of this part already.
        let skip = from.saturating_sub(start).min(length);
        if !resumed && skip < length {
            attrs.write(out);
            resumed = true;
        }
        match part {
            Part::Text(piece) => {
                let (heard, rest) = piece.split_at_checked(skip).unwrap_or(("", piece));
                put(&mut pen, heard);
                put_on_screen(&mut pen, rest, attrs, out);
            }
            Part::Sgr(params) => {
                attrs.apply(params);
                if skip == 0 {
                    out.extend_from_slice(&bytes[start..(start + length).min(bytes.len())]);
                }
            }
            Part::Blanks(count) => {
                pen.put_narrow(skip);
                blanks(count - skip, cols, &mut pen, attrs, out);
            }
        }
    }
}

fn blanks(count: usize, cols: u16, pen: &mut Pen, attrs: Attrs, out: &mut Vec<u8>) {
    if count == 0 {
        return;
    }
    if usize::from(pen.col) + count < usize::from(cols) {
        out.extend_from_slice(b"\x1b[");
        push_decimal(count as u16, out);
        out.push(b'C');
    } else {
        // A movement does not wrap; spaces do.
        out.extend_from_slice(b"\x1b[m");
        out.extend(std::iter::repeat_n(b' ', count));
        attrs.write(out);
    }
    pen.put_narrow(count);
}

/// Whether a text has characters that take two columns.
pub(super) fn has_wide(text: &str) -> bool {
    // The first of them is U+1100.
    text.bytes().any(|byte| byte >= 0xe1) && text.chars().any(|character| width(character) == 2)
}

/// Moves a pen over a text that is written to a screen: with a [`MARGIN`] wherever a wide character does not fit a row.
pub(super) fn put_on_screen(pen: &mut Pen, text: &str, attrs: Attrs, out: &mut Vec<u8>) {
    if !has_wide(text) {
        put(pen, text);
        return out.extend_from_slice(text.as_bytes());
    }
    for character in text.chars() {
        if pen.leaves_margin(width(character)) {
            if !attrs.is_default() {
                out.extend_from_slice(b"\x1b[m");
            }
            out.extend_from_slice(MARGIN.as_bytes());
            attrs.write(out);
        }
        pen.put(width(character));
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Moves a pen over a text.
pub(super) fn put(pen: &mut Pen, text: &str) {
    if text.is_ascii() {
        pen.put_narrow(text.len());
    } else {
        for character in text.chars() {
            pen.put(width(character));
        }
    }
}

/// Where a pen stands after a line.
pub(super) fn pen_after(bytes: &[u8], cols: u16) -> Pen {
    let mut pen = Pen::new(cols);
    for (_, part) in parts(bytes) {
        match part {
            Part::Text(piece) => put(&mut pen, piece),
            Part::Blanks(count) => pen.put_narrow(count),
            Part::Sgr(_) => {}
        }
    }
    pen
}

/// How many rows of a screen a line takes; at least one.
pub(super) fn rows(bytes: &[u8], cols: u16) -> usize {
    if bytes.len() <= usize::from(cols) {
        return 1;
    }
    pen_after(bytes, cols).row + 1
}

/// The part of a line that fills its first `count` rows, closed so that it ends with default attributes.
pub(super) fn first_rows(bytes: &[u8], cols: u16, count: usize) -> Vec<u8> {
    if count == 0 {
        return Vec::new();
    }
    let (end, attrs) = start_of_row(bytes, cols, count);
    let mut first = bytes[..end].to_vec();
    if !attrs.is_default() {
        first.extend_from_slice(b"\x1b[m");
    }
    first
}

/// The offset at which row `row` of a line begins, with the attributes there; the end if it has fewer rows.
fn start_of_row(bytes: &[u8], cols: u16, row: usize) -> (usize, Attrs) {
    let mut pen = Pen::new(cols);
    let mut attrs = Attrs::default();
    for (start, part) in parts(bytes) {
        match part {
            Part::Text(piece) => {
                for (offset, character) in piece.char_indices() {
                    pen.put(width(character));
                    if pen.row >= row {
                        return (start + offset, attrs);
                    }
                }
            }
            Part::Blanks(count) => {
                for offset in 0..count {
                    pen.put(1);
                    if pen.row >= row {
                        return (start + offset, attrs);
                    }
                }
            }
            Part::Sgr(params) => attrs.apply(params),
        }
    }
    (bytes.len(), attrs)
}

/// Where the cell number `cell` of a line comes to stand: its row and column. Cells are counted over rows of the width
/// `cells_per_row` that the line had, so that a place on the old screen finds its place on the new.
pub(super) fn place_of_cell(bytes: &[u8], from: u16, row: usize, col: u16, to: u16) -> (usize, u16) {
    let mut old = Pen::new(from);
    let mut new = Pen::new(to);
    let target = |pen: &Pen| pen.row > row || (pen.row == row && pen.col > col);
    for (_, part) in parts(bytes) {
        let mut one = |width: u16| {
            let (was_old, was_new) = (old, new);
            old.put(width);
            if target(&old) {
                old = was_old;
                new = was_new;
                return true;
            }
            new.put(width);
            false
        };
        let found = match part {
            Part::Text(piece) => piece.chars().any(|character| one(width(character))),
            Part::Blanks(count) => (0..count).any(|_| one(1)),
            Part::Sgr(_) => false,
        };
        if found {
            break;
        }
    }
    // Beyond the text only blanks follow; a cursor that stood there stays as far behind it.
    let missing = if old.row < row { col } else { col.saturating_sub(old.col) };
    if old.row < row {
        new.put_narrow(usize::from(from.saturating_sub(old.col)));
    }
    new.put_narrow(usize::from(missing));
    (new.row, new.col)
}

/// Appends a character with what stands on it, in its attributes; `now` are those at the end of `out`.
pub(super) fn push_cell(character: char, marks: &[char], attrs: Attrs, now: &mut Attrs, out: &mut Vec<u8>) {
    attrs.write_after(*now, out);
    *now = attrs;
    for character in std::iter::once(&character).chain(marks) {
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Trims blanks that nothing was written to from the end of a line under construction.
pub(super) fn trim_blanks(line: &mut Vec<u8>, floor: usize) {
    while line.len() > floor && line.last() == Some(&BLANK) {
        line.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_see_spaces_without_attributes() {
        assert_eq!(for_readers(b"a\t\tb\t"), b"a  b");
        assert_eq!(for_readers(b"\x1b[41ma\tb\x1b[m"), b"\x1b[41ma\x1b[m \x1b[41mb\x1b[m");
    }

    #[test]
    fn rows_are_counted_and_cut() {
        assert_eq!(rows(b"", 5), 1);
        assert_eq!(rows(b"abcde", 5), 1);
        assert_eq!(rows(b"abcdef", 5), 2);
        assert_eq!(rows(b"\x1b[1mabcde\x1b[m", 5), 1);
        assert_eq!(first_rows(b"\x1b[1mabcdef\x1b[m", 5, 1), b"\x1b[1mabcde\x1b[m");
    }

    #[test]
    fn a_place_finds_its_place_at_another_width() {
        assert_eq!(place_of_cell(b"abcdefgh", 5, 1, 2, 3), (2, 1));
        assert_eq!(place_of_cell(b"abc", 5, 0, 4, 10), (0, 4));
    }
}
