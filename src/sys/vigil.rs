//! Watches for the end of a process that is nobody's child of ours. Not: how it ended, which only its parent is told.

use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::thread;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};

use crate::sys::signal::Handle;

/// It waits for two descriptors, and sends a message.
const STACK: usize = 64 * 1024;

/// A thread that waits for one process. Dropping it ends the thread.
#[derive(Debug)]
pub(super) struct Vigil {
    stop: Arc<EventFd>,
}

impl Vigil {
    /// Begins to wait; `tell` is called once, on the thread, when the process has ended.
    pub(super) fn start(process: Handle, tell: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let stop = Arc::new(EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?);
        let stopped = Arc::clone(&stop);
        thread::Builder::new().name("zap-vigil".to_owned()).stack_size(STACK).spawn(move || {
            let _ = super::signal::block_all();
            if wait(&process, &stopped) {
                tell();
            }
        })?;
        Ok(Self { stop })
    }
}

impl Drop for Vigil {
    fn drop(&mut self) {
        let _ = self.stop.write(1);
    }
}

/// Whether the process has ended.
fn wait(process: &Handle, stop: &EventFd) -> bool {
    loop {
        let mut fds =
            [PollFd::new(process.as_fd(), PollFlags::POLLIN), PollFd::new(stop.as_fd(), PollFlags::POLLIN)];
        match poll(&mut fds, PollTimeout::NONE) {
            Ok(_) => return fds[1].any() != Some(true),
            Err(Errno::EINTR) => {}
            Err(_) => return true,
        }
    }
}
