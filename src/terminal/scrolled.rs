//! Rows that leave the top of a painted screen, as vt100 hands them over, joined into kept lines. Only listens; the lines
//! are fetched after each piece of output.

use std::collections::VecDeque;
use std::fmt;

use super::cells::{BLANK, MARGIN};
use super::history::Kind;
use super::line::Moment;
use super::wrap::text_width;

/// A line longer than this is cut, and the pieces are marked.
pub(super) const LONGEST_LINE: usize = 64 * 1024;

/// Listens to a parser.
pub(super) struct Scrolled {
    /// The columns of the screen.
    pub(super) cols: u16,
    /// Whether rows are thrown away: they are in the history already.
    pub(super) muted: bool,
    /// The present time.
    pub(super) now: Moment,
    /// When each row of the screen was last written to; one goes with each row that leaves.
    pub(super) times: VecDeque<Moment>,
    /// The rows of a line whose last row is still on the screen.
    pub(super) pending: Vec<u8>,
    /// Lines that have left whole: where each ends in `bytes`.
    pub(super) lines: Vec<(usize, Kind, Moment)>,
    pub(super) bytes: Vec<u8>,
    /// A test wants the next row to panic.
    pub(super) planted: bool,
}

impl Scrolled {
    pub(super) fn new(rows: u16, cols: u16, now: Moment) -> Self {
        Self {
            cols,
            muted: false,
            now,
            times: std::iter::repeat_n(now, usize::from(rows)).collect(),
            pending: Vec::new(),
            lines: Vec::new(),
            bytes: Vec::new(),
            planted: false,
        }
    }

    /// Adds a row to the line that is leaving; `wrapped` says that it goes on in the next row.
    pub(super) fn add_row(&mut self, row: &[u8], wrapped: bool, at: Moment) {
        self.pending.extend_from_slice(row);
        if !wrapped {
            self.end_line(Kind::Output, at);
        } else if self.pending.len() >= LONGEST_LINE {
            self.end_line(Kind::Piece, at);
        }
    }

    fn end_line(&mut self, kind: Kind, at: Moment) {
        self.bytes.append(&mut self.pending);
        self.lines.push((self.bytes.len(), kind, at));
    }
}

impl vt100::Callbacks for Scrolled {
    fn on_scroll(&mut self, contents: vt100::capture::RowContents<'_>, alternate_screen: bool) {
        assert!(!self.planted, "a panic planted by a test");
        if alternate_screen {
            return;
        }
        let at = self.times.pop_front().unwrap_or(self.now);
        self.times.push_back(self.now);
        if self.muted {
            return;
        }
        let mut state = vt100::capture::BasicFormattedCaptureState::new();
        let mut row = RowWriter::new(std::mem::take(&mut self.pending));
        let _ = contents.write_formatted_basic(&mut row, &mut state);
        // The state remembers whether the row was wrapped and tells it by the first thing that it would write next.
        let mut probe = Probe { newline: false };
        let _ = contents.write_formatted_basic(&mut probe, &mut state);
        self.pending = row.finish((!probe.newline).then_some(self.cols));
        self.add_row(&[], !probe.newline, at);
    }
}

/// Writes one row in the form in which lines are kept.
///
/// vt100 writes a cell that nothing was written to as a space in the attributes of the cell before it, exactly like an erased cell of
/// these attributes. What stands between two texts is taken for untouched, what follows a change of
/// attributes or ends the row for erased.
struct RowWriter {
    out: Vec<u8>,
    columns: usize,
    in_escape: bool,
    escape_start: usize,
    styled: bool,
    after_text: bool,
    /// Where the spaces begin that may be untouched cells.
    spaces: Option<usize>,
    /// Where the last thing written stands, if it was a [`MARGIN`].
    margin: Option<usize>,
}

impl RowWriter {
    fn new(out: Vec<u8>) -> Self {
        Self {
            out,
            columns: 0,
            in_escape: false,
            escape_start: 0,
            styled: false,
            after_text: true,
            spaces: None,
            margin: None,
        }
    }

    fn space(&mut self) {
        self.margin = None;
        self.columns += 1;
        if self.after_text && self.spaces.is_none() {
            self.spaces = Some(self.out.len());
        }
        self.out.push(b' ');
    }

    /// Something follows the spaces: they were untouched.
    fn untouched(&mut self) {
        if let Some(from) = self.spaces.take() {
            self.out[from..].fill(BLANK);
        }
    }

    fn text(&mut self, text: &str) {
        self.untouched();
        self.margin = (text == MARGIN).then_some(self.out.len());
        if self.margin.is_some() {
            self.columns += 1;
            return self.out.push(BLANK);
        }
        self.columns += text_width(text);
        self.out.extend_from_slice(text.as_bytes());
        self.after_text = true;
    }

    fn finish(mut self, fill_to: Option<u16>) -> Vec<u8> {
        if self.styled {
            self.out.extend_from_slice(b"\x1b[m");
        }
        if let Some(cols) = fill_to {
            if let Some(at) = self.margin
                && self.columns == usize::from(cols)
            {
                self.out.remove(at);
            }
            let missing = usize::from(cols).saturating_sub(self.columns);
            self.out.extend(std::iter::repeat_n(BLANK, missing));
        }
        self.out
    }
}

impl fmt::Write for RowWriter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.in_escape {
            self.out.extend_from_slice(text.as_bytes());
        } else if text.starts_with('\x1b') {
            self.untouched();
            self.escape_start = self.out.len();
            self.out.extend_from_slice(text.as_bytes());
            self.in_escape = true;
        } else {
            self.text(text);
        }
        if self.in_escape && text.ends_with('m') {
            self.end_escape();
        }
        Ok(())
    }

    fn write_char(&mut self, character: char) -> fmt::Result {
        if self.in_escape {
            self.out.push(character as u8);
            if character == 'm' {
                self.end_escape();
            }
        } else if character == ' ' {
            self.space();
        } else {
            self.text(character.encode_utf8(&mut [0; 4]));
        }
        Ok(())
    }
}

impl RowWriter {
    fn end_escape(&mut self) {
        self.in_escape = false;
        self.after_text = false;
        self.styled = &self.out[self.escape_start..] != b"\x1b[m";
    }
}

/// Finds out whether the first thing written is a newline.
struct Probe {
    newline: bool,
}

impl fmt::Write for Probe {
    fn write_str(&mut self, _: &str) -> fmt::Result {
        Err(fmt::Error)
    }

    fn write_char(&mut self, character: char) -> fmt::Result {
        self.newline = character == '\n';
        Err(fmt::Error)
    }
}
