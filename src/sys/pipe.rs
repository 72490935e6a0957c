//! A pipe for a stream of a job that shall be no terminal. Not: reading (`line`).

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use nix::fcntl::OFlag;
use nix::unistd::pipe2;

use crate::model::RunId;
use crate::sys::line::{Lane, Line};

/// Our end of a pipe. Dropping it breaks the pipe, whoever still writes into it.
#[derive(Debug)]
pub struct Pipe {
    line: Arc<Line>,
}

impl Pipe {
    /// Makes a pipe; the other end is the job's.
    pub fn open() -> io::Result<(Self, OwnedFd)> {
        let (ours, theirs) = pipe2(OFlag::O_CLOEXEC)?;
        Ok((Self { line: Arc::new(Line::new(ours)?) }, theirs))
    }

    /// Starts the thread that reads. Once for each pipe.
    pub fn read_into(&self, run: RunId, lane: Arc<impl Lane>) -> io::Result<()> {
        self.line.read_into(run, lane)
    }

    /// Nothing is left to read now: neither in the kernel nor under way to the lane.
    pub fn quiet(&self) -> bool {
        self.line.quiet()
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.line.stop();
    }
}
