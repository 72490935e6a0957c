//! What differs between two plans, in the spellings of the file. Not: what follows from it (see the model's `forecast`).
//!
//! Every field of the plan is taken apart by name, so that a new one is an error of the compiler until somebody says here
//! what it is.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::plan::{ContainerTool, Job, Launch, PidFile, Plan, Settings, Subject, System, Work};
use super::title;

/// What differs between two plans.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    /// The keys of `[zap]` that differ, in the order of [`Settings`].
    pub settings: Vec<&'static str>,
    /// Whether it is another file.
    pub file: bool,
    /// Whether the systems that both have stand in another order.
    pub order: bool,
    /// The systems that differ themselves, whatever their jobs: in the order of the new file, those that are gone at the end.
    pub systems: Vec<SystemChange>,
    /// The jobs that differ: in the order of the new file, those that are gone at the end.
    pub jobs: Vec<JobChange>,
    /// How many jobs are the same in both.
    pub kept: u32,
}

/// What differs about one system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemChange {
    /// Its name.
    pub system: String,
    /// What became of it.
    pub fate: Fate<&'static str>,
}

/// What differs about one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobChange {
    /// The name of its system.
    pub system: String,
    /// Its name.
    pub job: String,
    /// What became of it.
    pub fate: Fate<KeyChange>,
}

/// What became of a system or a job; `K` is how its keys are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate<K> {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// These keys differ, in the order of the plan; never empty. Of a system, `jobs` is the order of those that both have.
    Changed(Vec<K>),
}

/// A key of a job that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyChange {
    /// As the file has it: `depends-on`.
    pub key: &'static str,
    /// What kind of key it is.
    pub class: Class,
}

/// What a change of a key means to a running instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// What runs is not what the job's own launch says any more; it matters where that one is in force.
    Launch,
    /// Applied in place.
    Live,
    /// Other versions, or at other times; which is in force is to be looked at.
    Versions,
    /// How many instances there are.
    Numprocs,
}

impl Diff {
    /// Whether both plans ask for the same.
    pub fn is_empty(&self) -> bool {
        let Self { settings, file, order, systems, jobs, kept: _ } = self;
        settings.is_empty() && !file && !order && systems.is_empty() && jobs.is_empty()
    }
}

/// Compares two plans.
pub fn diff(old: &Plan, new: &Plan) -> Diff {
    let Plan { file, settings, environment, systems } = new;
    let inherited = *environment != old.environment;
    let mut diff = Diff {
        settings: settings_keys(&old.settings, settings),
        file: *file != old.file,
        order: is_reordered(&names_of(&old.systems), &names_of(systems)),
        ..Diff::default()
    };
    let was: HashMap<&str, &System> =
        old.systems.iter().map(|system| (system.name.as_str(), system)).collect();
    for system in systems {
        let before = was.get(system.name.as_str()).copied();
        let fate = match before {
            None => Some(Fate::Added),
            Some(before) => changed(system_keys(before, system)),
        };
        diff.systems.extend(fate.map(|fate| SystemChange { system: system.name.clone(), fate }));
        compare_jobs(before, system, inherited, &mut diff);
    }
    add_removed(old, new, &mut diff);
    diff
}

fn changed<K>(keys: Vec<K>) -> Option<Fate<K>> {
    if keys.is_empty() { None } else { Some(Fate::Changed(keys)) }
}

fn compare_jobs(before: Option<&System>, system: &System, inherited: bool, diff: &mut Diff) {
    let was: HashMap<&str, &Job> =
        before.into_iter().flat_map(|system| &system.jobs).map(|job| (job.name.as_str(), &**job)).collect();
    for job in &system.jobs {
        let fate = match was.get(job.name.as_str()) {
            None => Some(Fate::Added),
            Some(before) => changed(job_keys(before, job, inherited)),
        };
        match fate {
            Some(fate) => {
                let (system, job) = (system.name.clone(), job.name.clone());
                diff.jobs.push(JobChange { system, job, fate });
            }
            None => diff.kept += 1,
        }
    }
}

fn add_removed(old: &Plan, new: &Plan, diff: &mut Diff) {
    let is: HashMap<&str, &System> =
        new.systems.iter().map(|system| (system.name.as_str(), system)).collect();
    for system in &old.systems {
        let after = is.get(system.name.as_str());
        if after.is_none() {
            diff.systems.push(SystemChange { system: system.name.clone(), fate: Fate::Removed });
        }
        let left: HashSet<&str> =
            after.into_iter().flat_map(|system| &system.jobs).map(|job| job.name.as_str()).collect();
        for job in system.jobs.iter().filter(|job| !left.contains(job.name.as_str())) {
            let (system, job) = (system.name.clone(), job.name.clone());
            diff.jobs.push(JobChange { system, job, fate: Fate::Removed });
        }
    }
}

fn settings_keys(old: &Settings, new: &Settings) -> Vec<&'static str> {
    let Settings {
        theme,
        quit,
        stop_timeout,
        mouse,
        log,
        max_starting,
        start_stagger,
        watch_config,
        zone,
        event_log,
        history,
        history_total,
    } = new;
    differing([
        ("theme", *theme != old.theme),
        ("quit", *quit != old.quit),
        ("stop-timeout", *stop_timeout != old.stop_timeout),
        ("mouse", *mouse != old.mouse),
        ("log", *log != old.log),
        ("max-starting", *max_starting != old.max_starting),
        ("start-stagger", *start_stagger != old.start_stagger),
        ("watch-config", *watch_config != old.watch_config),
        ("timezone", *zone != old.zone),
        ("event-log", *event_log != old.event_log),
        ("history", *history != old.history),
        ("history-total", *history_total != old.history_total),
    ])
}

/// The name is the same, and the jobs are compared one by one; here only their order.
fn system_keys(old: &System, new: &System) -> Vec<&'static str> {
    let System { name: _, title, description, autostart, jobs } = new;
    let names = |jobs: &[Arc<Job>]| -> Vec<String> { jobs.iter().map(|job| job.name.clone()).collect() };
    differing([
        ("title", *title != old.title),
        ("description", *description != old.description),
        ("autostart", *autostart != old.autostart),
        ("jobs", is_reordered(&names(&old.jobs), &names(jobs))),
    ])
}

/// The keys by class: what is started first, what is applied in place last. `inherited`: whether zap's own environment differs.
fn job_keys(old: &Job, new: &Job, inherited: bool) -> Vec<KeyChange> {
    let of = |class: Class| move |key: &'static str| KeyChange { key, class };
    let versions = differing([("versions", new.versions != old.versions)]);
    let numprocs = differing([("numprocs", new.numprocs != old.numprocs)]);
    let mut keys: Vec<KeyChange> =
        own_launch_keys(old, new, inherited).into_iter().map(of(Class::Launch)).collect();
    keys.extend(versions.into_iter().map(of(Class::Versions)));
    keys.extend(numprocs.into_iter().map(of(Class::Numprocs)));
    keys.extend(live_keys(old, new).into_iter().map(of(Class::Live)));
    keys
}

/// The keys of class L of the job itself; its versions are told as a whole.
fn own_launch_keys(old: &Job, new: &Job, inherited: bool) -> Vec<&'static str> {
    let mut keys = match (&old.launch, &new.launch) {
        (Some(old), Some(new)) => launch_keys(old, new),
        (old, new) => work_keys(old.as_ref().map(|old| &old.work), new.as_ref().map(|new| &new.work)),
    };
    if inherited && !keys.contains(&"env") {
        keys.push("env");
    }
    keys
}

/// The keys that are applied in place: all that neither another class nor the name is made of.
fn live_keys(old: &Job, new: &Job) -> Vec<&'static str> {
    let Job {
        name: _,
        title,
        description,
        labels,
        launch: _,
        versions: _,
        on_change,
        numprocs: _,
        autostart,
        restart,
        exit_codes,
        start_secs,
        start_retries,
        backoff,
        restart_delay,
        stop,
        max_runs,
        restart_every,
        restart_at,
        timeout,
        before,
        init,
        after,
        needs,
        ready,
        health,
        schedule,
        zone,
        one_shot,
        interactive,
        history,
    } = new;
    // The zone of `[zap]` is told there; of a job it changes only these times.
    let restart_at = *restart_at != old.restart_at || (!restart_at.is_empty() && *zone != old.zone);
    differing([
        ("title", *title != old.title && !(has_derived_title(old) && has_derived_title(new))),
        ("description", *description != old.description),
        ("labels", *labels != old.labels),
        ("on-change", *on_change != old.on_change),
        ("autostart", *autostart != old.autostart),
        ("restart", *restart != old.restart),
        ("exit-codes", *exit_codes != old.exit_codes),
        ("start-secs", *start_secs != old.start_secs),
        ("start-retries", *start_retries != old.start_retries),
        ("backoff", *backoff != old.backoff),
        ("restart-delay", *restart_delay != old.restart_delay),
        ("stop", *stop != old.stop),
        ("max-runs", *max_runs != old.max_runs),
        ("restart-every", *restart_every != old.restart_every),
        ("restart-at", restart_at),
        ("timeout", *timeout != old.timeout),
        ("before", *before != old.before),
        ("init", *init != old.init),
        ("after", *after != old.after),
        ("depends-on", *needs != old.needs),
        ("ready", *ready != old.ready),
        ("health-check", *health != old.health),
        ("schedule", *schedule != old.schedule),
        ("one-shot", *one_shot != old.one_shot),
        ("interactive", *interactive != old.interactive),
        ("history", *history != old.history),
    ])
}

/// A title that nobody gave follows the command; to a reader of the file it is none of the changed keys.
fn has_derived_title(job: &Job) -> bool {
    let first = job.launch.as_ref().or_else(|| Some(&job.versions.first()?.launch));
    first.is_some_and(|launch| title::of_job(&launch.work, &job.name) == job.title)
}

/// The keys of class L that differ, as the file has them.
fn launch_keys(old: &Launch, new: &Launch) -> Vec<&'static str> {
    let Launch { work, work_dir, env, umask, user, stdout, stderr, subject } = new;
    let (was, is) = (Subjects::of(&old.subject), Subjects::of(subject));
    let mut keys = work_keys(Some(&old.work), Some(work));
    keys.extend(differing([
        ("work-dir", *work_dir != old.work_dir),
        ("env", *env != old.env),
        ("umask", *umask != old.umask),
        ("user", *user != old.user),
        ("stdout", *stdout != old.stdout),
        ("stderr", *stderr != old.stderr),
        ("pid-file", was.pid_file != is.pid_file),
        ("container-id", was.container != is.container),
    ]));
    keys
}

/// `command`, `steps` or `shell`: the keys out of which the work was made.
fn work_keys(old: Option<&Work>, new: Option<&Work>) -> Vec<&'static str> {
    match (old, new) {
        (None, None) => Vec::new(),
        (
            Some(Work::Shell { shell: old_shell, line: old_line }),
            Some(Work::Shell { shell: new_shell, line: new_line }),
        ) => differing([("command", old_line != new_line), ("shell", old_shell != new_shell)]),
        (
            Some(Work::Steps { shell: old_shell, session: old_session, steps: old_steps }),
            Some(Work::Steps { shell: new_shell, session: new_session, steps: new_steps }),
        ) => {
            let steps = old_session != new_session || old_steps != new_steps;
            differing([("steps", steps), ("shell", old_shell != new_shell)])
        }
        (old, new) if old == new => Vec::new(),
        (old, new) => {
            let has_steps = |work: Option<&Work>| matches!(work, Some(Work::Steps { .. }));
            let has_command = |work: Option<&Work>| matches!(work, Some(Work::Exec(_) | Work::Shell { .. }));
            differing([
                ("command", has_command(old) || has_command(new)),
                ("steps", has_steps(old) || has_steps(new)),
            ])
        }
    }
}

/// The two keys that a [`Subject`] is made of.
struct Subjects<'s> {
    pid_file: Option<&'s PidFile>,
    container: Option<ContainerTool>,
}

impl<'s> Subjects<'s> {
    fn of(subject: &'s Subject) -> Self {
        match subject {
            Subject::Own => Self { pid_file: None, container: None },
            Subject::PidFile(file) => Self { pid_file: Some(file), container: None },
            Subject::Container(tool) => Self { pid_file: None, container: Some(*tool) },
        }
    }
}

fn differing<const N: usize>(keys: [(&'static str, bool); N]) -> Vec<&'static str> {
    keys.into_iter().filter(|(_, differs)| *differs).map(|(key, _)| key).collect()
}

fn names_of(systems: &[System]) -> Vec<String> {
    systems.iter().map(|system| system.name.clone()).collect()
}

/// Whether those names that both have stand in another order.
fn is_reordered(old: &[String], new: &[String]) -> bool {
    let places: HashMap<&str, usize> = old.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    !new.iter().filter_map(|name| places.get(name.as_str())).is_sorted()
}
