//! What comes into the loop, on which lane.

use std::io;

use crate::model::{Answer, RunId};
use crate::sys::{Buffer, Key, Lane, News};
use crate::terminal::Report;
use crate::wire::Asked;

use super::archive::Archived;
use super::finder::Found;
use super::inbox::{Inbox, Sender};
use super::reload::Reread;
use super::saver::Saved;

/// What the loop must know at once.
pub(crate) enum Control {
    /// Somebody typed.
    Key(Key),
    /// The kernel told zap itself something.
    Signal(Signal),
    /// Something became of a process.
    News(News),
    /// The answer to a question.
    Answered(RunId, Answer),
    /// A file that a run writes into cannot be written; told once for each stream.
    Unwritten {
        /// Which run.
        run: RunId,
        /// What failed, and why.
        why: String,
    },
    /// The event log cannot be written: why.
    Unkept(String),
    /// What became of writing a history to the disk.
    Archived(Archived),
    /// Somebody asked something by the socket.
    Asked(Asked),
    /// Somebody who asked by the socket is gone.
    CallerGone,
    /// The file was read again.
    Reread(Box<Reread>),
    /// The file, or one that it names, is another one than before.
    FileChanged,
    /// Somebody has set the wall clock.
    ClockSet,
    /// What came of counting lines elsewhere.
    Counted(Report),
    /// The terminal took the last frame, or is gone.
    Painted(io::Result<()>),
    /// What became of a file that is written for a person.
    Saved(Saved),
    /// What came of looking for a file that a job mentions.
    Found(Found),
    /// A thread of zap broke; the hook has told the person why.
    Broken,
}

/// What a signal means to zap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// End, with the number of the signal in the exit code.
    End(i32),
    /// HUP: the terminal is gone, or the file is to be read again.
    Hup,
    /// The terminal has another size.
    Resized,
    /// Stop as Ctrl-Z does.
    Stop,
    /// zap was stopped and goes on.
    Continued,
}

/// What jobs printed.
pub(crate) enum Output {
    /// A piece.
    Chunk(RunId, Buffer),
    /// A piece that is shown to nobody, for who listens.
    Heard(RunId, Channel, Buffer),
    /// A terminal of a run, or a pipe, is at its end.
    End(RunId),
}

/// On which way a run prints: each has lines of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Its terminal, and all that is shown with it.
    Terminal,
    /// A standard output apart.
    Stdout,
    /// A standard error apart.
    Stderr,
}

/// The sending end of both lanes.
pub(crate) type Post = Sender<Control, Output>;

/// The receiving end of both lanes.
pub(crate) type Letters = Inbox<Control, Output>;

/// The readers of all terminals send here.
pub(crate) struct OutputLane(pub(crate) Post);

impl Lane for OutputLane {
    fn chunk(&self, run: RunId, bytes: Buffer) {
        self.0.output(Output::Chunk(run, bytes));
    }

    fn end(&self, run: RunId) {
        self.0.output(Output::End(run));
    }
}
