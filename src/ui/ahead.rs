//! What will happen by itself, in words: a countdown where it is near, a time of day where it is a date. Not: what has
//! happened (`age`).

use std::time::Duration;

use crate::model::{InstanceView, Next, NextKind, Now, Time, Wall};
use crate::ui::age::seconds_left;
use crate::ui::options::Zone;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Days after which, or before which, a day of the calendar needs its year.
const YEAR: i64 = 365;

/// A time of day within this needs no day.
const A_DAY: Duration = Duration::from_secs(DAY);

/// A date that is nearer than this is counted down.
const NEAR: Duration = Duration::from_secs(60);

/// Units of a countdown, each with the seconds from which on it is used: `99s`, `2m`, `99m`, `2h`, `47h`, `2d`.
const UNITS: [(u64, u64, char); 4] =
    [(0, 1, 's'), (100, MINUTE, 'm'), (100 * MINUTE, HOUR, 'h'), (48 * HOUR, DAY, 'd')];

const DAYS: [&str; 7] = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `retry in 4s`, `opens mon 04:00`, `restarts mon 04:00 here` where the file means another zone: what will happen to a job, and when.
pub(super) fn told(job: &InstanceView, now: Now, zone: &Zone) -> Option<String> {
    let next = job.next?;
    let here = if job.abroad && is_date(next, now) { " here" } else { "" };
    Some(format!("{} {}{here}", verb(next.kind), at(next, now, zone)))
}

/// `retry`, `opens`: what will happen.
pub(super) fn verb(kind: NextKind) -> &'static str {
    match kind {
        NextKind::Up => "up",
        NextKind::Retry => "retry",
        NextKind::Kill => "KILL",
        NextKind::Release => "released",
        NextKind::Open => "opens",
        NextKind::Close => "closes",
        NextKind::Version => "next version",
        NextKind::Restart => "restarts",
    }
}

/// `in 4s`, `04:00`, `mon 04:00`.
pub(super) fn at(next: Next, now: Now, zone: &Zone) -> String {
    if is_date(next, now) { date(next.at, now, zone) } else { format!("in {}", left(next.at, now.mono)) }
}

/// `12:04:31` today, `18 nov 12:04:31` before: when something was.
pub(super) fn past(at: Wall, now: Wall, zone: &Zone) -> String {
    let clock = crate::ui::age::clock(at, zone(at));
    let (day, _) = local(at, zone);
    let (today, _) = local(now, zone);
    if day == today { clock } else { format!("{} {clock}", calendar(day, today)) }
}

/// `42s`, `9m`, `3h`: what is left until then, no more than needed and never less.
pub(super) fn left(at: Time, now: Time) -> String {
    let seconds = seconds_left(at, now);
    let (_, unit, sign) = unit(seconds);
    format!("{}{sign}", seconds.div_ceil(unit))
}

/// When the words about it next change; `None` when it is due.
pub(super) fn changes(next: Next, now: Now, zone: &Zone) -> Option<Time> {
    if is_date(next, now) {
        return Some((next.at - NEAR).min(retold(next.at, now, zone)));
    }
    let seconds = seconds_left(next.at, now.mono);
    let (from, unit, _) = unit(seconds);
    let told = seconds.div_ceil(unit).checked_sub(1)?;
    Some(next.at - Duration::from_secs((told * unit).max(from.saturating_sub(1))))
}

/// Whether a person would look for it in a calendar: a window, a version, a planned restart.
pub(super) fn is_date(next: Next, now: Now) -> bool {
    match next.kind {
        NextKind::Open | NextKind::Close | NextKind::Version | NextKind::Restart => {
            next.at.since(now.mono) > NEAR
        }
        NextKind::Up | NextKind::Retry | NextKind::Kill | NextKind::Release => false,
    }
}

fn unit(seconds: u64) -> (u64, u64, char) {
    UNITS.into_iter().rev().find(|(from, ..)| *from <= seconds).unwrap_or(UNITS[0])
}

/// `04:00` within a day, `mon 04:00` within a week, else `12 dec`, and beyond a year `12 dec 2099`.
fn date(at: Time, now: Now, zone: &Zone) -> String {
    let (day, seconds) = local(wall(at, now), zone);
    let (today, _) = local(now.wall, zone);
    let clock = format!("{:02}:{:02}", seconds / HOUR, seconds / MINUTE % 60);
    match day - today {
        _ if at.since(now.mono) <= A_DAY => clock,
        ..7 => format!("{} {clock}", DAYS[day.rem_euclid(7) as usize]),
        _ => calendar(day, today),
    }
}

/// When a date is told in another way: as one of this week from a midnight on, as a mere time a day before.
fn retold(at: Time, now: Now, zone: &Zone) -> Time {
    let (day, _) = local(wall(at, now), zone);
    let (today, seconds) = local(now.wall, zone);
    // A date beyond a year loses its year, one beyond a week becomes a day of this one.
    let from = if day - today >= YEAR { YEAR - 1 } else { 6 };
    match u64::try_from(day - today - from - 1) {
        Ok(nights) => now.mono + Duration::from_secs(DAY - seconds) + Duration::from_secs(nights * DAY),
        Err(_) if at.since(now.mono) > A_DAY => at - A_DAY,
        Err(_) => at,
    }
}

/// The moment on the wall clock, to the whole minute: the two clocks drift a little apart, and what is planned is planned for
/// whole minutes.
fn wall(at: Time, now: Now) -> Wall {
    const HALF: i64 = MINUTE as i64 * 1000 / 2;
    let ahead = i64::try_from(at.since(now.mono).as_millis()).unwrap_or(i64::MAX);
    Wall(now.wall.0.saturating_add(ahead).saturating_add(HALF))
}

/// The day since 1970-01-01 and the second within it, as they are here.
fn local(at: Wall, zone: &Zone) -> (i64, u64) {
    let seconds = at.0.div_euclid(1000) + i64::from(zone(at));
    (seconds.div_euclid(DAY as i64), seconds.rem_euclid(DAY as i64) as u64)
}

/// `12 dec`, or `12 dec 2099` where that is a year or more from today; by Howard Hinnant's `civil_from_days` (<https://howardhinnant.github.io/date_algorithms.html>).
fn calendar(day: i64, today: i64) -> String {
    let shifted = day + 719_468;
    let of_era = shifted.rem_euclid(146_097);
    let of_era_year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * of_era_year + of_era_year / 4 - of_era_year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let date = format!("{of_month} {}", MONTHS[((month + 2) % 12) as usize]);
    if (day - today).abs() < YEAR {
        return date;
    }
    // The years of the algorithm begin with March.
    let year = of_era_year + 400 * shifted.div_euclid(146_097) + i64::from(month >= 10);
    format!("{date} {year}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tuesday, 2023-11-14, 23:13:20 where the tests are.
    const NOW: Now = Now { mono: Time(Duration::from_secs(100_000)), wall: Wall(1_700_000_000_000) };

    fn zone() -> Zone {
        Box::new(|_| 3600)
    }

    fn opens(seconds: u64) -> Next {
        Next { at: NOW.mono + Duration::from_secs(seconds), kind: NextKind::Open }
    }

    fn retry(seconds: u64) -> Next {
        Next { at: NOW.mono + Duration::from_secs(seconds), kind: NextKind::Retry }
    }

    #[test]
    fn a_date_is_told_as_a_person_would_say_it() {
        let told = [
            42,
            1_000,
            17_200,
            6 * 86_400,
            8 * 86_400,
            80 * 86_400,
            364 * 86_400,
            365 * 86_400,
            500 * 86_400,
        ]
        .map(|s| at(opens(s), NOW, &zone()));
        assert_eq!(
            told,
            [
                "in 42s",
                "23:30",
                "04:00",
                "mon 23:13",
                "22 nov",
                "2 feb",
                "12 nov",
                "13 nov 2024",
                "28 mar 2025"
            ]
        );
    }

    #[test]
    fn a_date_that_drifted_by_a_moment_is_still_on_its_minute() {
        let next = Next { at: NOW.mono + Duration::from_millis(17_199_400), kind: NextKind::Open };
        assert_eq!(at(next, NOW, &zone()), "04:00");
    }

    #[test]
    fn a_countdown_is_told_in_its_largest_unit() {
        let told = [0, 4, 99, 100, 120, 121, 6_000, 6_001, 172_801].map(|s| left(retry(s).at, NOW.mono));
        assert_eq!(told, ["0s", "4s", "99s", "2m", "2m", "3m", "2h", "2h", "3d"]);
    }

    #[test]
    fn it_changes_when_it_says_so() {
        for next in
            [1, 99, 100, 101, 120, 121, 6_000, 7_200, 7_201, 172_800, 900_000].map(retry).into_iter().chain([
                opens(61),
                opens(3_000),
                opens(17_200),
                opens(90_000),
                opens(8 * 86_400),
                opens(400 * 86_400),
            ])
        {
            let change = changes(next, NOW, &zone()).expect("it lies ahead");
            let later =
                |at: Time| Now { mono: at, wall: Wall(NOW.wall.0 + at.since(NOW.mono).as_millis() as i64) };
            let told = at(next, NOW, &zone());
            assert!(change > NOW.mono);
            assert_eq!(at(next, later(change - Duration::from_millis(1)), &zone()), told, "{next:?}");
            assert_ne!(at(next, later(change), &zone()), told, "{next:?}");
        }
        assert_eq!(changes(retry(0), NOW, &zone()), None);
    }

    #[test]
    fn the_calendar_is_the_usual_one() {
        assert_eq!(
            [0, 58, 59, 11_016, 11_017, 19_722, 19_723].map(|day| calendar(day, day)),
            ["1 jan", "28 feb", "1 mar", "29 feb", "1 mar", "31 dec", "1 jan"]
        );
    }
}
