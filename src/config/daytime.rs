//! Times of the day as people write them: `08:00`, `8:30`, `23:59:59`, `24:00`. Not: dates.

use jiff::civil::Time;
use toml::de::DeValue;

use super::gather::Gather;
use super::plan::TimeOfDay;
use super::value::Entry;

/// A time of the day, or the end of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Daytime {
    At(TimeOfDay),
    /// `24:00`.
    End,
}

/// Reads a string, or a local time of TOML.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<Daytime> {
    let read = match entry.value.get_ref() {
        DeValue::String(text) => parse(text),
        DeValue::Datetime(moment) => match (moment.date, moment.time, moment.offset) {
            (None, Some(time), None) => at(time.hour, time.minute, time.second.unwrap_or(0)),
            (_, _, _) => None,
        },
        _ => return entry.wants("a time, for example `\"08:00\"`", gather),
    };
    if read.is_none() {
        let written =
            gather.text().get(entry.span()).unwrap_or_default().trim_matches(['"', '\'']).to_owned();
        gather.hinted(
            entry.span(),
            format!("`{written}` is not a time of the day"),
            "for example `\"08:00\"`",
        );
    }
    read
}

/// As [`read`], where the end of the day is no answer.
pub(super) fn read_within_a_day(entry: &Entry<'_>, gather: &mut Gather) -> Option<TimeOfDay> {
    match read(entry, gather)? {
        Daytime::At(time) => Some(time),
        Daytime::End => {
            gather.hinted(entry.span(), "`24:00` is the end of a day", "its beginning is `\"00:00\"`");
            None
        }
    }
}

fn parse(text: &str) -> Option<Daytime> {
    let number = |part: &str| -> Option<u8> {
        let digits = matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse().ok()).flatten()
    };
    let mut parts = text.trim().split(':');
    let hour = number(parts.next()?)?;
    let minute = parts.next().filter(|part| part.len() == 2)?;
    let second = match parts.next() {
        Some(part) if part.len() == 2 => number(part)?,
        Some(_) => return None,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    at(hour, number(minute)?, second)
}

fn at(hour: u8, minute: u8, second: u8) -> Option<Daytime> {
    if (hour, minute, second) == (24, 0, 0) {
        return Some(Daytime::End);
    }
    let part = |number: u8| i8::try_from(number).ok();
    let time = Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
    Some(Daytime::At(TimeOfDay(time)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let time =
            |hour, minute, second| Some(Daytime::At(TimeOfDay(jiff::civil::time(hour, minute, second, 0))));
        for (text, wanted) in [
            ("08:00", time(8, 0, 0)),
            ("8:30", time(8, 30, 0)),
            ("23:59:59", time(23, 59, 59)),
            ("00:00", time(0, 0, 0)),
            ("24:00", Some(Daytime::End)),
        ] {
            assert_eq!(parse(text), wanted, "{text}");
        }
        for text in
            ["", "8", "8:3", "24:01", "12:60", "12:00:60", "8am", "8:00 pm", "-1:00", "1:2:3:4", "٠٨:٠٠"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
