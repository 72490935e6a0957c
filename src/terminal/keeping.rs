//! What a terminal gives to the disk and takes back from it: see `history`. Not: when, and by which thread.

use super::body::{Body, Mode};
use super::face::Terminal;
use super::history::{Discarded, Package, Past, RunState, Tail, Written};
use super::line::Moment;

impl Terminal {
    /// Goes on where earlier lives of zap have stopped; nothing may have been fed yet. `limit` is how many bytes the disk keeps.
    pub fn recall(&mut self, past: Past, limit: u64) {
        self.last = past.run();
        self.last.live = false;
        self.body.history.recall(past, limit);
        self.body.start_here();
        self.touched();
        // What was found is there already.
        self.told = self.revision();
        self.recalled = self.lines().end;
    }

    /// The first line that is not from an earlier life of zap.
    pub fn fresh_start(&self) -> u64 {
        self.recalled
    }

    /// From now on the disk keeps so many bytes.
    pub fn set_history_limit(&mut self, bytes: u64) {
        self.body.history.set_limit(bytes);
        self.touched();
    }

    /// On the disk the files up to this number are not kept any longer, but for the newest of all.
    pub fn drop_files_until(&mut self, number: u32) {
        self.body.history.drop_files_until(number);
        self.touched();
    }

    /// The number of the last run that has begun, in this life of zap or in an earlier one; 0 if there was none.
    pub fn last_run(&self) -> u32 {
        self.last.number
    }

    /// Whether [`Self::packages`] has so much that it should not wait for a better time.
    pub fn has_packages(&self) -> bool {
        self.body.history.has_packages()
    }

    /// Hands out closed blocks of lines that will not change any more, each once: they are to be written.
    pub fn packages(&mut self) -> Vec<Package> {
        if self.told == self.revision() {
            return Vec::new();
        }
        let settled = self.body.settled();
        let run = self.run_state();
        self.body.history.packages(settled, run)
    }

    /// The newest lines, if they are not the same as when this was last asked: they are to be written.
    pub fn tail(&mut self) -> Option<Tail> {
        if self.told == self.revision() {
            return None;
        }
        self.told = self.revision();
        let run = self.run_state();
        let body = &self.body;
        let on_screen: Vec<(Vec<u8>, Moment)> = (0..body.lines_on_screen())
            .filter_map(|index| body.with_line_on_screen(index, |bytes, at| (bytes.to_vec(), at)))
            .collect();
        self.body.history.tail(run, &on_screen)
    }

    /// These blocks are on the disk: they leave the memory.
    pub fn written(&mut self, written: &[Written]) {
        for block in written {
            if self.body.history.written(block) {
                // It must be handed out again, though nothing may have come since.
                self.touched();
            }
        }
    }

    /// Files on the disk that are not wanted any more, each once.
    pub fn discarded(&mut self) -> Vec<Discarded> {
        self.body.history.discarded()
    }

    /// How many times lines that had left the screen were taken back to it.
    pub(super) fn taken_back(&self) -> u64 {
        self.body.history.taken.count()
    }

    /// From which line on that was, since it was so many times; nothing if none were.
    pub(super) fn taken_back_since(&self, count: u64) -> Option<u64> {
        self.body.history.taken.since(count)
    }

    fn run_state(&self) -> RunState {
        self.last
    }
}

impl Body {
    /// Lines before this one will not change any more, unless the screen grows. Quick, and no more than that: `top` knows it better.
    fn settled(&self) -> u64 {
        let end = self.history.end();
        match self.mode {
            Mode::Lazy => self.base.max(end.saturating_sub(u64::from(self.rows))),
            Mode::Painted => end,
        }
    }
}
