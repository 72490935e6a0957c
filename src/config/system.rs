//! A system and its jobs: the levels of defaults are laid over each other here. Not: what jobs need of each other.

use toml::Spanned;
use toml::de::DeValue;

use super::checked;
use super::depends_on::NeedKeys;
use super::env::EnvKeys;
use super::gather::Gather;
use super::hook::HookKeys;
use super::job::JobKeys;
use super::keys;
use super::launch::Noted;
use super::levels::{Above, Inside};
use super::name;
use super::needs::{Kind, Named, Said, Wanted, Wish};
use super::paths::Owner;
use super::plan::{Job, Need, OnLoss, System};
use super::shell::Shell;
use super::table::{Table, entries};
use super::value::Entry;
use super::work::argv_of;

/// A system with what was found while it was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The system, or nothing if it could not be read.
    pub(super) system: Option<System>,
    /// Its jobs in the order of the file; a job that could not be read is `None`.
    pub(super) jobs: Vec<(Named, Option<Job>)>,
    /// What should be looked for, with the places that name it.
    pub(super) noted: Noted,
}

/// Reads `[systems.NAME]`.
pub(super) fn read(entry: &Entry<'_>, above: &Above<'_>, gather: &mut Gather) -> Reading {
    name::check("system", entry, gather);
    let Some(table) = open(entry, gather) else { return Reading::default() };
    let title = table.get("title").and_then(|entry| entry.string(gather));
    let description = table.get("description").and_then(|entry| entry.string(gather));
    let autostart = table.get("autostart").and_then(|entry| entry.boolean(gather));
    let own_env = EnvKeys::read(&table, gather);
    let work_dir = table.get("work-dir").and_then(|entry| entry.string(gather));
    let defaults =
        table.get("defaults").map_or_else(JobKeys::default, |entry| JobKeys::read_table(&entry, gather));

    let mut noted = Noted::default();
    let levels = Levels { own_env: &own_env, work_dir: work_dir.as_ref(), defaults: &defaults };
    let inside = levels.inside(above, &mut noted, gather);
    let mut lower = above.defaults.clone();
    // The system's folder says more about its jobs than `[defaults]` does.
    if inside.folder.is_some() {
        lower.launch.work_dir = None;
    }
    let lower = defaults.over(lower);
    let entries = job_entries(entry, &table, gather);
    let mut jobs = Vec::new();
    for job in &entries {
        name::check("job", job, gather);
        let own = JobKeys::read(job, gather);
        tell_order(&own, job.name, &entries, gather);
        let owner = Owner { system: entry.name, job: job.name };
        jobs.push(finish_job(job, own, owner, &lower, &inside, &mut noted, gather));
    }
    let system = System {
        name: entry.name.to_owned(),
        title: title.map_or_else(|| entry.name.to_owned(), Spanned::into_inner),
        description: description.map(Spanned::into_inner),
        autostart: autostart.unwrap_or(true),
        jobs: Vec::new(),
    };
    Reading { system: Some(system), jobs, noted }
}

/// The table of a system; nothing if it is none, and that was told.
fn open<'e>(entry: &'e Entry<'e>, gather: &mut Gather) -> Option<Table<'e>> {
    match entry.value.get_ref() {
        DeValue::Table(entries) => Some(Table::open(entries, &keys::SYSTEM, gather)),
        DeValue::String(_) => {
            let hint = format!("a job? write `[systems.NAME.jobs]` and below it `{} = …`", entry.name);
            gather.hinted(entry.span(), "a system is a table, not a string", hint);
            None
        }
        _ => entry.wants("a table", gather),
    }
}

/// The jobs of a system in the order of the file; that there are none is told.
fn job_entries<'t>(system: &Entry<'_>, table: &Table<'t>, gather: &mut Gather) -> Vec<Entry<'t>> {
    let told = gather.count();
    let jobs = table.get("jobs").and_then(|entry| entry.table(gather)).map(entries).unwrap_or_default();
    if jobs.is_empty() && gather.count() == told && !table.was_meant("jobs") {
        let hint = format!("for example `[systems.{}.jobs]` and below it `api = \"cargo run\"`", system.name);
        let message = format!("the system `{}` has no jobs", system.name);
        gather.missing_warning(system.key.clone(), message, Some(hint));
    }
    jobs
}

/// The job that its own keys make over the `lower` levels of its system, and what it needs.
fn finish_job(
    entry: &Entry<'_>,
    own: JobKeys,
    owner: Owner<'_>,
    lower: &JobKeys,
    system: &Inside<'_>,
    noted: &mut Noted,
    gather: &mut Gather,
) -> (Named, Option<Job>) {
    let said = if own.depends_on.is_some() { Said::Here } else { Said::InDefaults };
    let keys = own.over(lower.clone());
    let named = named(&owner, said, &keys, system.above, gather);
    let inside = Inside {
        owner: Some(owner),
        folder: system.folder.clone(),
        env: system.env.clone(),
        above: system.above,
    };
    (named, checked::job(entry, keys, &inside, noted, gather))
}

/// The levels between the top of the file and a job.
struct Levels<'k> {
    own_env: &'k EnvKeys,
    work_dir: Option<&'k Spanned<String>>,
    defaults: &'k JobKeys,
}

impl Levels<'_> {
    /// The folder of the system, and the environment of all of its levels; their files are relative to that folder.
    fn inside<'a>(&self, above: &'a Above<'a>, noted: &mut Noted, gather: &mut Gather) -> Inside<'a> {
        let top = Inside { above, folder: None, env: above.env.clone(), owner: None };
        let mut known = top.env.clone();
        known.extend(self.own_env.own.clone());
        let folder = self.work_dir.and_then(|text| {
            let folder = top.paths(above.folder, &known).path(text, gather)?;
            noted.folders.push(Spanned::new(text.span(), folder.clone()));
            Some(folder)
        });
        let base = folder.as_deref().unwrap_or(above.folder);
        let env = self.own_env.over(&top.paths(base, &top.env), &above.world, gather);
        let env = self.defaults.launch.env.over(&top.paths(base, &env), &above.world, gather);
        Inside { above, folder, env, owner: None }
    }
}

/// What a job is called and what it needs, whether or not it can be read.
fn named(owner: &Owner<'_>, said: Said, keys: &JobKeys, above: &Above<'_>, gather: &mut Gather) -> Named {
    let shell = keys.launch.shell.as_ref().unwrap_or(above.shell);
    let needs = keys.depends_on.as_deref().unwrap_or_default();
    let kind = if keys.ready.as_ref().is_some_and(super::ready::ReadyKeys::has_sign) {
        Kind::Probed
    } else if keys.one_shot == Some(true) {
        Kind::OneShot
    } else {
        Kind::Plain
    };
    Named {
        system: owner.system.to_owned(),
        job: owner.job.to_owned(),
        kind,
        wanted: needs.iter().filter_map(|need| wanted(need, said, shell, gather)).collect(),
    }
}

fn wanted(need: &NeedKeys, said: Said, shell: &Spanned<Shell>, gather: &mut Gather) -> Option<Wanted> {
    match need {
        NeedKeys::Job { address, until, on_loss } => Some(Wanted::Job(Wish {
            address: address.get_ref().clone(),
            span: address.span(),
            said,
            until: *until,
            on_loss: on_loss.unwrap_or(OnLoss::Stop),
        })),
        NeedKeys::Command(command) => {
            let line = command.get_ref().written();
            let command = argv_of(command.clone(), shell, gather)?;
            Some(Wanted::Command(Need::Command { command, line }))
        }
    }
}

/// `after = "db"` is a command here; elsewhere it is an order among jobs.
fn tell_order(own: &JobKeys, name: &str, jobs: &[Entry<'_>], gather: &mut Gather) {
    for (key, hook) in [("before", &own.before), ("after", &own.after)] {
        let Some(word) = hook.as_ref().and_then(HookKeys::word) else { continue };
        let meant = jobs.iter().any(|job| job.name == *word.get_ref() && job.name != name);
        if meant {
            let message = format!("`{key}` runs a command, and `{}` is a job", word.get_ref());
            let hint = "to start after another job: `depends-on`".to_owned();
            gather.warning(word.span(), message, Some(hint));
        }
    }
}
