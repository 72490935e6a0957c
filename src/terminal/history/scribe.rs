//! Writes one history into its folder: frames at the end of the newest file, a footer when that is full, and the tail. Runs on
//! whatever thread may wait for the disk; knows nothing of threads.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Weak;

use super::block::Block;
use super::disk::Disk;
use super::frame::{FrameKind, Reach, RunState, write_block};
use super::part::{Contents, Stored};
use super::shelf::{Name, TAIL};

/// Lines that do not change any more, on their way to the disk. If they are dropped from memory meanwhile, they are not written.
pub struct Package {
    pub(super) block: Weak<Block>,
    /// Which of its lines end runs, from 0.
    pub(super) ends: Vec<u32>,
    pub(super) run: RunState,
    /// A file that is larger is full.
    pub(super) full: u64,
}

/// The newest lines on their way to the disk.
pub struct Tail {
    pub(super) block: Block,
    pub(super) run: RunState,
    /// It holds all lines that are in no block, so that the tail begins anew with it.
    pub(super) fresh: bool,
}

impl Tail {
    /// Whether what was to be written before it need not be written any more.
    pub fn is_fresh(&self) -> bool {
        self.fresh
    }
}

/// Lines that are on the disk.
#[derive(Clone)]
pub struct Written {
    pub(super) block: Weak<Block>,
    pub(super) name: Name,
    pub(super) spot: Stored,
}

impl Written {
    /// How many bytes they take.
    pub fn bytes(&self) -> u64 {
        u64::from(self.spot.len)
    }

    /// Whether a file begins with them, so that the one before it is finished.
    pub fn begins_file(&self) -> bool {
        self.spot.offset == 0
    }
}

/// Writes one history.
pub struct Scribe {
    folder: PathBuf,
    reach: Reach,
    /// The first line of the newest file.
    first: u64,
    /// What is in the newest file, if it was begun by this scribe.
    spots: Option<Contents>,
    /// What follows in the newest file is not ours.
    cut: bool,
    /// Bytes of the tail; 0 if it must begin anew.
    tail: u64,
}

impl Scribe {
    pub(super) fn new(folder: &Path, reach: Reach, first: u64) -> Self {
        Self { folder: folder.to_owned(), reach, first, spots: None, cut: reach.file > 0, tail: 0 }
    }

    /// Writes a block; nothing if nobody has it any more. Once it failed it can be tried again.
    pub fn write(&mut self, package: &Package, disk: &mut dyn Disk) -> io::Result<Option<Written>> {
        let Some(block) = package.block.upgrade() else { return Ok(None) };
        let frame = write_block(FrameKind::Block, &block, &package.ends, package.run, self.reach);
        let follows = (self.first..=self.reach.end).contains(&block.first);
        let is_full = self.reach.len > 0 && self.reach.len + frame.len() as u64 > package.full;
        if self.reach.file == 0 || !follows || is_full {
            self.turn_over(block.first, disk)?;
        }
        let path = self.path();
        if self.cut {
            disk.cut(&path, self.reach.len)?;
            self.cut = false;
        }
        disk.write(&path, self.reach.len, &frame)?;
        let spot = Stored {
            first: block.first,
            count: block.count,
            offset: self.reach.len as u32,
            len: frame.len() as u32,
        };
        if let Some(spots) = &mut self.spots {
            spots.add(spot, package.ends.iter().map(|end| block.first + u64::from(*end)));
        }
        let name = self.name();
        self.reach = Reach {
            len: self.reach.len + frame.len() as u64,
            end: block.end(),
            last: self.reach.len,
            ..self.reach
        };
        Ok(Some(Written { block: package.block.clone(), name, spot }))
    }

    /// Writes the newest lines. Once it failed it can be tried again.
    pub fn write_tail(&mut self, tail: &Tail, disk: &mut dyn Disk) -> io::Result<()> {
        let frame = write_block(FrameKind::Tail, &tail.block, &[], tail.run, self.reach);
        let path = self.folder.join(TAIL);
        if tail.fresh || self.tail == 0 {
            disk.make_folder(&self.folder)?;
            disk.replace(&path, &frame)?;
            self.tail = 0;
        } else {
            disk.write(&path, self.tail, &frame)?;
        }
        self.tail += frame.len() as u64;
        Ok(())
    }

    /// A file is not wanted any more.
    pub fn discard(&mut self, file: Discarded, disk: &mut dyn Disk) -> io::Result<()> {
        if file.0.file == self.reach.file {
            // It holds the newest lines of all that were written.
            self.reach.len = 0;
            self.first = u64::MAX;
            self.spots = None;
            self.cut = false;
        }
        disk.remove(&self.folder.join(file.0.text()))
    }

    /// Begins the next file.
    fn turn_over(&mut self, first: u64, disk: &mut dyn Disk) -> io::Result<()> {
        if let Some(spots) = self.spots.as_ref().filter(|spots| !spots.blocks.is_empty()) {
            disk.write(&self.path(), self.reach.len, &spots.footer())?;
        }
        if self.reach.file > 0 && self.reach.len == 0 {
            // Nothing of it was written whole, and nobody else knows of it.
            disk.remove(&self.path())?;
        }
        disk.make_folder(&self.folder)?;
        self.reach = Reach { file: self.reach.file + 1, len: 0, end: first, last: 0 };
        self.first = first;
        self.spots = Some(Contents::default());
        self.cut = true;
        Ok(())
    }

    fn name(&self) -> Name {
        Name { file: self.reach.file, first: self.first }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(self.name().text())
    }
}

/// A file that is not wanted any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discarded(pub(super) Name);
