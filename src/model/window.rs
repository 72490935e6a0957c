//! When the windows of a schedule are open: a pure reading of wall clock and time zones. Not: what an instance makes of it
//! (`calendar`).
//!
//! behaviour.md, Time: a local time that does not exist is skipped, to the first one after it; a repeated one happens once, the
//! first time.

use jiff::civil::{Date, DateTime, Time as Clock};
use jiff::{Span, Timestamp};

use crate::config::{TimeOfDay, Window, Zone};
use crate::model::Wall;

/// How far ahead is looked: a week, whatever the zone, and one more day.
const DAYS: i64 = 9;

/// If nothing opens within that, what opens in a week may have been skipped.
const MORE_DAYS: i64 = 30;

/// How openings that touch or overlap are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joints {
    /// As one: for what serves.
    Joined,
    /// Each is a window of its own: for what is meant to end.
    Apart,
}

/// A window, on one of its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening {
    /// When it opens.
    pub(super) at: Wall,
    /// When it closes.
    pub(super) until: Wall,
    /// Which of the windows it is.
    pub(super) window: usize,
    /// The local time at which it should have opened, if there was none such that day.
    pub(super) skipped: Option<DateTime>,
}

/// What a schedule says of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outlook {
    /// From when on it says so.
    pub(super) from: Wall,
    /// Until when.
    pub(super) until: Wall,
    /// What is open.
    pub(super) open: Option<Opening>,
    /// When that closes; nothing if it goes on as far as one can see.
    pub(super) closes: Option<Wall>,
    /// What opens next.
    pub(super) next: Option<Opening>,
}

/// Looks at a schedule.
pub(super) fn look(windows: &[Window], at: Wall, joints: Joints) -> Outlook {
    let near = outlook(openings(windows, at, DAYS), at, joints, DAYS);
    if near.open.is_some() || near.next.is_some() {
        near
    } else {
        outlook(openings(windows, at, MORE_DAYS), at, joints, MORE_DAYS)
    }
}

fn outlook(openings: Vec<Opening>, at: Wall, joints: Joints, days: i64) -> Outlook {
    let horizon = Wall(at.0.saturating_add((days - 1) * 86_400_000));
    let bounds = || openings.iter().flat_map(|opening| [opening.at, opening.until]);
    let from = bounds().filter(|bound| *bound <= at).max().unwrap_or(at);
    let until = bounds().filter(|bound| *bound > at).min().unwrap_or(horizon);
    let openings = match joints {
        Joints::Joined => joined(openings),
        Joints::Apart => openings,
    };
    let open = openings.iter().rev().find(|opening| opening.at <= at && at < opening.until).copied();
    let next = openings.iter().find(|opening| opening.at > at).copied();
    let closes = open.map(|opening| opening.until).filter(|until| *until <= horizon);
    Outlook { from, until, open, closes, next }
}

/// Those that touch or overlap become one.
fn joined(openings: Vec<Opening>) -> Vec<Opening> {
    let mut joined: Vec<Opening> = Vec::new();
    for opening in openings {
        match joined.last_mut() {
            Some(last) if opening.at <= last.until => last.until = last.until.max(opening.until),
            Some(_) | None => joined.push(opening),
        }
    }
    joined
}

/// The windows of the days around a moment, the earliest first. One that lies in skipped time wholly is none.
fn openings(windows: &[Window], at: Wall, days: i64) -> Vec<Opening> {
    let mut openings: Vec<Opening> = Vec::new();
    for (index, window) in windows.iter().enumerate() {
        let today = window.zone.rules.to_datetime(timestamp(at)).date();
        let day = |ahead: i64| today.checked_add(Span::new().days(ahead)).ok();
        let days = (-2..=days).filter_map(day).filter(|day| window.days.has(day.weekday()));
        openings.extend(days.filter_map(|day| opening(window, index, day)));
    }
    openings.sort_by_key(|opening| (opening.at, opening.until));
    openings
}

fn opening(window: &Window, index: usize, day: Date) -> Option<Opening> {
    let start = window.start.map_or(Clock::midnight(), |start| start.0);
    let stop = window.stop.map_or(Clock::midnight(), |stop| stop.0);
    let stop_day = if stop <= start { day.tomorrow().ok()? } else { day };
    let zone = &window.zone;
    let start = day.to_datetime(start);
    let (at, exists) = moment(zone, start);
    let (until, _) = moment(zone, stop_day.to_datetime(stop));
    let skipped = (!exists).then_some(start);
    (at < until).then_some(Opening { at, until, window: index, skipped })
}

/// A time of the day that comes round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Daily {
    /// When.
    pub(super) at: Wall,
    /// The local time it should have been, if there was none such that day.
    pub(super) skipped: Option<DateTime>,
}

/// When one of these times comes round next.
pub(super) fn next_daily(times: &[TimeOfDay], zone: &Zone, after: Wall) -> Option<Daily> {
    let today = zone.rules.to_datetime(timestamp(after)).date();
    let days = (-1..=2).filter_map(|ahead| today.checked_add(Span::new().days(ahead)).ok());
    let on = |day: Date| {
        times.iter().map(move |time| {
            let local = day.to_datetime(time.0);
            let (at, exists) = moment(zone, local);
            Daily { at, skipped: (!exists).then_some(local) }
        })
    };
    days.flat_map(on).filter(|daily| daily.at > after).min_by_key(|daily| daily.at)
}

/// `mon 08:00`, or the date where that says too little: seen from another moment.
pub(super) fn in_words(at: Wall, seen_from: Wall, zone: &Zone) -> String {
    let local = zone.rules.to_datetime(timestamp(at));
    let clock = if local.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    let is_near = (0..6 * 86_400_000).contains(&at.0.saturating_sub(seen_from.0));
    let day =
        if is_near { local.strftime("%a").to_string().to_lowercase() } else { local.date().to_string() };
    format!("{day} {}{}", local.strftime(clock), zone_in_words(zone))
}

/// ` (Europe/Berlin)`; nothing for the zone that the reader lives in.
pub(super) fn zone_in_words(zone: &Zone) -> String {
    if zone.name == "local" { String::new() } else { format!(" ({})", zone.name) }
}

/// The moment of a local time, and whether there is such a time.
fn moment(zone: &Zone, local: DateTime) -> (Wall, bool) {
    let moment = zone.moment(local).unwrap_or(Timestamp::MAX);
    (Wall(moment.as_millisecond()), zone.rules.to_datetime(moment) == local)
}

/// A moment beyond all calendars is the last one they have.
fn timestamp(at: Wall) -> Timestamp {
    let last = if at.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(at.0).unwrap_or(last)
}
