//! Time zones: that of this machine, and those of its database. Not: what time it is in them.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::sync::LazyLock;

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
    static LOCAL: LazyLock<TimeZone> = LazyLock::new(|| by(std::env::var_os("TZ").as_deref()));
    LOCAL.clone()
}

fn local(environment: &BTreeMap<OsString, OsString>) -> TimeZone {
    by(environment.get(OsStr::new("TZ")).map(OsString::as_os_str))
}

fn by(variable: Option<&OsStr>) -> TimeZone {
    let given = variable.and_then(OsStr::to_str);
    let given = given.map(|value| value.trim_start_matches(':')).filter(|value| !value.is_empty());
    given
        .and_then(|value| TimeZone::get(value).or_else(|_| TimeZone::posix(value)).ok())
        .or_else(machine)
        .unwrap_or_else(TimeZone::system)
}

/// Where the zone of a machine is (`localtime(5)`).
const MACHINE: &str = "/etc/localtime";

/// The zone of the machine, if it is a link to one, as nearly everywhere. `TimeZone::system` does more, but looks at the names of
/// all zones first, and keeps them: a hundred kilobytes.
fn machine() -> Option<TimeZone> {
    let target = fs::read_link(MACHINE).ok()?;
    let (_, name) = target.to_str()?.rsplit_once("zoneinfo/")?;
    TimeZone::tzif(name, &fs::read(MACHINE).ok()?).ok()
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

    #[test]
    fn the_zone_of_the_machine_is_what_it_is_to_others() {
        let others = TimeZone::system();
        // Not every machine has a link.
        let ours = machine().unwrap_or_else(|| others.clone());
        assert_eq!(ours.iana_name(), others.iana_name());
        for seconds in [0, 1_700_000_000, 1_720_000_000] {
            let at = jiff::Timestamp::from_second(seconds).unwrap();
            assert_eq!(ours.to_offset(at), others.to_offset(at));
        }
    }
}
