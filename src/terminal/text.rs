//! Output as lines for a terminal that is shared by many jobs: only colours are kept, a line that was overwritten shows its last
//! state. Not a screen: whatever moves up or down is taken out.

use super::attrs::Attrs;
use super::cells::push_cell;
use super::filter::{Csi, Filter, Token};
use super::wrap::width;

/// A line longer than this many columns is cut.
const LONGEST: usize = 64 * 1024;

/// Takes raw output and yields finished lines.
#[derive(Default)]
pub struct LineSplitter {
    filter: Filter,
    line: Overwritten,
    attrs: Attrs,
    last: Option<char>,
}

/// A line under way: a cell for each column.
#[derive(Default)]
struct Overwritten {
    cells: Vec<Cell>,
    column: usize,
}

#[derive(Clone)]
struct Cell {
    /// The character, or nothing for the second half of a wide one.
    text: Option<char>,
    /// What has no width and stands on the character, bounded.
    marks: Vec<char>,
    attrs: Attrs,
}

impl LineSplitter {
    /// Takes raw output and gives each line that it finishes to `line`: text and SGR sequences, beginning and ending with
    /// default colours, without a newline.
    pub fn feed(&mut self, bytes: &[u8], line: &mut dyn FnMut(&[u8])) {
        let mut at = 0;
        while at < bytes.len() {
            if self.is_fresh() {
                let taken = whole_lines(&bytes[at..], line);
                // It may be repeated, as if it had come by the other way.
                let text = bytes[at..at + taken].iter().rev().find(|byte| !matches!(byte, b'\r' | b'\n'));
                self.last = text.map(|byte| char::from(*byte)).or(self.last);
                at += taken;
            }
            let Some(token) = self.filter.next(bytes, &mut at) else { break };
            match token {
                Token::Text(text) => {
                    self.last = text.chars().next_back();
                    for character in text.chars() {
                        self.line.put(character, self.attrs);
                        // Here, so that it does not depend on the reads where a line is cut.
                        if self.line.is_full() {
                            line(&self.line.take());
                        }
                    }
                }
                Token::Feed => line(&self.line.take()),
                Token::Return => self.line.column = 0,
                Token::Back => self.line.column = self.line.column.saturating_sub(1),
                Token::Tab => self.line.column = self.line.column / 8 * 8 + 8,
                Token::Sgr(params) => self.attrs.apply(params),
                Token::Csi(csi) => control(&csi, &mut self.line, self.last, self.attrs, line),
                Token::Esc(b'E' | b'c') if !self.line.cells.is_empty() => line(&self.line.take()),
                Token::Esc(_) | Token::Align | Token::Osc(..) | Token::Dcs(_) => {}
            }
            if self.line.is_full() {
                line(&self.line.take());
            }
        }
    }

    fn is_fresh(&self) -> bool {
        self.filter.is_plain()
            && self.attrs.is_default()
            && self.line.cells.is_empty()
            && self.line.column == 0
    }

    /// The line that has no end yet, if there is one.
    pub fn partial(&self) -> Option<Vec<u8>> {
        let bytes = self.line.bytes();
        (!bytes.is_empty()).then_some(bytes)
    }

    /// Takes the line that has no end yet away: what comes next begins a new one. For the end of a run.
    pub fn take_partial(&mut self) -> Option<Vec<u8>> {
        let partial = self.partial();
        self.line.take();
        partial
    }
}

/// Passes on whole lines of printable ASCII from the beginning of `bytes`; returns how many bytes that was.
fn whole_lines(bytes: &[u8], line: &mut dyn FnMut(&[u8])) -> usize {
    let mut taken = 0;
    for newline in memchr::memchr_iter(b'\n', bytes) {
        let mut text = &bytes[taken..newline];
        while let [rest @ .., b'\r'] = text {
            text = rest;
        }
        let special = text.iter().fold(0, |found, byte| found | u8::from(byte.wrapping_sub(0x20) >= 0x5f));
        if special != 0 || text.len() >= LONGEST {
            break;
        }
        line(text);
        taken = newline + 1;
    }
    taken
}

fn control(
    csi: &Csi,
    line: &mut Overwritten,
    last: Option<char>,
    attrs: Attrs,
    yields: &mut dyn FnMut(&[u8]),
) {
    if csi.private != 0 || csi.intermediate != 0 {
        return;
    }
    let count = usize::from(csi.param(0).max(1));
    match csi.last {
        b'K' => line.erase(csi.param(0)),
        b'C' => line.column += count.min(1000),
        b'D' => line.column = line.column.saturating_sub(count),
        b'G' | b'`' => line.column = (count - 1).min(1000),
        b'b' => {
            for character in last.into_iter().cycle().take(count.min(1000)) {
                line.put(character, attrs);
            }
        }
        b'P' => line.delete(count),
        // Somewhere else on a screen: another line for us.
        b'H' | b'f' | b'E' if !line.cells.is_empty() => yields(&line.take()),
        _ => {}
    }
}

impl Overwritten {
    fn put(&mut self, character: char, attrs: Attrs) {
        let width = usize::from(width(character));
        if width == 0 {
            let before = self.column.checked_sub(1).and_then(|column| self.cells.get_mut(column));
            if let Some(cell) = before.filter(|cell| cell.text.is_some() && cell.marks.len() < 8) {
                cell.marks.push(character);
            }
            return;
        }
        let blank = Cell { text: Some(' '), marks: Vec::new(), attrs: Attrs::default() };
        if self.cells.len() < self.column + width {
            self.cells.resize(self.column + width, blank.clone());
        }
        // The other half of a wide character that is cut goes too.
        if self.cells[self.column].text.is_none() && self.column > 0 {
            self.cells[self.column - 1] = blank.clone();
        }
        let end = self.column + width;
        if self.cells.get(end).is_some_and(|cell| cell.text.is_none()) {
            self.cells[end] = blank;
        }
        self.cells[self.column] = Cell { text: Some(character), marks: Vec::new(), attrs };
        if width == 2 {
            self.cells[self.column + 1] = Cell { text: None, marks: Vec::new(), attrs };
        }
        self.column = end;
    }

    fn is_full(&self) -> bool {
        self.cells.len() >= LONGEST || self.column >= LONGEST
    }

    fn erase(&mut self, how: u16) {
        let column = self.column.min(self.cells.len());
        match how {
            0 => self.cells.truncate(column),
            2 => self.cells.clear(),
            _ => {
                let end = (column + 1).min(self.cells.len());
                let blank = Cell { text: Some(' '), marks: Vec::new(), attrs: Attrs::default() };
                self.cells[..end].fill(blank);
            }
        }
    }

    fn delete(&mut self, count: usize) {
        let from = self.column.min(self.cells.len());
        let to = from.saturating_add(count).min(self.cells.len());
        self.cells.drain(from..to);
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut attrs = Attrs::default();
        for cell in &self.cells {
            let Some(character) = cell.text else { continue };
            push_cell(character, &cell.marks, cell.attrs, &mut attrs, &mut out);
        }
        Attrs::default().write_after(attrs, &mut out);
        out
    }

    fn take(&mut self) -> Vec<u8> {
        let bytes = self.bytes();
        self.cells.clear();
        self.column = 0;
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(pieces: &[&[u8]]) -> (Vec<String>, Option<String>) {
        let mut splitter = LineSplitter::default();
        let mut lines = Vec::new();
        for piece in pieces {
            splitter.feed(piece, &mut |line| lines.push(String::from_utf8(line.to_vec()).unwrap()));
        }
        (lines, splitter.partial().map(|line| String::from_utf8(line).unwrap()))
    }

    #[test]
    fn what_is_repeated_does_not_depend_on_the_reads() {
        let whole = split(&[b"xm\r\n\r\n\x1b[3by\r\n"]);
        assert_eq!(whole.0, ["xm", "", "mmmy"]);
        assert_eq!(split(&[b"x", b"m\r\n\r\n", b"\x1b[3by\r\n"]), whole);
    }

    #[test]
    fn lines_come_out_with_their_colours_only() {
        let (lines, partial) = split(&[b"one\r\n\x1b[1;32mtwo\x1b[m\x1b[K\r\n\x1b]0;title\x07th", b"ree"]);
        assert_eq!(lines, ["one", "\x1b[1;32mtwo\x1b[m"]);
        assert_eq!(partial.as_deref(), Some("three"));
    }

    #[test]
    fn an_overwritten_line_shows_its_last_state() {
        let (lines, _) =
            split(&[b"10%\r20%\r100% done\rok\n", b"long text\rshort\x1b[K\n", b"abc\x08\x08X\n"]);
        assert_eq!(lines, ["ok0% done", "short", "aXc"]);
    }

    #[test]
    fn a_colour_goes_on_in_the_next_line() {
        let (lines, _) = split(&[b"\x1b[31mred\nstill\n"]);
        assert_eq!(lines, ["\x1b[31mred\x1b[m", "\x1b[31mstill\x1b[m"]);
    }

    #[test]
    fn split_anywhere_it_is_the_same() {
        let bytes = "wide 漢字\r漢\x1b[K\ttab e\u{301}\r\n\x1b[38;2;1;2;3mx\x1b[m y\r\nrest".as_bytes();
        let whole = split(&[bytes]);
        for at in 0..bytes.len() {
            assert_eq!(split(&[&bytes[..at], &bytes[at..]]), whole, "split at {at}");
        }
    }

    #[test]
    fn a_line_without_end_is_bounded() {
        let mut splitter = LineSplitter::default();
        let mut count = 0;
        for _ in 0..100 {
            splitter.feed(&[b'x'; 10_000], &mut |line| count += line.len());
        }
        assert!(count > 900_000 && splitter.line.cells.len() <= LONGEST);
    }
}
