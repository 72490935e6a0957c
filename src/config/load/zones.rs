//! Time zones: that of this machine, and those of its database. Not: what time it is in them.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use jiff::tz::{self, TimeZone};

use crate::config::suggest::nearest;

/// The zone of this name, by the environment of zap; else a hint.
pub(super) fn named(name: &str, environment: &BTreeMap<OsString, OsString>) -> Result<TimeZone, String> {
    if name == "local" {
        return Ok(local(environment));
    }
    TimeZone::get(name).map_err(|_| hint(name))
}

/// By `TZ`, else by the machine.
fn local(environment: &BTreeMap<OsString, OsString>) -> TimeZone {
    let given = environment.get(OsStr::new("TZ")).and_then(|value| value.to_str());
    let given = given.map(|value| value.trim_start_matches(':')).filter(|value| !value.is_empty());
    given
        .and_then(|value| TimeZone::get(value).or_else(|_| TimeZone::posix(value)).ok())
        .unwrap_or_else(TimeZone::system)
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
