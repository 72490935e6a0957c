//! The folder of one history, for those who read in it: also on other threads, and also when files vanish meanwhile. Not: writing
//! (`scribe`).

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::block::Open;
use super::frame::{Frame, FrameKind};
use super::part::Stored;

/// The file with the newest lines.
pub(super) const TAIL: &str = "tail";
/// What a `kill -9` leaves of one that was about to take its place.
pub(super) const NEW_TAIL: &str = "tail.new";

/// The files of a history. The one that was read last stays open.
pub(super) struct Shelf {
    folder: PathBuf,
    opened: Mutex<Option<(u32, Arc<File>)>>,
    /// Files that can be read though somebody removes them, the lowest number first.
    held: Vec<(u32, Arc<File>)>,
}

/// A file of blocks, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    /// Its number: later files have higher ones.
    pub(super) file: u32,
    /// The number of its first line.
    pub(super) first: u64,
}

impl Name {
    /// As it stands in the folder.
    pub(super) fn text(self) -> String {
        format!("{:08}.{}", self.file, self.first)
    }

    /// Reads a name; nothing if it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (file, first) = text.split_once('.')?;
        let read = Self { file: file.parse().ok()?, first: first.parse().ok()? };
        (read.file > 0 && read.text() == text).then_some(read)
    }
}

impl Shelf {
    /// Nothing is opened yet.
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), opened: Mutex::new(None), held: Vec::new() }
    }

    /// The same folder, of which these files, the oldest first, can be read though they are removed. What cannot be opened is
    /// found to be lost when it is read.
    pub(super) fn holding(&self, names: &[Name]) -> Self {
        let open = |name: &Name| Some((name.file, Arc::new(File::open(self.folder.join(name.text())).ok()?)));
        Self { held: names.iter().filter_map(open).collect(), ..Self::new(&self.folder) }
    }

    /// Makes the lines of a block readable in `open`; lines that say why not, if that cannot be. `raw` is room to read in.
    /// Whether it could be.
    pub(super) fn read(&self, name: Name, stored: Stored, raw: &mut Vec<u8>, open: &mut Open) -> bool {
        let read = self.try_read(name, stored, raw, open);
        if let Err(why) = &read {
            open.lose(stored.count, why);
        }
        read.is_ok()
    }

    fn try_read(&self, name: Name, stored: Stored, raw: &mut Vec<u8>, open: &mut Open) -> Result<(), String> {
        if stored.is_lost() {
            return Err("its file is gone or damaged, or there was no room for it".to_owned());
        }
        let file = self.file(name).map_err(|error| reason(&error))?;
        raw.clear();
        raw.resize(stored.len as usize, 0);
        file.read_exact_at(raw, u64::from(stored.offset)).map_err(|error| reason(&error))?;
        let frame = Frame::read(raw).filter(|frame| {
            let head = &frame.head;
            (head.kind, head.first) == (FrameKind::Block, stored.first) && head.count >= stored.count
        });
        frame.ok_or("its file is damaged")?.unpack(stored.count, open)?;
        Ok(())
    }

    /// A file of blocks, open for reading.
    pub(super) fn file(&self, name: Name) -> io::Result<Arc<File>> {
        if let Ok(index) = self.held.binary_search_by_key(&name.file, |(number, _)| *number) {
            return Ok(Arc::clone(&self.held[index].1));
        }
        let known = self.opened().as_ref().filter(|(number, _)| *number == name.file).cloned();
        if let Some((_, file)) = known {
            return Ok(file);
        }
        // Nobody is held up by a disk that does not answer, but who asks it.
        let file = Arc::new(File::open(self.folder.join(name.text()))?);
        *self.opened() = Some((name.file, Arc::clone(&file)));
        Ok(file)
    }

    /// Whether a file stays open.
    pub(super) fn is_open(&self) -> bool {
        self.opened().is_some()
    }

    /// Nobody looks any more: no file stays open.
    pub(super) fn rest(&self) {
        *self.opened() = None;
    }

    fn opened(&self) -> MutexGuard<'_, Option<(u32, Arc<File>)>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "its file is gone".to_owned(),
        io::ErrorKind::UnexpectedEof => "its file is too short".to_owned(),
        _ => format!("its file cannot be read ({error})"),
    }
}
