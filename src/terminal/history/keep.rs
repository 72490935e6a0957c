//! What of a history goes to the disk and when: blocks once they are settled, the newest lines as a tail. Not: writing it
//! (`scribe`), nor when there is time for it.

use std::collections::VecDeque;
use std::sync::Arc;

use super::block::{Block, Open};
use super::checksum::checksum;
use super::frame::RunState;
use super::lines::{Direction, History, Kind};
use super::part::{Contents, Part};
use super::past::{Past, last_moment};
use super::scribe::{Discarded, Package, Tail, Written};
use super::shelf::{Name, Shelf};
use crate::terminal::line::{Moment, RunEnd};

/// No file of blocks is larger, and a small history has at least eight of them...
const LARGEST_FILE: u64 = 8 * 1024 * 1024;
/// ... unless they would be smaller than this.
const SMALLEST_FILE: u64 = 64 * 1024;
/// So many closed blocks go to the disk together: whoever writes them is woken less often, and tells of them less often.
const AT_ONCE: usize = 8;
/// A tail that is larger begins anew.
const LARGEST_TAIL: usize = 256 * 1024;

/// How a history is kept on the disk.
pub(in crate::terminal) struct Keep {
    pub(super) shelf: Arc<Shelf>,
    /// Bytes on the disk beyond which the oldest file is dropped.
    limit: u64,
    /// The files there are, the oldest first, and how large each is.
    files: VecDeque<(Name, u64)>,
    discarded: Vec<Discarded>,
    /// The highest number of a file that was discarded; 0 if none was.
    gone: u32,
    /// Bytes of files that were discarded for lines that wait in memory, and that those have not used up.
    pub(super) room: u64,
    /// All lines before this one are on the disk or on their way.
    handed: u64,
    /// The tail holds all lines between `handed` and this one that are in the history.
    told: u64,
    /// The next tail begins anew.
    anew: bool,
    /// Bytes of the tail.
    tail: usize,
    /// What the last tail was.
    last: u64,
}

impl Keep {
    /// Lines from `number` on are not what they were; the open block begins with `open_first`.
    pub(super) fn changed_from(&mut self, number: u64, open_first: u64) {
        self.told = self.told.min(number);
        if self.handed > open_first {
            self.handed = open_first;
            self.anew = true;
        }
        self.told = self.told.max(self.handed);
    }

    /// Lines before `first` were dropped.
    pub(super) fn dropped_until(&mut self, first: u64) {
        if self.handed < first {
            self.handed = first;
            self.anew = true;
        }
        self.told = self.told.max(self.handed);
    }

    pub(super) fn discard(&mut self, name: Name) {
        self.files.retain(|(known, _)| *known != name);
        self.discarded.push(Discarded(name));
        self.gone = self.gone.max(name.file);
    }

    /// How large a file is.
    pub(super) fn size(&self, name: Name) -> u64 {
        self.files.iter().find(|(known, _)| *known == name).map_or(0, |(_, size)| *size)
    }

    fn is_over_limit(&self) -> bool {
        self.files.iter().map(|(_, size)| size).sum::<u64>() > self.limit
    }

    fn file_size(&self) -> u64 {
        (self.limit / 8).clamp(SMALLEST_FILE, LARGEST_FILE)
    }
}

impl History {
    /// Goes on where earlier lives of zap have stopped. A run that was cut off ends here. Nothing may have been added yet.
    pub(in crate::terminal) fn recall(&mut self, past: Past, limit: u64) {
        let Past { shelf, parts, files, end, lines, run } = past;
        let keep = Keep {
            shelf,
            limit,
            files: files.into(),
            discarded: Vec::new(),
            gone: 0,
            room: 0,
            handed: end,
            told: end,
            anew: true,
            tail: 0,
            last: 0,
        };
        self.parts = parts.into();
        self.keep = Some(Box::new(keep));
        self.open_first = end;
        let newest = last_moment(&lines);
        self.readd(&lines);
        self.close();
        self.dropped = self.first() > 0;
        if run.live {
            let ended = newest.unwrap_or(run.began).max(run.began);
            let exit = RunEnd::CUT_OFF.to_owned();
            self.push_run_end(&RunEnd { number: run.number, exit, began: run.began, ended });
        }
    }

    fn readd(&mut self, lines: &Open) {
        for index in 0..lines.entries.len() {
            let Some((bytes, entry)) = lines.get(index) else { return };
            if entry.kind == Kind::RunEnd {
                self.run_ends.push(self.end());
            }
            self.push(bytes, entry.kind, Moment(entry.at));
        }
    }

    /// From now on so many bytes are kept on the disk.
    pub(in crate::terminal) fn set_limit(&mut self, bytes: u64) {
        if let Some(keep) = &mut self.keep {
            keep.limit = bytes;
        }
        self.drop_files_over_limit();
    }

    /// Whether there are so many closed blocks that are not on their way that it is time to hand them out.
    pub(in crate::terminal) fn has_packages(&self) -> bool {
        self.keep.as_ref().is_some_and(|keep| {
            let handed = self.closed.partition_point(|block| block.first < keep.handed);
            self.closed.len() - handed >= AT_ONCE
        })
    }

    /// Hands out the closed blocks of lines before `settled` that were not handed out yet.
    pub(in crate::terminal) fn packages(&mut self, settled: u64, run: RunState) -> Vec<Package> {
        let Some(keep) = &mut self.keep else { return Vec::new() };
        let from = self.closed.partition_point(|block| block.first < keep.handed);
        let mut packages = Vec::new();
        for block in self.closed.range(from..).take_while(|block| block.end() <= settled) {
            let ends = self.run_ends.iter().filter(|end| (block.first..block.end()).contains(end));
            packages.push(Package {
                block: Arc::downgrade(block),
                ends: ends.map(|end| (end - block.first) as u32).collect(),
                run,
                full: keep.file_size(),
            });
            keep.handed = block.end();
            keep.told = keep.told.max(keep.handed);
            keep.anew = true;
        }
        packages
    }

    /// The newest lines, if they are not the same as last time: those that are in no block, and those on the screen.
    pub(in crate::terminal) fn tail(
        &mut self,
        run: RunState,
        on_screen: &[(Vec<u8>, Moment)],
    ) -> Option<Tail> {
        let keep = self.keep.as_ref()?;
        let fresh = keep.anew || keep.tail > LARGEST_TAIL;
        let first = if fresh { keep.handed } else { keep.told };
        let mut open = Open::default();
        let _ = self.visit(first..self.end(), Direction::Forward, &mut |_, bytes, kind, at| {
            open.push(bytes, kind, at);
            std::ops::ControlFlow::Continue(())
        });
        for (bytes, at) in on_screen {
            open.push(bytes, Kind::Output, *at);
        }
        let block = Block::close(first, &mut open);
        let (_, _, packed) = block.parts();
        let state = [u64::from(run.number), u64::from(run.live), run.began.0 as u64, first, u64::from(fresh)];
        let sum = checksum(&[packed, &state.map(u64::to_le_bytes).concat()]);
        let size = packed.len();
        let end = self.end();
        let keep = self.keep.as_mut()?;
        if keep.last == sum {
            return None;
        }
        keep.last = sum;
        keep.told = end;
        keep.anew = false;
        keep.tail = if fresh { size } else { keep.tail + size };
        Some(Tail { block, run, fresh })
    }

    /// A block is on the disk: it leaves the memory. If its file was discarded meanwhile it stays, and is to be handed out once
    /// more: whether that is so.
    pub(in crate::terminal) fn written(&mut self, written: &Written) -> bool {
        let Written { block, name, spot } = written;
        let Some(keep) = &mut self.keep else { return false };
        if name.file <= keep.gone {
            let is_it = |kept: &&Arc<Block>| std::ptr::eq(Arc::as_ptr(kept), block.as_ptr());
            let Some(kept) = self.closed.iter().find(is_it) else { return false };
            keep.handed = keep.handed.min(kept.first);
            keep.anew = true;
            return true;
        }
        match keep.files.back_mut().filter(|(last, _)| last == name) {
            Some((_, size)) => *size += u64::from(spot.len),
            None => keep.files.push_back((*name, u64::from(spot.len))),
        }
        let is_next =
            self.closed.front().is_some_and(|front| std::ptr::eq(Arc::as_ptr(front), block.as_ptr()));
        if !is_next {
            // It was dropped or changed meanwhile: what is written next takes its place.
            return false;
        }
        let Some(block) = self.closed.pop_front() else { return false };
        self.closed_bytes -= block.memory();
        let grown = self.parts.back_mut().is_some_and(|part| part.grow(*name, *spot));
        if !grown {
            let spots = Contents { blocks: vec![*spot], ends: Vec::new() };
            let from = u64::from(spot.offset);
            let bytes = (from, from + u64::from(spot.len));
            self.parts.push_back(Part::read(*name, bytes, spots, spot.first, spot.end()));
        }
        self.drop_files_over_limit();
        false
    }

    fn drop_files_over_limit(&mut self) {
        while self.keep.as_ref().is_some_and(|keep| keep.is_over_limit()) && self.drop_oldest_file() {}
    }

    /// The files up to this number are not kept any longer, but for the newest of all.
    pub(in crate::terminal) fn drop_files_until(&mut self, number: u32) {
        let is_old = |keep: &Keep| keep.files.front().is_some_and(|(name, _)| name.file <= number);
        while self.keep.as_ref().is_some_and(|keep| is_old(keep)) && self.drop_oldest_file() {}
    }

    /// The newest file is never dropped for its size. Whether there was another one.
    fn drop_oldest_file(&mut self) -> bool {
        let Some(keep) = &mut self.keep else { return false };
        let Some((oldest, _)) = keep.files.front().copied().filter(|_| keep.files.len() > 1) else {
            return false;
        };
        if self.parts.front().is_some_and(|part| part.name == oldest) {
            self.drop_file();
        } else {
            // Nothing of it counts any more.
            keep.discard(oldest);
        }
        true
    }

    /// The files that are not wanted any more since this was last asked.
    pub(in crate::terminal) fn discarded(&mut self) -> Vec<Discarded> {
        self.keep.as_mut().map_or_else(Vec::new, |keep| std::mem::take(&mut keep.discarded))
    }
}
