//! One zap for each config file, and one for what is kept of it: locks that the kernel takes back when their holder dies. Not: a pid
//! file, whose number may belong to a stranger.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

use super::reason::reason;

/// Held as long as it lives.
#[must_use]
#[derive(Debug)]
pub struct Lock {
    _file: Flock<File>,
}

/// Why there is no lock.
#[derive(Debug)]
pub enum LockError {
    /// Another zap holds it, and this is its pid, if it has told it already.
    Held(Option<i32>),
    /// The file cannot be opened or locked.
    Io(io::Error),
}

impl Lock {
    /// Takes the lock of this runtime folder, which must exist, and writes our pid into it for those who come second.
    pub fn take(runtime: &Path) -> Result<Self, LockError> {
        let file = options().open(runtime.join("lock")).map_err(LockError::Io)?;
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(mut file) => {
                sign(&mut file).map_err(LockError::Io)?;
                Ok(Self { _file: file })
            }
            Err((mut file, Errno::EWOULDBLOCK)) => Err(LockError::Held(holder(&mut file))),
            Err((_, errno)) => Err(LockError::Io(errno.into())),
        }
    }
}

/// Who has it may change the files of a folder. Held as long as it lives.
///
/// It is another lock than that of the runtime folder: who makes room in the folder of a project that nobody runs holds it for a
/// moment, and a zap that is started just then waits instead of being told that another one runs.
#[must_use]
#[derive(Debug)]
pub struct FolderLock {
    _file: Flock<File>,
}

impl FolderLock {
    /// Waits until nobody else has it. The folder is made if it is missing, for this user alone.
    pub fn wait(folder: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let file = options().open(folder.join("lock"))?;
        match Flock::lock(file, FlockArg::LockExclusive) {
            Ok(file) => Ok(Self { _file: file }),
            Err((_, errno)) => Err(errno.into()),
        }
    }

    /// Takes it; nothing if somebody else has it.
    pub fn attempt(folder: &Path) -> io::Result<Option<Self>> {
        let file = options().open(folder.join("lock"))?;
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(file) => Ok(Some(Self { _file: file })),
            Err((_, Errno::EWOULDBLOCK)) => Ok(None),
            Err((_, errno)) => Err(errno.into()),
        }
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600).custom_flags(libc::O_NOFOLLOW);
    options
}

/// The pid of the zap that has the lock of this runtime folder, as the lock tells; it may be long dead.
pub fn holder_of(runtime: &Path) -> Option<i32> {
    holder(&mut File::open(runtime.join("lock")).ok()?)
}

fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn holder(file: &mut File) -> Option<i32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

impl fmt::Display for LockError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held(Some(pid)) => {
                write!(
                    out,
                    "another zap (pid {pid}) runs this file: `zap status` tells how it is, `zap shutdown` ends it"
                )
            }
            Self::Held(None) => out.write_str("another zap runs this file: `zap shutdown` ends it"),
            Self::Io(error) => write!(out, "cannot lock: {}", reason(error)),
        }
    }
}

impl std::error::Error for LockError {}
