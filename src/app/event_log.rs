//! `[zap].event-log`: what happened, as lines of text at the end of a file. Not: zap's own log (`log`).

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;

/// The file, opened when there is something to write.
pub(super) struct EventLog {
    path: PathBuf,
    file: Option<File>,
    /// The last attempt failed, and that was told.
    failed: bool,
}

impl EventLog {
    /// Nothing is opened yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None, failed: false }
    }

    /// Where it is.
    pub(super) fn path(&self) -> &PathBuf {
        &self.path
    }

    /// Adds a line. Why it could not be written is returned once, until one can be written again.
    pub(super) fn write(&mut self, line: &str) -> Option<String> {
        let written = self.open().and_then(|mut file| file.write_all(line.as_bytes()));
        let failed = written.is_err();
        if failed {
            self.file = None;
        }
        let is_news = failed && !self.failed;
        self.failed = failed;
        let error = written.err().filter(|_| is_news)?;
        Some(format!("cannot write the event log {}: {}", self.path.display(), crate::sys::reason(&error)))
    }

    /// The file under that name: another one than before, if somebody has put the old one aside.
    fn open(&mut self) -> io::Result<&File> {
        let there = self.path.metadata().ok().map(|found| (found.dev(), found.ino()));
        let opened = self.file.as_ref().and_then(|file| file.metadata().ok());
        if there.is_none() || there != opened.map(|opened| (opened.dev(), opened.ino())) {
            self.file = None;
        }
        if self.file.is_none() {
            let mut options = OpenOptions::new();
            // The loop must not wait for somebody to read a pipe.
            options.append(true).create(true).mode(0o600).custom_flags(libc::O_NONBLOCK);
            self.file = Some(options.open(&self.path)?);
        }
        Ok(self.file.as_ref().expect("it was opened just now"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_put_aside_is_made_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, aside) = (folder.path().join("events"), folder.path().join("events.1"));
        let mut log = EventLog::new(path.clone());
        assert_eq!(log.write("one\n"), None);
        std::fs::rename(&path, &aside).expect("it can be renamed");
        assert_eq!(log.write("two\n"), None);
        let read = |path| std::fs::read_to_string(path).expect("it is there");
        assert_eq!((read(&aside).as_str(), read(&path).as_str()), ("one\n", "two\n"));
    }

    #[test]
    fn a_failure_is_told_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("missing").join("events");
        let mut log = EventLog::new(path.clone());
        assert!(log.write("one\n").is_some_and(|text| text.contains("missing/events")));
        assert_eq!(log.write("two\n"), None);
        std::fs::create_dir(path.parent().expect("a folder")).expect("a folder can be made");
        assert_eq!(log.write("three\n"), None);
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "three\n");
    }
}
