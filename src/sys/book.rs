//! Files that streams of jobs are written into: shared by all who name the same one, put aside when they are full. Not: reading
//! the streams.

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nix::fcntl::{FcntlArg, OFlag, fcntl};

use crate::model::{RunId, StreamFile};
use crate::sys::plain::Plain;
use crate::sys::reason;

/// A line under way that others must not write into is held back up to so many bytes.
const HELD: usize = 64 * 1024;

/// All files that are written into now, and by which runs.
#[derive(Debug, Default)]
pub struct Books {
    open: HashMap<PathBuf, (Arc<Mutex<Book>>, Vec<RunId>)>,
}

/// The end of one stream in a file.
#[derive(Debug)]
pub struct Page {
    book: Arc<Mutex<Book>>,
    max: Option<u64>,
    keep: u32,
    /// Nothing if escapes stay.
    plain: Option<Plain>,
    /// What is not written yet.
    held: Vec<u8>,
}

/// A file that cannot be written.
#[derive(Debug)]
pub struct BookError {
    file: PathBuf,
    error: io::Error,
}

impl fmt::Display for BookError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot write {}: {}", self.file.display(), reason(&self.error))
    }
}

impl std::error::Error for BookError {}

impl Books {
    /// Opens a file for a stream of a run; what is in it is thrown away if that is wished, unless another run writes there.
    pub fn open(&mut self, run: RunId, stream: &StreamFile) -> Result<Page, BookError> {
        let told = |error| BookError { file: stream.file.clone(), error };
        let (book, runs) = match self.open.remove(&stream.file) {
            Some(shared) => shared,
            None => (Arc::new(Mutex::new(Book::open(&stream.file).map_err(told)?)), Vec::new()),
        };
        if runs.is_empty() && !stream.append {
            lock(&book).clear().map_err(told)?;
        }
        let mut runs = runs;
        runs.push(run);
        self.open.insert(stream.file.clone(), (Arc::clone(&book), runs));
        let plain = (!stream.ansi).then(Plain::default);
        Ok(Page { book, max: stream.max_size, keep: stream.keep, plain, held: Vec::new() })
    }

    /// A run writes nothing any more.
    pub fn close(&mut self, run: RunId) {
        self.open.retain(|_, (_, runs)| {
            runs.retain(|of| *of != run);
            !runs.is_empty()
        });
    }
}

impl Page {
    /// Writes what a job wrote. What cannot be written is lost; the next call tries again.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), BookError> {
        match &mut self.plain {
            Some(plain) => plain.feed(bytes, &mut self.held),
            None => self.held.extend_from_slice(bytes),
        }
        // Whoever shares a file does not write into the lines of others.
        let shared = Arc::strong_count(&self.book) > 2;
        let whole = match memchr::memrchr(b'\n', &self.held) {
            Some(at) if shared && self.held.len() - at <= HELD => at + 1,
            None if shared && self.held.len() <= HELD => 0,
            Some(_) | None => self.held.len(),
        };
        self.put(whole)
    }

    /// Nothing more comes.
    pub fn finish(&mut self) -> Result<(), BookError> {
        if let Some(plain) = &mut self.plain {
            plain.finish(&mut self.held);
        }
        self.put(self.held.len())
    }

    fn put(&mut self, count: usize) -> Result<(), BookError> {
        if count == 0 {
            return Ok(());
        }
        let mut book = lock(&self.book);
        let written = book.write(&self.held[..count], self.max, self.keep);
        self.held.drain(..count);
        written.map_err(|error| BookError { file: book.path.clone(), error })
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.finish();
    }
}

fn lock(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that grows.
#[derive(Debug)]
struct Book {
    path: PathBuf,
    file: File,
    /// Only then it can be put aside.
    is_regular: bool,
    size: u64,
    /// The last line has an end.
    line_ended: bool,
}

impl Book {
    fn open(path: &Path) -> io::Result<Self> {
        let file = append(path)?;
        let metadata = file.metadata()?;
        let (is_regular, size) = (metadata.is_file(), metadata.len());
        Ok(Self { path: path.to_owned(), file, is_regular, size, line_ended: true })
    }

    fn clear(&mut self) -> io::Result<()> {
        if self.is_regular {
            self.file.set_len(0)?;
            self.size = 0;
        }
        Ok(())
    }

    /// Writes whole lines into one file, as long as they are not longer than all of it.
    fn write(&mut self, mut bytes: &[u8], max: Option<u64>, keep: u32) -> io::Result<()> {
        if !self.is_regular {
            return self.file.write_all(bytes);
        }
        self.follow()?;
        while !bytes.is_empty() {
            let room = max.map_or(usize::MAX, |max| {
                usize::try_from(max.saturating_sub(self.size)).unwrap_or(usize::MAX)
            });
            let first_line = || memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
            let taken = if bytes.len() <= room {
                bytes.len()
            } else if let Some(at) = memchr::memrchr(b'\n', &bytes[..room]) {
                at + 1
            } else if self.size == 0 || !self.line_ended {
                // Longer than a whole file, or the rest of a line that is already there.
                first_line()
            } else {
                self.put_aside(keep)?;
                continue;
            };
            self.file.write_all(&bytes[..taken])?;
            self.size += taken as u64;
            self.line_ended = bytes[taken - 1] == b'\n';
            bytes = &bytes[taken..];
        }
        Ok(())
    }

    /// Somebody else may have put the file aside, or written into it.
    fn follow(&mut self) -> io::Result<()> {
        let own = self.file.metadata()?;
        self.size = own.len();
        let is_here =
            fs::metadata(&self.path).is_ok_and(|there| (there.dev(), there.ino()) == (own.dev(), own.ino()));
        if !is_here {
            self.begin()?;
        }
        Ok(())
    }

    /// `file` becomes `file.1`, that `file.2`, and the last one goes.
    fn put_aside(&mut self, keep: u32) -> io::Result<()> {
        if keep == 0 {
            self.file.set_len(0)?;
            self.size = 0;
            return Ok(());
        }
        for number in (1..keep).rev() {
            match fs::rename(self.numbered(number), self.numbered(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        fs::rename(&self.path, self.numbered(1))?;
        self.begin()
    }

    fn begin(&mut self) -> io::Result<()> {
        self.file = append(&self.path)?;
        self.size = self.file.metadata()?.len();
        self.line_ended = true;
        Ok(())
    }

    fn numbered(&self, number: u32) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{number}"));
        name.into()
    }
}

/// Each write goes to the end, whoever else writes there. A pipe in the file system that nobody reads must not hold us up when
/// it is opened, but may hold up the job when it is written. Its modes are those that the umask leaves, because other people may
/// be meant to read a log; but where others may put a link in its place, no link is followed.
fn append(path: &Path) -> io::Result<File> {
    let follow = if is_kept_by_us(path.parent()) { 0 } else { libc::O_NOFOLLOW };
    let opened = OpenOptions::new()
        .append(true)
        .create(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | follow)
        .open(path);
    let file = opened.map_err(|error| match error.raw_os_error() {
        Some(libc::ELOOP) if follow != 0 => io::Error::other("a link, in a folder where others may put one"),
        _ => error,
    })?;
    fcntl(&file, FcntlArg::F_SETFL(OFlag::O_APPEND))?;
    Ok(file)
}

/// Whether only we and root can change what stands in a folder.
fn is_kept_by_us(folder: Option<&Path>) -> bool {
    let found = folder.and_then(|folder| fs::metadata(folder).ok());
    let we = nix::unistd::geteuid().as_raw();
    found.is_some_and(|found| (found.uid() == we || found.uid() == 0) && found.mode() & 0o002 == 0)
}
