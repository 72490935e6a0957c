//! The separators at the ends of runs: where they are, and how they are kept. Not: how they look.

use super::lines::{History, Kind};
use crate::terminal::line::{Moment, RunEnd};

impl History {
    /// Adds the separator at the end of a run.
    pub(in crate::terminal) fn push_run_end(&mut self, end: &RunEnd) {
        self.run_ends.push(self.end());
        self.all_ends.take();
        self.push(&pack_run_end(end), Kind::RunEnd, end.ended);
    }

    /// The numbers of the separators at the ends of runs, lowest first.
    pub(in crate::terminal) fn run_ends(&self) -> &[u64] {
        let (Some(keep), false) = (&self.keep, self.parts.is_empty()) else { return &self.run_ends };
        self.all_ends.get_or_init(|| {
            let on_disk = self.parts.iter().flat_map(|part| &part.contents(&keep.shelf).ends);
            let added = self.run_ends.first().copied().unwrap_or(u64::MAX);
            on_disk.copied().take_while(|end| *end < added).chain(self.run_ends.iter().copied()).collect()
        })
    }
}

fn pack_run_end(end: &RunEnd) -> Vec<u8> {
    let mut bytes = end.number.to_le_bytes().to_vec();
    bytes.extend_from_slice(&end.began.0.to_le_bytes());
    bytes.extend_from_slice(&end.ended.0.to_le_bytes());
    bytes.extend_from_slice(end.exit.as_bytes());
    bytes
}

pub(super) fn unpack_run_end(bytes: &[u8]) -> RunEnd {
    let eight = |from: usize| -> i64 {
        bytes.get(from..from + 8).and_then(|eight| eight.try_into().ok()).map_or(0, i64::from_le_bytes)
    };
    RunEnd {
        number: bytes.get(..4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes),
        exit: String::from_utf8_lossy(bytes.get(20..).unwrap_or_default()).into_owned(),
        began: Moment(eight(4)),
        ended: Moment(eight(12)),
    }
}
