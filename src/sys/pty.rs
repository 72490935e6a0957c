//! A terminal for a job: opening, size, its two ends. Not: reading and writing (`line`), and what the bytes mean.

use std::fs::OpenOptions;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use nix::sys::termios::{InputFlags, SetArg, tcgetattr, tcsetattr};
use portable_pty::{MasterPty, PtySize, native_pty_system};

use crate::model::{RunId, Size};
use crate::sys::line::{Lane, Line};

/// The master's side of a terminal. Dropping it hangs the terminal up, whoever still uses it.
pub struct Pty {
    line: Arc<Line>,
    master: Box<dyn MasterPty + Send>,
    name: PathBuf,
}

/// The job's side of a terminal, to be given to a process.
#[derive(Debug)]
pub struct Slave(pub(super) OwnedFd);

impl Slave {
    /// As a stream apart from the terminal of a seat.
    pub fn into_fd(self) -> OwnedFd {
        self.0
    }

    /// As a stream of a process that is made elsewhere.
    pub fn into_stdio(self) -> std::process::Stdio {
        self.0.into()
    }
}

impl Pty {
    /// Opens a terminal. As long as its slave lives, it has not ended.
    pub fn open(size: Size) -> io::Result<(Self, Slave)> {
        let pair = native_pty_system().openpty(dimensions(size)).map_err(io::Error::other)?;
        let name = pair.master.tty_name().ok_or_else(|| io::Error::other("a terminal without a name"))?;
        // The slave of the pair must live until ours is there: without any the master would be at its end.
        let slave = Slave(open_slave(&name)?);
        drop(pair.slave);
        know_utf8(&slave)?;
        let line = Line::new(own_descriptor(&*pair.master)?)?;
        Ok((Self { line: Arc::new(line), master: pair.master, name }, slave))
    }

    /// Starts the thread that reads. Once for each terminal.
    pub fn read_into(&self, run: RunId, lane: Arc<impl Lane>) -> io::Result<()> {
        self.line.read_into(run, lane)
    }

    /// Tells the job that its window has another size.
    pub fn resize(&self, size: Size) -> io::Result<()> {
        self.master.resize(dimensions(size)).map_err(io::Error::other)
    }

    /// Types bytes into the terminal: at once what it takes, the rest as soon as the job reads. Never blocks. False: the
    /// job has not read the last mebibyte, and none of these bytes were taken.
    pub fn write(&self, bytes: &[u8]) -> bool {
        self.line.write(bytes)
    }

    /// Whether typed bytes wait for the job to read.
    pub fn pending(&self) -> bool {
        self.line.pending()
    }

    /// Nothing is left to read now: neither in the kernel nor under way to the lane.
    pub fn quiet(&self) -> bool {
        self.line.quiet()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        self.line.stop();
    }
}

impl std::fmt::Debug for Pty {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Pty").field("name", &self.name).finish_non_exhaustive()
    }
}

fn dimensions(size: Size) -> PtySize {
    PtySize { rows: size.rows, cols: size.cols, pixel_width: 0, pixel_height: 0 }
}

fn open_slave(name: &PathBuf) -> io::Result<OwnedFd> {
    let file = OpenOptions::new().read(true).write(true).custom_flags(libc::O_NOCTTY).open(name)?;
    Ok(file.into())
}

/// Erasing a character in a line that is being typed takes all of its bytes.
fn know_utf8(slave: &Slave) -> io::Result<()> {
    let mut modes = tcgetattr(&slave.0)?;
    modes.input_flags |= InputFlags::IUTF8;
    Ok(tcsetattr(&slave.0, SetArg::TCSANOW, &modes)?)
}

fn own_descriptor(master: &dyn MasterPty) -> io::Result<OwnedFd> {
    let raw = master.as_raw_fd().ok_or_else(|| io::Error::other("a terminal without a descriptor"))?;
    #[expect(unsafe_code, reason = "portable-pty lends its descriptor as a number only")]
    // SAFETY: the master is open and outlives the loan.
    let lent = unsafe { BorrowedFd::borrow_raw(raw) };
    lent.try_clone_to_owned()
}
