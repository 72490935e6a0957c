//! Signals: sending them, and what zap itself does with them. Not: to whom a job's signal goes (`family`), and not: their names.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::signal::{SigHandler, SigSet, SigmaskHow, Signal};

/// The numbers that kernel and libc give to signals; 32 and 33 belong to libc.
pub(super) const NUMBERS: std::ops::RangeInclusive<i32> = 1..=64;

/// Whether anybody was there to get a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It was delivered.
    Delivered,
    /// Nobody is there any more.
    Nobody,
}

/// Sends a signal to one process. It must be a child that was not reaped yet, else the number may belong to a stranger.
pub(super) fn to_process(pid: i32, signal: i32) -> io::Result<Sent> {
    #[expect(unsafe_code, reason = "nix knows no real-time signals")]
    // SAFETY: kill touches no memory.
    let result = unsafe { libc::kill(pid, signal) };
    told(Errno::result(result))
}

/// Sends a signal to a process group; the same holds for its leader.
pub(super) fn to_group(group: i32, signal: i32) -> io::Result<Sent> {
    debug_assert!(group > 1, "0, 1 and -1 mean ourselves and everybody");
    to_process(-group, signal)
}

/// A process that is held by its identity and not by its number, which the kernel may give to another one.
#[derive(Debug)]
pub(super) struct Handle(OwnedFd);

impl Handle {
    /// Takes hold of a process. Whether it is still the one that was meant must be checked afterwards.
    pub(super) fn open(pid: i32) -> io::Result<Self> {
        #[expect(unsafe_code, reason = "pidfd_open has no wrapper")]
        // SAFETY: the call takes two numbers; the descriptor that it returns is ours alone.
        let fd = unsafe {
            let fd = libc::syscall(libc::SYS_pidfd_open, pid, 0);
            OwnedFd::from_raw_fd(Errno::result(fd)? as i32)
        };
        Ok(Self(fd))
    }

    /// For poll: it can be read when the process has ended.
    pub(super) fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// Sends a signal to it.
    pub(super) fn send(&self, signal: i32) -> io::Result<Sent> {
        #[expect(unsafe_code, reason = "pidfd_send_signal has no wrapper")]
        // SAFETY: the descriptor is open, and no siginfo is given.
        let result = unsafe {
            let none = std::ptr::null::<libc::siginfo_t>();
            libc::syscall(libc::SYS_pidfd_send_signal, self.0.as_raw_fd(), signal, none, 0)
        };
        told(Errno::result(result).map(|_| 0))
    }
}

fn told(result: nix::Result<i32>) -> io::Result<Sent> {
    match result {
        Ok(_) => Ok(Sent::Delivered),
        Err(Errno::ESRCH) => Ok(Sent::Nobody),
        Err(errno) => Err(errno.into()),
    }
}

/// Sets what zap itself needs: PIPE and TTOU are ignored (a reader that went away and a terminal that belongs to somebody else
/// are errors of the write, told by it), CHLD has its default (who ignores it gets no exit codes).
pub fn settle() -> io::Result<()> {
    set(Signal::SIGPIPE, SigHandler::SigIgn)?;
    set(Signal::SIGTTOU, SigHandler::SigIgn)?;
    set(Signal::SIGCHLD, SigHandler::SigDfl)?;
    Ok(())
}

/// Sets what happens on a signal: the default, or nothing.
pub(super) fn set(signal: Signal, handler: SigHandler) -> io::Result<SigHandler> {
    #[expect(unsafe_code, reason = "signal is unsafe because of handlers; none is installed here")]
    // SAFETY: only SIG_DFL and SIG_IGN, or what was there before, are ever given.
    let before = unsafe { nix::sys::signal::signal(signal, handler) };
    Ok(before?)
}

/// Whether zap was started with this signal ignored, as `nohup` does with HUP.
pub fn is_ignored(signal: i32) -> io::Result<bool> {
    let mut present = std::mem::MaybeUninit::<libc::sigaction>::uninit();
    #[expect(unsafe_code, reason = "nix cannot ask without setting")]
    // SAFETY: no action is given, and the kernel fills in the present one; the whole of it is plain data.
    let handler = unsafe {
        Errno::result(libc::sigaction(signal, std::ptr::null(), present.as_mut_ptr()))?;
        present.assume_init().sa_sigaction
    };
    Ok(handler == libc::SIG_IGN)
}

/// Keeps every signal away from this thread: another one takes it.
pub(super) fn block_all() -> io::Result<()> {
    Ok(nix::sys::signal::sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::all()), None)?)
}
