//! The two clocks of the machine, read here and nowhere else. Not: deadlines.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::model::{Now, Time, Wall};

/// Counts the time since zap started, without the gaps in which zap or the machine slept.
#[derive(Debug, Clone)]
pub struct Clock {
    start: Instant,
    skipped: Duration,
}

impl Clock {
    /// Starts counting.
    #[expect(clippy::disallowed_methods, reason = "this file owns the clocks")]
    pub fn start() -> Self {
        Self { start: Instant::now(), skipped: Duration::ZERO }
    }

    /// The present, on both clocks.
    #[expect(clippy::disallowed_methods, reason = "this file owns the clocks")]
    pub fn now(&self) -> Now {
        let mono = Time(self.start.elapsed().saturating_sub(self.skipped));
        let wall = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
        };
        Now { mono, wall: Wall(wall) }
    }

    /// Leaves `gap` out of the monotonic time, so that every deadline moves by it. The time never runs backwards as long as
    /// `gap` lies after the last moment that was used.
    pub fn skip(&mut self, gap: Duration) {
        self.skipped += gap;
    }
}

/// How long the machine has been up, as the starts of processes are counted.
pub(super) fn since_boot() -> Duration {
    nix::time::clock_gettime(nix::time::ClockId::CLOCK_BOOTTIME).map_or(Duration::ZERO, Duration::from)
}

/// The wall clock as files keep it.
#[expect(clippy::disallowed_methods, reason = "this file owns the clocks")]
pub(super) fn file_time() -> SystemTime {
    SystemTime::now()
}
