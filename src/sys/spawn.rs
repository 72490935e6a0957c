//! Makes one process of a complete launch. Not: which launch, when, and what becomes of it.

use std::cell::Cell;
use std::ffi::CString;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use nix::errno::Errno;
use nix::sched::{CloneFlags, clone};

use crate::model::{Launch, SpawnError};
use crate::sys::limits::NoFile;
use crate::sys::pty::Slave;
use crate::sys::user::{Person, Way};
use crate::sys::{program, reap, signal, user};

/// Where the process sits: which terminal is its 0, 1 and 2.
#[derive(Debug)]
pub enum Seat {
    /// In a session of its own, with that terminal as the controlling one, so that `^C` and hang-up reach it.
    Owner(Slave),
    /// In a session of its own without a terminal: this is all it reads and writes.
    Apart(OwnedFd),
    /// At our own terminal, in the foreground (`$PAGER`). If it stops it is continued at once. When it has ended,
    /// [`Tty::reclaim`](crate::sys::Tty::reclaim) puts us into the foreground again.
    Ours,
}

/// Where the streams of a process go, and where its input comes from.
#[derive(Debug, Default)]
pub struct Outlets {
    /// Descriptor 0.
    pub stdin: Outlet,
    /// Descriptor 1.
    pub stdout: Outlet,
    /// Descriptor 2.
    pub stderr: Outlet,
}

/// Where one of the two goes.
#[derive(Debug, Default)]
pub enum Outlet {
    /// To the terminal of the seat.
    #[default]
    Seat,
    /// Elsewhere.
    Apart(OwnedFd),
}

impl Outlet {
    fn apart(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Seat => None,
            Self::Apart(end) => Some(end.as_fd()),
        }
    }
}

/// Makes the process and returns its pid. The program already runs then: exec has succeeded. To be called on a thread that
/// gets no signals.
pub(super) fn spawn(launch: &Launch, seat: Seat, outlets: Outlets, limit: NoFile) -> Result<i32, SpawnError> {
    program::check_folder(&launch.folder)?;
    let program = program::find(launch)?;
    match user::way(launch)? {
        Way::AsWeAre => Image::new(launch, &program, seat, outlets, limit)?.run(launch, &program),
        Way::Become(person) => {
            let launch = Launch { env: user::environment(launch, &person), ..launch.clone() };
            let mut image = Image::new(&launch, &program, seat, outlets, limit)?;
            user::give(image.ends(), &person);
            image.person = Some(person);
            image.run(&launch, &program)
        }
        Way::Sudo(person) => {
            let launch = user::by_sudo(launch, &program, &person)?;
            let program = program::find(&launch)?;
            Image::new(&launch, &program, seat, outlets, limit)?.run(&launch, &program)
        }
    }
}

/// The child's stack until exec: a few system calls, and no handler ever runs on it.
const STACK: usize = 16 * 1024;
/// The kernel's own `struct sigaction` with `SIG_DFL`, no flags, an empty mask; larger than any machine's. libc's call would
/// refuse the two signals that it uses itself, and they may be ignored by inheritance like any other.
const DEFAULT_ACTION: [u64; 32] = [0; 32];
/// The size of the kernel's set of signals in bytes.
const SET: usize = 8;

/// All that the child needs, made ready before, because it must not allocate.
struct Image {
    path: CString,
    argv: Words,
    env: Words,
    folder: CString,
    umask: Option<libc::mode_t>,
    limit: libc::rlimit,
    seat: Seat,
    outlets: Outlets,
    /// Whom it becomes.
    person: Option<Person>,
}

/// What a process was about to do when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// A session, a terminal, streams.
    Seat,
    /// Becoming somebody else.
    Person,
    /// Going to its folder.
    Folder,
    /// Becoming the program.
    Program,
}

impl Image {
    fn new(
        launch: &Launch,
        program: &Path,
        seat: Seat,
        outlets: Outlets,
        limit: NoFile,
    ) -> Result<Self, SpawnError> {
        let argv = launch.argv.iter().map(|word| word.as_bytes().to_vec());
        let env = launch.env.iter().map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes()].concat());
        Ok(Self {
            path: word(program.as_os_str().as_bytes().to_vec())?,
            argv: Words::new(argv)?,
            env: Words::new(env)?,
            folder: word(launch.folder.as_os_str().as_bytes().to_vec())?,
            umask: launch.umask.map(|mask| mask as libc::mode_t),
            limit: libc::rlimit { rlim_cur: limit.soft, rlim_max: limit.hard },
            seat,
            outlets,
            person: None,
        })
    }

    /// The ends that are the process's alone.
    fn ends(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let seat = match &self.seat {
            Seat::Owner(slave) => Some(slave.0.as_fd()),
            Seat::Apart(_) | Seat::Ours => None,
        };
        let Outlets { stdin, stdout, stderr } = &self.outlets;
        seat.into_iter().chain([stdin, stdout, stderr].into_iter().filter_map(Outlet::apart))
    }

    /// Makes the process, or tells why it cannot be made.
    fn run(&self, launch: &Launch, program: &Path) -> Result<i32, SpawnError> {
        let (stage, errno) = match self.make() {
            Ok(pid) => return Ok(pid),
            Err(failed) => failed,
        };
        Err(match (stage, &self.person, errno) {
            (Stage::Person, Some(person), _) => {
                SpawnError::System(format!("cannot become `{}`: {}", person.name, errno.desc()))
            }
            (Stage::Folder, Some(person), Errno::EACCES) => SpawnError::Command(format!(
                "folder {} may not be entered by `{}`",
                launch.folder.display(),
                person.name
            )),
            (Stage::Program, Some(person), Errno::EACCES) if launch.folder.join(program).is_file() => {
                let why = program::explain(errno, program, &launch.folder);
                let refused = format!("may not be executed: {}", program.display());
                // What root may, another one may not.
                if why == SpawnError::Command(refused.clone()) {
                    SpawnError::Command(format!("{refused} (by `{}`)", person.name))
                } else {
                    why
                }
            }
            (Stage::Seat | Stage::Person | Stage::Folder | Stage::Program, _, _) => {
                program::explain(errno, program, &launch.folder)
            }
        })
    }

    /// Makes the process. Until its exec it shares our memory, and this thread waits, as with vfork: nothing is copied, however
    /// large zap is and however many threads it has, and the error of exec is simply written down.
    fn make(&self) -> Result<i32, (Stage, Errno)> {
        let failed = Cell::new(None);
        let mut stack = [0; STACK];
        let child = Box::new(|| {
            let stage = Cell::new(Stage::Seat);
            failed.set(self.start(&stage).err().map(|errno| (stage.get(), errno)));
            127
        });
        #[expect(unsafe_code, reason = "a session, a terminal and the mask can be set in the child only")]
        // SAFETY: the child has a stack of its own and calls nothing but system calls, on memory that was made ready before;
        // this thread, whose `errno` it uses, sleeps meanwhile. Signals are blocked, so that no handler runs in both.
        let pid = unsafe {
            let flags = CloneFlags::CLONE_VM | CloneFlags::CLONE_VFORK;
            clone(child, &mut stack, flags, Some(libc::SIGCHLD))
                .map_err(|errno| (Stage::Seat, errno))?
                .as_raw()
        };
        match failed.take() {
            None => Ok(pid),
            Some(failed) => {
                reap::discard(pid);
                Err(failed)
            }
        }
    }

    /// Runs in the child, and returns only if that fails.
    #[expect(unsafe_code, reason = "these calls have no wrappers that are known not to allocate")]
    fn start(&self, stage: &Cell<Stage>) -> nix::Result<()> {
        // SAFETY: all pointers are into `self`, which outlives the call, and `Words` ends with a null.
        unsafe {
            match &self.seat {
                Seat::Owner(slave) => {
                    Errno::result(libc::setsid())?;
                    sit_at(slave.0.as_fd())?;
                    Errno::result(libc::ioctl(0, libc::TIOCSCTTY, 0))?;
                }
                Seat::Apart(end) => {
                    Errno::result(libc::setsid())?;
                    sit_at(end.as_fd())?;
                }
                Seat::Ours => drop(Errno::result(libc::setpgid(0, 0))?),
            }
            let Outlets { stdin, stdout, stderr } = &self.outlets;
            for (outlet, number) in [(stdin, 0), (stdout, 1), (stderr, 2)] {
                if let Some(end) = outlet.apart() {
                    Errno::result(libc::dup2(end.as_raw_fd(), number))?;
                }
            }
            if let Seat::Ours = self.seat {
                // TTOU is still blocked, as on the thread that waits. Its input may come from elsewhere, and without a terminal
                // there is no foreground.
                let _ = (0..=2).any(|fd| libc::tcsetpgrp(fd, libc::getpid()) == 0);
            }
            // Dispositions before the mask: no handler of zap's may run in the child, which shares zap's memory.
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
            if let Some(person) = &self.person {
                stage.set(Stage::Person);
                user::become_person(person)?;
            }
            // As that person: a folder that it may not enter is not entered for it.
            stage.set(Stage::Folder);
            Errno::result(libc::chdir(self.folder.as_ptr()))?;
            stage.set(Stage::Program);
            close_others_on_exec();
            Errno::result(libc::execve(self.path.as_ptr(), self.argv.as_ptr(), self.env.as_ptr())).map(drop)
        }
    }
}

/// Makes the terminal 0, 1 and 2. It is none of them yet: zap has these from its start.
#[expect(unsafe_code, reason = "the wrappers want owners of these numbers")]
unsafe fn sit_at(slave: BorrowedFd<'_>) -> nix::Result<()> {
    for fd in 0..=2 {
        // SAFETY: the call touches no memory, and the child's 0, 1 and 2 have no other owner.
        unsafe { Errno::result(libc::dup2(slave.as_raw_fd(), fd))? };
    }
    Ok(())
}

/// Marks every descriptor but 0, 1 and 2.
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
    pointers: Vec<*const libc::c_char>,
}

impl Words {
    fn new(words: impl Iterator<Item = Vec<u8>>) -> Result<Self, SpawnError> {
        let words = words.map(word).collect::<Result<Vec<_>, _>>()?;
        let pointers = words.iter().map(|word| word.as_ptr()).chain([ptr::null()]).collect();
        Ok(Self { _words: words, pointers })
    }

    fn as_ptr(&self) -> *const *const libc::c_char {
        self.pointers.as_ptr()
    }
}

fn word(bytes: Vec<u8>) -> Result<CString, SpawnError> {
    CString::new(bytes).map_err(|error| {
        let shown = String::from_utf8_lossy(&error.into_vec()).replace('\0', "\\0");
        SpawnError::Command(format!("a word holds a NUL byte: {shown}"))
    })
}
