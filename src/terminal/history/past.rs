//! Finds what earlier lives of zap have left in the folder of a history, cut off anywhere. Not: reading what nobody looks at: of
//! files that were finished only the names are read.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use super::block::Open;
use super::frame::{Frame, FrameKind, Reach, RunState};
use super::lines::Kind;
use super::part::{Contents, Part, Stored};
use super::scribe::Scribe;
use super::shelf::{Name, Shelf, TAIL};
use crate::terminal::line::Moment;

/// No stretch of lost lines between others is longer: who tells of more is not believed, and the older ones count as dropped.
const MOST_LOST: u64 = 1 << 26;
/// A byte of a file is worth so many lines at most: full blocks of empty lines take more than this.
const LINES_A_BYTE: u64 = 64;

/// What was found.
pub struct Past {
    pub(super) shelf: Arc<Shelf>,
    pub(super) parts: Vec<Part>,
    /// The files, the oldest first, and how large they are.
    pub(super) files: Vec<(Name, u64)>,
    /// The number of the first of `lines`.
    pub(super) end: u64,
    /// The newest lines, which are in no block.
    pub(super) lines: Open,
    pub(super) run: RunState,
}

impl Past {
    /// Opens a folder, which need not be there. What cannot be read is not there.
    pub fn open(folder: &Path) -> (Self, Scribe) {
        let shelf = Arc::new(Shelf::new(folder));
        let files = files(folder);
        let mut tail = Vec::new();
        if let Ok(mut file) = File::open(folder.join(TAIL)) {
            // Whatever could be read is looked at.
            let _ = file.read_to_end(&mut tail);
        }
        let mut found = Finding::new(&shelf, &files);
        found.begin(&tail);
        found.take_tail(&tail);
        found.take_files(None);
        let Finding { parts, end, lines, lines_first, run, reach, .. } = found;
        let first = files.iter().find(|(name, _)| name.file == reach.file).map_or(0, |(name, _)| name.first);
        let scribe = Scribe::new(folder, reach, first);
        let lines = without(lines, end.saturating_sub(lines_first) as usize);
        (Self { shelf, parts, files, end, lines, run }, scribe)
    }

    /// How far the runs were.
    pub(in crate::terminal) fn run(&self) -> RunState {
        self.run
    }

    /// Whether there are no lines.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.lines.entries.is_empty()
    }
}

/// Lines without the first `count` of them.
fn without(lines: Open, count: usize) -> Open {
    if count == 0 {
        return lines;
    }
    let mut rest = Open::default();
    for index in count..lines.entries.len() {
        if let Some((bytes, entry)) = lines.get(index) {
            rest.push(bytes, entry.kind, Moment(entry.at));
        }
    }
    rest
}

/// The files of blocks, by number.
fn files(folder: &Path) -> Vec<(Name, u64)> {
    let mut all: Vec<(Name, u64)> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = Name::parse(entry.file_name().to_str()?)?;
            Some((name, entry.metadata().ok().filter(std::fs::Metadata::is_file)?.len()))
        })
        .collect();
    all.sort_unstable();
    all
}

/// What is known while frames are put in the order in which they were written.
struct Finding<'a> {
    shelf: &'a Shelf,
    files: &'a [(Name, u64)],
    parts: Vec<Part>,
    /// The number after the last line in blocks.
    end: u64,
    lines: Open,
    lines_first: u64,
    run: RunState,
    reach: Reach,
}

impl<'a> Finding<'a> {
    fn new(shelf: &'a Shelf, files: &'a [(Name, u64)]) -> Self {
        Self {
            shelf,
            files,
            parts: Vec::new(),
            end: 0,
            lines: Open::default(),
            lines_first: 0,
            run: RunState::default(),
            reach: Reach::default(),
        }
    }

    /// Begins where the tail begins, if the files are as it says; else with the first file that is not finished.
    fn begin(&mut self, tail: &[u8]) {
        let told = Frame::read(tail).filter(|frame| frame.head.kind == FrameKind::Tail);
        if let Some(reach) = told.map(|frame| frame.head.reach).filter(|reach| self.is_so(*reach)) {
            self.take_finished(reach.file, reach.end);
            if let Some(&(name, _)) = self.files.iter().find(|(name, _)| name.file == reach.file)
                && reach.len > 0
            {
                self.take_unread(name, reach.len, reach.end);
            }
            self.end = reach.end;
            self.reach = reach;
        } else if let Some(&(last, _)) = self.files.last() {
            self.take_finished(last.file, last.first);
            self.end = last.first;
            // Zero bytes of it are known to be good; it is read from its beginning.
            self.reach = Reach { file: last.file, len: 0, end: last.first, last: 0 };
        }
    }

    /// Whether a file holds what a tail says.
    fn is_so(&self, reach: Reach) -> bool {
        if reach.file == 0 || reach.len == 0 {
            // There were no blocks yet, or all of them were discarded.
            return self.files.iter().all(|(name, _)| name.file > reach.file);
        }
        let named = self.files.iter().find(|(name, _)| name.file == reach.file);
        let Some((name, _)) = named.filter(|(_, size)| reach.len <= *size) else { return false };
        let Ok(file) = self.shelf.file(*name) else { return false };
        let Some(len) = reach.len.checked_sub(reach.last) else { return false };
        let mut last = vec![0; len as usize];
        file.read_exact_at(&mut last, reach.last).is_ok()
            && Frame::read(&last).is_some_and(|frame| {
                frame.head.kind == FrameKind::Block
                    && frame.head.len() as u64 == len
                    && frame.head.end() == reach.end
            })
    }

    /// The files before `file` are finished; together they reach to `end` at most.
    fn take_finished(&mut self, file: u32, end: u64) {
        let finished: Vec<(Name, u64)> =
            self.files.iter().filter(|(name, _)| name.file < file).copied().collect();
        let limit = self.files.iter().find(|(name, _)| name.file == file).map_or(end, |(name, _)| name.first);
        for (index, (name, size)) in finished.iter().enumerate() {
            let next = finished.get(index + 1).map_or(limit, |(next, _)| next.first);
            self.trim(name.first);
            self.take_unread(*name, *size, next);
        }
        self.trim(limit);
    }

    /// A file of so many bytes is said to reach up to `end`. It is looked at later, unless it never could.
    fn take_unread(&mut self, name: Name, size: u64, end: u64) {
        let Some(lines) = end.checked_sub(name.first).filter(|lines| *lines > 0) else { return };
        if lines > size.saturating_mul(LINES_A_BYTE).max(MOST_LOST) {
            self.parts.clear();
        } else {
            self.parts.push(Part::unread(name, (0, size), name.first, end));
        }
    }

    fn trim(&mut self, end: u64) {
        while self.parts.last().is_some_and(|part| part.first >= end) {
            self.parts.pop();
        }
        if let Some(part) = self.parts.last_mut() {
            part.trim(end);
        }
    }

    /// Takes the frames of the tail, and before each what was in the files when it was written.
    fn take_tail(&mut self, mut tail: &[u8]) {
        while let Some(frame) = Frame::read(tail).filter(|frame| frame.head.kind == FrameKind::Tail) {
            self.take_files(Some(frame.head.reach));
            if frame.head.first > self.end.max(self.lines_end()) {
                self.bridge(frame.head.first);
            }
            self.take_lines(&frame);
            tail = &tail[frame.head.len()..];
        }
    }

    fn lines_end(&self) -> u64 {
        self.lines_first + self.lines.entries.len() as u64
    }

    /// The next line has this number. If there are older ones, those between are lost; else they were dropped.
    fn bridge(&mut self, first: u64) {
        if self.end >= first {
            return;
        }
        if first - self.end > MOST_LOST {
            self.parts.clear();
        }
        if let Some(last) = self.parts.last() {
            self.parts.push(Part::read(last.name, (0, 0), Contents::default(), self.end, first));
        }
        self.end = first;
    }

    fn take_lines(&mut self, frame: &Frame<'_>) {
        let first = frame.head.first;
        let mut new = Open::default();
        if frame.unpack(frame.head.count, &mut new).is_err() {
            return;
        }
        self.run = frame.head.run;
        if first < self.end {
            self.trim(first);
            self.end = first;
        }
        if !(self.lines_first..=self.lines_end()).contains(&first) {
            self.lines = Open::default();
            self.lines_first = first;
        }
        self.lines.truncate((first - self.lines_first) as usize);
        for index in 0..new.entries.len() {
            if let Some((bytes, entry)) = new.get(index) {
                self.lines.push(bytes, entry.kind, Moment(entry.at));
            }
        }
    }

    /// Takes the blocks that were written up to `reach`; all there are, if nobody knows.
    fn take_files(&mut self, reach: Option<Reach>) {
        let newer: Vec<(Name, u64)> =
            self.files.iter().filter(|(name, _)| name.file >= self.reach.file).copied().collect();
        for (name, size) in newer {
            let to = match reach {
                Some(reach) if name.file > reach.file => return,
                Some(reach) if name.file == reach.file => reach.len.min(size),
                _ => size,
            };
            self.take_file(name, to);
        }
    }

    fn take_file(&mut self, name: Name, to: u64) {
        let from = if name.file == self.reach.file { self.reach.len } else { 0 };
        let Some(bytes) = self.shelf.file(name).ok().and_then(|file| read_range(&file, from, to)) else {
            return;
        };
        let mut contents = Contents::default();
        let mut at = 0;
        while let Some(frame) = Frame::read(&bytes[at..]).filter(|frame| frame.head.kind == FrameKind::Block)
        {
            let head = frame.head;
            let (first, count, len) = (head.first, head.count, head.len());
            let known = contents.blocks.last().map_or(self.end, |last| last.end());
            if first > known && !(contents.blocks.is_empty() && from == 0) {
                break;
            }
            let offset = (from + at as u64) as u32;
            contents.add(Stored { first, count, offset, len: len as u32 }, frame.ends());
            self.run = head.run;
            at += len;
            self.reach =
                Reach { file: name.file, len: from + at as u64, end: head.end(), last: u64::from(offset) };
        }
        if let (Some(oldest), Some(newest)) =
            (contents.blocks.first().copied(), contents.blocks.last().copied())
        {
            self.trim(oldest.first);
            self.bridge(oldest.first);
            let until = self.reach.len;
            self.parts.push(Part::read(name, (from, until), contents, oldest.first, newest.end()));
            self.end = newest.end();
        }
    }
}

fn read_range(file: &File, from: u64, to: u64) -> Option<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(to.checked_sub(from)?).ok()?];
    if bytes.is_empty() {
        return None;
    }
    file.read_exact_at(&mut bytes, from).ok()?;
    Some(bytes)
}

/// The last moment that is known of lines; nothing if there are none.
pub(super) fn last_moment(lines: &Open) -> Option<Moment> {
    lines.entries.iter().rev().find(|entry| entry.kind != Kind::Note).map(|entry| Moment(entry.at))
}

#[cfg(test)]
mod tests {
    use super::super::block::Block;
    use super::super::frame::write_block;
    use super::*;
    use crate::terminal::Terminal;

    fn frame(kind: FrameKind, first: u64, reach: Reach) -> Vec<u8> {
        let mut open = Open::default();
        for _ in 0..10 {
            open.push(b"a line", Kind::Output, Moment(1));
        }
        write_block(kind, &Block::close(first, &mut open), &[], RunState::default(), reach)
    }

    /// What there is of files with these names and bytes: the numbers of its lines, and how much memory it takes.
    fn opened(files: &[(&str, Vec<u8>)]) -> (std::ops::Range<u64>, usize) {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let mut terminal = Terminal::new(5, 16);
        terminal.recall(Past::open(folder.path()).0, 1_000_000);
        let lines = terminal.lines();
        // Whoever looks learns where all blocks are.
        assert!(terminal.line(lines.end - 1).is_some());
        let _ = terminal.leaves(&lines).count();
        let _ = terminal.run_ends();
        (lines, terminal.memory())
    }

    /// A block was written since the tail was: what is in both stands once, and nothing behind it is missing.
    #[test]
    fn of_a_tail_that_begins_in_a_block_the_rest_is_there() {
        let lines = |kind, range: std::ops::Range<u64>, reach| {
            let mut open = Open::default();
            for number in range.clone() {
                open.push(format!("line {number}").as_bytes(), Kind::Output, Moment(1));
            }
            write_block(kind, &Block::close(range.start, &mut open), &[], RunState::default(), reach)
        };
        let folder = tempfile::tempdir().unwrap();
        let block = lines(FrameKind::Block, 0..10, Reach::default());
        std::fs::write(folder.path().join("00000001.0"), block).unwrap();
        std::fs::write(folder.path().join(TAIL), lines(FrameKind::Tail, 5..15, Reach::default())).unwrap();
        let mut terminal = Terminal::new(5, 16);
        terminal.recall(Past::open(folder.path()).0, 1_000_000);
        let found: Vec<String> =
            terminal.lines().filter_map(|number| Some(terminal.line(number)?.text())).collect();
        let all: Vec<String> = (0..15).map(|number| format!("line {number}")).collect();
        assert!(found.starts_with(&all), "{found:?}");
    }

    /// Found by the fuzzer: a tail whose lines began far away made as many lost ones as lay between, and 1.4 GB of memory for them.
    #[test]
    fn a_number_of_lost_lines_that_cannot_be_takes_no_memory() {
        let block = frame(FrameKind::Block, 0, Reach::default());
        let reach = Reach { file: 1, len: block.len() as u64, end: 10, last: 0 };
        let opened_with_tail =
            |first| opened(&[("00000001.0", block.clone()), ("tail", frame(FrameKind::Tail, first, reach))]);
        assert_eq!(opened_with_tail(50).0, 0..60, "a few are lost between");
        for far in [MOST_LOST + 11, 0x5d << 40, u64::MAX - 10] {
            let (lines, memory) = opened_with_tail(far);
            assert_eq!(lines, far - 1..far + 10, "all before are dropped");
            assert!(memory < 1_000_000, "{memory} bytes");
        }
        for far in [MOST_LOST + 11, 0x5d << 40, u64::MAX - 10] {
            let name = format!("00000002.{far}");
            let block = |first| frame(FrameKind::Block, first, Reach::default());
            let (lines, memory) = opened(&[("00000001.0", block(0)), (&name, block(far))]);
            assert_eq!(lines.end, far + 10);
            assert!(memory < 1_000_000, "{memory} bytes for {lines:?}");
        }
    }
}
