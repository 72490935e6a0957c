//! `[zap].event-log`: what happened, as lines of text at the end of a file, written by a thread of its own: a disk that hangs holds
//! up nothing. Not: zap's own log (`log`).

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, channel, sync_channel};
use std::time::Duration;

/// So many lines wait for a disk that is slow; more are lost.
const WAITING: usize = 4096;

/// The way to the file. Whoever drops it does not wait for what is still to be written.
pub(super) struct EventLog {
    path: PathBuf,
    lines: Option<SyncSender<String>>,
    ended: Receiver<()>,
    /// Lines are being lost, and that was told.
    loses: bool,
}

impl EventLog {
    /// Starts the thread; what goes wrong is told by `complain`, once until a line can be written again.
    pub(super) fn start(path: PathBuf, complain: impl Fn(String) + Send + 'static) -> io::Result<Self> {
        let (lines, queue) = sync_channel::<String>(WAITING);
        let (alive, ended) = channel();
        let mut writer = Writer::new(path.clone());
        std::thread::Builder::new().name("zap-events".to_owned()).spawn(move || {
            for line in queue {
                if let Some(wrong) = writer.write(&line) {
                    complain(wrong);
                }
            }
            drop(alive);
        })?;
        Ok(Self { path, lines: Some(lines), ended, loses: false })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &PathBuf {
        &self.path
    }

    /// Adds a line. Never blocks. That lines are lost is returned once, until one is taken again.
    pub(super) fn write(&mut self, line: String) -> Option<String> {
        let full = match self.lines.as_ref()?.try_send(line) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => false,
            Err(TrySendError::Full(_)) => true,
        };
        let is_news = full && !std::mem::replace(&mut self.loses, full);
        is_news.then(|| format!("the event log {} is too slow: lines of it are lost", self.path.display()))
    }

    /// Waits until all is written, but not longer than this.
    pub(super) fn finish(&mut self, patience: Duration) {
        self.lines = None;
        // Either all is written, or it has taken too long.
        let _ = self.ended.recv_timeout(patience);
    }
}

/// The file, opened when there is something to write.
struct Writer {
    path: PathBuf,
    file: Option<File>,
    /// The last attempt failed, and that was told.
    failed: bool,
}

impl Writer {
    /// Nothing is opened yet.
    fn new(path: PathBuf) -> Self {
        Self { path, file: None, failed: false }
    }

    /// Adds a line. Why it could not be written is returned once, until one can be written again.
    fn write(&mut self, line: &str) -> Option<String> {
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
            // Nobody waits for somebody to read a pipe.
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
        let mut log = Writer::new(path.clone());
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
        let mut log = Writer::new(path.clone());
        assert!(log.write("one\n").is_some_and(|text| text.contains("missing/events")));
        assert_eq!(log.write("two\n"), None);
        std::fs::create_dir(path.parent().expect("a folder")).expect("a folder can be made");
        assert_eq!(log.write("three\n"), None);
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "three\n");
    }

    #[test]
    fn nobody_waits_for_a_disk_that_hangs() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("events");
        nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).expect("a pipe with a name");
        // A reader that reads nothing: the pipe is full before all is written.
        let reader = File::options().read(true).write(true).open(&path).expect("a pipe");
        let (sender, told) = channel();
        let mut log = EventLog::start(path.clone(), move |wrong| drop(sender.send(wrong))).expect("a thread");
        assert_eq!(log.write("one\n".repeat(64 * 1024)), None);
        let wrong = told.recv_timeout(Duration::from_secs(30)).expect("a complaint");
        assert!(wrong.starts_with(&format!("cannot write the event log {}", path.display())), "{wrong}");
        drop(reader);
        log.finish(Duration::from_secs(30));
        assert_eq!(log.write("two\n".to_owned()), None);
    }

    #[test]
    fn what_was_taken_is_written_before_the_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("events");
        let mut log = EventLog::start(path.clone(), |wrong| panic!("{wrong}")).expect("a thread");
        for number in 0..1000 {
            assert_eq!(log.write(format!("{number}\n")), None);
        }
        log.finish(Duration::from_secs(30));
        assert_eq!(std::fs::read_to_string(&path).expect("it is there").lines().count(), 1000);
    }
}
