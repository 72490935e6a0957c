//! A closed block of finished lines: their bytes and an index of lengths, kinds and times, compressed together.

use super::lines::{Entry, Kind};
use crate::terminal::line::Moment;

/// A block that takes no more lines.
pub(super) struct Block {
    /// The number of its first line.
    pub(super) first: u64,
    /// How many lines.
    pub(super) count: u32,
    plain: u32,
    index: u32,
    packed: Box<[u8]>,
}

/// A block that can be read.
#[derive(Default)]
pub(super) struct Open {
    /// The bytes of all lines, one after the other.
    pub(super) data: Vec<u8>,
    /// Where each ends, its kind and its time.
    pub(super) entries: Vec<Entry>,
}

impl Open {
    /// The bytes and the entry of a line of this block.
    pub(super) fn get(&self, index: usize) -> Option<(&[u8], Entry)> {
        let entry = *self.entries.get(index)?;
        let start = if index == 0 { 0 } else { self.entries[index - 1].end as usize };
        Some((self.data.get(start..entry.end as usize)?, entry))
    }

    /// Adds a line.
    pub(super) fn push(&mut self, bytes: &[u8], kind: Kind, at: Moment) {
        self.data.extend_from_slice(bytes);
        self.entries.push(Entry { end: self.data.len() as u32, kind, at: at.0 });
    }

    /// Keeps only the first `count` lines.
    pub(super) fn truncate(&mut self, count: usize) {
        self.entries.truncate(count);
        self.data.truncate(self.entries.last().map_or(0, |entry| entry.end as usize));
    }

    /// Holds, instead of lines that cannot be read, as many that say so.
    pub(super) fn lose(&mut self, count: u32, why: &str) {
        self.entries.clear();
        self.data.clear();
        for _ in 0..count {
            self.push(format!("this line cannot be read any more: {why}").as_bytes(), Kind::Note, Moment(0));
        }
    }

    /// Bytes of memory held.
    pub(super) fn memory(&self) -> usize {
        self.data.capacity() + self.entries.capacity() * size_of::<Entry>()
    }
}

impl Block {
    /// Compresses the lines of an open block.
    pub(super) fn close(first: u64, open: &mut Open) -> Self {
        let plain = open.data.len();
        let mut start = 0_u32;
        let mut at = 0_i64;
        let mut runs = Vec::with_capacity(open.entries.len() * 2 + 16);
        for entry in &open.entries {
            let len = entry.end - start;
            // A file may tell any times; they wrap as they do in `read`.
            let later = entry.at.wrapping_sub(at);
            // One bit says whether the time is the same as that of the line before.
            let same = u64::from(later == 0);
            push_varint(u64::from(len) << 3 | (entry.kind as u64) << 1 | same, &mut runs);
            if later != 0 {
                push_varint((later << 1 ^ later >> 63) as u64, &mut runs);
            }
            start = entry.end;
            at = entry.at;
        }
        open.data.extend_from_slice(&runs);
        let mut packed = vec![0; lz4_flex::block::get_maximum_output_size(open.data.len())];
        let packed = match lz4_flex::block::compress_into(&open.data, &mut packed) {
            Ok(len) => Box::from(&packed[..len]),
            Err(_) => Box::default(),
        };
        Self {
            first,
            count: open.entries.len() as u32,
            plain: plain as u32,
            index: runs.len() as u32,
            packed,
        }
    }

    /// The number after its last line.
    pub(super) fn end(&self) -> u64 {
        self.first + u64::from(self.count)
    }

    /// Bytes of memory held.
    pub(super) fn memory(&self) -> usize {
        self.packed.len() + size_of::<Self>()
    }

    /// Bytes of the lines, bytes of their index, and both packed.
    pub(super) fn parts(&self) -> (u32, u32, &[u8]) {
        (self.plain, self.index, &self.packed)
    }

    /// Makes the lines readable again, in `open`. Whether they could be.
    pub(super) fn read(&self, open: &mut Open) -> bool {
        let read = unpack(&self.packed, self.count, self.plain, self.index, open);
        if let Err(why) = read {
            open.lose(self.count, why);
        }
        read.is_ok()
    }
}

/// Makes the first `count` lines of a packed block readable, in `open`.
pub(super) fn unpack(
    packed: &[u8],
    count: u32,
    plain: u32,
    index: u32,
    open: &mut Open,
) -> Result<(), &'static str> {
    let bytes = plain as usize;
    open.entries.clear();
    open.data.clear();
    // lz4 makes at most 255 bytes of one: what claims to be more is not worth the memory.
    if bytes + index as usize > packed.len().saturating_mul(255) + 64 {
        return Err("it is damaged");
    }
    open.data.resize(bytes + index as usize, 0);
    if lz4_flex::block::decompress_into(packed, &mut open.data).ok() != Some(open.data.len()) {
        return Err("it is damaged");
    }
    let mut runs = &open.data[bytes..];
    let mut end = 0_u32;
    let mut at = 0_i64;
    for _ in 0..count {
        let head = take_varint(&mut runs);
        if head & 1 == 0 {
            let later = take_varint(&mut runs);
            at = at.wrapping_add((later >> 1) as i64 ^ -((later & 1) as i64));
        }
        end = end.saturating_add((head >> 3) as u32).min(plain);
        open.entries.push(Entry { end, kind: Kind::from_bits(head >> 1), at });
    }
    open.data.truncate(end as usize);
    Ok(())
}

/// Adds a number in as few bytes as it needs.
pub(super) fn push_varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes a number from the beginning; 0 if nothing is left.
pub(super) fn take_varint(bytes: &mut &[u8]) -> u64 {
    let mut number = 0;
    let mut shift = 0;
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 || shift > 56 {
            break;
        }
        shift += 7;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_reads_the_same() {
        let mut open = Open::default();
        for (index, (text, at)) in [
            ("one", 5),
            ("", 5),
            ("three", -7),
            ("four", i64::MAX),
            ("five", i64::MIN),
            ("six", i64::MAX / 4),
        ]
        .into_iter()
        .enumerate()
        {
            open.data.extend_from_slice(text.as_bytes());
            let kind = if index == 2 { Kind::Note } else { Kind::Output };
            open.entries.push(Entry { end: open.data.len() as u32, kind, at });
        }
        let entries = open.entries.clone();
        let data = open.data.clone();
        let block = Block::close(3, &mut open);
        let mut again = Open::default();
        block.read(&mut again);
        assert_eq!((again.data, again.entries, block.end()), (data, entries, 9));
    }
}
