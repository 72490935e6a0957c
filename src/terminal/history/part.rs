//! Where stored blocks stand: a stretch of a file with its blocks, learnt when somebody first looks. Not: what is in them
//! (`shelf`).

use std::cell::OnceCell;
use std::fs::File;
use std::os::unix::fs::FileExt;

use super::block::{push_varint, take_varint};
use super::frame::{Frame, FrameKind, HEAD, Head, MOST_LINES, write_footer};
use super::shelf::{Name, Shelf};

/// The last bytes of a file that has a footer: how long that is, and this.
const END_MARK: [u8; 4] = *b"zapE";
/// A stretch of lost lines is cut into blocks of so many.
const LOST_LINES: u64 = 4096;

/// A stored block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stored {
    /// The number of its first line.
    pub(super) first: u64,
    /// How many of its lines count.
    pub(super) count: u32,
    /// Where its frame begins.
    pub(super) offset: u32,
    /// Bytes of its frame; 0 if the lines are lost.
    pub(super) len: u32,
}

impl Stored {
    /// The number after its last line.
    pub(super) fn end(self) -> u64 {
        self.first + u64::from(self.count)
    }

    /// Whether nobody knows any more what its lines were.
    pub(super) fn is_lost(self) -> bool {
        self.len == 0
    }
}

/// The blocks of a stretch, oldest first, and which of their lines end runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Contents {
    pub(super) blocks: Vec<Stored>,
    pub(super) ends: Vec<u64>,
}

impl Contents {
    /// One more block: from its first line on it takes the place of what was there.
    pub(super) fn add(&mut self, stored: Stored, ends: impl IntoIterator<Item = u64>) {
        self.trim(stored.first);
        self.blocks.push(stored);
        self.ends.extend(ends);
    }

    /// Forgets the lines from `end` on.
    pub(super) fn trim(&mut self, end: u64) {
        while self.blocks.last().is_some_and(|last| last.first >= end) {
            self.blocks.pop();
        }
        if let Some(last) = self.blocks.last_mut() {
            last.count = last.count.min(u32::try_from(end - last.first).unwrap_or(u32::MAX));
        }
        self.ends.truncate(self.ends.partition_point(|line| *line < end));
    }

    /// The footer of a file that holds these blocks.
    pub(super) fn footer(&self) -> Vec<u8> {
        let first = self.blocks.first().map_or(0, |stored| stored.first);
        let mut body = Vec::new();
        push_varint(self.blocks.len() as u64, &mut body);
        let (mut line, mut offset) = (first, 0);
        for stored in &self.blocks {
            push_varint(stored.first - line, &mut body);
            push_varint(u64::from(stored.count), &mut body);
            push_varint(u64::from(stored.offset - offset), &mut body);
            push_varint(u64::from(stored.len), &mut body);
            (line, offset) = (stored.end(), stored.offset);
        }
        push_varint(self.ends.len() as u64, &mut body);
        let mut before = first;
        for end in &self.ends {
            push_varint(end - before, &mut body);
            before = *end;
        }
        let mut footer = write_footer(first, &body);
        let len = footer.len() as u32;
        footer.extend_from_slice(&len.to_le_bytes());
        footer.extend_from_slice(&END_MARK);
        footer
    }

    /// What a footer tells of blocks in the first `size` bytes; nothing if there can be none such.
    fn of_footer(frame: &Frame<'_>, size: u64) -> Option<Self> {
        let mut body = frame.body();
        let mut contents = Self::default();
        let (mut line, mut offset) = (frame.head.first, 0_u64);
        for _ in 0..take_varint(&mut body) {
            line = line.checked_add(take_varint(&mut body))?;
            let count = u32::try_from(take_varint(&mut body)).ok().filter(|count| *count <= MOST_LINES)?;
            offset = offset.checked_add(take_varint(&mut body))?;
            let len = u32::try_from(take_varint(&mut body)).ok().filter(|len| *len as usize >= HEAD)?;
            offset.checked_add(u64::from(len)).filter(|end| *end <= size)?;
            contents.blocks.push(Stored { first: line, count, offset: u32::try_from(offset).ok()?, len });
            line = line.checked_add(u64::from(count))?;
        }
        let mut end = frame.head.first;
        for _ in 0..take_varint(&mut body) {
            // A number of ends that are not there would be as many zeros.
            body.first()?;
            end = end.checked_add(take_varint(&mut body)).filter(|end| *end < line)?;
            contents.ends.push(end);
        }
        Some(contents)
    }

    /// Puts lost blocks where lines between `first` and `end` are missing.
    fn fill(&mut self, first: u64, end: u64) {
        self.trim(end);
        let known = std::mem::take(&mut self.blocks);
        let mut line = first;
        for mut stored in known {
            if stored.end() <= line {
                continue;
            }
            // Cannot be in files that zap wrote: a block begins in lines that are another's.
            let over = line.saturating_sub(stored.first);
            if over > 0 {
                stored = Stored { first: line, count: stored.count - over as u32, offset: 0, len: 0 };
            }
            self.lose(line, stored.first);
            line = stored.end();
            self.blocks.push(stored);
        }
        self.lose(line, end);
    }

    fn lose(&mut self, mut first: u64, end: u64) {
        while first < end {
            let count = (end - first).min(LOST_LINES) as u32;
            self.blocks.push(Stored { first, count, offset: 0, len: 0 });
            first += u64::from(count);
        }
    }
}

/// A stretch of a file and the lines in it.
pub(super) struct Part {
    /// Which file.
    pub(super) name: Name,
    /// Where it begins and ends in the file.
    bytes: (u64, u64),
    /// The number of its first line.
    pub(super) first: u64,
    /// The number after its last line.
    pub(super) end: u64,
    known: OnceCell<Contents>,
}

impl Part {
    /// A stretch that is looked at later.
    pub(super) fn unread(name: Name, bytes: (u64, u64), first: u64, end: u64) -> Self {
        Self { name, bytes, first, end, known: OnceCell::new() }
    }

    /// A stretch whose blocks are known.
    pub(super) fn read(name: Name, bytes: (u64, u64), mut contents: Contents, first: u64, end: u64) -> Self {
        contents.fill(first, end);
        Self { name, bytes, first, end, known: OnceCell::from(contents) }
    }

    /// Its blocks.
    pub(super) fn contents(&self, shelf: &Shelf) -> &Contents {
        self.known.get_or_init(|| {
            let file = shelf.file(self.name);
            let mut contents = file
                .map_or_else(|_| Contents::default(), |file| learn(&file, self.bytes).unwrap_or_default());
            contents.fill(self.first, self.end);
            contents
        })
    }

    /// One more block at its end, if it stands there and belongs there. Whether it did.
    pub(super) fn grow(&mut self, name: Name, stored: Stored) -> bool {
        let fits = self.name == name && self.end == stored.first;
        match self.known.get_mut().filter(|_| fits) {
            Some(contents) => {
                contents.blocks.push(stored);
                self.end = stored.end();
                self.bytes.1 = u64::from(stored.offset) + u64::from(stored.len);
                true
            }
            None => false,
        }
    }

    /// The lines up to `end` follow, and are lost.
    pub(super) fn lose(&mut self, end: u64) {
        if let Some(contents) = self.known.get_mut() {
            contents.lose(self.end, end);
        }
        self.end = end;
    }

    /// Forgets the lines from `end` on.
    pub(super) fn trim(&mut self, end: u64) {
        self.end = self.end.min(end);
        if let Some(contents) = self.known.get_mut() {
            contents.trim(end);
        }
    }

    /// Bytes of memory held beside its own.
    pub(super) fn memory(&self) -> usize {
        self.known.get().map_or(0, |contents| {
            contents.blocks.capacity() * size_of::<Stored>() + contents.ends.capacity() * size_of::<u64>()
        })
    }
}

/// The blocks of a stretch of a file: by its footer, else from head to head.
fn learn(file: &File, (from, to): (u64, u64)) -> Option<Contents> {
    if let Some(contents) = (from == 0).then(|| by_footer(file)).flatten() {
        return Some(contents);
    }
    let mut contents = Contents::default();
    let mut at = from;
    while at + HEAD as u64 <= to {
        let mut head = vec![0; HEAD];
        file.read_exact_at(&mut head, at).ok()?;
        let Some(read) = Head::read(&head).filter(|head| head.kind == FrameKind::Block) else { break };
        let len = read.len() as u64;
        if at + len > to {
            break;
        }
        let mut ends = Vec::new();
        if read.ends > 0 {
            // Only a frame that is whole tells which lines end runs.
            let mut whole = vec![0; read.len()];
            file.read_exact_at(&mut whole, at).ok()?;
            if let Some(frame) = Frame::read(&whole) {
                ends.extend(frame.ends());
            }
        }
        contents
            .add(Stored { first: read.first, count: read.count, offset: at as u32, len: len as u32 }, ends);
        at += len;
    }
    Some(contents)
}

fn by_footer(file: &File) -> Option<Contents> {
    let size = file.metadata().ok()?.len();
    let mark_at = size.checked_sub(8)?;
    let mut mark = [0; 8];
    file.read_exact_at(&mut mark, mark_at).ok()?;
    let [a, b, c, d, end @ ..] = mark;
    let len = u64::from(u32::from_le_bytes([a, b, c, d]));
    if end != END_MARK || len > mark_at {
        return None;
    }
    let mut bytes = vec![0; len as usize];
    file.read_exact_at(&mut bytes, mark_at - len).ok()?;
    let frame = Frame::read(&bytes)?;
    (frame.head.kind == FrameKind::Footer).then(|| Contents::of_footer(&frame, mark_at - len)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(first: u64, count: u32, offset: u32) -> Stored {
        Stored { first, count, offset, len: 100 }
    }

    #[test]
    fn a_footer_tells_what_was_there() {
        let mut contents = Contents::default();
        contents.add(stored(100, 50, 0), [120, 149]);
        contents.add(stored(150, 5, 100), []);
        contents.add(stored(155, 1, 200), [155]);
        assert_eq!(retold(&contents, 300).as_ref(), Some(&contents));
        assert_eq!(retold(&contents, 299), None, "the last block would not be in the file");
    }

    fn retold(contents: &Contents, size: u64) -> Option<Contents> {
        let footer = contents.footer();
        let frame = Frame::read(&footer[..footer.len() - 8]).unwrap();
        Contents::of_footer(&frame, size)
    }

    #[test]
    fn a_footer_that_boasts_is_not_believed() {
        let footer_of = |body: &[u64]| {
            let mut bytes = Vec::new();
            for number in body {
                push_varint(*number, &mut bytes);
            }
            let footer = write_footer(0, &bytes);
            Contents::of_footer(&Frame::read(&footer).unwrap(), 1_000_000)
        };
        assert!(footer_of(&[1, 0, 10, 0, 100, 1, 9]).is_some());
        assert_eq!(footer_of(&[1, 0, 10, 0, 100, 1 << 60]), None, "no memory for ends that are not told");
        assert_eq!(footer_of(&[1 << 60]), None, "nor for blocks");
        assert_eq!(footer_of(&[1, 0, u64::from(MOST_LINES) + 1, 0, 100, 0]), None);
        assert_eq!(footer_of(&[1, 0, 10, 0, u64::from(u32::MAX), 0]), None);
        assert_eq!(footer_of(&[2, u64::MAX, 10, 0, 100, u64::MAX, 10, 0, 100, 0]), None);
    }

    #[test]
    fn a_later_block_takes_the_place_of_lines() {
        let mut contents = Contents::default();
        contents.add(stored(0, 10, 0), [4, 9]);
        contents.add(stored(10, 10, 100), [12]);
        contents.add(stored(5, 3, 200), [6]);
        assert_eq!(contents.blocks, [stored(0, 5, 0), stored(5, 3, 200)]);
        assert_eq!(contents.ends, [4, 6]);
    }

    #[test]
    fn what_is_missing_is_lost_and_still_counted() {
        let mut contents = Contents::default();
        contents.add(stored(5, 5, 0), []);
        contents.fill(0, 5000);
        let lost: Vec<(u64, u32, bool)> =
            contents.blocks.iter().map(|stored| (stored.first, stored.count, stored.is_lost())).collect();
        assert_eq!(lost, [(0, 5, true), (5, 5, false), (10, 4096, true), (4106, 894, true)]);
    }
}
