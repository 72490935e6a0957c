//! A folder with a file in it, as a developer has one, and zap's loader looking at it. Not: any test.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use zap::config::{Job, LoadError, Loaded, Request, load};
use zap::problem::Paint;

/// A folder that vanishes with its test.
pub(crate) struct Project {
    folder: TempDir,
    request: Request,
}

#[must_use]
pub(crate) fn project(text: &str) -> Project {
    let project = empty();
    project.write("systems.toml", text);
    project
}

/// A folder without a file. Its environment is small and known.
#[must_use]
pub(crate) fn empty() -> Project {
    let folder = tempfile::tempdir().unwrap();
    let environment = BTreeMap::from([
        (OsString::from("HOME"), folder.path().join("home").into_os_string()),
        (OsString::from("SOURCES"), OsString::from("sources")),
        (OsString::from("PATH"), OsString::from("/usr/bin:/bin")),
        (OsString::from("TZ"), OsString::from("Europe/Berlin")),
    ]);
    for inside in ["home/src", "sources", "app/web"] {
        std::fs::create_dir_all(folder.path().join(inside)).unwrap();
    }
    let user = nix::unistd::Uid::effective().as_raw();
    let request = Request {
        file: None,
        folder: folder.path().to_owned(),
        environment: Arc::new(environment),
        user,
        vocabulary: Arc::new(zap::ui::vocabulary()),
    };
    Project { folder, request }
}

impl Project {
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn request(&self) -> Request {
        self.request.clone()
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn load(&self) -> Result<Loaded, LoadError> {
        load(&self.request)
    }

    /// The plan of a file that must be good.
    pub(crate) fn loaded(&self) -> Loaded {
        match self.load() {
            Ok(loaded) => loaded,
            Err(error) => panic!("{}", error.draw(Paint::Plain)),
        }
    }

    /// What stands on stderr: all errors and warnings; the folder is called `/project`.
    pub(crate) fn told(&self) -> String {
        let text = match self.load() {
            Ok(loaded) => zap::problem::draw_all(&loaded.warnings, Paint::Plain),
            Err(error) => error.draw(Paint::Plain),
        };
        text.replace(self.path().to_str().unwrap(), "/project")
    }
}

/// The job at an address `system/job` of a loaded file.
pub(crate) fn job<'l>(loaded: &'l Loaded, address: &str) -> &'l Job {
    let (system, job) = address.split_once('/').unwrap();
    let system = loaded.plan.systems.iter().find(|other| other.name == system).unwrap();
    system.jobs.iter().find(|other| other.name == job).unwrap()
}

/// The files of a folder beside this one: name without `.toml`, and text; sorted.
pub(crate) fn files(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config").join(folder);
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}
