//! How a history gives memory and disk back: blocks are closed, and the oldest are dropped. Not: what is on the disk (`keep`).

use std::sync::Arc;

use super::block::Block;
use super::lines::{BLOCK_BYTES, Entry, History};

/// What one terminal keeps at most by itself, in bytes of memory.
const LIMIT: usize = 32 * 1024 * 1024;

impl History {
    pub(super) fn close(&mut self) {
        if self.open.entries.is_empty() {
            return;
        }
        let block = Block::close(self.open_first, &mut self.open);
        let size = block.memory();
        self.open_first = block.end();
        self.closed_bytes += size;
        self.closed.push_back(Arc::new(block));
        self.open.data.clear();
        self.open.entries.clear();
        self.line_start = 0;
        // A line of great length leaves a great buffer behind.
        self.open.data.shrink_to(BLOCK_BYTES + BLOCK_BYTES / 4);
        if self.closed_bytes > LIMIT && !self.make_room_on_disk(size) {
            self.drop_block();
        }
        while self.closed_bytes > LIMIT + LIMIT / 8 {
            self.drop_block();
        }
    }

    /// The disk may be full: the oldest file makes room for so many bytes that wait in memory, and so does the next one once what
    /// the last gave is used up. A disk that is only slow costs no more files than that. Whether there was one.
    fn make_room_on_disk(&mut self, bytes: usize) -> bool {
        let bytes = bytes as u64;
        let Some(keep) = &self.keep else { return false };
        let mut room = keep.room;
        if room < bytes {
            let Some(oldest) = self.parts.front() else { return false };
            room += keep.size(oldest.name);
            self.drop_file();
        }
        if let Some(keep) = &mut self.keep {
            keep.room = room.saturating_sub(bytes);
        }
        true
    }

    /// Drops the oldest block in memory; returns how much that gave. Older lines that are on the disk stay there: between them and
    /// what is younger, lines are lost.
    fn drop_block(&mut self) -> usize {
        let Some(block) = self.closed.pop_front() else { return 0 };
        let freed = block.memory();
        self.closed_bytes -= freed;
        if let Some(stored) = self.parts.back_mut() {
            stored.lose(block.end());
            self.forget_lost(&(block.first..block.end()));
        } else {
            self.dropped = true;
            self.forget_dropped();
        }
        freed
    }

    /// Drops the oldest file.
    pub(super) fn drop_file(&mut self) {
        let Some(name) = self.parts.front().map(|part| part.name) else { return };
        while self.parts.front().is_some_and(|part| part.name == name) {
            self.parts.pop_front();
        }
        if let Some(keep) = &mut self.keep {
            keep.discard(name);
        }
        self.dropped = true;
        self.forget_dropped();
    }

    /// Gives back at least `bytes` of memory if there is as much in lines before `keep`; returns how much. What is on the disk
    /// takes none worth speaking of, and stays.
    pub(in crate::terminal) fn drop_oldest(&mut self, bytes: usize, keep: u64) -> usize {
        let mut freed = 0;
        while freed < bytes && self.closed.front().is_some_and(|block| block.end() <= keep) {
            freed += self.drop_block();
        }
        if freed < bytes && self.closed.is_empty() && self.parts.is_empty() {
            freed += self.drop_from_open(bytes - freed, keep);
        }
        freed
    }

    fn drop_from_open(&mut self, bytes: usize, keep: u64) -> usize {
        let most =
            usize::try_from(keep.saturating_sub(self.open_first)).unwrap_or(0).min(self.open.entries.len());
        let fits = |entry: &Entry, lines: usize| (entry.end as usize) + lines * size_of::<Entry>() >= bytes;
        let enough = self.open.entries.iter().enumerate().position(|(index, entry)| fits(entry, index + 1));
        let count = enough.map_or(most, |index| (index + 1).min(most));
        if count == 0 {
            return 0;
        }
        let before = self.open.memory();
        let cut = self.open.entries[count - 1].end;
        self.open.data.drain(..cut as usize);
        self.open.entries.drain(..count);
        for entry in &mut self.open.entries {
            entry.end -= cut;
        }
        self.line_start -= cut as usize;
        self.open_first += count as u64;
        self.dropped = true;
        self.forget_dropped();
        self.open.data.shrink_to_fit();
        self.open.entries.shrink_to_fit();
        before - self.open.memory()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::history::block::Open;
    use crate::terminal::history::disk::Files;
    use crate::terminal::history::frame::RunState;
    use crate::terminal::history::lines::Kind;
    use crate::terminal::history::part::Part;
    use crate::terminal::history::past::Past;
    use crate::terminal::history::shelf::{Name, Shelf};
    use crate::terminal::line::Moment;

    fn filled(lines: u64) -> History {
        let mut history = History::default();
        for number in 0..lines {
            history.push(format!("line {number}").as_bytes(), Kind::Output, Moment(0));
        }
        history
    }

    fn text(history: &History, number: u64) -> Option<String> {
        history.line(number).map(|line| line.text())
    }

    /// A history of so many files of 8 MiB and 1,000 lines each, which need not be there.
    fn stored(files: u32) -> History {
        const SIZE: u64 = 8 * 1024 * 1024;
        let names = (0..files).map(|file| Name { file: file + 1, first: u64::from(file) * 1000 });
        let part = |name: Name| Part::unread(name, (0, SIZE), name.first, name.first + 1000);
        let past = Past {
            shelf: Arc::new(Shelf::new(std::path::Path::new("/nowhere"))),
            parts: names.clone().map(part).collect(),
            files: names.map(|name| (name, SIZE)).collect(),
            end: u64::from(files) * 1000,
            lines: Open::default(),
            run: RunState::default(),
        };
        let mut history = History::default();
        history.recall(past, 2_000_000_000);
        history
    }

    /// Blocks that do not compress, of a line each.
    fn push_noise(history: &mut History, blocks: usize) {
        let mut noise = 88_172_645_463_325_252_u64;
        for _ in 0..blocks {
            let line = std::iter::repeat_with(|| {
                noise ^= noise << 13;
                noise ^= noise >> 7;
                noise ^= noise << 17;
                noise.to_le_bytes()
            });
            let line: Vec<u8> = line.take(BLOCK_BYTES / 8).flatten().collect();
            history.push(&line, Kind::Output, Moment(0));
        }
    }

    #[test]
    fn the_oldest_are_dropped_and_said_to_be() {
        let mut history = filled(10_000);
        assert!(history.drop_oldest(1, 10_000) >= 1);
        let range = history.range();
        assert_eq!(history.first(), 4096);
        assert_eq!(text(&history, range.start).unwrap(), "4096 older lines dropped");
        assert_eq!(text(&history, 4096).unwrap(), "line 4096");
        history.drop_oldest(usize::MAX, 9_990);
        assert_eq!(history.range(), 9_989..10_000);
        assert_eq!(text(&history, 9_990).unwrap(), "line 9990");
    }

    #[test]
    fn memory_that_is_full_costs_no_more_files_than_what_waits_needs() {
        let mut history = stored(100);
        push_noise(&mut history, 700);
        assert!(history.closed_bytes <= LIMIT + LIMIT / 8, "{} bytes", history.closed_bytes);
        let gone = history.discarded().len();
        assert!((1..=2).contains(&gone), "{gone} files are gone for 12 MB");
        assert_eq!(history.first(), gone as u64 * 1000);
        // What left the memory is said to be lost, and nothing else moves.
        assert!(text(&history, 100_000).is_some_and(|text| text.contains("cannot be read any more")));
        assert_eq!(history.with(100_699, |bytes, _, _| bytes.len()), Some(BLOCK_BYTES));
        assert_eq!(history.end(), 100_700);
    }

    #[test]
    fn to_give_memory_back_costs_no_file() {
        let mut history = stored(100);
        push_noise(&mut history, 64);
        let end = history.end();
        assert!(history.drop_oldest(1_000_000, end) >= 1_000_000);
        assert_eq!((history.discarded().len(), history.first()), (0, 0));
        assert!(text(&history, 100_000).is_some_and(|text| text.contains("cannot be read any more")));
        assert_eq!(history.with(100_063, |bytes, _, _| bytes.len()), Some(BLOCK_BYTES));
        assert!(history.drop_oldest(usize::MAX, end) >= 3_000_000);
        assert_eq!((history.discarded().len(), history.closed_bytes), (0, 0));
    }

    #[test]
    fn a_block_whose_file_goes_while_it_is_written_is_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let (past, mut scribe) = Past::open(folder.path());
        let mut history = History::default();
        history.recall(past, 1_000_000_000);
        let mut disk = Files::default();
        let mut write = |history: &mut History| {
            let packages = history.packages(u64::MAX, RunState::default());
            let written = packages.iter().filter_map(|package| scribe.write(package, &mut disk).unwrap());
            let written: Vec<_> = written.collect();
            // The file goes once the blocks are in it, and before that is heard.
            let dropped = history.discarded();
            for file in dropped {
                scribe.discard(file, &mut disk).unwrap();
            }
            written
        };
        push_noise(&mut history, 1);
        assert!(!write(&mut history).iter().any(|written| history.written(written)));
        push_noise(&mut history, 2);
        history.drop_file();
        let written = write(&mut history);
        assert_eq!(written.len(), 2);
        assert!(written.iter().all(|written| history.written(written)));
        assert_eq!(history.with(1, |bytes, _, _| bytes.len()), Some(BLOCK_BYTES));
        assert_eq!(history.closed.len(), 2);
        assert!(!write(&mut history).iter().any(|written| history.written(written)));
        assert_eq!((history.closed.len(), history.first()), (0, 1));
        history.rest();
        for number in 1..3 {
            assert_eq!(history.with(number, |bytes, _, _| bytes.len()), Some(BLOCK_BYTES), "{number}");
        }
    }
}
