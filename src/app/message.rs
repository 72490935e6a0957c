//! What comes into the loop, on which lane.

use std::io;

use crate::model::RunId;
use crate::sys::{Buffer, Key, Lane, News};
use crate::wire::Asked;

use super::inbox::{Inbox, Sender};
use super::reload::Reread;

/// What the loop must know at once.
pub(crate) enum Control {
    /// Somebody typed.
    Key(Key),
    /// The kernel told zap itself something.
    Signal(Signal),
    /// Something became of a process.
    News(News),
    /// Somebody asked something by the socket.
    Asked(Asked),
    /// The file was read again.
    Reread(Box<Reread>),
    /// The terminal took the last frame, or is gone.
    Painted(io::Result<()>),
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
    /// The terminal of a run is at its end.
    End(RunId),
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
