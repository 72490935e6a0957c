//! A spanned TOML table whose keys are all known. Not: the types of its values (see `value`).

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::foreign::translate;
use super::gather::Gather;
use super::keys::{self, Keys};
use super::suggest::{fold, nearest};
use super::value::{Entry, Part, Value};

/// A table that was opened with the keys it may have; the unknown ones have been told.
#[derive(Debug)]
pub(super) struct Table<'t> {
    keys: &'static Keys,
    entries: &'t DeTable<'t>,
    /// The keys that unknown ones were taken for.
    meant: Vec<&'static str>,
}

impl<'t> Table<'t> {
    /// Opens a table and tells every key that `keys` does not know.
    pub(super) fn open(entries: &'t DeTable<'t>, keys: &'static Keys, gather: &mut Gather) -> Self {
        let mut meant = Vec::new();
        for entry in self::entries(entries) {
            if !keys.known.contains(&entry.name) {
                meant.extend(refuse(&entry, keys, gather));
            }
        }
        Self { keys, entries, meant }
    }

    /// Whether an unknown key was taken for this one; then it has been told, and is not missing.
    pub(super) fn was_meant(&self, key: &str) -> bool {
        self.meant.contains(&key)
    }

    /// The entry of a known key, if the file has it.
    pub(super) fn get(&self, key: &str) -> Option<Entry<'t>> {
        debug_assert!(self.keys.known.contains(&key), "`{key}` is not in the list of keys");
        let (name, value) = self.entries.get_key_value(key)?;
        Some(Entry { name: name.get_ref(), key: name.span(), value, part: Part::Whole })
    }
}

/// The entries of a table whose keys are names, in the order of the file.
///
/// A table may be spread over the file (`[a.b]` … `[a]`); its place is where it is first spoken of.
pub(super) fn entries<'t>(table: &'t DeTable<'t>) -> Vec<Entry<'t>> {
    let mut entries: Vec<Entry<'t>> = table
        .iter()
        .map(|(name, value)| Entry { name: name.get_ref(), key: name.span(), value, part: Part::Whole })
        .collect();
    entries.sort_by_cached_key(|entry| first_place(&entry.key, entry.value));
    entries
}

fn first_place(key: &Range<usize>, value: &Value<'_>) -> usize {
    let inner = match value.get_ref() {
        DeValue::Table(table) => table.iter().map(|(key, value)| first_place(&key.span(), value)).min(),
        DeValue::Array(_)
        | DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => None,
    };
    inner.map_or(key.start, |inner| inner.min(key.start))
}

/// Tells what is wrong with a key that the table does not know; the key that was meant, if one is near.
fn refuse(entry: &Entry<'_>, keys: &'static Keys, gather: &mut Gather) -> Option<&'static str> {
    let name = entry.name;
    let span = entry.key.clone();
    if let Some(later) = keys.later.iter().find(|later| **later == name) {
        gather.error(span, format!("`{name}` is not built yet"));
        return Some(later);
    }
    let meant = meant(name, keys);
    let hint = match meant {
        Some((key, _)) if keys.later.contains(&key) => {
            Some(format!("this is `{key}`, which is not built yet"))
        }
        Some((_, written)) => Some(format!("did you mean `{written}`?")),
        None => elsewhere(entry, keys),
    };
    gather.maybe_hinted(span, format!("unknown key `{name}` {}", keys.place), hint);
    meant.map(|(key, _)| key)
}

/// The key of this table that was meant, and how it is written.
fn meant(name: &str, keys: &Keys) -> Option<(&'static str, &'static str)> {
    let folded = fold(name);
    let all: Vec<&'static str> = keys.known.iter().chain(keys.later).copied().collect();
    let same = || all.iter().copied().find(|key| *key == folded).map(|key| (key, key));
    let near = || nearest(name, all.iter().copied()).map(|key| (key, key));
    same().or_else(|| translate(&folded, &all)).or_else(near)
}

/// The table in which this key would be right, as a hint.
fn elsewhere(entry: &Entry<'_>, keys: &'static Keys) -> Option<String> {
    let name = entry.name;
    let is_table = matches!(entry.value.get_ref(), DeValue::Table(_));
    let looks_like_a_job = is_table || matches!(entry.value.get_ref(), DeValue::String(_));
    let knows = |table: &Keys| keys != table && table.known.contains(&name);
    if *keys == keys::VERSION && knows(&keys::JOB) {
        return Some("only what is started can differ: this belongs to the job itself".to_owned());
    }
    if *keys == keys::HEALTH && name == "file" {
        let hint = "a sign for `ready`; whether something changes: `folder` with `inactive-time`";
        return Some(hint.to_owned());
    }
    if matches!(name, "command" | "steps") && (*keys == keys::SYSTEM || *keys == keys::FILE) {
        Some("a key of a job: jobs stand in `[systems.NAME.jobs.NAME]`".to_owned())
    } else if *keys == keys::SYSTEM && knows(&keys::JOB) {
        Some(format!("a key of a job: for all jobs of this system put it into `defaults.{name}`"))
    } else if *keys == keys::FILE && name == "jobs" {
        Some("jobs belong to a system: `[systems.NAME.jobs]`".to_owned())
    } else if knows(&keys::ZAP) {
        Some(format!("`{name}` belongs into `[zap]`"))
    } else if *keys == keys::FILE && knows(&keys::JOB) {
        Some("a key of a job: for all jobs put it into `[defaults]`".to_owned())
    } else if *keys == keys::SYSTEM && looks_like_a_job {
        Some(format!("a job? jobs stand in `[systems.NAME.jobs.{name}]`"))
    } else if *keys == keys::FILE && is_table {
        Some(format!("a system? systems stand in `[systems.{name}]`"))
    } else if keys.known.len() <= 7 {
        Some(format!("known are {}", super::suggest::listed(keys.known, "and")))
    } else {
        None
    }
}
