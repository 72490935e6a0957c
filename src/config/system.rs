//! A system and its jobs: the levels of defaults are laid over each other here. Not: what jobs need of each other.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeValue;

use super::env::{self, Env};
use super::gather::Gather;
use super::job::{JobKeys, START_RETRIES, START_SECS};
use super::keys;
use super::load::expand;
use super::name;
use super::needs::{Named, Said, Wish};
use super::plan::{Expected, Job, Launch, OnChange, Restart, Stream, Subject, System, Work, Zone};
use super::shell::Shell;
use super::table::{Table, entries};
use super::title;
use super::value::Entry;

/// What holds for every system: the top of the file, and where it stands.
#[derive(Debug)]
pub(super) struct Above<'a> {
    /// `[env]`.
    pub(super) env: &'a Env,
    /// `[defaults]`.
    pub(super) defaults: &'a JobKeys,
    /// `[zap].shell`.
    pub(super) shell: &'a Spanned<Shell>,
    /// The folder that relative ones are relative to.
    pub(super) folder: &'a Path,
    /// The environment of zap.
    pub(super) environment: &'a BTreeMap<OsString, OsString>,
}

/// A system with what was found while it was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The system, or nothing if it could not be read.
    pub(super) system: Option<System>,
    /// Its jobs in the order of the file; a job that could not be read is `None`.
    pub(super) jobs: Vec<(Named, Option<Job>)>,
    /// The folders of its jobs, with the places that name them.
    pub(super) folders: Vec<Spanned<PathBuf>>,
}

/// Reads `[systems.NAME]`.
pub(super) fn read(entry: &Entry<'_>, above: &Above<'_>, gather: &mut Gather) -> Reading {
    name::check("system", entry, gather);
    let system_entries = match entry.value.get_ref() {
        DeValue::Table(entries) => entries,
        DeValue::String(_) => {
            let hint = format!("a job? write `[systems.NAME.jobs]` and below it `{} = …`", entry.name);
            gather.hinted(entry.span(), "a system is a table, not a string", hint);
            return Reading::default();
        }
        _ => {
            let _: Option<()> = entry.wants("a table", gather);
            return Reading::default();
        }
    };
    let table = Table::open(system_entries, &keys::SYSTEM, gather);
    let title = table.get("title").and_then(|entry| entry.string(gather));
    let description = table.get("description").and_then(|entry| entry.string(gather));
    let autostart = table.get("autostart").and_then(|entry| entry.boolean(gather));
    let own_env = table.get("env").and_then(|entry| env::read(&entry, gather)).unwrap_or_default();
    let work_dir = table.get("work-dir").and_then(|entry| entry.string(gather));
    let defaults =
        table.get("defaults").map_or_else(JobKeys::default, |entry| JobKeys::read_table(&entry, gather));
    let mut reading = Reading::default();

    let mut env = above.env.clone();
    env.extend(above.defaults.env.clone());
    env.extend(own_env);
    let inside = Inside { above, folder: None, env };
    let folder =
        work_dir.and_then(|text| inside.folder(&text, above.folder, &inside.env, &mut reading, gather));
    let inside = Inside { folder, ..inside };

    let lower = inside.defaults(defaults);
    let told = gather.count();
    let jobs = table.get("jobs").and_then(|entry| entry.table(gather)).map(entries).unwrap_or_default();
    if jobs.is_empty() && gather.count() == told && !table.was_meant("jobs") {
        let hint = format!("for example `[systems.{}.jobs]` and below it `api = \"cargo run\"`", entry.name);
        gather.missing_warning(
            entry.key.clone(),
            format!("the system `{}` has no jobs", entry.name),
            Some(hint),
        );
    }
    for job in &jobs {
        name::check("job", job, gather);
        let own = JobKeys::read(job, gather);
        let named = named(entry.name, job.name, &own, &lower);
        let read = inside.job(job, own.over(lower.clone()), &mut reading, gather);
        reading.jobs.push((named, read));
    }
    reading.system = Some(System {
        name: entry.name.to_owned(),
        title: title.map_or_else(|| entry.name.to_owned(), Spanned::into_inner),
        description: description.map(Spanned::into_inner),
        autostart: autostart.unwrap_or(true),
        jobs: Vec::new(),
    });
    reading
}

fn named(system: &str, job: &str, own: &JobKeys, lower: &JobKeys) -> Named {
    let (addresses, said) = match (&own.depends_on, &lower.depends_on) {
        (Some(own), _) => (own.as_slice(), Said::Here),
        (None, Some(lower)) => (lower.as_slice(), Said::InDefaults),
        (None, None) => (&[][..], Said::Here),
    };
    let wish =
        |address: &Spanned<String>| Wish { address: address.get_ref().clone(), span: address.span(), said };
    Named { system: system.to_owned(), job: job.to_owned(), wishes: addresses.iter().map(wish).collect() }
}

/// What holds for every job of a system.
struct Inside<'a> {
    above: &'a Above<'a>,
    /// The system's own folder.
    folder: Option<PathBuf>,
    /// The environment up to the system's.
    env: Env,
}

impl Inside<'_> {
    /// `[defaults]` below the system's own.
    fn defaults(&self, own: JobKeys) -> JobKeys {
        let mut top = self.above.defaults.clone();
        // The system's folder says more about its jobs than `[defaults]` does.
        if self.folder.is_some() {
            top.work_dir = None;
        }
        let own_env = own.env.clone();
        let mut merged = own.over(top);
        merged.env = self.env.clone();
        merged.env.extend(own_env);
        merged
    }

    fn job(
        &self,
        entry: &Entry<'_>,
        keys: JobKeys,
        reading: &mut Reading,
        gather: &mut Gather,
    ) -> Option<Job> {
        let shell = keys.shell.clone().unwrap_or_else(|| self.above.shell.clone());
        let base = self.folder.as_deref().unwrap_or(self.above.folder);
        let folder = match &keys.work_dir {
            Some(text) => self.folder(text, base, &keys.env, reading, gather),
            None => Some(base.to_owned()),
        };
        let lookup = |name: &str| -> Option<String> { self.variable(name, &keys.env)?.into_string().ok() };
        let backoff = keys.backoff.finish(gather);
        let stop = keys.stop.finish(&shell, gather);
        let Some(work) = keys.work else {
            let hint = "for example `command = \"cargo run\"`".to_owned();
            let message = format!("the job `{}` has neither `command` nor `steps`", entry.name);
            gather.missing(entry.key.clone(), message, Some(hint));
            return None;
        };
        let work = work.finish(&shell, &lookup, gather)?;
        let one_shot = keys.one_shot.unwrap_or(false);
        let start_secs = if one_shot { std::time::Duration::ZERO } else { START_SECS };
        Some(Job {
            name: entry.name.to_owned(),
            title: keys.title.unwrap_or_else(|| titled(&work, entry.name)),
            description: keys.description,
            labels: Vec::new(),
            launch: Some(Launch {
                work,
                work_dir: folder?,
                env: keys.env,
                umask: keys.umask,
                user: None,
                stdout: Stream::Terminal,
                stderr: Stream::Terminal,
                subject: Subject::Own,
            }),
            versions: Vec::new(),
            on_change: OnChange::Restart,
            numprocs: 1,
            autostart: keys.autostart.unwrap_or(true),
            restart: keys.restart.unwrap_or(Restart::Never),
            exit_codes: keys.exit_codes.unwrap_or_else(|| vec![Expected::Code(0)]),
            start_secs: keys.start_secs.unwrap_or(start_secs),
            start_retries: keys.start_retries.unwrap_or(START_RETRIES),
            backoff,
            restart_delay: keys.restart_delay.unwrap_or_default(),
            stop,
            max_runs: None,
            restart_every: None,
            restart_at: Vec::new(),
            timeout: None,
            before: None,
            init: None,
            after: None,
            needs: Vec::new(),
            ready: None,
            health: Vec::new(),
            schedule: Vec::new(),
            zone: Zone::utc(),
            one_shot,
            interactive: keys.interactive.unwrap_or(false),
        })
    }

    /// A folder as it was written, relative to `base`; noted, so that somebody looks whether it is there.
    fn folder(
        &self,
        text: &Spanned<String>,
        base: &Path,
        env: &Env,
        reading: &mut Reading,
        gather: &mut Gather,
    ) -> Option<PathBuf> {
        match expand::path(text.get_ref(), &|name| self.variable(name, env)) {
            Ok(path) => {
                let folder: PathBuf = base.join(path).components().collect();
                reading.folders.push(Spanned::new(text.span(), folder.clone()));
                Some(folder)
            }
            Err(fault) => {
                gather.maybe_hinted(text.span(), fault.message, fault.hint);
                None
            }
        }
    }

    /// A variable as the job will see it.
    fn variable(&self, name: &str, env: &Env) -> Option<OsString> {
        match env.get(name) {
            Some(value) => value.as_ref().map(OsString::from),
            None => self.above.environment.get(OsStr::new(name)).cloned(),
        }
    }
}

fn titled(work: &Work, name: &str) -> String {
    let derived = title::derived(work);
    if derived.is_empty() { name.to_owned() } else { derived }
}
