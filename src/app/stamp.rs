//! A moment of the wall clock as programs and people write it. Not: reading a clock.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::Wall;

/// RFC 3339, UTC, with milliseconds: `2026-11-20T08:00:00.123Z`.
pub(super) fn utc(at: Wall) -> String {
    timestamp(at).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// RFC 3339 in a time zone: `2026-11-20T09:00:00.123+01:00`.
pub(super) fn local(at: Wall, zone: &TimeZone) -> String {
    timestamp(at).to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

fn timestamp(at: Wall) -> Timestamp {
    Timestamp::from_millisecond(at.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_always_there() {
        assert_eq!(utc(Wall(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(utc(Wall(1_700_000_000_120)), "2023-11-14T22:13:20.120Z");
        let zone = TimeZone::fixed(jiff::tz::offset(-3));
        assert_eq!(local(Wall(1_700_000_000_120), &zone), "2023-11-14T19:13:20.120-03:00");
    }
}
