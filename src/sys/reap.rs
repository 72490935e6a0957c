//! Ends of processes: waits for them, whoever they are. Not: to whom they belong. Nothing else in zap may wait.
//!
//! zap is a child subreaper, so the orphans of its jobs become its children. Two threads share the work, without SIGCHLD (which
//! a library might take): the *watcher* blocks in `waitid(WNOWAIT)`, which reaps nothing, and gives notice; the nursery then
//! reaps all there is and lets the watcher go on. With nothing to wait for, both sleep.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use nix::errno::Errno;
use nix::sys::wait::{Id, WaitPidFlag, waitid, waitpid};
use nix::unistd::Pid;

use crate::model::Exit;

/// The watcher has little to do.
const STACK: usize = 32 * 1024;

/// What is known after all ends were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// Some child is alive.
    Some,
    /// There is no child at all.
    None,
}

/// What became of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It ended, and its number is free.
    Ended(Exit),
    /// It was stopped, or stopped itself.
    Stopped,
}

/// Takes every change there is, and blocks for none.
pub(super) fn reap(mut changed: impl FnMut(i32, Change)) -> Left {
    loop {
        let mut status = 0;
        #[expect(unsafe_code, reason = "nix knows no real-time signals, and a job may die of one")]
        // SAFETY: the status is written to a number of ours.
        let pid = unsafe { libc::waitpid(-1, &raw mut status, libc::WNOHANG | libc::WUNTRACED) };
        match Errno::result(pid) {
            Ok(0) => return Left::Some,
            Ok(pid) if libc::WIFEXITED(status) => {
                changed(pid, Change::Ended(Exit::Code(libc::WEXITSTATUS(status) as u8)));
            }
            Ok(pid) if libc::WIFSIGNALED(status) => {
                changed(pid, Change::Ended(Exit::Signal(libc::WTERMSIG(status))));
            }
            Ok(pid) => changed(pid, Change::Stopped),
            Err(Errno::EINTR) => {}
            Err(_) => return Left::None,
        }
    }
}

/// Takes the end of a child that never became a program; it is just ending. To be called where `reap` is.
pub(super) fn discard(pid: i32) {
    while waitpid(Pid::from_raw(pid), None) == Err(Errno::EINTR) {}
}

/// Whether there is any child, alive or not.
pub(super) fn any_child() -> bool {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    !matches!(waitid(Id::All, flags), Err(Errno::ECHILD))
}

/// Lets the watcher look again.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// There may be something new to wait for.
    pub(super) fn open(&self) {
        let (open, changed) = &*self.0;
        *open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_one();
    }

    fn pass(&self) {
        let (open, changed) = &*self.0;
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        while !*open {
            open = changed.wait(open).unwrap_or_else(PoisonError::into_inner);
        }
        *open = false;
    }
}

/// Starts the watcher. `notice` is called when there is an end to take, once per opening of the gate; it returns false when
/// nobody listens any more.
pub(super) fn watch(gate: Gate, mut notice: impl FnMut() -> bool + Send + 'static) -> io::Result<()> {
    let watcher = move || {
        let _ = super::signal::block_all();
        loop {
            gate.pass();
            match waitid(Id::All, WaitPidFlag::WEXITED | WaitPidFlag::WSTOPPED | WaitPidFlag::WNOWAIT) {
                // A child that ended before is taken with this one; the next spawn opens the gate.
                Err(Errno::ECHILD) => {}
                Err(Errno::EINTR) => gate.open(),
                // An end of which nix does not know the signal is an error here, and an end all the same.
                Ok(_) | Err(_) => {
                    if !notice() {
                        return;
                    }
                }
            }
        }
    };
    thread::Builder::new().name("zap-watch".to_owned()).stack_size(STACK).spawn(watcher)?;
    Ok(())
}
