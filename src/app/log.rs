//! zap's own log, in its state folder, never on the screen. Not: what jobs print.

use std::fs::{File, OpenOptions, rename};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::config::LogLevel;
use crate::model::Wall;

/// A log that is larger is put aside, in the place of the one put aside before.
const LARGEST: u64 = 1024 * 1024;

/// Lines with time and level. A log that cannot be written is given up: nothing depends on it.
pub(crate) struct Log {
    path: PathBuf,
    level: LogLevel,
    file: Option<File>,
    written: u64,
}

impl Log {
    /// Opens `zap.log` in this folder and goes on at its end.
    pub(crate) fn open(folder: &Path, level: LogLevel) -> Self {
        let path = folder.join("zap.log");
        let file = if level == LogLevel::Off { None } else { append(&path).ok() };
        let written =
            file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |metadata| metadata.len());
        Self { path, level, file, written }
    }

    /// From now on lines of other levels are wanted.
    pub(crate) fn set_level(&mut self, level: LogLevel) {
        self.level = level;
        if self.file.is_none() && level != LogLevel::Off {
            self.file = append(&self.path).ok();
        }
    }

    /// Writes a line, if this level is wanted; only then is the text made.
    pub(crate) fn write(&mut self, level: LogLevel, at: Wall, text: impl FnOnce() -> String) {
        if level > self.level || self.file.is_none() {
            return;
        }
        let time = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        let line = format!("{time} {level:?} {}\n", text());
        if self.written > LARGEST {
            self.turn_over();
        }
        self.written += line.len() as u64;
        if self.file.as_mut().is_some_and(|file| file.write_all(line.as_bytes()).is_err()) {
            self.file = None;
        }
    }

    fn turn_over(&mut self) {
        self.file =
            rename(&self.path, self.path.with_extension("log.1")).and_then(|()| append(&self.path)).ok();
        self.written = 0;
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}
