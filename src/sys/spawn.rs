//! Makes one process of a complete launch. Not: which launch, when, and what becomes of it.

use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::ptr;
use std::sync::atomic::AtomicPtr;

use nix::errno::Errno;

use crate::model::{Launch, SpawnError};
use crate::sys::limits::NoFile;
use crate::sys::pty::Slave;
use crate::sys::{program, signal};

/// Where the process sits: which terminal is its 0, 1 and 2.
#[derive(Debug)]
pub enum Seat {
    /// In a session of its own, with that terminal as the controlling one, so that `^C` and hang-up reach it.
    Owner(Slave),
    /// In a session of its own, at a terminal that controls somebody else (hooks).
    Guest(Slave),
    /// At our own terminal, in the foreground (`$PAGER`). If it stops it is continued at once. When it has ended,
    /// [`Tty::reclaim`](crate::sys::Tty::reclaim) puts us into the foreground again.
    Ours,
}

/// Makes the process and returns its pid. The program already runs then: exec has succeeded.
pub(super) fn spawn(launch: &Launch, seat: Seat, limit: NoFile) -> Result<i32, SpawnError> {
    program::check_folder(&launch.folder)?;
    let program = program::find(launch)?;
    let place = match seat {
        Seat::Owner(_) => Place::Owner,
        Seat::Guest(_) => Place::Guest,
        Seat::Ours => Place::Ours,
    };
    let image = Image::new(launch, &program, limit, place)?;
    let mut command = Command::new(&program);
    command.current_dir(&launch.folder).env_clear();
    if let Seat::Owner(slave) | Seat::Guest(slave) = seat {
        stdio(&mut command, slave).map_err(|error| program::lacking(errno(&error)))?;
    }
    #[expect(unsafe_code, reason = "a session, a terminal and the mask can be set in the child only")]
    // SAFETY: `Image::start` calls nothing but system calls, on memory that was made ready before the fork.
    unsafe {
        command.pre_exec(move || image.start());
    }
    match command.spawn() {
        // Dropping it closes nothing and waits for nothing: `reap` alone does.
        Ok(child) => Ok(child.id() as i32),
        Err(error) => Err(program::explain(errno(&error), &program, &launch.folder)),
    }
}

fn stdio(command: &mut Command, slave: Slave) -> io::Result<()> {
    let fd = slave.0;
    command.stdin(Stdio::from(fd.try_clone()?)).stdout(Stdio::from(fd.try_clone()?)).stderr(Stdio::from(fd));
    Ok(())
}

fn errno(error: &io::Error) -> Errno {
    match error.raw_os_error() {
        Some(number) => Errno::from_raw(number),
        // std refuses words with a NUL by an error without a number.
        None => Errno::EINVAL,
    }
}

/// A [`Seat`] whose descriptors are gone.
#[derive(Clone, Copy)]
enum Place {
    Owner,
    Guest,
    Ours,
}

/// The kernel's own `struct sigaction` with `SIG_DFL`, no flags, an empty mask; larger than any machine's. libc's call would
/// refuse the two signals that it uses itself, and they may be ignored by inheritance like any other.
const DEFAULT_ACTION: [u64; 32] = [0; 32];
/// The size of the kernel's set of signals in bytes.
const SET: usize = 8;

/// All that the child needs, made ready before the fork, because it must not allocate.
struct Image {
    path: CString,
    argv: Words,
    env: Words,
    umask: Option<libc::mode_t>,
    limit: libc::rlimit,
    place: Place,
}

impl Image {
    fn new(launch: &Launch, program: &Path, limit: NoFile, place: Place) -> Result<Self, SpawnError> {
        let argv = launch.argv.iter().map(|word| word.as_bytes().to_vec());
        let env = launch.env.iter().map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes()].concat());
        Ok(Self {
            path: word(program.as_os_str().as_bytes().to_vec())?,
            argv: Words::new(argv)?,
            env: Words::new(env)?,
            umask: launch.umask.map(|mask| mask as libc::mode_t),
            limit: libc::rlimit { rlim_cur: limit.soft, rlim_max: limit.hard },
            place,
        })
    }

    /// Runs in the child, and returns only if that fails. The exec happens here and not in std, because std's falls back to
    /// `/bin/sh` for a file that is no program, as execvp does.
    #[expect(unsafe_code, reason = "these calls have no wrappers that are known not to allocate")]
    fn start(&self) -> io::Result<()> {
        // SAFETY: between fork and exec only async-signal-safe calls are allowed, and only such are made; all pointers are
        // into `self`, which outlives the call, and `Words` ends with a null.
        unsafe {
            match self.place {
                Place::Owner => {
                    Errno::result(libc::setsid())?;
                    Errno::result(libc::ioctl(0, libc::TIOCSCTTY, 0))?;
                }
                Place::Guest => drop(Errno::result(libc::setsid())?),
                Place::Ours => {
                    Errno::result(libc::setpgid(0, 0))?;
                    // TTOU is still blocked, as on the thread that forked. Without a terminal there is no foreground.
                    libc::tcsetpgrp(0, libc::getpid());
                }
            }
            // Dispositions before the mask: a signal that came meanwhile must not run a handler of zap's in the child.
            for number in signal::NUMBERS {
                libc::syscall(
                    libc::SYS_rt_sigaction,
                    number,
                    DEFAULT_ACTION.as_ptr(),
                    ptr::null_mut::<u8>(),
                    SET,
                );
            }
            let empty: libc::sigset_t = std::mem::zeroed();
            libc::sigprocmask(libc::SIG_SETMASK, &raw const empty, ptr::null_mut());
            if let Some(mask) = self.umask {
                libc::umask(mask);
            }
            libc::setrlimit(libc::RLIMIT_NOFILE, &raw const self.limit);
            close_others_on_exec();
            libc::execve(self.path.as_ptr(), self.argv.as_ptr(), self.env.as_ptr());
        }
        Err(Errno::last().into())
    }
}

/// Marks every descriptor but 0, 1 and 2: std's pipe that tells the error of exec must live until then.
#[expect(unsafe_code, reason = "close_range has no wrapper")]
unsafe fn close_others_on_exec() {
    // SAFETY: the calls touch no memory.
    unsafe {
        let cloexec = libc::CLOSE_RANGE_CLOEXEC;
        if libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, cloexec) == 0 {
            return;
        }
        // Before Linux 5.11. zap's own descriptors have the mark from birth; what zap inherited has low numbers.
        for fd in 3..1024 {
            libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC);
        }
    }
}

/// Words as exec wants them: an array of pointers that ends with a null.
struct Words {
    // The pointers point into these.
    _words: Vec<CString>,
    // Atomic only because such pointers may be sent to another thread; the layout is that of plain ones.
    pointers: Vec<AtomicPtr<libc::c_char>>,
}

impl Words {
    fn new(words: impl Iterator<Item = Vec<u8>>) -> Result<Self, SpawnError> {
        let words = words.map(word).collect::<Result<Vec<_>, _>>()?;
        let ends = [ptr::null_mut()];
        let pointers =
            words.iter().map(|word| word.as_ptr().cast_mut()).chain(ends).map(AtomicPtr::new).collect();
        Ok(Self { _words: words, pointers })
    }

    fn as_ptr(&self) -> *const *const libc::c_char {
        self.pointers.as_ptr().cast()
    }
}

fn word(bytes: Vec<u8>) -> Result<CString, SpawnError> {
    CString::new(bytes).map_err(|error| {
        let shown = String::from_utf8_lossy(&error.into_vec()).replace('\0', "\\0");
        SpawnError::Command(format!("a word holds a NUL byte: {shown}"))
    })
}
