//! Where the socket is, how it is made, and whether the folder around it is private. Not: what is said there.

use std::fmt;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

/// The name of the socket in the runtime folder.
const NAME: &str = "socket";
/// The longest path that a socket can be bound to (unix(7): 108 bytes, the last one zero).
const LONGEST: usize = 107;

/// Makes the socket in this folder, which must be ours alone. The caller holds the lock of the folder: whoever left a socket
/// there is dead.
pub fn bind(folder: &Path) -> io::Result<UnixListener> {
    unbind(folder);
    let way = Way::to(folder)?;
    let listener = UnixListener::bind(&way.path)?;
    fs::set_permissions(folder.join(NAME), Permissions::from_mode(0o600))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Takes the socket away. Nothing happens if there is none.
pub fn unbind(folder: &Path) {
    let _ = fs::remove_file(folder.join(NAME));
}

/// A path to the socket that is short enough.
pub(super) struct Way {
    pub(super) path: PathBuf,
    /// The folder, which the path leads through.
    _folder: Option<File>,
}

impl Way {
    pub(super) fn to(folder: &Path) -> io::Result<Self> {
        let path = folder.join(NAME);
        if path.as_os_str().len() <= LONGEST {
            return Ok(Self { path, _folder: None });
        }
        let flags = libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC;
        let opened = OpenOptions::new().read(true).custom_flags(flags).open(folder)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}/{NAME}", opened.as_raw_fd()));
        Ok(Self { path, _folder: Some(opened) })
    }
}

/// Why a socket is not trusted.
#[derive(Debug, PartialEq, Eq)]
pub enum NotPrivate {
    /// The folder belongs to this user.
    Owner(PathBuf, u32),
    /// Others may enter the folder: its modes.
    Modes(PathBuf, u32),
    /// Who listens there is this user.
    Peer(PathBuf, u32),
}

impl fmt::Display for NotPrivate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owner(folder, user) => {
                write!(out, "{} belongs to another user (id {user}), and is not trusted", folder.display())
            }
            Self::Modes(folder, modes) => write!(
                out,
                "{0} is open to others (mode {modes:03o}), and is not trusted: type `chmod 700 {0}` if it is yours",
                folder.display()
            ),
            Self::Peer(folder, user) => write!(
                out,
                "another user (id {user}) answers at the socket in {}, and is not trusted",
                folder.display()
            ),
        }
    }
}

/// Whether this folder is one that only this user can enter. A folder that is not there is nobody's.
pub(super) fn check(folder: &Path, user: u32) -> io::Result<Result<(), NotPrivate>> {
    let found = fs::symlink_metadata(folder)?;
    let modes = found.mode() & 0o777;
    Ok(if found.uid() != user || !found.is_dir() {
        Err(NotPrivate::Owner(folder.to_owned(), found.uid()))
    } else if modes & 0o077 != 0 {
        Err(NotPrivate::Modes(folder.to_owned(), modes))
    } else {
        Ok(())
    })
}
