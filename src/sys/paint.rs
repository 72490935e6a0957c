//! Writes frames to our own terminal from a thread of its own, one at a time: a slow terminal loses frames, and nothing ever waits
//! for it. Not: what is in a frame.

use std::io;
use std::os::fd::AsFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};

use crate::sys::tty::{Ends, Tty};

/// So much is written at a time: between two pieces the thread can be stopped.
const PIECE: usize = 4096;
const STACK: usize = 64 * 1024;

/// What became of a frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It is being written; this empty memory is for the next one.
    Taken(Vec<u8>),
    /// The one before is still being written: here is the frame back. Draw anew when the painter says that it is free.
    Busy(Vec<u8>),
}

/// The thread that writes to our terminal. Dropping it stops it, in the middle of a frame if the terminal takes nothing.
#[derive(Debug)]
pub struct Painter {
    desk: Arc<Desk>,
}

impl Painter {
    /// Starts the thread. `free` is called on it after a frame that somebody was refused meanwhile, and when the terminal is
    /// gone (then with an error).
    pub fn start(tty: &Tty, free: impl FnMut(io::Result<()>) + Send + 'static) -> io::Result<Self> {
        let stop = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?;
        let desk = Arc::new(Desk { state: Mutex::default(), changed: Condvar::new(), stop });
        let (theirs, ends) = (Arc::clone(&desk), tty.ends());
        thread::Builder::new().name("zap-paint".to_owned()).stack_size(STACK).spawn(move || {
            let _ = super::signal::block_all();
            theirs.work(&ends, free);
        })?;
        Ok(Self { desk })
    }

    /// Gives a frame to be written, if the one before was. Never waits.
    pub fn submit(&self, frame: Vec<u8>) -> Submitted {
        let mut state = self.desk.state();
        if state.frame.is_some() || state.writing {
            state.refused = true;
            return Submitted::Busy(frame);
        }
        state.frame = Some(frame);
        let spare = std::mem::take(&mut state.spare);
        drop(state);
        self.desk.changed.notify_all();
        Submitted::Taken(spare)
    }

    /// Waits until everything that was taken is written, at most so long. True if it is.
    pub fn drain(&self, patience: Duration) -> bool {
        let state = self.desk.state();
        let busy = |state: &mut State| state.frame.is_some() || state.writing;
        let waited = self.desk.changed.wait_timeout_while(state, patience, busy);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

impl Drop for Painter {
    fn drop(&mut self) {
        self.desk.state().stop = true;
        let _ = self.desk.stop.write(1);
        self.desk.changed.notify_all();
        // Whoever writes to the terminal next must not find us there.
        let state = self.desk.state();
        let _ =
            self.desk.changed.wait_timeout_while(state, Duration::from_millis(200), |state| state.writing);
    }
}

#[derive(Debug)]
struct Desk {
    state: Mutex<State>,
    changed: Condvar,
    stop: EventFd,
}

#[derive(Debug, Default)]
struct State {
    frame: Option<Vec<u8>>,
    writing: bool,
    /// A frame was refused since the last one was taken.
    refused: bool,
    spare: Vec<u8>,
    stop: bool,
}

impl Desk {
    fn work(&self, ends: &Ends, mut free: impl FnMut(io::Result<()>)) {
        while let Some(mut frame) = self.next() {
            let written = self.write(ends, &frame);
            frame.clear();
            let refused = {
                let mut state = self.state();
                state.writing = false;
                state.spare = frame;
                std::mem::take(&mut state.refused)
            };
            self.changed.notify_all();
            let failed = written.is_err();
            if failed || refused {
                free(written);
            }
            if failed {
                return;
            }
        }
    }

    fn next(&self) -> Option<Vec<u8>> {
        let mut state = self.state();
        loop {
            if state.stop {
                return None;
            }
            if let Some(frame) = state.frame.take() {
                state.writing = true;
                return Some(frame);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn write(&self, ends: &Ends, frame: &[u8]) -> io::Result<()> {
        for mut piece in frame.chunks(PIECE) {
            while !piece.is_empty() {
                let mut fds = [
                    PollFd::new(ends.output.as_fd(), PollFlags::POLLOUT),
                    PollFd::new(self.stop.as_fd(), PollFlags::POLLIN),
                ];
                match poll(&mut fds, PollTimeout::NONE) {
                    Ok(_) | Err(Errno::EINTR) => {}
                    Err(errno) => return Err(errno.into()),
                }
                let [output, stop] = fds.map(|fd| fd.revents().unwrap_or(PollFlags::empty()));
                if output.is_empty() {
                    if stop.is_empty() {
                        continue;
                    }
                    return Ok(());
                }
                match nix::unistd::write(&ends.output, piece) {
                    Ok(taken) => piece = &piece[taken..],
                    Err(Errno::EINTR | Errno::EAGAIN) => {}
                    Err(errno) => return Err(errno.into()),
                }
            }
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
