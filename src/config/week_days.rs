//! Days of the week as people write them: `mon-fri`, `sat`, `["mon", "wed-fri"]`, `all`. Not: dates.

use toml::de::DeValue;

use super::gather::Gather;
use super::plan::WeekDays;
use super::value::Entry;

const DAYS: &[(&str, &str)] = &[
    ("mon", "monday"),
    ("tue", "tuesday"),
    ("wed", "wednesday"),
    ("thu", "thursday"),
    ("fri", "friday"),
    ("sat", "saturday"),
    ("sun", "sunday"),
];

/// What people call several days, and how it is written here.
const THEIR_WORDS: &[(&str, &str)] = &[
    ("daily", "all"),
    ("every", "all"),
    ("everyday", "all"),
    ("every day", "all"),
    ("*", "all"),
    ("any", "all"),
    ("weekdays", "mon-fri"),
    ("workdays", "mon-fri"),
    ("weekday", "mon-fri"),
    ("weekend", "sat-sun"),
    ("weekends", "sat-sun"),
    ("tues", "tue"),
    ("thur", "thu"),
    ("thurs", "thu"),
];

/// Reads a string or an array of them; never empty.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<WeekDays> {
    let items = entry.one_or_many(gather);
    if let DeValue::Array(array) = entry.value.get_ref()
        && array.is_empty()
    {
        let hint = "for every day leave it out, or write `\"all\"`";
        gather.hinted(entry.span(), "no day at all: this window never opens", hint);
        return None;
    }
    let mut bits = Some(0);
    for item in &items {
        let read = days(item, gather);
        bits = bits.zip(read).map(|(bits, more)| bits | more);
    }
    bits.map(|bits| WeekDays { bits })
}

fn days(item: &Entry<'_>, gather: &mut Gather) -> Option<u8> {
    let DeValue::String(text) = item.value.get_ref() else {
        return item.wants("days, for example `\"mon-fri\"`", gather);
    };
    let text = text.trim().to_ascii_lowercase();
    let read: Option<u8> =
        text.split(',').map(|part| span(part.trim())).try_fold(0, |bits, part| Some(bits | part?));
    if read.is_none() {
        let ours = THEIR_WORDS.iter().find(|(theirs, _)| *theirs == text).map(|(_, ours)| *ours);
        let hint = ours.map_or_else(
            || {
                "days are `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`, for example `\"mon-fri\"`"
                    .to_owned()
            },
            |ours| format!("did you mean `\"{ours}\"`?"),
        );
        gather.hinted(item.span(), format!("`{text}` is not a day of the week"), hint);
    }
    read
}

/// `mon`, `mon-fri`, `fri-mon`, `all`.
fn span(text: &str) -> Option<u8> {
    if text == "all" {
        return Some(WeekDays::ALL.bits);
    }
    let Some((first, last)) = text.split_once('-') else { return day(text).map(|day| 1 << day) };
    let (first, last) = (day(first.trim())?, day(last.trim())?);
    let count = (last + 7 - first) % 7;
    Some((0..=count).map(|step| 1 << ((first + step) % 7)).sum())
}

fn day(text: &str) -> Option<usize> {
    DAYS.iter().position(|(short, long)| *short == text || *long == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, bits) in [
            ("mon", 0b1),
            ("sunday", 0b100_0000),
            ("mon-fri", 0b1_1111),
            ("fri-mon", 0b111_0001),
            ("sat - sun", 0b110_0000),
            ("sun-sun", 0b100_0000),
            ("all", 0b111_1111),
        ] {
            assert_eq!(span(text), Some(bits), "{text}");
        }
        for text in ["", "1-5", "mon-", "-fri", "montag", "mon-tue-wed", "weekdays"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
