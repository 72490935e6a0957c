//! Time zones: that of this machine, and those of its database. Not: what time it is in them.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use jiff::tz::{self, TimeZone};

use crate::config::suggest::nearest;

/// The zone of this name, by the environment of zap; else a hint.
pub(super) fn named(name: &str, environment: &BTreeMap<OsString, OsString>) -> Result<TimeZone, String> {
    if name == "local" {
        return Ok(local(environment));
    }
    TimeZone::get(name).map_err(|_| hint(name))
}

/// The zone of who started this process: by `TZ`, else by the machine.
pub fn local_zone() -> TimeZone {
    by(std::env::var_os("TZ").as_deref())
}

fn local(environment: &BTreeMap<OsString, OsString>) -> TimeZone {
    by(environment.get(OsStr::new("TZ")).map(OsString::as_os_str))
}

/// As `tzset(3)` reads `TZ`: a name, a rule or a file, perhaps behind a colon; nothing is UTC.
fn by(variable: Option<&OsStr>) -> TimeZone {
    let Some(value) = variable else { return machine().unwrap_or_else(TimeZone::system) };
    let value = value.to_str().map(|value| value.trim_start_matches(':')).unwrap_or_default();
    let named = || TimeZone::get(value).or_else(|_| TimeZone::posix(value)).ok();
    match value {
        "" => TimeZone::UTC,
        file if file.starts_with('/') => of_file(Path::new(file)).unwrap_or(TimeZone::UTC),
        _ => named().unwrap_or(TimeZone::UTC),
    }
}

/// Where the zone of a machine is (`localtime(5)`).
const MACHINE: &str = "/etc/localtime";

/// The zone of the machine. `TimeZone::system` looks in more places, but at the names of all zones first, and keeps them: a hundred
/// kilobytes.
fn machine() -> Option<TimeZone> {
    of_file(Path::new(MACHINE))
}

/// The zone in a file, by the name under which it stands in a database, if it stands there.
fn of_file(file: &Path) -> Option<TimeZone> {
    let target = fs::canonicalize(file).ok()?;
    let (_, name) = target.to_str()?.rsplit_once("zoneinfo/").unwrap_or(("", "Local"));
    TimeZone::tzif(name, &fs::read(&target).ok()?).ok()
}

fn hint(name: &str) -> String {
    let known: Vec<String> = tz::db().available().map(|name| name.to_string()).collect();
    if known.is_empty() {
        return "this machine has no database of time zones (the package is `tzdata`)".to_owned();
    }
    let city = known.iter().find(|known| {
        let last = known.rsplit('/').next().unwrap_or_default();
        last.eq_ignore_ascii_case(&name.replace(' ', "_"))
    });
    let meant = city.map(String::as_str).or_else(|| {
        let is_long = name.len() > 4;
        is_long.then(|| nearest(name, known.iter().map(String::as_str))).flatten()
    });
    meant.map_or_else(
        || "a zone has a name, for example `Europe/Berlin`, or is `local`".to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(zone: &TimeZone, second: i64) -> i32 {
        zone.to_offset(jiff::Timestamp::from_second(second).unwrap()).seconds()
    }

    const SUMMER: i64 = 1_720_000_000;

    #[test]
    fn the_variable_is_read_as_by_all_programs() {
        let at = |value: &str| offset(&by(Some(OsStr::new(value))), SUMMER);
        assert_eq!(at(""), 0, "nothing is UTC, whatever the machine has");
        assert_eq!(at(":"), 0);
        assert_eq!(at("<-05>5"), -5 * 3600);
        let york = "America/New_York";
        let file = format!("/usr/share/zoneinfo/{york}");
        if Path::new(&file).exists() {
            for value in [york, &format!(":{york}"), &file, &format!(":{file}")] {
                assert_eq!(at(value), -4 * 3600, "{value}");
            }
            assert_eq!(by(Some(OsStr::new(&file))).iana_name(), Some(york));
        }
        assert_eq!(at("/nowhere"), 0, "what there is not is UTC");
    }

    #[test]
    fn the_zone_of_the_machine_is_what_it_is_to_others() {
        // What others take it for, whatever stands in `TZ` of this test.
        let Some(ours) = machine() else { return };
        let others = ours.iana_name().and_then(|name| TimeZone::get(name).ok());
        for second in [0, 1_700_000_000, SUMMER] {
            assert!(others.iter().all(|others| offset(others, second) == offset(&ours, second)));
        }
    }
}
