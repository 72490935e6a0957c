//! What a line of history is, to those who read it. Not how it is kept: see `history` and `cells`.

use super::cells;
use super::history::Kind;

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

impl Line {
    /// The text without its colours.
    pub fn text(&self) -> String {
        plain(&self.bytes)
    }
}

/// The text of a line of text and SGR sequences, without the sequences.
pub fn plain(bytes: &[u8]) -> String {
    let mut text = String::new();
    cells::plain_text(bytes, &mut text);
    text
}

/// What kind of line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineKind {
    /// A job printed it.
    Output,
    /// A piece of a line longer than 64 KiB that goes on in the next line.
    Piece,
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
    /// How it ended: `exit 1`, `KILL`, or [`RunEnd::NOT_STARTED`].
    pub exit: String,
    /// When it began.
    pub began: Moment,
    /// When it ended; of one that was [cut off](RunEnd::CUT_OFF) when it last printed something, or began if it never did.
    pub ended: Moment,
}

impl RunEnd {
    /// How a run ended that there never was.
    pub const NOT_STARTED: &str = "not started";
    /// How a run ended that zap did not see the end of: zap was killed.
    pub const CUT_OFF: &str = "zap ended";
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

/// The text of a kept line; in `scratch` if it does not stand in the bytes as it is.
pub(super) fn text_of<'a>(bytes: &'a [u8], kind: Kind, scratch: &'a mut String) -> &'a str {
    if kind == Kind::RunEnd {
        return "";
    }
    if memchr::memchr2(0x1b, cells::BLANK, bytes).is_none() {
        return std::str::from_utf8(bytes).unwrap_or_default();
    }
    scratch.clear();
    cells::plain_text(bytes, scratch);
    let blanks = bytes.iter().rev().take_while(|byte| **byte == cells::BLANK).count();
    scratch.truncate(scratch.len() - blanks);
    scratch
}
