//! What comes out of a terminal or a pipe of a job: read on credit by a thread; and what is typed into it, without waiting. Not:
//! what the bytes mean, and opening it (`pty`, `pipe`).
//!
//! Each has one plain thread that reads, and two buffers. A buffer goes to the lane with what was read, and comes back when it is
//! dropped; without one the thread waits, the kernel's own buffer fills, and the program is held back as in any terminal. The
//! thread makes a buffer when it has something for it. A flood makes it larger, and keeps it until it has been over for a second.
//! The thread is woken by nothing but its terminal.

use std::collections::VecDeque;
use std::io;
use std::ops::Deref;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};

use crate::model::RunId;

/// A read never gives more than so many bytes, whatever the buffer (the kernel's own buffer less one).
const FULL: usize = 4095;
/// So large is a buffer at first: most jobs never say more at a time. It is not kept while they are silent, since a hundred silent
/// jobs shall cost little.
const SMALL: usize = FULL + 1;
/// So long after a flood its buffers are given back.
const OVER: Duration = Duration::from_secs(1);
/// So much of a flood is handed over at a time: each chunk wakes the loop, and waking costs more than reading. Measured side by
/// side, megabytes for each second of CPU: 124 with 4 KiB, 139 with 16 KiB, 147 with 64 KiB, no more with 128. A key among floods
/// waits no longer for it, since readers let others have the core.
const BUFFER: usize = 64 * 1024;
/// So often a reader of a flood lets others have the core before it sleeps for the next piece: the kernel's worker that brings it
/// mostly waits for just this core, and to be woken costs more than to come back.
const YIELDS: u8 = 8;
/// A flood that has such a pause is handed over. Too short to be seen, long enough for the kernel to bring the next piece.
const LULL: Duration = Duration::from_millis(1);
/// So many chunks of one terminal may be under way.
const CREDIT: usize = 2;
/// Who fills so many buffers more than it leaves unfilled is a flood: a megabyte. What most jobs ever say at a time is less.
const FLOOD: u32 = 16;
/// By so much the reader of a flood gives way, for the rest of the run (a thread may not take that back). With a core for each
/// thread it costs nothing; where there are fewer, those who answer a key come first. Measured side by side on two cores with
/// four floods, a key took 2.9 ms without and 1.6 with it (1.2 had they done so from the start), and no less output was taken for
/// each second of CPU. Not more than this, since where the jobs are not groups of their own to the kernel (`sched(7)`, autogroup) it holds them up, too.
const NICE: i32 = 5;
/// A read of at least so much is followed by another one at once; after a smaller one there is rarely more.
const EAGER: usize = 1024;
/// What the job has not read yet: beyond it nothing more is taken.
const INPUT: usize = 1024 * 1024;
/// Enough for a read and a call of the lane.
const STACK: usize = 64 * 1024;

/// Where the bytes of terminals and pipes go. Called on the thread of each.
pub trait Lane: Send + Sync + 'static {
    /// The job wrote this. Dropping the buffer lets the next read happen.
    fn chunk(&self, run: RunId, bytes: Buffer);
    /// Nobody holds the other end any more, and everything was read. Nothing follows.
    fn end(&self, run: RunId);
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

impl Buffer {
    /// Puts a return before each newline, as a terminal does; `returned` is whether the byte before all of these was one.
    pub fn add_returns(&mut self, mut returned: bool) {
        let plain = |byte: u8, returned: bool| byte != b'\n' || returned;
        let mut bytes = Vec::with_capacity(self.bytes.len());
        for byte in self.iter().copied() {
            if !plain(byte, returned) {
                bytes.push(b'\r');
            }
            bytes.push(byte);
            returned = byte == b'\r';
        }
        self.len = bytes.len();
        bytes.resize(bytes.len().max(SMALL), 0);
        self.bytes = bytes;
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        self.home.state().free.push(kept(bytes));
        self.home.given.notify_one();
    }
}

/// What the two threads of a terminal or pipe share.
#[derive(Debug)]
pub(super) struct Line {
    master: OwnedFd,
    wake: EventFd,
    state: Mutex<State>,
    given: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Empty ones are made when they are needed.
    free: Vec<Vec<u8>>,
    input: VecDeque<u8>,
    stop: bool,
}

/// What has happened to who waited.
enum Woken {
    /// There is something to read, or the end of it.
    Readable,
    /// Something else.
    Otherwise,
    /// Nothing, for as long as it was willing to wait.
    Late,
}

/// Why the reader stops.
enum Over {
    /// The terminal is at its end.
    End,
    /// Nobody wants to know any more.
    Stopped,
}

impl Line {
    /// Around our end, which will not block from now on.
    pub(super) fn new(master: OwnedFd) -> io::Result<Self> {
        let flags = OFlag::from_bits_truncate(fcntl(&master, FcntlArg::F_GETFL)?);
        fcntl(&master, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
        Ok(Self {
            master,
            wake: EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?,
            state: Mutex::new(State {
                // Most jobs are quiet for long, and many never say a word.
                free: vec![Vec::new(); CREDIT],
                ..State::default()
            }),
            given: Condvar::new(),
        })
    }

    /// Starts the thread that reads. Once for each.
    pub(super) fn read_into(self: &Arc<Self>, run: RunId, lane: Arc<impl Lane>) -> io::Result<()> {
        let line = Arc::clone(self);
        thread::Builder::new().name("zap-read".to_owned()).stack_size(STACK).spawn(move || {
            // A handler of somebody's signal would not fit this stack.
            let _ = super::signal::block_all();
            line.read(run, &*lane);
        })?;
        Ok(())
    }

    /// Lets the thread end.
    pub(super) fn stop(&self) {
        self.state().stop = true;
        self.given.notify_all();
        self.wake();
    }

    /// Whether typed bytes wait for the job to read.
    pub(super) fn pending(&self) -> bool {
        !self.state().input.is_empty()
    }

    /// Nothing is left to read now: neither in the kernel nor under way to the lane.
    pub(super) fn quiet(&self) -> bool {
        // The thread holds a buffer only while there may be something in it. It gets none while this is asked.
        let state = self.state();
        state.free.len() == CREDIT && !self.ready_within(Duration::ZERO)
    }

    fn read(self: &Arc<Self>, run: RunId, lane: &impl Lane) {
        let mut eager = false;
        let mut patience = FLOOD;
        loop {
            match self.next(eager) {
                Ok(None) => eager = false,
                Ok(Some((bytes, len))) => {
                    eager = len >= EAGER;
                    if patience > 0 {
                        let is_full = len > BUFFER - FULL;
                        patience = if is_full { patience - 1 } else { FLOOD.min(patience + 1) };
                        if patience == 0 {
                            give_way();
                        }
                    }
                    lane.chunk(run, Buffer { bytes, len, home: Arc::clone(self) });
                }
                Err(Over::End) => return lane.end(run),
                Err(Over::Stopped) => return,
            }
        }
    }

    /// The next piece: a buffer and how much of it was read. Nothing if who was eager finds nothing.
    fn next(&self, eager: bool) -> Result<Option<(Vec<u8>, usize)>, Over> {
        if !eager {
            self.wait()?;
        }
        let mut bytes = self.buffer()?;
        let read = self.fill(&mut bytes);
        if !matches!(read, Ok(Some(_))) {
            self.state().free.push(kept(std::mem::take(&mut bytes)));
        }
        Ok(read?.map(|len| (bytes, len)))
    }

    /// Waits for credit.
    fn buffer(&self) -> Result<Vec<u8>, Over> {
        let mut state = self.state();
        loop {
            if state.stop {
                return Err(Over::Stopped);
            }
            // A flood leaves no time to wait until it can be typed.
            self.type_some(&mut state);
            if let Some(bytes) = state.free.pop() {
                return Ok(bytes);
            }
            state = self.given.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Reads what is there; nothing if nothing is.
    fn fill(&self, bytes: &mut Vec<u8>) -> Result<Option<usize>, Over> {
        if bytes.len() < SMALL {
            bytes.resize(SMALL, 0);
        }
        match nix::unistd::read(&self.master, bytes) {
            // EIO is how Linux tells that nobody holds the other side.
            Ok(0) | Err(Errno::EIO) => Err(Over::End),
            Ok(len) => Ok(Some(if len < FULL { len } else { self.gather(bytes, len) })),
            Err(Errno::EAGAIN | Errno::EINTR) => Ok(None),
            Err(_) => Err(Over::End),
        }
    }

    /// The kernel's buffer was full: a flood. Reads on until it has a pause, or until no whole read fits any more. The buffer
    /// grows with it, and stays so.
    fn gather(&self, bytes: &mut Vec<u8>, mut filled: usize) -> usize {
        let mut yields = YIELDS;
        loop {
            if bytes.len() - filled < FULL {
                if bytes.len() >= BUFFER {
                    return filled;
                }
                bytes.resize(BUFFER.min(2 * bytes.len()), 0);
            }
            match nix::unistd::read(&self.master, &mut bytes[filled..]) {
                Ok(len) if len > 0 => (filled, yields) = (filled + len, YIELDS),
                Err(Errno::EAGAIN) if yields > 0 => {
                    yields -= 1;
                    thread::yield_now();
                }
                Err(Errno::EAGAIN) if self.ready_within(LULL) => {}
                // Whatever else it is, the next read will tell it again.
                Ok(_) | Err(_) => return filled,
            }
        }
    }

    /// Waits until there is something to read; types meanwhile what waits to be typed, and gives back what a flood has left.
    fn wait(&self) -> Result<(), Over> {
        let holds = self.state().free.iter().any(|free| !free.is_empty());
        let mut patience = if holds { poll_timeout(OVER) } else { PollTimeout::NONE };
        loop {
            match self.attend(patience)? {
                Woken::Readable => return Ok(()),
                Woken::Otherwise => {}
                Woken::Late => {
                    self.state().free.fill(Vec::new());
                    patience = PollTimeout::NONE;
                }
            }
        }
    }

    /// Waits for one thing to happen.
    fn attend(&self, patience: PollTimeout) -> Result<Woken, Over> {
        let typing = if self.state().input.is_empty() { PollFlags::empty() } else { PollFlags::POLLOUT };
        let mut fds = [
            PollFd::new(self.master.as_fd(), PollFlags::POLLIN | typing),
            PollFd::new(self.wake.as_fd(), PollFlags::POLLIN),
        ];
        match poll(&mut fds, patience) {
            Ok(0) => return Ok(Woken::Late),
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
        let is_readable = !(master - PollFlags::POLLOUT).is_empty();
        Ok(if is_readable { Woken::Readable } else { Woken::Otherwise })
    }

    /// See [`Pty::write`](crate::sys::Pty::write).
    pub(super) fn write(&self, bytes: &[u8]) -> bool {
        let mut state = self.state();
        if state.input.len() + bytes.len() > INPUT {
            return false;
        }
        let waited = !state.input.is_empty();
        state.input.extend(bytes);
        self.type_some(&mut state);
        if !waited && !state.input.is_empty() {
            self.wake();
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

    /// Whether there is something to read before so long. Too short to be told meanwhile that there is something else to do.
    fn ready_within(&self, patience: Duration) -> bool {
        let patience = poll_timeout(patience);
        let mut fds = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
        poll(&mut fds, patience).is_ok()
            && fds[0].revents().is_some_and(|told| told.contains(PollFlags::POLLIN))
    }

    fn wake(&self) {
        // It can only fail when it is so full of wakes that one more does not matter.
        let _ = self.wake.write(1);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What stays of a buffer that nothing is in: that of a flood. One that was filled with more than was read is none.
fn kept(bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() > SMALL && bytes.len() <= BUFFER { bytes } else { Vec::new() }
}

fn poll_timeout(patience: Duration) -> PollTimeout {
    PollTimeout::try_from(patience).unwrap_or(PollTimeout::ZERO)
}

/// Lets other threads go before the calling one.
#[expect(unsafe_code, reason = "nice has no wrapper")]
fn give_way() {
    // SAFETY: it takes a number. On Linux it concerns this thread alone (nice(2), C library/kernel differences).
    unsafe { libc::nice(NICE) };
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    use super::*;
    use crate::model::Time;
    use crate::sys::Clock;

    /// Drops what came.
    struct Nobody;

    impl Lane for Nobody {
        fn chunk(&self, _: RunId, _: Buffer) {}
        fn end(&self, _: RunId) {}
    }

    /// Our end of something that goes both ways, and the other.
    fn line() -> (Arc<Line>, UnixStream) {
        let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
        (Arc::new(Line::new(ours.into()).expect("a descriptor that can be told not to block")), theirs)
    }

    #[test]
    fn what_is_typed_later_takes_along_what_waits() {
        let (line, mut theirs) = line();
        let long = vec![b'a'; INPUT / 2];
        assert!(line.write(&long) && line.pending());
        // The program reads a part of it. Nobody attends to the line: its reader is busy with a flood.
        let mut read = vec![0; 64 * 1024];
        theirs.read_exact(&mut read).expect("it was typed");
        let before = line.state().input.len();
        assert!(line.write(b"b"));
        let after = line.state().input.len();
        assert!(after < before, "{after} of {before} bytes wait");
    }

    #[test]
    fn the_buffers_of_a_flood_are_given_back_when_it_is_over() {
        let (line, mut theirs) = line();
        line.read_into(RunId(1), Arc::new(Nobody)).expect("a thread");
        theirs.write_all(&vec![b'x'; 1024 * 1024]).expect("it is read");
        let clock = Clock::start();
        let held = || line.state().free.iter().map(Vec::len).sum::<usize>();
        while !line.quiet() || held() > 0 {
            assert!(clock.now().mono < Time(Duration::from_secs(30)), "{} bytes are held", held());
            thread::yield_now();
        }
        line.stop();
    }
}
