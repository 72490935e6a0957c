//! From the keys of all levels to the checked job, with every default filled in. Not: what it needs (see `needs`).

use std::ops::Range;
use std::time::Duration;

use super::gather::Gather;
use super::job::JobKeys;
use super::launch::{Ground, LaunchKeys, Noted};
use super::levels::Inside;
use super::plan::{Expected, Job, Launch, OnChange, Ready, Restart, Sign, Stream, Version};
use super::title;
use super::value::Entry;
use super::version::{self, VersionKeys};

const START_SECS: Duration = Duration::from_secs(1);
const START_RETRIES: u32 = 3;

/// The job that all levels together ask for; nothing if it cannot be run, and that was told.
pub(super) fn job(
    entry: &Entry<'_>,
    keys: JobKeys,
    inside: &Inside<'_>,
    noted: &mut Noted,
    gather: &mut Gather,
) -> Option<Job> {
    let ground = keys.launch.ground(inside, &inside.env, noted, gather);
    let paths = inside.paths(&ground.work_dir, &ground.env);
    let shell = &ground.shell;

    let backoff = keys.backoff.finish(gather);
    let stop = keys.stop.finish(shell, gather);
    let [before, init, after] =
        [keys.before, keys.init, keys.after].map(|hook| hook.and_then(|hook| hook.finish(shell, gather)));
    let ready_place = keys.ready.as_ref().map(|ready| ready.span.clone());
    let ready = keys.ready.map(|ready| ready.finish(shell, &paths, gather));
    let health = keys.health.unwrap_or_default();
    let health = health.into_iter().filter_map(|check| check.finish(shell, &paths, gather)).collect();
    let windows = keys.schedule.unwrap_or_default();
    let (zone, world) = (inside.above.zone, &inside.above.world);
    let schedule = windows.iter().filter_map(|window| window.finish(zone, world, gather)).collect();

    let numprocs = keys.numprocs.unwrap_or(1);
    let asked = Asked { launch: keys.launch, versions: keys.versions.unwrap_or_default(), numprocs };
    let has_versions = !asked.versions.is_empty();
    let started = asked.finish(entry, &ground, inside, noted, gather);
    if let (Some(ready), Some(place)) = (&ready, ready_place) {
        for launch in started.launches() {
            is_heard(launch, ready, &place, gather);
        }
    }
    let title = title::of_job(&started.launches().next()?.work, entry.name);
    let one_shot = keys.one_shot.unwrap_or(false);
    let start_secs = if one_shot { Duration::ZERO } else { START_SECS };
    let on_change = if has_versions { OnChange::Pending } else { OnChange::Restart };
    let zone = zone.clone();
    Some(Job {
        name: entry.name.to_owned(),
        title: keys.title.unwrap_or(title),
        description: keys.description,
        labels: keys.labels.unwrap_or_default(),
        launch: started.launch,
        versions: started.versions,
        on_change: keys.on_change.unwrap_or(on_change),
        numprocs,
        autostart: keys.autostart.unwrap_or(true),
        restart: keys.restart.unwrap_or(Restart::Never),
        exit_codes: keys.exit_codes.unwrap_or_else(|| vec![Expected::Code(0)]),
        start_secs: keys.start_secs.unwrap_or(start_secs),
        start_retries: keys.start_retries.unwrap_or(START_RETRIES),
        backoff,
        restart_delay: keys.restart_delay.unwrap_or_default(),
        stop,
        max_runs: keys.max_runs.finish(),
        restart_every: keys.restart_every,
        restart_at: keys.restart_at.unwrap_or_default(),
        timeout: keys.timeout,
        before,
        init,
        after,
        needs: Vec::new(),
        ready,
        health,
        schedule,
        zone,
        one_shot,
        interactive: keys.interactive.unwrap_or(false),
        history: keys.history,
    })
}

/// What the keys say of what is started: by the job itself, and by its versions.
struct Asked {
    launch: LaunchKeys,
    versions: Vec<VersionKeys>,
    numprocs: u32,
}

/// What is started: before its first version, and by each of them.
struct Started {
    launch: Option<Launch>,
    versions: Vec<Version>,
}

impl Asked {
    /// Tells it where nothing is started at all.
    fn finish(
        self,
        entry: &Entry<'_>,
        ground: &Ground,
        inside: &Inside<'_>,
        noted: &mut Noted,
        gather: &mut Gather,
    ) -> Started {
        let Self { launch, versions, numprocs } = self;
        if launch.work.is_none() && versions.is_empty() {
            let hint = "for example `command = \"cargo run\"`".to_owned();
            let message = format!("the job `{}` has neither `command` nor `steps`", entry.name);
            gather.missing(entry.key.clone(), message, Some(hint));
        }
        let versions = version::finish(versions, &launch, ground, inside, numprocs, noted, gather);
        let launch = launch.finish(ground, inside, numprocs, noted, gather);
        Started { launch, versions }
    }
}

impl Started {
    /// All launches, the job's own first.
    fn launches(&self) -> impl Iterator<Item = &Launch> {
        self.launch.iter().chain(self.versions.iter().map(|version| &version.launch))
    }
}

/// Tells a line that is waited for where nobody hears any.
fn is_heard(launch: &Launch, ready: &Ready, place: &Range<usize>, gather: &mut Gather) {
    let waits = matches!(ready.sign, Some(Sign::Log(_))) || ready.fail_log.is_some();
    let deaf = matches!((&launch.stdout, &launch.stderr), (Stream::Discard, Stream::Discard));
    if waits && deaf {
        gather.error(place.clone(), "`ready` waits for a line of the output, and all output is discarded");
    }
}
