//! What a process reads: a pipe that a thread of its own writes into, as fast as the process takes it. Not: what is written, and
//! what comes out of a process (`pipe`).

use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::thread;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::unistd::pipe2;

/// The writing of a pipe. Dropping it ends that, also if nobody reads.
#[derive(Debug)]
pub struct Feed {
    stop: Arc<EventFd>,
}

impl Feed {
    /// Makes a pipe and starts to write; the other end is the process's. `pour` writes on the thread until it is done, or until it is
    /// told that nobody reads any more: no harm, as for `head`.
    pub fn start(pour: impl FnOnce(&mut dyn Write) + Send + 'static) -> io::Result<(Self, OwnedFd)> {
        let (theirs, ours) = pipe2(OFlag::O_CLOEXEC)?;
        let flags = OFlag::from_bits_truncate(fcntl(&ours, FcntlArg::F_GETFL)?);
        fcntl(&ours, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
        let stop = Arc::new(EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?);
        let spout = Spout { end: ours, stop: Arc::clone(&stop) };
        thread::Builder::new().name("zap-feed".to_owned()).spawn(move || {
            let _ = super::signal::block_all();
            let mut out = io::BufWriter::with_capacity(64 * 1024, spout);
            pour(&mut out);
            // Nobody reads any more, or all is written.
            let _ = out.flush();
        })?;
        Ok((Self { stop }, theirs))
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        let _ = self.stop.write(1);
    }
}

struct Spout {
    end: OwnedFd,
    stop: Arc<EventFd>,
}

impl Write for Spout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            let mut fds = [
                PollFd::new(self.end.as_fd(), PollFlags::POLLOUT),
                PollFd::new(self.stop.as_fd(), PollFlags::POLLIN),
            ];
            match poll(&mut fds, PollTimeout::NONE) {
                Ok(_) => {}
                Err(Errno::EINTR) => continue,
                Err(errno) => return Err(errno.into()),
            }
            if fds[1].any() == Some(true) {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            match nix::unistd::write(&self.end, bytes) {
                Ok(taken) => return Ok(taken),
                Err(Errno::EINTR | Errno::EAGAIN) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
