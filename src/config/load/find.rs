//! Where `systems.toml` is: given, here or above, or the user's own. Not: reading it.

use std::path::{Path, PathBuf};

use super::{LoadError, Request};

/// The name of the file.
const NAME: &str = "systems.toml";

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file, absolute.
    pub file: PathBuf,
    /// The folder that relative folders in it are relative to.
    pub folder: PathBuf,
    /// How it was found.
    pub by: By,
}

/// How a file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// It was given by `-f`.
    Name,
    /// It stands in the folder where zap was called, or above.
    WalkingUp,
    /// It is the user's own for everywhere.
    Home,
}

/// Finds the file: `-f`; else here or in the nearest parent; else `$XDG_CONFIG_HOME/zap/systems.toml`.
pub fn find(request: &Request) -> Result<Found, LoadError> {
    if let Some(given) = &request.file {
        let file: PathBuf = request.folder.join(given).components().collect();
        let folder = file.parent().unwrap_or(Path::new("/")).to_owned();
        return Ok(Found { file, folder, by: By::Name });
    }
    for folder in request.folder.ancestors() {
        let file = folder.join(NAME);
        if is_there(&file) {
            return Ok(Found { file, folder: folder.to_owned(), by: By::WalkingUp });
        }
    }
    let home = request.config_home().map(|home| home.join(NAME));
    match home {
        Some(file) if is_there(&file) => Ok(Found { file, folder: request.folder.clone(), by: By::Home }),
        home => Err(LoadError::NotFound { folder: request.folder.clone(), home }),
    }
}

/// Whether there is something that could be the file; a folder of that name is none.
fn is_there(file: &Path) -> bool {
    file.metadata().is_ok_and(|metadata| !metadata.is_dir())
}
