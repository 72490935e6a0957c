//! The whole of `systems.toml`: from a text to a plan, with everything wrong told. Not: where the text comes from.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeTable;

use super::bindings::{Bindings, Vocabulary};
use super::env::{self, Env};
use super::gather::{Gather, Whole};
use super::job::JobKeys;
use super::key_table;
use super::keys;
use super::launch::Noted;
use super::levels::Above;
use super::needs;
use super::paths::Paths;
use super::plan::{Plan, System};
use super::settings::Zap;
use super::syntax;
use super::system;
use super::table::{Table, entries};
use super::value::Entry;
use super::world::World;
use crate::problem::{Problem, Source};

/// The place of what is nowhere: the beginning of the file.
const NOWHERE: std::ops::Range<usize> = 0..0;

/// Where a file stands and what is around it.
#[derive(Debug)]
pub(super) struct Surroundings<'a> {
    /// The file, as an absolute path.
    pub(super) file: &'a Path,
    /// The folder that relative folders are relative to.
    pub(super) folder: &'a Path,
    /// The environment of zap.
    pub(super) environment: &'a Arc<BTreeMap<OsString, OsString>>,
    /// What may be asked of the world.
    pub(super) world: World<'a>,
    /// What `[keys]` can speak of.
    pub(super) vocabulary: &'a Vocabulary,
}

/// A file that was read.
#[derive(Debug)]
pub(super) struct Reading {
    /// What it asks for; only to be used when no problem is an error.
    pub(super) plan: Plan,
    /// Where it names a theme.
    pub(super) theme: Option<Spanned<String>>,
    /// What it says about keys.
    pub(super) keys: Bindings,
    /// The folders and users it names.
    pub(super) noted: Noted,
    /// What is wrong with it.
    pub(super) problems: Vec<Problem>,
}

/// Reads the text of a `systems.toml`.
pub(super) fn read(source: &Arc<Source>, around: &Surroundings<'_>) -> Reading {
    let (root, faults) = DeTable::parse_recoverable(&source.text);
    let broken = syntax::problems(source, &faults);
    let whole = if syntax::only_duplicates(&faults) { Whole::Yes } else { Whole::No };
    let mut gather = Gather::new(source, whole);
    let (plan, theme, keys, mut noted) = read_root(root.get_ref(), around, &mut gather);
    if whole == Whole::No {
        // They may come out of a broken line.
        noted = Noted::default();
    }
    let problems = syntax::without_echoes(source, broken, gather.into_found());
    Reading { plan, theme, keys, noted, problems }
}

fn read_root(
    root: &DeTable<'_>,
    around: &Surroundings<'_>,
    gather: &mut Gather,
) -> (Plan, Option<Spanned<String>>, Bindings, Noted) {
    let table = Table::open(root, &keys::FILE, gather);
    let nothing = Env::new();
    let top = Paths { base: around.folder, env: &nothing, environment: around.environment, owner: None };
    let zap = Zap::read(table.get("zap").as_ref(), &top, &around.world, gather);
    let bound = table.get("keys").map(|entry| key_table::read(&entry, around.vocabulary, gather));
    let env = table.get("env").and_then(|entry| env::read(&entry, gather)).unwrap_or_default();
    let defaults =
        table.get("defaults").map_or_else(JobKeys::default, |entry| JobKeys::read_table(&entry, gather));
    let env = defaults.launch.env.over(&Paths { env: &env, ..top }, &around.world, gather);
    let above = Above {
        env: &env,
        defaults: &defaults,
        shell: &zap.shell,
        zone: &zap.settings.zone,
        folder: around.folder,
        environment: around.environment,
        world: around.world,
    };
    let told = gather.count();
    let named = table.get("systems").and_then(|entry| entry.table(gather)).map(entries).unwrap_or_default();
    if named.is_empty()
        && gather.count() == told
        && root.keys().all(|key| keys::FILE.known.contains(&key.get_ref().as_ref()))
    {
        tell_emptiness(table.get("systems").as_ref(), gather);
    }
    let mut noted = Noted::default();
    let mut systems = Vec::new();
    let mut names = Vec::new();
    let mut jobs = Vec::new();
    for entry in &named {
        let reading = system::read(entry, &above, gather);
        noted.extend(reading.noted);
        let system = systems.len();
        systems.extend(reading.system);
        for (name, job) in reading.jobs {
            names.push(name);
            jobs.push((system, job));
        }
    }
    let needs = needs::resolve(&names, gather);
    for ((system, job), needs) in jobs.into_iter().zip(needs) {
        let home: Option<&mut System> = systems.get_mut(system);
        if let (Some(home), Some(mut job)) = (home, job) {
            job.needs = needs;
            home.jobs.push(Arc::new(job));
        }
    }
    let plan = Plan {
        file: around.file.to_owned(),
        settings: zap.settings,
        environment: Arc::clone(around.environment),
        systems,
    };
    (plan, zap.theme, bound.unwrap_or_default(), noted)
}

/// No systems: an empty file, or one that was begun.
fn tell_emptiness(systems: Option<&Entry<'_>>, gather: &mut Gather) {
    let span = systems.map_or(NOWHERE, |systems| systems.key.clone());
    let hint = "begin with `[systems.dev.jobs]` and below it `api = \"cargo run\"`".to_owned();
    gather.missing(span, "no systems, so there is nothing to run", Some(hint));
}
