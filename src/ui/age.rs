//! Times as a person reads them: ages in their largest unit, countdowns, clock times. Not: reading a clock.

use std::time::Duration;

use crate::model::{Time, Wall};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// `now`, `3m`, `2h`, `5d`: at most four cells, and it changes at most once a minute.
pub(super) fn age(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        0..MINUTE => "now".to_owned(),
        seconds => largest(seconds),
    }
}

/// `14s`, `3m`, `2h`, `5d`: how long something took, in its largest unit.
pub(super) fn took(elapsed: Duration) -> String {
    largest(elapsed.as_secs())
}

/// `41s`, `3m 5s`, `2h 4m`, `5d 1h`: how long something lasted, where there is room to say it well.
pub(super) fn lasted(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    let (big, small) = match seconds {
        0..MINUTE => return format!("{seconds}s"),
        MINUTE..HOUR => ((seconds / MINUTE, 'm'), (seconds % MINUTE, 's')),
        HOUR..DAY => ((seconds / HOUR, 'h'), (seconds % HOUR / MINUTE, 'm')),
        _ => ((seconds / DAY, 'd'), (seconds % DAY / HOUR, 'h')),
    };
    format!("{}{} {}{}", big.0, big.1, small.0, small.1)
}

/// The whole seconds that are left until `at`: 1 in the last second, 0 when it is due.
pub(super) fn seconds_left(at: Time, now: Time) -> u64 {
    let left = at.since(now);
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

/// When `age` of something that began at `since` next changes.
pub(super) fn next_age(since: Time, now: Time) -> Time {
    let elapsed = now.since(since).as_secs();
    let unit = match elapsed {
        0..HOUR => MINUTE,
        HOUR..DAY => HOUR,
        _ => DAY,
    };
    since + Duration::from_secs((elapsed / unit + 1) * unit)
}

/// When `seconds_left` next changes; `None` when it is due.
pub(super) fn next_second(at: Time, now: Time) -> Option<Time> {
    let left = seconds_left(at, now);
    (left > 0).then(|| at - Duration::from_secs(left - 1))
}

/// `12:01:07`, in a zone that lies `east` seconds east of UTC.
pub(super) fn clock(at: Wall, east: i32) -> String {
    let seconds = (at.0.div_euclid(1000) + i64::from(east)).rem_euclid(DAY as i64);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn largest(seconds: u64) -> String {
    match seconds {
        0..MINUTE => format!("{seconds}s"),
        MINUTE..HOUR => format!("{}m", seconds / MINUTE),
        HOUR..DAY => format!("{}h", seconds / HOUR),
        _ => format!("{}d", seconds / DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Time {
        Time(Duration::from_millis(millis))
    }

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        let told = [0, 59, 60, 3599, 3600, 86_399, 86_400].map(|s| age(Duration::from_secs(s)));
        assert_eq!(told, ["now", "now", "1m", "59m", "1h", "23h", "1d"]);
    }

    #[test]
    fn an_age_changes_when_it_says_so() {
        for since in [0, 1_500, 400_000] {
            for elapsed in [0, 59_999, 60_000, 3_599_999, 3_600_000, 90_000_000] {
                let now = at(since + elapsed);
                let next = next_age(at(since), now);
                assert!(next > now);
                let just_before = next - Duration::from_millis(1);
                assert_eq!(age(just_before.since(at(since))), age(now.since(at(since))));
                assert_ne!(age(next.since(at(since))), age(now.since(at(since))));
            }
        }
    }

    #[test]
    fn a_countdown_ends_with_one() {
        assert_eq!(
            [9_000, 9_001, 9_999, 10_000, 11_000].map(|now| seconds_left(at(10_000), at(now))),
            [1, 1, 1, 0, 0]
        );
        assert_eq!(next_second(at(10_000), at(6_500)), Some(at(7_000)));
        assert_eq!(next_second(at(10_000), at(9_500)), Some(at(10_000)));
        assert_eq!(next_second(at(10_000), at(10_000)), None);
    }

    #[test]
    fn clocks_know_their_zone() {
        assert_eq!(clock(Wall(0), 0), "00:00:00");
        assert_eq!(clock(Wall(-1), 3600), "00:59:59");
        assert_eq!(lasted(Duration::from_secs(3_725)), "1h 2m");
    }
}
