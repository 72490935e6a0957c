//! When a line was printed, in the forms that the margin shows. Not: where it is drawn, and not: reading a clock.

use crate::model::Wall;
use crate::terminal::Moment;
use crate::ui::paint::Paint;

/// Which time stands before a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::ui) enum Times {
    /// None.
    #[default]
    Off,
    /// The time of the day, as it is read here.
    Clock,
    /// How long after the start of its run.
    Run,
    /// How long after the line before.
    Line,
}

/// A pause shorter than so many milliseconds is none to a person.
const TINY: i64 = 100;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Times {
    /// The form that the key for it brings next.
    pub(in crate::ui) fn next(self) -> Self {
        match self {
            Self::Off => Self::Clock,
            Self::Clock => Self::Run,
            Self::Run => Self::Line,
            Self::Line => Self::Off,
        }
    }

    /// What it is called.
    pub(in crate::ui) fn told(self) -> &'static str {
        match self {
            Self::Off => "no times",
            Self::Clock => "times: of the day",
            Self::Run => "times: since the run began",
            Self::Line => "times: since the line before",
        }
    }

    /// How many columns it takes at most.
    pub(super) fn width(self) -> u16 {
        match self {
            Self::Off => 0,
            Self::Clock => 12,
            Self::Run => 10,
            Self::Line => 7,
        }
    }
}

/// `12:04:31.123`.
pub(super) fn clock(at: Moment, paint: &Paint<'_>) -> String {
    format!("{}.{:03}", paint.clock(Wall(at.0)), at.0.rem_euclid(SECOND))
}

/// `+0:41.2`, `+2:04:31.0`, `+3d 02:04`: since the run began; at most ten columns.
pub(super) fn since_run(millis: i64) -> String {
    let (sign, all) = signed(millis);
    let (minutes, seconds, tenths) = (all / MINUTE % 60, all / SECOND % 60, all / 100 % 10);
    match all {
        0..HOUR => format!("{sign}{minutes}:{seconds:02}.{tenths}"),
        HOUR..DAY if all < 10 * HOUR => format!("{sign}{}:{minutes:02}:{seconds:02}.{tenths}", all / HOUR),
        HOUR..DAY => format!("{sign}{}:{minutes:02}:{seconds:02}", all / HOUR),
        _ if all < 100 * DAY => format!("{sign}{}d {:02}:{minutes:02}", all / DAY, all / HOUR % 24),
        _ => format!("{sign}{}d", all / DAY),
    }
}

/// `+12ms`, `+41.2s`, `+3:05`, `+3h04m`, `+12d`: since the line before; at most seven columns.
pub(in crate::ui) fn since_line(millis: i64) -> String {
    let (sign, all) = signed(millis);
    match all {
        0..SECOND => format!("{sign}{all}ms"),
        SECOND..MINUTE => format!("{sign}{}.{}s", all / SECOND, all / 100 % 10),
        MINUTE..HOUR => format!("{sign}{}:{:02}", all / MINUTE, all / SECOND % 60),
        HOUR..DAY => format!("{sign}{}h{:02}m", all / HOUR, all / MINUTE % 60),
        _ => format!("{sign}{}d", all / DAY),
    }
}

/// Whether a pause is too short to be one to a person.
pub(super) fn is_tiny(millis: i64) -> bool {
    (0..TINY).contains(&millis)
}

/// The sign and what is left without it: a wall clock can be set back.
fn signed(millis: i64) -> (char, i64) {
    (if millis < 0 { '-' } else { '+' }, millis.saturating_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_since_a_run_fit_their_columns() {
        let told =
            [0, 41_234, 599_900, 2 * HOUR + 4 * MINUTE + 31_000, 12 * HOUR, 3 * DAY + 2 * HOUR, -1_500]
                .map(since_run);
        assert_eq!(
            told,
            ["+0:00.0", "+0:41.2", "+9:59.9", "+2:04:31.0", "+12:00:00", "+3d 02:00", "-0:01.5"]
        );
        for power in 0..12 {
            assert!(since_run(-(10_i64.pow(power) - 1)).len() <= usize::from(Times::Run.width()));
        }
    }

    #[test]
    fn times_since_a_line_fit_their_columns() {
        let told = [0, 12, 999, 41_234, 185_000, 3 * HOUR + 4 * MINUTE, 12 * DAY, -12].map(since_line);
        assert_eq!(told, ["+0ms", "+12ms", "+999ms", "+41.2s", "+3:05", "+3h04m", "+12d", "-12ms"]);
        for power in 0..13 {
            assert!(since_line(-(10_i64.pow(power) - 1)).len() <= usize::from(Times::Line.width()));
        }
        assert!(is_tiny(99) && !is_tiny(100) && !is_tiny(-1));
    }

    #[test]
    fn the_forms_go_round() {
        let mut times = Times::Off;
        for _ in 0..4 {
            times = times.next();
        }
        assert_eq!(times, Times::Off);
    }
}
