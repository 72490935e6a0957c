//! The text of a whole leaf: its lines one below the other, without colours, and the end of what stood before them. Not: what
//! is looked for in it.

use crate::terminal::history::{Entry, Kind, Leaf, Page};
use crate::terminal::{cells, text_of};

/// The text of a whole leaf, to be used again for the next one.
#[derive(Default)]
pub struct Sheet {
    /// The lines, with a newline between each two.
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
    /// The places of lines that have no text: separators, and lines that are lost.
    separators: Vec<u32>,
    /// Lines of the same run that stand before the first, each with a newline at its end.
    before: String,
}

/// Room in which leaves are read.
#[derive(Default)]
pub(super) struct Room {
    page: Page,
    scratch: String,
    sheet: Sheet,
    /// The number after the last line that was read.
    end: u64,
}

impl Room {
    /// Reads a leaf. If it follows the one that was read before, so many lines of that one are remembered.
    pub(super) fn read(&mut self, leaf: &Leaf, context: u64) -> &Sheet {
        let Self { page, scratch, sheet, end } = self;
        let lines = leaf.lines();
        sheet.turn(if lines.start == *end { context as usize } else { 0 });
        *end = lines.end;
        match leaf.read(page) {
            Some((bytes, entries)) => match unadorned(bytes) {
                Some(text) => sheet.fill(text, entries),
                None => sheet.fill_stripped(bytes, entries, scratch),
            },
            // What zap says in the place of lost lines is nothing that a job has printed.
            None => lines.for_each(|_| sheet.push_separator()),
        }
        sheet
    }
}

/// Kept bytes that are text as they stand: neither colours nor blank cells are in them, and no separator.
fn unadorned(bytes: &[u8]) -> Option<&str> {
    if memchr::memchr2(cells::ESC, cells::BLANK, bytes).is_some() {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

impl Sheet {
    /// The whole text: its lines with a newline between each two.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines, separators among them.
    pub fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The lines with their places, without the separators.
    pub fn lines(&self) -> impl Iterator<Item = (u32, &str)> {
        (0..self.len()).filter(|place| !self.is_separator(*place)).map(|place| (place, self.line(place)))
    }

    /// Lines of the same run before the first one, oldest first: as many as the matcher wants to have heard.
    pub fn before(&self) -> impl Iterator<Item = &str> {
        self.before.split_terminator('\n')
    }

    /// The text of the line at a place.
    pub fn line(&self, place: u32) -> &str {
        let (start, end) = (self.start(place), self.end(place));
        self.text.get(start..end).unwrap_or_default()
    }

    /// Where the line at a place begins in the text.
    pub(super) fn start(&self, place: u32) -> usize {
        if place == 0 { 0 } else { self.end(place - 1) + 1 }
    }

    /// Where the line at a place ends in the text; that of the last one beyond the last.
    pub(super) fn end(&self, place: u32) -> usize {
        self.ends.get(place as usize).map_or(self.text.len(), |end| *end as usize)
    }

    /// The first place, from `place` on, whose line ends at `at` or later.
    pub(super) fn place_of(&self, at: usize, place: u32) -> u32 {
        let ends = self.ends.get(place as usize..).unwrap_or_default();
        // It is mostly near.
        let near = ends.iter().take(4).position(|end| *end as usize >= at);
        near.unwrap_or_else(|| ends.partition_point(|end| (*end as usize) < at)) as u32 + place
    }

    /// Whether the line at a place is a separator.
    pub(super) fn is_separator(&self, place: u32) -> bool {
        !self.separators.is_empty() && self.separators.binary_search(&place).is_ok()
    }

    fn fill(&mut self, text: &str, entries: &[Entry]) {
        self.text.reserve(text.len() + entries.len());
        self.ends.reserve(entries.len());
        let mut start = 0;
        for entry in entries {
            let end = entry.end as usize;
            match entry.kind {
                Kind::RunEnd => self.push_separator(),
                Kind::Output | Kind::Piece | Kind::Note => {
                    self.push(text.get(start..end).unwrap_or_default());
                }
            }
            start = end;
        }
    }

    fn fill_stripped(&mut self, bytes: &[u8], entries: &[Entry], scratch: &mut String) {
        let mut start = 0;
        for entry in entries {
            let end = entry.end as usize;
            match entry.kind {
                Kind::RunEnd => self.push_separator(),
                Kind::Output | Kind::Piece | Kind::Note => {
                    let line = bytes.get(start..end).unwrap_or_default();
                    self.push(text_of(line, entry.kind, scratch));
                }
            }
            start = end;
        }
    }

    /// Makes room for the lines that follow, and remembers so many that stand before them.
    fn turn(&mut self, context: usize) {
        let run = self.separators.last().map_or(0, |separator| separator + 1);
        if run > 0 || context == 0 {
            self.before.clear();
        }
        if context > 0 {
            let from = run.max(self.len().saturating_sub(context as u32));
            for place in from..self.len() {
                let (start, end) = (self.start(place), self.end(place));
                self.before.push_str(&self.text[start..end]);
                self.before.push('\n');
            }
            let cut = memchr::memrchr_iter(b'\n', self.before.as_bytes()).nth(context);
            self.before.drain(..cut.map_or(0, |newline| newline + 1));
        }
        self.text.clear();
        self.ends.clear();
        self.separators.clear();
    }

    fn push_separator(&mut self) {
        self.separators.push(self.len());
        self.push("");
    }

    fn push(&mut self, line: &str) {
        if !self.ends.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.ends.push(self.text.len() as u32);
    }

    #[cfg(test)]
    pub(super) fn of(lines: &[&str]) -> Self {
        let mut sheet = Self::default();
        for line in lines {
            sheet.push(line);
        }
        sheet
    }
}
