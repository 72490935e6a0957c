//! The few things that are done to the files of a history, so that a test can be a disk that is full. Not: what is written.

use std::fs::{DirBuilder, File, OpenOptions, remove_file, rename};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// What is done to files. A deed that failed may be done in part.
pub trait Disk {
    /// Makes a folder for this user alone, and what is missing above it.
    fn make_folder(&mut self, folder: &Path) -> io::Result<()>;
    /// Writes these bytes at a place of a file, which is made if it is missing.
    fn write(&mut self, file: &Path, at: u64, bytes: &[u8]) -> io::Result<()>;
    /// A file ends here.
    fn cut(&mut self, file: &Path, len: u64) -> io::Result<()>;
    /// A file holds these bytes, or what it held before.
    fn replace(&mut self, file: &Path, bytes: &[u8]) -> io::Result<()>;
    /// A file is gone.
    fn remove(&mut self, file: &Path) -> io::Result<()>;
}

/// So many files stay open for those who write on.
const OPEN: usize = 16;

/// The disk itself.
#[derive(Default)]
pub struct Files {
    /// The one that was used last is the last.
    open: Vec<(PathBuf, File)>,
}

impl Files {
    fn open(&mut self, path: &Path) -> io::Result<&File> {
        let known = self.open.iter().position(|(open, _)| open == path);
        let (path, file) = match known {
            Some(index) => self.open.remove(index),
            None => (path.to_owned(), options().create(true).open(path)?),
        };
        self.keep_open(path, file);
        Ok(&self.open[self.open.len() - 1].1)
    }

    fn keep_open(&mut self, path: PathBuf, file: File) {
        if self.open.len() >= OPEN {
            self.open.remove(0);
        }
        self.open.push((path, file));
    }

    fn close(&mut self, path: &Path) {
        self.open.retain(|(open, _)| open != path);
    }
}

impl Disk for Files {
    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)
    }

    fn write(&mut self, file: &Path, at: u64, bytes: &[u8]) -> io::Result<()> {
        let written = self.open(file)?.write_all_at(bytes, at);
        if written.is_err() {
            self.close(file);
        }
        written
    }

    fn cut(&mut self, file: &Path, len: u64) -> io::Result<()> {
        self.open(file)?.set_len(len)
    }

    fn replace(&mut self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        self.close(file);
        let new = file.with_extension("new");
        let written = options().create(true).truncate(true).open(&new).and_then(|made| {
            made.write_all_at(bytes, 0)?;
            rename(&new, file)?;
            self.keep_open(file.to_owned(), made);
            Ok(())
        });
        if written.is_err() {
            // What there is of it takes room, and is worth nothing.
            let _ = remove_file(&new);
        }
        written
    }

    fn remove(&mut self, file: &Path) -> io::Result<()> {
        self.close(file);
        match remove_file(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    // Not through a link: somebody else could lead us elsewhere.
    options.write(true).mode(0o600).custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_files_stay_open_however_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Files::default();
        for number in 0..100 {
            files.replace(&folder.path().join(format!("{number}")), b"whole").unwrap();
            files.write(&folder.path().join(format!("{number}.part")), 3, b"part").unwrap();
            assert!(files.open.len() <= OPEN);
        }
        assert_eq!(std::fs::read(folder.path().join("7")).unwrap(), b"whole");
    }
}
