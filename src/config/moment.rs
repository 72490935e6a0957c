//! The key `apply-on`: a moment as a local time, as one with an offset, or as a string. Not: what happens then.

use std::ops::Range;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, Zoned};
use toml::de::DeValue;

use super::gather::Gather;
use super::plan::{Moment, Zone};
use super::value::Entry;

/// A moment as the file has it.
#[derive(Debug, Clone)]
pub(super) struct MomentKeys {
    pub(super) span: Range<usize>,
    text: String,
    at: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// By the clocks on the wall.
    Local(DateTime),
    /// For everybody.
    Everywhere(Timestamp),
}

impl MomentKeys {
    pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<Self> {
        const EXAMPLE: &str = "for example `2027-04-01T08:00:00`";
        let (text, at) = match entry.value.get_ref() {
            DeValue::String(text) => (text.trim().to_owned(), parse(text.trim())),
            DeValue::Datetime(moment) => {
                let written = gather.text().get(entry.span()).unwrap_or_default().to_owned();
                (written, of_toml(moment))
            }
            _ => return entry.wants("a date and a time, for example `2027-04-01T08:00:00`", gather),
        };
        let Some(at) = at else {
            gather.hinted(entry.span(), format!("`{text}` is not a date with a time"), EXAMPLE);
            return None;
        };
        Some(Self { span: entry.span(), text, at })
    }

    /// The moment, where local times are meant in this zone.
    pub(super) fn finish(&self, zone: &Zone) -> Option<Moment> {
        let at = match self.at {
            At::Local(local) => zone.moment(local)?,
            At::Everywhere(at) => at,
        };
        Some(Moment { text: self.text.clone(), unix_ms: at.as_millisecond() })
    }
}

/// A date alone is its beginning.
fn of_toml(moment: &toml::value::Datetime) -> Option<At> {
    let date = moment.date?;
    let part = |number: u8| i8::try_from(number).ok();
    let date = Date::new(i16::try_from(date.year).ok()?, part(date.month)?, part(date.day)?).ok()?;
    let time = match moment.time {
        Some(time) => {
            let nanosecond = i32::try_from(time.nanosecond.unwrap_or(0)).ok()?;
            Time::new(part(time.hour)?, part(time.minute)?, part(time.second.unwrap_or(0))?, nanosecond)
                .ok()?
        }
        None => Time::midnight(),
    };
    let local = date.to_datetime(time);
    match moment.offset {
        None => Some(At::Local(local)),
        Some(toml::value::Offset::Z) => Offset::UTC.to_timestamp(local).ok().map(At::Everywhere),
        Some(toml::value::Offset::Custom { minutes }) => {
            let offset = Offset::from_seconds(i32::from(minutes) * 60).ok()?;
            offset.to_timestamp(local).ok().map(At::Everywhere)
        }
    }
}

fn parse(text: &str) -> Option<At> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(At::Everywhere(at));
    }
    if let Ok(at) = text.parse::<Zoned>() {
        return Some(At::Everywhere(at.timestamp()));
    }
    // A local time holds nothing but these; what has more is none that was understood.
    let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | 'T' | 't' | ' '));
    if plain { text.parse().ok().map(At::Local) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, zone: &str) -> Option<String> {
        let zone = Zone { name: zone.to_owned(), rules: jiff::tz::TimeZone::get(zone).unwrap() };
        let keys = MomentKeys { span: 0..0, text: text.to_owned(), at: parse(text)? };
        let moment = Timestamp::from_millisecond(keys.finish(&zone)?.unix_ms).unwrap();
        Some(moment.to_string())
    }

    #[test]
    fn strings_are_read_as_people_write_them() {
        for (text, wanted) in [
            ("2027-04-01T08:00:00", "2027-04-01T06:00:00Z"),
            ("2027-04-01 08:00", "2027-04-01T06:00:00Z"),
            ("2027-04-01", "2027-03-31T22:00:00Z"),
            ("2027-04-01T08:00:00Z", "2027-04-01T08:00:00Z"),
            ("2027-04-01T08:00:00+09:00", "2027-03-31T23:00:00Z"),
            ("2027-04-01T08:00:00[America/New_York]", "2027-04-01T12:00:00Z"),
        ] {
            assert_eq!(at(text, "Europe/Berlin").as_deref(), Some(wanted), "{text}");
        }
        for text in [
            "",
            "now",
            "08:00",
            "2027-13-01",
            "2027-02-30",
            "tomorrow",
            "1.4.2027",
            "2027-04-01T08:00:00[Mars]",
        ] {
            assert_eq!(at(text, "Europe/Berlin"), None, "{text}");
        }
    }

    #[test]
    fn a_time_that_clocks_leave_out_is_the_first_one_after_it() {
        for (text, zone, wanted) in [
            ("2027-03-28T01:59:59", "Europe/Berlin", "2027-03-28T00:59:59Z"),
            ("2027-03-28T02:00:00", "Europe/Berlin", "2027-03-28T01:00:00Z"),
            ("2027-03-28T02:30:00", "Europe/Berlin", "2027-03-28T01:00:00Z"),
            ("2027-03-28T02:59:59", "Europe/Berlin", "2027-03-28T01:00:00Z"),
            ("2027-03-28T03:00:00", "Europe/Berlin", "2027-03-28T01:00:00Z"),
            // Far behind the table of the zone, where only its rule is known.
            ("2099-03-29T02:30:00", "Europe/Berlin", "2099-03-29T01:00:00Z"),
            // A change of half an hour, and an island that left out a whole day.
            ("2027-10-03T02:15:00", "Australia/Lord_Howe", "2027-10-02T15:30:00Z"),
            ("2011-12-30T12:00:00", "Pacific/Apia", "2011-12-30T10:00:00Z"),
        ] {
            assert_eq!(at(text, zone).as_deref(), Some(wanted), "{text} {zone}");
        }
    }

    #[test]
    fn a_time_that_comes_twice_is_the_first_one() {
        for (text, zone, wanted) in [
            ("2027-10-31T01:59:59", "Europe/Berlin", "2027-10-30T23:59:59Z"),
            ("2027-10-31T02:00:00", "Europe/Berlin", "2027-10-31T00:00:00Z"),
            ("2027-10-31T02:59:59", "Europe/Berlin", "2027-10-31T00:59:59Z"),
            ("2027-10-31T03:00:00", "Europe/Berlin", "2027-10-31T02:00:00Z"),
            ("2027-11-07T01:30:00", "America/New_York", "2027-11-07T05:30:00Z"),
        ] {
            assert_eq!(at(text, zone).as_deref(), Some(wanted), "{text} {zone}");
        }
    }
}
