//! Keys, clicks and pastes of our own terminal, read by one thread that can be stopped, so that `$PAGER` or the shell can read
//! there. Not: what a key means.
//!
//! crossterm parses, but does not wait: its own waiting takes a hang-up for an endless input, and cannot be stopped. So the thread
//! waits with poll(2) and asks crossterm only when there is something to read.

use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};

use crate::sys::tty::{Ends, Tty};

/// The thread ends within this time when it is told to, unless half of an escape sequence was typed: then crossterm waits for
/// the other half.
const FAREWELL: Duration = Duration::from_millis(200);

/// What the thread tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A key, a click, a paste, or a change of focus. Never a new size: that is told by WINCH.
    Input(Event),
    /// Something was typed while we are in the background: it is for somebody else. Nothing follows.
    Elsewhere,
    /// The terminal is gone. Nothing follows.
    HungUp,
}

/// The thread that reads our terminal. Dropping it stops it.
#[derive(Debug)]
pub struct Keys {
    stop: Arc<EventFd>,
    ended: Receiver<()>,
}

impl Keys {
    /// Starts reading. `tell` is called on the thread. Only one may read at a time.
    pub fn start(tty: &Tty, tell: impl FnMut(Key) + Send + 'static) -> io::Result<Self> {
        let stop = Arc::new(EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?);
        let (alive, ended) = channel();
        let reader = Reader { ends: tty.ends(), stop: Arc::clone(&stop), tell };
        thread::Builder::new().name("zap-keys".to_owned()).spawn(move || {
            let _ = super::signal::block_all();
            reader.run();
            drop(alive);
        })?;
        Ok(Self { stop, ended })
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let _ = self.stop.write(1);
        let _ = self.ended.recv_timeout(FAREWELL);
    }
}

struct Reader<F> {
    ends: Arc<Ends>,
    stop: Arc<EventFd>,
    tell: F,
}

/// What the wait ended with.
enum Ready {
    Input,
    HungUp,
    Stopped,
}

impl<F: FnMut(Key)> Reader<F> {
    fn run(mut self) {
        loop {
            match self.wait() {
                // The kernel lets nobody read there in the background, and would wake us for it again and again.
                Ready::Input if !self.ends.in_foreground() => return (self.tell)(Key::Elsewhere),
                Ready::Input => {}
                Ready::HungUp => return (self.tell)(Key::HungUp),
                Ready::Stopped => return,
            }
            let mut some = false;
            while let Ok(true) = event::poll(Duration::ZERO) {
                some = true;
                match event::read() {
                    Ok(Event::Resize(..)) | Err(_) => {}
                    Ok(input) => (self.tell)(Key::Input(input)),
                }
            }
            if !some {
                // crossterm waits for edges and takes 1,024 bytes at each: the rest of a longer paste would lie there until
                // the next key. (Setting the modes wakes it: Linux n_tty_set_termios.)
                self.ends.nudge();
            }
        }
    }

    fn wait(&self) -> Ready {
        loop {
            let mut fds = [
                PollFd::new(self.ends.input.as_fd(), PollFlags::POLLIN),
                PollFd::new(self.stop.as_fd(), PollFlags::POLLIN),
            ];
            match poll(&mut fds, PollTimeout::NONE) {
                Ok(_) => {}
                Err(Errno::EINTR) => continue,
                Err(_) => return Ready::HungUp,
            }
            let [input, stop] = fds.map(|fd| fd.revents().unwrap_or(PollFlags::empty()));
            if !stop.is_empty() {
                return Ready::Stopped;
            }
            if input.intersects(PollFlags::POLLHUP | PollFlags::POLLERR | PollFlags::POLLNVAL) {
                return Ready::HungUp;
            }
            if input.contains(PollFlags::POLLIN) {
                return Ready::Input;
            }
        }
    }
}
