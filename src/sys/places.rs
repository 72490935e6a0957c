//! Where zap keeps what belongs to one config file: the folders for the socket and for what lasts. Not: what is in them.

use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::reason::reason;

/// The two folders of a config file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// For the socket and the lock: gone after a reboot.
    pub runtime: PathBuf,
    /// For history, store and log.
    pub state: PathBuf,
    /// The variables that they come from.
    origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Origin {
    runtime: &'static str,
    state: &'static str,
}

impl Places {
    /// The folders for the config file of this real path. `variable` reads the environment. Relative values are no values
    /// (XDG Base Directory Specification). Nothing is made.
    pub fn of<'a>(file: &Path, variable: impl Fn(&str) -> Option<&'a OsStr>) -> Result<Self, PlaceError> {
        let absolute =
            |name: &str| variable(name).map(Path::new).filter(|path| path.is_absolute()).map(Path::to_owned);
        let id = project_id(file);
        let first = |names: &[&'static str]| {
            names.iter().find_map(|name| absolute(name).map(|folder| (*name, folder)))
        };
        let (state_from, state) =
            first(&["ZAP_STATE_DIR", "XDG_STATE_HOME", "HOME"]).ok_or(PlaceError::NoHome)?;
        let state = match state_from {
            "ZAP_STATE_DIR" => state,
            "HOME" => state.join(".local/state/zap"),
            _ => state.join("zap"),
        };
        let (runtime_from, runtime) = match first(&["ZAP_STATE_DIR", "XDG_RUNTIME_DIR"]) {
            Some((name @ "XDG_RUNTIME_DIR", folder)) => (name, folder.join("zap")),
            Some(_) | None => (state_from, state.clone()),
        };
        let origin = Origin { runtime: runtime_from, state: state_from };
        Ok(Self { runtime: runtime.join(&id), state: state.join(&id), origin })
    }

    /// Makes both folders, for this user alone.
    pub fn make(&self) -> Result<(), PlaceError> {
        own_folder(&self.runtime, self.origin.runtime)?;
        own_folder(&self.state, self.origin.state)
    }
}

/// 16 hex digits that stand for a config file: the FNV-1a hash of its real path. The same for ever.
pub fn project_id(file: &Path) -> String {
    let hash = file.as_os_str().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Why there is no place.
#[derive(Debug)]
pub enum PlaceError {
    /// Neither `HOME` nor `XDG_STATE_HOME` nor `ZAP_STATE_DIR` is set.
    NoHome,
    /// The folder belongs to another user, or is none.
    NotOurs(PathBuf),
    /// The folder cannot be made; the variable that it comes from.
    Io(PathBuf, &'static str, io::Error),
}

impl fmt::Display for PlaceError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHome => out.write_str(
                "none of ZAP_STATE_DIR, XDG_STATE_HOME and HOME is an absolute path: set one of them",
            ),
            Self::NotOurs(folder) => write!(out, "{} is not a folder of this user", folder.display()),
            Self::Io(folder, variable, error) => write!(
                out,
                "cannot make the folder {}: {}; it comes from {variable}, which must name a folder that you may write",
                folder.display(),
                reason(error)
            ),
        }
    }
}

impl std::error::Error for PlaceError {}

/// A folder of ours, which nobody else may enter. What is missing above it is made in the same way.
fn own_folder(folder: &Path, variable: &'static str) -> Result<(), PlaceError> {
    let io = |error| PlaceError::Io(folder.to_owned(), variable, error);
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io)?;
    // Not through a link: somebody else could lead us elsewhere.
    let found = fs::symlink_metadata(folder).map_err(io)?;
    if !found.is_dir() || found.uid() != nix::unistd::geteuid().as_raw() {
        return Err(PlaceError::NotOurs(folder.to_owned()));
    }
    if found.mode() & 0o777 != 0o700 {
        fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(io)?;
    }
    Ok(())
}
