//! A block of lines as it stands in a file: a head, the places of run ends, and the packed bytes as they are, under one checksum.
//! Not: where frames stand.

use super::block::Block;
use super::checksum::checksum;
use crate::terminal::line::Moment;

/// What every frame begins with; the last byte is the version of the form.
const MAGIC: [u8; 5] = *b"zapH\x01";
/// Bytes of a head.
pub(super) const HEAD: usize = 84;
/// No block is larger when unpacked: a line and its block are bounded. What claims to be is no frame.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Nor has one more lines: an open block has fewer than 4096, a tail those of the screen besides.
pub(super) const MOST_LINES: u32 = 1 << 17;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameKind {
    /// Lines that do not change any more.
    Block = 1,
    /// The newest lines: they take the place of what was there from the first of them on.
    Tail = 2,
    /// Where the frames of a finished file stand.
    Footer = 3,
}

/// How far the runs were when a frame was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::terminal) struct RunState {
    /// The number of the last run that had begun; 0 if there was none.
    pub(in crate::terminal) number: u32,
    /// When it began.
    pub(in crate::terminal) began: Moment,
    /// Whether it had not ended.
    pub(in crate::terminal) live: bool,
}

/// How far the files of blocks were when a frame was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Reach {
    /// The number of the last file; 0 if there is none.
    pub(super) file: u32,
    /// How many bytes of it were good.
    pub(super) len: u64,
    /// The number after the last line in it.
    pub(super) end: u64,
    /// Where its last frame begins.
    pub(super) last: u64,
}

/// What stands at the beginning of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: FrameKind,
    /// The number of its first line.
    pub(super) first: u64,
    /// How many lines.
    pub(super) count: u32,
    /// Bytes of the lines.
    plain: u32,
    /// Bytes of their index.
    index: u32,
    /// How many of the lines end runs.
    pub(super) ends: u32,
    /// Bytes of both when packed.
    packed: u32,
    pub(super) run: RunState,
    pub(super) reach: Reach,
    sum: u64,
}

impl Head {
    /// The number after its last line.
    pub(super) fn end(&self) -> u64 {
        self.first + u64::from(self.count)
    }

    /// Bytes of the whole frame.
    pub(super) fn len(&self) -> usize {
        HEAD + self.ends as usize * 4 + self.packed as usize
    }

    /// Reads a head; nothing if it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let head: &[u8; HEAD] = bytes.get(..HEAD)?.try_into().ok()?;
        if head[..5] != MAGIC {
            return None;
        }
        let four = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let eight = |at: usize| u64::from(four(at)) | u64::from(four(at + 4)) << 32;
        let kind = match head[5] {
            1 => FrameKind::Block,
            2 => FrameKind::Tail,
            3 => FrameKind::Footer,
            _ => return None,
        };
        let read = Self {
            kind,
            first: eight(8),
            count: four(16),
            plain: four(20),
            index: four(24),
            ends: four(28),
            packed: four(32),
            run: RunState { number: four(36), began: Moment(eight(40) as i64), live: head[6] != 0 },
            reach: Reach { file: four(48), len: eight(52), end: eight(60), last: eight(68) },
            sum: eight(76),
        };
        let bounded = u64::from(read.plain) + u64::from(read.index) <= LARGEST
            && u64::from(read.packed) <= 2 * LARGEST
            && read.ends <= read.count
            // Each line has a byte there at least.
            && read.count <= read.index.min(MOST_LINES)
            && read.first.checked_add(u64::from(read.count)).is_some();
        bounded.then_some(read)
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&[self.kind as u8, u8::from(self.run.live), 0]);
        out.extend_from_slice(&self.first.to_le_bytes());
        for four in [self.count, self.plain, self.index, self.ends, self.packed, self.run.number] {
            out.extend_from_slice(&four.to_le_bytes());
        }
        out.extend_from_slice(&self.run.began.0.to_le_bytes());
        out.extend_from_slice(&self.reach.file.to_le_bytes());
        for eight in [self.reach.len, self.reach.end, self.reach.last] {
            out.extend_from_slice(&eight.to_le_bytes());
        }
    }
}

/// A frame that was read and whose checksum is right.
pub(super) struct Frame<'a> {
    pub(super) head: Head,
    ends: &'a [u8],
    packed: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The frame that `bytes` begins with; nothing if it is not whole or not as it was written.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let head = Head::read(bytes)?;
        let body = bytes.get(HEAD..head.len())?;
        // A fuzzer could never guess a sum, and what lies behind it has to bear any bytes too.
        if checksum(&[&bytes[..HEAD - 8], body]) != head.sum && !cfg!(fuzzing) {
            return None;
        }
        let (ends, packed) = body.split_at(head.ends as usize * 4);
        Some(Self { head, ends, packed })
    }

    /// The numbers of its lines that end runs.
    pub(super) fn ends(&self) -> impl Iterator<Item = u64> + use<'_> {
        let (ends, _) = self.ends.as_chunks::<4>();
        ends.iter().map(|four| self.head.first + u64::from(u32::from_le_bytes(*four)))
    }

    /// What is packed in it, if it is no block.
    pub(super) fn body(&self) -> &'a [u8] {
        self.packed
    }

    /// Makes its first `count` lines readable.
    pub(super) fn unpack(&self, count: u32, open: &mut super::block::Open) -> Result<(), &'static str> {
        let Head { plain, index, .. } = self.head;
        super::block::unpack(self.packed, count.min(self.head.count), plain, index, open)
    }
}

/// A block as a frame; `ends` are the places of run ends among its lines, from 0.
pub(super) fn write_block(
    kind: FrameKind,
    block: &Block,
    ends: &[u32],
    run: RunState,
    reach: Reach,
) -> Vec<u8> {
    let (plain, index, packed) = block.parts();
    let head = Head {
        kind,
        first: block.first,
        count: block.count,
        plain,
        index,
        ends: ends.len() as u32,
        packed: packed.len() as u32,
        run,
        reach,
        sum: 0,
    };
    seal(&head, ends, packed)
}

/// A footer: `body` tells of so many lines from `first` on.
pub(super) fn write_footer(first: u64, body: &[u8]) -> Vec<u8> {
    let (run, reach) = (RunState::default(), Reach::default());
    let packed = body.len() as u32;
    let head = Head {
        kind: FrameKind::Footer,
        first,
        count: 0,
        plain: 0,
        index: 0,
        ends: 0,
        packed,
        run,
        reach,
        sum: 0,
    };
    seal(&head, &[], body)
}

fn seal(head: &Head, ends: &[u32], packed: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(head.len());
    head.write(&mut frame);
    frame.extend_from_slice(&[0; 8]);
    for end in ends {
        frame.extend_from_slice(&end.to_le_bytes());
    }
    frame.extend_from_slice(packed);
    let sum = checksum(&[&frame[..HEAD - 8], &frame[HEAD..]]);
    frame[HEAD - 8..HEAD].copy_from_slice(&sum.to_le_bytes());
    frame
}
