//! What is asked of the loader, and the surroundings it may look at. Not: the looking.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::bindings::Vocabulary;

/// Which file to load, and for whom.
#[derive(Debug, Clone)]
pub struct Request {
    /// The file given by `-f`, if any.
    pub file: Option<PathBuf>,
    /// The folder where zap was called, absolute.
    pub folder: PathBuf,
    /// The environment zap was started with.
    pub environment: Arc<BTreeMap<OsString, OsString>>,
    /// The user zap runs as.
    pub user: u32,
    /// What `[keys]` can speak of.
    pub vocabulary: Arc<Vocabulary>,
}

impl Request {
    /// The request of this process: its folder, its environment, its user.
    pub fn of_this_process(file: Option<PathBuf>, vocabulary: Vocabulary) -> io::Result<Self> {
        Ok(Self {
            file,
            folder: std::env::current_dir()?,
            environment: Arc::new(std::env::vars_os().collect()),
            user: nix::unistd::Uid::effective().as_raw(),
            vocabulary: Arc::new(vocabulary),
        })
    }

    /// `$XDG_CONFIG_HOME/zap`, or `~/.config/zap`.
    pub(super) fn config_home(&self) -> Option<PathBuf> {
        let absolute = |path: PathBuf| path.is_absolute().then_some(path);
        let given = self.variable("XDG_CONFIG_HOME").map(PathBuf::from).and_then(absolute);
        let home = || self.variable("HOME").map(|home| Path::new(home).join(".config")).and_then(absolute);
        given.or_else(home).map(|folder| folder.join("zap"))
    }

    /// A path as a person here would write it: relative to the folder, or to their home.
    pub(super) fn shown(&self, path: &Path) -> String {
        if let Ok(inside) = path.strip_prefix(&self.folder) {
            return inside.display().to_string();
        }
        let home =
            self.variable("HOME").map(Path::new).filter(|home| home.is_absolute() && *home != Path::new("/"));
        match home.and_then(|home| path.strip_prefix(home).ok()) {
            Some(inside) => Path::new("~").join(inside).display().to_string(),
            None => path.display().to_string(),
        }
    }

    fn variable(&self, name: &str) -> Option<&OsString> {
        self.environment.get(OsStr::new(name)).filter(|value| !value.is_empty())
    }
}
