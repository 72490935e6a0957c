//! Where text is broken into rows, as vt100 breaks it. Knows text and widths only: no colours, no screens.

use unicode_width::UnicodeWidthChar;

/// How many columns a character takes: 0, 1 or 2. The same table as vt100's.
pub fn width(character: char) -> u16 {
    if character.is_ascii() {
        return u16::from(!character.is_ascii_control());
    }
    match character.width() {
        Some(width) => width.min(2) as u16,
        None => u16::from(u32::from(character) >= 256),
    }
}

/// How many columns a text takes on one endless row.
pub fn text_width(text: &str) -> usize {
    text.chars().map(|character| usize::from(width(character))).sum()
}

/// Where a line of text (no escapes) is broken at a width of `cols`: the byte offset at which each row after the first
/// begins. A wide character that does not fit moves to the next row whole.
pub fn breaks(text: &str, cols: u16) -> Vec<usize> {
    let cols = cols.max(2);
    let mut breaks = Vec::new();
    let mut pen = Pen::new(cols);
    for (offset, character) in text.char_indices() {
        if pen.put(width(character)) {
            breaks.push(offset);
        }
    }
    breaks
}

/// A pen that moves over rows of a width, wrapping only when the next character does not fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    cols: u16,
    /// The column, which is `cols` while the wrap is deferred.
    pub(super) col: u16,
    /// Rows begun before the present one.
    pub(super) row: usize,
}

impl Pen {
    pub(super) fn new(cols: u16) -> Self {
        Self { cols, col: 0, row: 0 }
    }

    /// Puts a character of a width and says whether it began a new row.
    pub(super) fn put(&mut self, width: u16) -> bool {
        let wraps = self.col + width > self.cols && width > 0;
        if wraps {
            self.row += 1;
            self.col = 0;
        }
        self.col += width;
        wraps
    }

    /// Whether a character of a width leaves the last column free, because it does not fit there.
    pub(super) fn leaves_margin(&self, width: u16) -> bool {
        width == 2 && self.col + 1 == self.cols
    }

    /// Puts `count` characters of width 1.
    pub(super) fn put_narrow(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        let cols = usize::from(self.cols);
        let total = usize::from(self.col) + count;
        let rows = (total - 1) / cols;
        self.row += rows;
        self.col = (total - rows * cols) as u16;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, cols: u16) -> Vec<String> {
        let mut rows = Vec::new();
        let mut start = 0;
        for at in breaks(text, cols).into_iter().chain([text.len()]) {
            rows.push(text[start..at].to_owned());
            start = at;
        }
        rows
    }

    #[test]
    fn breaks_where_vt100_does() {
        for (text, cols) in [
            ("", 5),
            ("abcde", 5),
            ("abcdef", 5),
            ("123456789漢字", 10),
            ("漢字漢字", 5),
            ("e\u{301}e\u{301}e\u{301}", 2),
            ("ab漢", 3),
            ("a😀b😀c", 3),
        ] {
            let mut parser = vt100::Parser::new(
                std::num::NonZeroU16::new(9).unwrap(),
                std::num::NonZeroU16::new(cols).unwrap(),
                0,
            );
            parser.process(text.as_bytes());
            let (row, _) = parser.screen().cursor_position();
            let painted: Vec<String> = parser.screen().rows(0, cols).take(usize::from(row) + 1).collect();
            assert_eq!(rows(text, cols), painted, "{text} at {cols}");
        }
    }

    #[test]
    fn a_pen_puts_many_as_it_puts_one_by_one() {
        for count in 0..30 {
            let mut one = Pen::new(7);
            let mut many = Pen::new(7);
            one.put(1);
            many.put(1);
            for _ in 0..count {
                one.put(1);
            }
            many.put_narrow(count);
            assert_eq!((one.row, one.col), (many.row, many.col), "{count}");
        }
    }
}
