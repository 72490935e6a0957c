//! The key `schedule`: the windows in which a job should run. Not: what time it is.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::daytime::{self, Daytime};
use super::gather::Gather;
use super::keys;
use super::plan::{TimeOfDay, WeekDays, Window, Zone};
use super::table::Table;
use super::value::Entry;
use super::week_days;
use super::world::World;
use super::zone;

/// A window as the file has it.
#[derive(Debug, Clone)]
pub(super) struct WindowKeys {
    /// Nothing if something about it was told.
    times: Option<Times>,
    zone: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Copy)]
struct Times {
    start: Option<TimeOfDay>,
    stop: Option<TimeOfDay>,
    days: WeekDays,
}

/// Reads one window or an array of them; the good ones, when some are not.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Vec<WindowKeys> {
    if let DeValue::String(_) = entry.value.get_ref() {
        let hint = "for example `{ start-time = \"08:00\", stop-time = \"18:00\", week-days = \"mon-fri\" }`";
        gather.hinted(entry.span(), "`schedule` takes a table, not a string", hint);
        return Vec::new();
    }
    entry.one_or_many(gather).iter().filter_map(|item| WindowKeys::read(item, gather)).collect()
}

impl WindowKeys {
    fn read(item: &Entry<'_>, gather: &mut Gather) -> Option<Self> {
        let DeValue::Table(entries) = item.value.get_ref() else { return item.wants("a table", gather) };
        let table = Table::open(entries, &keys::WINDOW, gather);
        let zone = table.get("timezone").and_then(|entry| entry.text(gather));
        Some(Self { times: Times::read(item, &table, gather), zone })
    }

    pub(super) fn finish(&self, usual: &Zone, world: &World<'_>, gather: &mut Gather) -> Option<Window> {
        let zone = match &self.zone {
            Some(name) => zone::named(name, world, gather)?,
            None => usual.clone(),
        };
        let Times { start, stop, days } = self.times?;
        Some(Window { start, stop, days, zone })
    }
}

impl Times {
    /// Each that is there must be understood; those that are not have their meaning.
    fn read(item: &Entry<'_>, table: &Table<'_>, gather: &mut Gather) -> Option<Self> {
        let start = table.get("start-time").map(|entry| daytime::read_within_a_day(&entry, gather));
        let stop = table.get("stop-time").map(|entry| (entry.span(), daytime::read(&entry, gather)));
        let days = table.get("week-days").map(|entry| week_days::read(&entry, gather));
        let start = start.map_or(Some(None), |start| start.map(Some))?;
        let (place, stop) = match stop {
            Some((place, stop)) => (place, Some(stop?)),
            None => (item.span(), None),
        };
        let days = days.unwrap_or(Some(WeekDays::ALL))?;
        let stop = stop.and_then(|stop| match stop {
            Daytime::At(time) => Some(time),
            Daytime::End => None,
        });
        opens(start, stop, place, gather)?;
        Some(Self { start, stop, days })
    }
}

/// Tells a window that has no time between its bounds.
fn opens(
    start: Option<TimeOfDay>,
    stop: Option<TimeOfDay>,
    place: Range<usize>,
    gather: &mut Gather,
) -> Option<()> {
    let begin = start.unwrap_or(TimeOfDay(jiff::civil::Time::midnight()));
    if stop == Some(begin) {
        let hint = "for the whole day leave both times out";
        gather.hinted(place, "it stops when it starts: this window never opens", hint);
        return None;
    }
    Some(())
}

/// Reads `restart-at`: times of the day, in their order, each once.
pub(super) fn restart_at(entry: &Entry<'_>, gather: &mut Gather) -> Vec<TimeOfDay> {
    let items = match entry.value.get_ref() {
        DeValue::Array(_) | DeValue::String(_) => entry.one_or_many(gather),
        _ => {
            let hint = "for example `[\"04:00\"]`";
            gather.hinted(entry.span(), "`restart-at` takes an array of times", hint);
            return Vec::new();
        }
    };
    let mut times: Vec<TimeOfDay> =
        items.iter().filter_map(|item| daytime::read_within_a_day(item, gather)).collect();
    times.sort();
    times.dedup();
    times
}
