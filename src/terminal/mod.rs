//! Bytes into cells and lines. Pure: no IO, no clock.

/// A moment on the wall clock, in milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub i64);

/// One logical line of the history or of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When it was ended (or last changed).
    pub at: Moment,
    /// What kind of line.
    pub kind: LineKind,
    /// Text and SGR sequences only; starts and ends with default attributes.
    pub bytes: Vec<u8>,
}

/// What kind of line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineKind {
    /// A job printed it.
    Output,
    /// zap says it (a heading of a hook, a launch that failed, what was dropped).
    Note,
    /// A run ended here.
    RunEnd(RunEnd),
}

/// The separator at the end of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEnd {
    /// The number of the run among the runs of its instance, from 1.
    pub number: u32,
    /// How it ended: `exit 1`, `KILL`.
    pub exit: String,
    /// When it began.
    pub began: Moment,
    /// When it ended.
    pub ended: Moment,
}

/// What came out of feeding bytes besides what is shown. Reused between calls: `feed` appends.
#[derive(Debug, Default)]
pub struct Fed {
    /// Answers to the program's questions, to be written to its PTY.
    pub replies: Vec<u8>,
    /// Marks of steps, in order.
    pub marks: Vec<Mark>,
}

/// A private mark in the stream that carried the right nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The session's shell is there.
    Session {
        /// Its pid, on the host where it runs.
        pid: u32,
    },
    /// A step begins.
    Begin {
        /// Which one, from 0.
        step: u16,
    },
    /// A step has ended.
    End {
        /// Which one, from 0.
        step: u16,
        /// Its exit code.
        code: u8,
    },
}

/// The terminal of one instance: the history of its runs, and the screen of the present one.
pub struct Terminal {
    parser: vt100::Parser,
    lines: Vec<Line>,
    partial: Vec<u8>,
    run: Option<(u32, Moment)>,
    revision: u64,
}

impl Terminal {
    /// An empty terminal. Sides below 2 count as 2.
    pub fn new(rows: u16, cols: u16) -> Self {
        Self { parser: parser(rows, cols), lines: Vec::new(), partial: Vec::new(), run: None, revision: 0 }
    }

    /// Rows and columns.
    pub fn size(&self) -> (u16, u16) {
        let (rows, cols) = self.parser.screen().size();
        (rows.get(), cols.get())
    }

    /// A new run begins with a fresh screen. Its steps are marked with `nonce`.
    pub fn begin_run(&mut self, number: u32, _nonce: Option<u64>, at: Moment) {
        let (rows, cols) = self.size();
        self.parser = parser(rows, cols);
        self.run = Some((number, at));
        self.revision += 1;
    }

    /// Takes what the program wrote. Never fails, never blocks; any bytes are allowed.
    pub fn feed(&mut self, bytes: &[u8], at: Moment, _fed: &mut Fed) {
        self.parser.process(bytes);
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.partial.extend(piece.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')));
            if piece.ends_with(b"\n") {
                let bytes = std::mem::take(&mut self.partial);
                self.lines.push(Line { at, kind: LineKind::Output, bytes });
            }
        }
        self.revision += 1;
    }

    /// The run has ended and its terminal was read to the end: what stood on the screen becomes history, followed by a
    /// separator. `exit` is shown in it: `exit 1`, `KILL`.
    pub fn end_run(&mut self, exit: &str, at: Moment) {
        let Some((number, began)) = self.run.take() else { return };
        let bytes = std::mem::take(&mut self.partial);
        if !bytes.is_empty() {
            self.lines.push(Line { at, kind: LineKind::Output, bytes });
        }
        let end = RunEnd { number, exit: exit.to_owned(), began, ended: at };
        self.lines.push(Line { at, kind: LineKind::RunEnd(end), bytes: Vec::new() });
        self.revision += 1;
    }

    /// A line of zap's own among the output.
    pub fn note(&mut self, text: &str, at: Moment) {
        self.lines.push(Line { at, kind: LineKind::Note, bytes: text.as_bytes().to_vec() });
        self.revision += 1;
    }

    /// The window has another size: history and screen are rewrapped, nothing is lost. Sides below 2 count as 2.
    pub fn resize(&mut self, rows: u16, cols: u16) {
        self.parser.set_size(side(rows), side(cols));
        self.revision += 1;
    }

    /// Brings the screen up to date, because somebody is about to look at it.
    pub fn refresh(&mut self) {}

    /// The screen as of the last `refresh`.
    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Whether a run is between `begin_run` and `end_run`: the bottom of the pager is then the screen itself.
    pub fn live(&self) -> bool {
        self.run.is_some()
    }

    /// Changes whenever something that is shown may have changed.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The numbers of the logical lines that can be had, oldest first: the history, then (as of the last `refresh`) what
    /// stands on the main screen. Numbers are stable for lines that have left the screen and count from 0, dropped lines
    /// included.
    pub fn lines(&self) -> std::ops::Range<u64> {
        0..self.lines.len() as u64 + u64::from(!self.partial.is_empty())
    }

    /// One logical line, or `None` outside of [`Self::lines`].
    pub fn line(&self, number: u64) -> Option<Line> {
        if number == self.lines.len() as u64 && !self.partial.is_empty() {
            return Some(Line { at: Moment(0), kind: LineKind::Output, bytes: self.partial.clone() });
        }
        self.lines.get(usize::try_from(number).ok()?).cloned()
    }

    /// The line with which the output of a step of the latest run begins.
    pub fn step_line(&self, _step: u16) -> Option<u64> {
        None
    }

    /// How many lines jobs have ended with a newline since the terminal was made.
    pub fn ended_lines(&self) -> u64 {
        self.lines.len() as u64
    }

    /// Bytes of memory that the history holds.
    pub fn memory(&self) -> usize {
        self.lines.iter().map(|line| line.bytes.len()).sum()
    }

    /// Gives back at least `bytes` of memory if the history holds as much, oldest lines first, and leaves a line that says so.
    pub fn drop_oldest(&mut self, bytes: usize) {
        let _ = bytes;
    }

    /// How often a panic of the parser was contained and the screen made anew.
    pub fn contained_panics(&self) -> u32 {
        0
    }
}

/// Where a line of text (no escapes) is broken at a width of `cols`: the byte offset at which each row after the first
/// begins. A wide character that does not fit moves to the next row whole.
pub fn breaks(text: &str, cols: u16) -> Vec<usize> {
    let _ = (text, cols);
    Vec::new()
}

fn parser(rows: u16, cols: u16) -> vt100::Parser {
    vt100::Parser::new(side(rows), side(cols), 0)
}

fn side(cells: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(cells.max(2)).expect("at least 2")
}

/// Whether a panic on this thread is contained.
pub fn containing() -> bool {
    false
}

/// Splits raw output into lines.
#[derive(Debug, Default)]
pub struct LineSplitter {
    partial: Vec<u8>,
}

impl LineSplitter {
    /// Takes bytes, gives finished lines.
    pub fn feed(&mut self, bytes: &[u8], mut line: impl FnMut(&str)) {
        for byte in bytes {
            if *byte == b'\n' {
                line(&String::from_utf8_lossy(&std::mem::take(&mut self.partial)));
            } else {
                self.partial.push(*byte);
            }
        }
    }
    /// Whether there is an unfinished line.
    pub fn has_partial(&self) -> bool {
        !self.partial.is_empty()
    }
    /// Gives the unfinished line.
    pub fn flush(&mut self, mut line: impl FnMut(&str)) {
        if self.has_partial() {
            line(&String::from_utf8_lossy(&std::mem::take(&mut self.partial)));
        }
    }
}

/// Text without SGR.
pub fn strip_sgr(text: &str) -> String {
    text.to_owned()
}
