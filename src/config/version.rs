//! The key `versions`: what is started instead, from a moment on. Not: which one is in force.

use std::ops::Range;

use toml::de::DeValue;

use super::gather::Gather;
use super::keys;
use super::launch::{Ground, LaunchKeys, Noted};
use super::levels::Inside;
use super::moment::MomentKeys;
use super::plan::Version;
use super::table::Table;
use super::value::Entry;

/// A version as the file has it.
#[derive(Debug, Clone)]
pub(super) struct VersionKeys {
    span: Range<usize>,
    apply_on: MomentKeys,
    fake: bool,
    launch: LaunchKeys,
}

/// Reads the array; the good ones, when some are not.
pub(super) fn read(entry: &Entry<'_>, gather: &mut Gather) -> Option<Vec<VersionKeys>> {
    let items = entry.items(gather)?;
    Some(items.iter().filter_map(|item| read_one(item, gather)).collect())
}

fn read_one(item: &Entry<'_>, gather: &mut Gather) -> Option<VersionKeys> {
    let DeValue::Table(entries) = item.value.get_ref() else { return item.wants("a table", gather) };
    let table = Table::open(entries, &keys::VERSION, gather);
    let fake = table.get("fake").and_then(|entry| entry.boolean(gather)).unwrap_or(false);
    let launch = LaunchKeys::read(&table, gather);
    let Some(apply_on) = table.get("apply-on") else {
        if !table.was_meant("apply-on") {
            let hint = "for example `apply-on = 2027-04-01T08:00:00`".to_owned();
            gather.missing(item.span(), "this version does not say when it comes into force", Some(hint));
        }
        return None;
    };
    let apply_on = MomentKeys::read(&apply_on, gather)?;
    Some(VersionKeys { span: item.span(), apply_on, fake, launch })
}

/// The versions of a job of so many instances, the earliest first; where they say nothing, `own` of the job speaks.
pub(super) fn finish(
    versions: Vec<VersionKeys>,
    own: &LaunchKeys,
    ground: &Ground,
    inside: &Inside<'_>,
    numprocs: u32,
    noted: &mut Noted,
    gather: &mut Gather,
) -> Vec<Version> {
    let mut finished: Vec<(Range<usize>, Version)> = Vec::new();
    for keys in versions {
        let place = keys.apply_on.span.clone();
        let Some(apply_on) = keys.apply_on.finish(inside.above.zone) else {
            gather.error(place, "no clock knows this moment");
            continue;
        };
        if let Some((first, _)) =
            finished.iter().find(|(_, other)| other.apply_on.unix_ms == apply_on.unix_ms)
        {
            let remark = "the other one".to_owned();
            gather.related(
                place,
                "two versions come into force at once",
                None,
                vec![(first.clone(), remark)],
            );
            continue;
        }
        let launch = keys.launch.over(own.clone());
        if launch.work.is_none() {
            let hint = "for example `command = \"cargo run\"`".to_owned();
            gather.missing(
                keys.span,
                "neither this version nor its job has `command` or `steps`",
                Some(hint),
            );
            continue;
        }
        let ground = launch.ground(inside, &ground.env, noted, gather);
        if let Some(launch) = launch.finish(&ground, inside, numprocs, noted, gather) {
            finished.push((place, Version { apply_on, fake: keys.fake, launch }));
        }
    }
    finished.sort_by_key(|(_, version)| version.apply_on.unix_ms);
    finished.into_iter().map(|(_, version)| version).collect()
}
