//! A piece of the output that leaves zap: which lines and which part of each, as plain data; and its text, which another thread
//! can write. No borders, no rows: a wrapped line is one line. Not: where it goes.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::{ControlFlow, Range};

use crate::model::InstanceId;
use crate::terminal::{Excerpt, Line, LineKind, RunEnd, Terminal};
use crate::ui::pager::cursor::at_column;
use crate::ui::pager::line::plain;
use crate::ui::pager::sieve::{Only, Sieve};
use crate::ui::text::{boundary, cells, width};

/// A piece of the output of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extract {
    /// Of which instance.
    pub instance: InstanceId,
    /// The numbers of its lines.
    pub lines: Range<u64>,
    /// Which part of them.
    pub cut: Cut,
    /// Which of them, if filters leave some out.
    pub only: Option<Only>,
}

/// Which part of some lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// All of each.
    Whole,
    /// From a byte of the first to a byte of the last.
    Chars {
        /// Where it begins in the text of the first line.
        from: usize,
        /// Where it ends in the text of the last line; the byte itself is not part of it.
        to: usize,
    },
    /// The same columns of each.
    Block {
        /// The first column.
        left: usize,
        /// The column after the last one.
        right: usize,
    },
}

/// How text is dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dress {
    /// Text alone.
    Plain,
    /// With its colours.
    Coloured,
}

/// Text on its way out. It may be written on any thread while the terminal goes on.
pub struct Outgoing {
    excerpt: Excerpt,
    cut: Cut,
    only: Option<Only>,
    /// The ends of runs among the lines, and the one before them.
    ends: Vec<u64>,
    /// What some of them are told by.
    told: BTreeMap<u64, String>,
}

/// Ends of runs beyond so many are told without the time, which only the loop knows.
const TOLD: usize = 1_000;
/// After so many lines it is told how far the writing is.
const STRIDE: u64 = 10_000;

impl Extract {
    /// Its text. `tell` puts the end of a run into words.
    pub(in crate::ui) fn outgoing(&self, terminal: &Terminal, tell: impl Fn(&RunEnd) -> String) -> Outgoing {
        let ends = terminal.run_ends();
        let from = ends.partition_point(|end| *end < self.lines.start);
        let to = ends.partition_point(|end| *end < self.lines.end).max(from);
        let told = ends[from..to].iter().take(TOLD).filter_map(|number| match terminal.line(*number)?.kind {
            LineKind::RunEnd(end) => Some((*number, tell(&end))),
            LineKind::Output | LineKind::Piece | LineKind::Note => None,
        });
        Outgoing {
            told: told.collect(),
            ends: ends[from.saturating_sub(1)..to].to_vec(),
            excerpt: terminal.excerpt(self.lines.clone()),
            cut: self.cut,
            only: self.only.clone(),
        }
    }

    /// Which bytes of the text of a line belong to it.
    pub(in crate::ui) fn span(&self, number: u64, text: &str) -> Option<Range<usize>> {
        self.lines.contains(&number).then(|| span(self.cut, &self.lines, number, text))
    }
}

impl Outgoing {
    /// How many lines there are.
    pub fn lines(&self) -> u64 {
        let lines = self.excerpt.lines();
        lines.end.saturating_sub(lines.start)
    }

    /// How many lines could not be read when it was written.
    pub fn lost(&self) -> u64 {
        self.excerpt.lost()
    }

    /// Writes it, each line with a newline at its end. Tells now and then how many lines are done, also where filters leave all
    /// of them out. How many lines were written is returned. Fails as `out` and `told` do.
    pub fn write(
        &self,
        dress: Dress,
        out: &mut dyn Write,
        told: &mut dyn FnMut(u64) -> io::Result<()>,
    ) -> io::Result<u64> {
        let lines = self.excerpt.lines();
        let mut failed = None;
        let mut pen = Pen { outgoing: self, dress, out, open: None, count: 0 };
        let mut sieve = self.only.as_ref().map(|only| Sieve::new(only, &self.ends));
        let flow = self.excerpt.visit(&mut |number, line| {
            let done = number - lines.start;
            let goes_on = if done.is_multiple_of(STRIDE) && done > 0 { told(done) } else { Ok(()) };
            let written = goes_on.and_then(|()| match &mut sieve {
                None => pen.write(number, line),
                Some(sieve) => sieve.pass(number, line, &mut |number, line| pen.write(number, line)),
            });
            match written {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        debug_assert_eq!(flow.is_break(), failed.is_some());
        if let Some(error) = failed {
            return Err(error);
        }
        if let Some(sieve) = sieve {
            sieve.finish(&mut |number, line| pen.write(number, line))?;
        }
        pen.finish()
    }
}

/// Writes one line after the other.
struct Pen<'a> {
    outgoing: &'a Outgoing,
    dress: Dress,
    out: &'a mut dyn Write,
    /// The line that was written last, if it goes on in the next one.
    open: Option<u64>,
    /// How many lines were ended.
    count: u64,
}

impl Pen<'_> {
    fn write(&mut self, number: u64, line: &Line) -> io::Result<()> {
        let is_text = matches!(line.kind, LineKind::Output | LineKind::Piece);
        // What a line goes on in may be left out.
        if self.open.is_some_and(|open| !is_text || number != open + 1) {
            self.end_line()?;
        }
        let Outgoing { excerpt, cut, told, .. } = self.outgoing;
        match &line.kind {
            LineKind::RunEnd(end) => match told.get(&number) {
                Some(told) => self.out.write_all(told.as_bytes())?,
                None => write!(self.out, "── run {} · {}", end.number, end.exit)?,
            },
            LineKind::Note => self.out.write_all(plain(line).as_bytes())?,
            LineKind::Output | LineKind::Piece => {
                let text = plain(line);
                let span = span(*cut, &excerpt.lines(), number, &text);
                match self.dress {
                    Dress::Coloured if span == (0..text.len()) => self.out.write_all(&line.bytes)?,
                    Dress::Coloured => self.out.write_all(&coloured(&line.bytes, &span))?,
                    Dress::Plain => self.out.write_all(&text.as_bytes()[span])?,
                }
            }
        }
        // A line that is longer than a line may be goes on in the next one.
        if line.kind == LineKind::Piece && !matches!(cut, Cut::Block { .. }) {
            self.open = Some(number);
            return Ok(());
        }
        self.end_line()
    }

    fn end_line(&mut self) -> io::Result<()> {
        self.open = None;
        self.count += 1;
        self.out.write_all(b"\n")
    }

    /// How many lines were written is returned.
    fn finish(mut self) -> io::Result<u64> {
        if self.open.is_some() {
            self.end_line()?;
        }
        Ok(self.count)
    }
}

fn span(cut: Cut, lines: &Range<u64>, number: u64, text: &str) -> Range<usize> {
    match cut {
        Cut::Whole => 0..text.len(),
        Cut::Chars { from, to } => {
            let start = if number == lines.start { boundary(text, from) } else { 0 };
            let end = if number + 1 == lines.end { boundary(text, to) } else { text.len() };
            start..end.max(start)
        }
        Cut::Block { left, right } => {
            let wide = width(text);
            if left >= wide {
                return text.len()..text.len();
            }
            let start = at_column(text, left);
            let end = if right >= wide { text.len() } else { start_after(text, right) };
            start..end.max(start)
        }
    }
}

/// Where the first character begins that stands wholly at a column or after it.
fn start_after(text: &str, column: usize) -> usize {
    let mut used = 0;
    for (byte, c) in text.char_indices() {
        let wide = usize::from(cells(c).unwrap_or(0));
        if wide > 0 && used >= column {
            return byte;
        }
        used += wide;
    }
    text.len()
}

/// Part of a line of text and SGR sequences: all sequences, so that the colours are right, and the text that is wanted.
fn coloured(bytes: &[u8], span: &Range<usize>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    let mut escaped = false;
    for byte in bytes {
        if *byte == 0x1b || escaped {
            escaped = *byte == 0x1b || !byte.is_ascii_alphabetic();
            out.push(*byte);
        } else {
            if span.contains(&at) {
                out.push(*byte);
            }
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Fed, Moment};
    use crate::ui::pager::Filtered;

    #[test]
    fn a_line_whose_rest_is_left_out_ends() {
        let long = ".".repeat(66_000);
        let printed = format!("needle{long}\r\nhay\r\nneedle 2\r\nneedle{long}needle\r\n");
        let mut terminal = Terminal::new(20, 80);
        terminal.begin_run(1, None, Moment(0));
        terminal.feed(printed.as_bytes(), Moment(0), &mut Fed::default());
        let filtered = Filtered::new(None, "needle", None).expect("a pattern");
        let lines = terminal.lines();
        let only = Some(filtered.only(&terminal, &lines));
        let extract = Extract { instance: InstanceId(1), lines, cut: Cut::Whole, only };
        let mut bytes = Vec::new();
        let outgoing = extract.outgoing(&terminal, |_| String::new());
        let count = outgoing.write(Dress::Plain, &mut bytes, &mut |_| Ok(())).expect("memory takes all");
        let text = String::from_utf8(bytes).expect("text");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), count), (3, 3));
        assert!(lines[0].starts_with("needle..") && lines[0].ends_with('.'));
        assert_eq!(lines[1], "needle 2");
        assert!(lines[2].ends_with(".needle"), "where all of it passes it is one");
    }

    #[test]
    fn a_part_keeps_its_colours() {
        assert_eq!(coloured(b"\x1b[31mred\x1b[m and", &(1..5)), b"\x1b[31med\x1b[m a");
    }

    #[test]
    fn a_block_takes_wide_characters_whole() {
        let cut =
            |left, right, text: &str| text[span(Cut::Block { left, right }, &(0..1), 0, text)].to_owned();
        assert_eq!(cut(1, 3, "abcdef"), "bc");
        assert_eq!(cut(1, 3, "a漢b"), "漢");
        assert_eq!(cut(2, 3, "a漢b"), "漢");
        assert_eq!(cut(1, 2, "a漢b"), "漢");
        assert_eq!(cut(5, 9, "ab"), "");
        assert_eq!(cut(1, usize::MAX, "abc"), "bc");
    }
}
