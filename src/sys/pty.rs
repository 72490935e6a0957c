//! A terminal for a job: opening, size, reading on credit, writing without waiting. Not: what the bytes mean.
//!
//! Each terminal has one plain thread that reads, and two buffers. A buffer goes to the lane with what was read, and comes back
//! when it is dropped; without one the thread waits, the kernel's own buffer fills, and the program is held back as in any
//! terminal. The thread allocates nothing, but that a flood makes its buffers larger, and is woken by nothing but its terminal.

use std::collections::VecDeque;
use std::fs::OpenOptions;
use std::io;
use std::ops::Deref;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::sys::termios::{InputFlags, SetArg, tcgetattr, tcsetattr};
use portable_pty::{MasterPty, PtySize, native_pty_system};

use crate::model::{RunId, Size};

/// A read never gives more than so many bytes, whatever the buffer (the kernel's own buffer less one).
const FULL: usize = 4095;
/// So large is a buffer at first: most jobs never say more at a time, and a hundred of them shall cost little.
const SMALL: usize = FULL + 1;
/// So much of a flood is handed over at a time: each chunk wakes the loop, and waking costs more than reading. Measured side by
/// side: with 4 KiB 124 MB for each second of CPU, with 16 KiB 154, with 64 KiB 164, but there the readers of four floods keep
/// the loop from its core so long that a key takes 3.9 ms instead of 1.4.
const BUFFER: usize = 16 * 1024;
/// A flood that has such a pause is handed over. Too short to be seen, long enough for the kernel to bring the next piece.
const LULL: Duration = Duration::from_millis(1);
/// So many chunks of one terminal may be under way.
const CREDIT: usize = 2;
/// A read of at least so much is followed by another one at once; after a smaller one there is rarely more.
const EAGER: usize = 1024;
/// What the job has not read yet: beyond it nothing more is taken.
const INPUT: usize = 1024 * 1024;
/// Enough for a read and a call of the lane.
const STACK: usize = 64 * 1024;

/// Where the bytes of all terminals go. Called on the thread of the terminal.
pub trait Lane: Send + Sync + 'static {
    /// The job wrote this. Dropping the buffer lets the next read happen.
    fn chunk(&self, run: RunId, bytes: Buffer);
    /// Nobody holds the terminal any more, and everything was read. Nothing follows.
    fn end(&self, run: RunId);
}

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
        let fd = own_descriptor(&*pair.master)?;
        fcntl(&fd, FcntlArg::F_SETFL(OFlag::O_NONBLOCK | OFlag::O_RDWR))?;
        let line = Line {
            master: fd,
            wake: EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?,
            state: Mutex::new(State {
                free: (0..CREDIT).map(|_| vec![0; SMALL]).collect(),
                ..State::default()
            }),
            given: Condvar::new(),
        };
        Ok((Self { line: Arc::new(line), master: pair.master, name }, slave))
    }

    /// Starts the thread that reads. Once for each terminal.
    pub fn read_into(&self, run: RunId, lane: Arc<impl Lane>) -> io::Result<()> {
        let line = Arc::clone(&self.line);
        thread::Builder::new().name("zap-read".to_owned()).stack_size(STACK).spawn(move || {
            // A handler of somebody's signal would not fit this stack.
            let _ = super::signal::block_all();
            line.read(run, &*lane);
        })?;
        Ok(())
    }

    /// The job's side once more, for a hook that writes into the same terminal. Fails when the terminal was hung up.
    pub fn slave(&self) -> io::Result<Slave> {
        open_slave(&self.name).map(Slave)
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
        !self.line.state().input.is_empty()
    }

    /// Nothing is left to read now: neither in the kernel nor under way to the lane.
    pub fn quiet(&self) -> bool {
        let state = self.line.state();
        // The thread holds one buffer while it waits, or none when it has ended.
        state.free.len() + usize::from(state.waiting) >= CREDIT && !self.line.ready(PollFlags::POLLIN)
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        self.line.state().stop = true;
        self.line.given.notify_all();
        self.line.wake();
    }
}

impl std::fmt::Debug for Pty {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Pty").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a job wrote, in one of the buffers of its terminal.
#[derive(Debug)]
pub struct Buffer {
    bytes: Vec<u8>,
    len: usize,
    home: Arc<Line>,
}

impl Deref for Buffer {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.home.state().free.push(std::mem::take(&mut self.bytes));
        self.home.given.notify_one();
    }
}

/// What the two threads of a terminal share.
#[derive(Debug)]
struct Line {
    master: OwnedFd,
    wake: EventFd,
    state: Mutex<State>,
    given: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The last one given back is used first: the other may stay untouched for ever.
    free: Vec<Vec<u8>>,
    /// The reader has taken a buffer and has read nothing into it yet.
    waiting: bool,
    input: VecDeque<u8>,
    stop: bool,
}

/// Why the reader stops.
enum Over {
    /// The terminal is at its end.
    End,
    /// Nobody wants to know any more.
    Stopped,
}

impl Line {
    fn read(self: &Arc<Self>, run: RunId, lane: &impl Lane) {
        let mut eager = false;
        while let Some(mut bytes) = self.buffer() {
            let read = self.fill(&mut bytes, eager);
            self.state().waiting = false;
            match read {
                Ok(len) => {
                    eager = len >= EAGER;
                    lane.chunk(run, Buffer { bytes, len, home: Arc::clone(self) });
                }
                Err(over) => {
                    self.state().free.push(bytes);
                    if matches!(over, Over::End) {
                        lane.end(run);
                    }
                    return;
                }
            }
        }
    }

    /// Waits for credit.
    fn buffer(&self) -> Option<Vec<u8>> {
        let mut state = self.state();
        loop {
            if state.stop {
                return None;
            }
            if let Some(bytes) = state.free.pop() {
                state.waiting = true;
                return Some(bytes);
            }
            state = self.given.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn fill(&self, bytes: &mut Vec<u8>, eager: bool) -> Result<usize, Over> {
        let mut wait = !eager;
        loop {
            if wait {
                self.wait()?;
            }
            match nix::unistd::read(&self.master, bytes) {
                // EIO is how Linux tells that nobody holds the other side.
                Ok(0) | Err(Errno::EIO) => return Err(Over::End),
                Ok(len) => return Ok(if len < FULL { len } else { self.gather(bytes, len) }),
                Err(Errno::EAGAIN | Errno::EINTR) => wait = true,
                Err(_) => return Err(Over::End),
            }
        }
    }

    /// The kernel's buffer was full: a flood. Reads on until it has a pause, or until no whole read fits any more. The buffer
    /// grows with it, and stays so.
    fn gather(&self, bytes: &mut Vec<u8>, mut filled: usize) -> usize {
        // It has something in its hands: the terminal is not quiet.
        self.state().waiting = false;
        loop {
            if bytes.len() - filled < FULL {
                if bytes.len() >= BUFFER {
                    return filled;
                }
                bytes.resize(2 * bytes.len(), 0);
            }
            match nix::unistd::read(&self.master, &mut bytes[filled..]) {
                Ok(len) if len > 0 => filled += len,
                Err(Errno::EAGAIN) if self.ready_within(LULL) => {}
                // Whatever else it is, the next read will tell it again.
                Ok(_) | Err(_) => return filled,
            }
        }
    }

    /// Waits until there is something to read; types meanwhile what waits to be typed.
    fn wait(&self) -> Result<(), Over> {
        loop {
            let typing = if self.state().input.is_empty() { PollFlags::empty() } else { PollFlags::POLLOUT };
            let mut fds = [
                PollFd::new(self.master.as_fd(), PollFlags::POLLIN | typing),
                PollFd::new(self.wake.as_fd(), PollFlags::POLLIN),
            ];
            match poll(&mut fds, PollTimeout::NONE) {
                Ok(_) | Err(Errno::EINTR) => {}
                Err(_) => return Err(Over::End),
            }
            let [master, wake] = fds.map(|fd| fd.revents().unwrap_or(PollFlags::empty()));
            if !wake.is_empty() {
                let _ = self.wake.read();
                if self.state().stop {
                    return Err(Over::Stopped);
                }
            }
            if master.contains(PollFlags::POLLOUT) {
                self.type_some(&mut self.state());
            }
            if !(master - PollFlags::POLLOUT).is_empty() {
                return Ok(());
            }
        }
    }

    fn write(&self, bytes: &[u8]) -> bool {
        let mut state = self.state();
        if state.input.len() + bytes.len() > INPUT {
            return false;
        }
        let waited = !state.input.is_empty();
        state.input.extend(bytes);
        if !waited {
            self.type_some(&mut state);
            if !state.input.is_empty() {
                self.wake();
            }
        }
        true
    }

    fn type_some(&self, state: &mut State) {
        while !state.input.is_empty() {
            match nix::unistd::write(&self.master, state.input.as_slices().0) {
                Ok(0) | Err(Errno::EAGAIN) => return,
                Ok(taken) => drop(state.input.drain(..taken)),
                Err(Errno::EINTR) => {}
                // Nobody will ever read it.
                Err(_) => state.input.clear(),
            }
        }
        state.input.shrink_to(0);
    }

    /// Whether there is something to read before so long; not if there is something else to do.
    fn ready_within(&self, patience: Duration) -> bool {
        let mut fds = [
            PollFd::new(self.master.as_fd(), PollFlags::POLLIN),
            PollFd::new(self.wake.as_fd(), PollFlags::POLLIN),
        ];
        let patience = PollTimeout::try_from(patience).unwrap_or(PollTimeout::ZERO);
        poll(&mut fds, patience).is_ok() && fds[0].any() == Some(true) && fds[1].any() == Some(false)
    }

    fn ready(&self, what: PollFlags) -> bool {
        let mut fds = [PollFd::new(self.master.as_fd(), what)];
        poll(&mut fds, PollTimeout::ZERO).is_ok()
            && fds[0].revents().is_some_and(|told| told.intersects(what))
    }

    fn wake(&self) {
        // It can only fail when it is so full of wakes that one more does not matter.
        let _ = self.wake.write(1);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
